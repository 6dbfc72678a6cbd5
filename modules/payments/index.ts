// The door of the module: other modules, adapters and apps import this file and no other.
export { type Acting, nobodyActs, patientIn } from './acting.ts'
export type {
  BillDesk,
  BillReference,
  DeskAnswer,
  DeskCall,
  PaidBill,
  Payable,
  PayableLine,
  RefundNotice,
  WriteBackAnswer,
} from './bill-desk.ts'
export type { ChannelChoice, ChannelWish, ChooseChannel } from './channel-choice.ts'
export type { OnError, PayerAccountOf, PaymentsDependencies, ProvidersOf } from './dependencies.ts'
export { paymentErrors } from './errors.ts'
export { financeRoutes } from './finance-routes.ts'
export { lastUsedChannel } from './last-used.ts'
export { paymentSubject, receivable } from './books.ts'
export { isChannel } from './provider.ts'
export { type IncomePart, incomeOf } from './income-store.ts'
export { amountOf, type PartKind, sameParts, type TenderPart, totalOf } from './money.ts'
export { chargesByDay, movesOfDay, type RecordedMove } from './moves-store.ts'
export { noticeRoutes } from './notice-routes.ts'
export { countPaid } from './paid-count.ts'
export { paymentOwner } from './owner-store.ts'
export type { Payment, PaymentId, PaymentStatus, PersonId, TenderId } from './payment.ts'
export { createPayments, type Payments } from './payments.ts'
export type {
  AgreementAnswer,
  AgreementLimits,
  AgreementOrder,
  Agreements,
  Channel,
  ChargeAnswer,
  ChargeOrder,
  FundingSource,
  HoldAnswer,
  HoldingSource,
  LeftToPay,
  Move,
  NoticeAbout,
  NoticeReading,
  NoticeRefusal,
  NoticeReply,
  PayerAction,
  PayerPresence,
  PayMethod,
  Provider,
  ProviderCall,
  QuoteAnswer,
  QuoteReason,
  QuoteRequest,
  RawNotice,
  RefundAnswer,
  RefundOrder,
  ReleaseAnswer,
  RevokeAnswer,
  SettlingSource,
  SignAnswer,
  SourcePlace,
  StatementAnswer,
  StatementLine,
  StatementRefusal,
  StatementRequest,
} from './provider.ts'
export type { Refund, RefundId } from './refund/refund.ts'
export { paymentRoutes } from './routes.ts'
export {
  type SettledBill,
  settledBillsOfDay,
  type SettledRefund,
  settledRefundsOfDay,
} from './settled-store.ts'
export { createStanding } from './standing.ts'
export { listPaymentIds, type PaymentFilter } from './reads-store.ts'
export { createStatements, statementRoutes } from './statement/index.ts'
export { paymentsDueAt } from './store.ts'
export { paymentNoOf } from './orders.ts'
export { picturesOf } from './pictures.ts'
export { type PaymentPicture, payerStateOf } from './view.ts'
export { paymentsOfPeople } from './people-store.ts'
