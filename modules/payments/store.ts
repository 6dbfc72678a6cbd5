import { type RawBuilder, type Selectable, sql, type Updateable } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import { earliestDue } from '../../platform/due-rows.ts'
import { paymentErrors } from './errors.ts'
import type { Payment, PaymentBill, PaymentId, PersonId, Tender, TenderId } from './payment.ts'
import type { PaymentTables } from './tables.ts'

// Payments, their tenders, bills and claims: the one place that writes these tables.

export type PaymentRow = Selectable<PaymentTables['payments.payment']>
export type TenderRow = Selectable<PaymentTables['payments.tender']>
export type PaymentBillRow = Selectable<PaymentTables['payments.payment_bill']>

export type PaymentChanges = Updateable<PaymentTables['payments.payment']>
export type TenderChanges = Omit<Updateable<PaymentTables['payments.tender']>, 'parts'>
export type BillChanges = Pick<
  Updateable<PaymentTables['payments.payment_bill']>,
  'write_back' | 'receipt_no' | 'refunding_fen'
> & { guidance?: string[] }

const tables = (tx: Tx) => tx.withTables<PaymentTables>()

export async function insertPayment(
  tx: Tx,
  payment: PaymentRow,
  tenders: readonly TenderRow[],
  bills: readonly PaymentBillRow[],
): Promise<void> {
  const ofPayment = tables(tx)
    .insertInto('payments.payment')
    .values({
      ...payment,
      reasons: json(payment.reasons),
      channel_choice: json(payment.channel_choice),
    })
  const ofTenders = tables(tx)
    .insertInto('payments.tender')
    .values(
      tenders.map((t) => ({ ...t, parts: json(t.parts), payer_action: json(t.payer_action) })),
    )
  const ofBills = tables(tx)
    .insertInto('payments.payment_bill')
    .values(bills.map((b) => ({ ...b, payable: json(b.payable), guidance: json(b.guidance) })))
  await Promise.all([ofPayment.execute(), ofTenders.execute(), ofBills.execute()])
}

export async function findPayment(
  tx: Tx,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<Payment | null> {
  const row = await paymentQuery(tx, hospitalId, id).executeTakeFirst()
  return row ? toPayment(row) : null
}

/** Locks the payment until the transaction ends: whoever changes anything about it takes turns here. */
export async function lockPayment(tx: Tx, hospitalId: HospitalId, id: PaymentId): Promise<Payment> {
  return toPayment(await lockPaymentRow(tx, hospitalId, id))
}

export async function lockPaymentRow(
  tx: Tx,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<PaymentRow> {
  const row = await paymentQuery(tx, hospitalId, id).forUpdate().executeTakeFirst()
  if (!row) throw paymentErrors.payment_not_found({ id })
  return row
}

/** Locks a payment of this person; one of somebody else is not there. */
export async function lockOwnPayment(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  id: PaymentId,
): Promise<Payment> {
  const payment = await lockPayment(tx, hospitalId, id)
  if (payment.personId !== personId) throw paymentErrors.payment_not_found({ id })
  return payment
}

/** The same without the lock. */
export async function findOwnPayment(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  id: PaymentId,
): Promise<Payment> {
  const payment = await findPayment(tx, hospitalId, id)
  if (payment?.personId !== personId) throw paymentErrors.payment_not_found({ id })
  return payment
}

const paymentQuery = (tx: Tx, hospitalId: HospitalId, id: PaymentId) =>
  tables(tx)
    .selectFrom('payments.payment')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)

/** Writes the changes under the next version number, so that who holds an older one can tell. */
export async function updatePayment(
  tx: Tx,
  payment: Payment,
  changes: PaymentChanges,
  now: Date,
): Promise<Payment> {
  const row = await tables(tx)
    .updateTable('payments.payment')
    .set({ ...changes, version: payment.version + 1, updated_at: now })
    .where('hospital_id', '=', payment.hospitalId)
    .where('id', '=', payment.id)
    .where('version', '=', payment.version)
    .returningAll()
    .executeTakeFirst()
  assert(row, `payment ${payment.id} was locked and is still at version ${payment.version}`)
  return toPayment(row)
}

export async function tendersOf(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: PaymentId,
): Promise<Tender[]> {
  return (await tenderRowsOf(tx, hospitalId, paymentId)).map(toTender)
}

export const tenderRowsOf = (
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: PaymentId,
): Promise<TenderRow[]> =>
  tables(tx)
    .selectFrom('payments.tender')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', paymentId)
    .orderBy('tender_no')
    .execute()

/** The payment whose tender has this id: a notice names the tender by its trade number. */
export async function paymentOfTender(
  tx: Tx,
  hospitalId: HospitalId,
  tenderId: TenderId,
): Promise<PaymentId | null> {
  const row = await tables(tx)
    .selectFrom('payments.tender')
    .select('payment_id')
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', tenderId)
    .executeTakeFirst()
  return row?.payment_id ?? null
}

export async function updateTender(
  tx: Tx,
  { hospitalId, id }: Payment,
  tenderNo: number,
  { payer_action, ...changes }: TenderChanges,
): Promise<void> {
  await tables(tx)
    .updateTable('payments.tender')
    .set({
      ...changes,
      ...(payer_action === undefined ? {} : { payer_action: json(payer_action) }),
    })
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', id)
    .where('tender_no', '=', tenderNo)
    .executeTakeFirstOrThrow()
}

export async function billsOf(
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: PaymentId,
): Promise<PaymentBill[]> {
  return (await billRowsOf(tx, hospitalId, paymentId)).map(toBill)
}

export const billRowsOf = (
  tx: Tx,
  hospitalId: HospitalId,
  paymentId: PaymentId,
): Promise<PaymentBillRow[]> =>
  tables(tx)
    .selectFrom('payments.payment_bill')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', paymentId)
    .orderBy('bill_no')
    .execute()

export async function updateBill(
  tx: Tx,
  { hospitalId, id }: Payment,
  billNo: string,
  { guidance, ...rest }: BillChanges,
): Promise<void> {
  await tables(tx)
    .updateTable('payments.payment_bill')
    .set({ ...rest, ...(guidance ? { guidance: json(guidance) } : {}) })
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', id)
    .where('bill_no', '=', billNo)
    .executeTakeFirstOrThrow()
}

// A claim that is there when we insert may be given up before we read it: then it is ours at the next try.
const MOST_CLAIM_TRIES = 5

/** The payment that has the bill: this one if nobody had it before. */
export async function claimBill(
  tx: Tx,
  { hospitalId, id }: Payment,
  billNo: string,
): Promise<PaymentId> {
  for (let attempt = 1; attempt <= MOST_CLAIM_TRIES; attempt++) {
    await tables(tx)
      .insertInto('payments.bill_claim')
      .values({ hospital_id: hospitalId, bill_no: billNo, payment_id: id })
      .onConflict((conflict) => conflict.columns(['hospital_id', 'bill_no']).doNothing())
      .execute()
    const claim = await tables(tx)
      .selectFrom('payments.bill_claim')
      .select('payment_id')
      .where('hospital_id', '=', hospitalId)
      .where('bill_no', '=', billNo)
      .executeTakeFirst()
    if (claim) return claim.payment_id
  }
  return assert(false, `the claim of bill ${billNo} is there or is free`) as never
}

export async function giveUpClaims(tx: Tx, { hospitalId, id }: Payment): Promise<void> {
  await tables(tx)
    .deleteFrom('payments.bill_claim')
    .where('hospital_id', '=', hospitalId)
    .where('payment_id', '=', id)
    .execute()
}

/** Payments the machine must look at, the longest due first. */
export async function duePayments(
  tx: Tx,
  hospitalId: HospitalId,
  now: Date,
  limit: number,
): Promise<PaymentId[]> {
  const rows = await tables(tx)
    .selectFrom('payments.payment')
    .select('id')
    .where('hospital_id', '=', hospitalId)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/** As a part of a query: the earliest moment at which a payment, refund or agreement of the hospital is due; null for none. */
export const paymentsDueAt = (hospitalId: HospitalId): RawBuilder<Date | null> =>
  sql`least(${earliestDue('payments.payment', hospitalId)}, ${earliestDue('payments.refund', hospitalId)},
    ${earliestDue('payments.agreement', hospitalId)})`

// pg turns an array of JavaScript into an array of PostgreSQL; a jsonb column wants its JSON.
const json = <T>(value: T): T => (value === null ? value : (JSON.stringify(value) as T))

export const toPayment = (row: PaymentRow): Payment => ({
  hospitalId: row.hospital_id,
  id: row.id,
  personId: row.person_id,
  carerId: row.carer_id,
  visitNo: row.visit_no,
  status: row.status,
  totalFen: row.total_fen,
  reasons: row.reasons,
  channelChoice: row.channel_choice,
  failureCode: row.failure_code,
  attention: row.attention,
  paidAt: row.paid_at,
  succeededAt: row.succeeded_at,
  expiresAt: row.expires_at,
  cancelRequestedAt: row.cancel_requested_at,
  confirmedAt: row.confirmed_at,
  settlingSince: row.settling_since,
  version: row.version,
  callNo: row.call_no,
  inCallUntil: row.in_call_until,
  retryAt: row.retry_at,
  attempts: row.attempts,
  createdAt: row.created_at,
})

export const toTender = (row: TenderRow): Tender => ({
  tenderNo: row.tender_no,
  id: row.id,
  provider: row.provider,
  phase: row.phase,
  status: row.status,
  amountFen: row.amount_fen,
  parts: row.parts,
  quoteReference: row.quote_reference,
  payerAccount: row.payer_account,
  method: row.method,
  payerAction: row.payer_action,
  declineCode: row.decline_code,
  absentAnswers: row.absent_answers,
  chargeOurNo: row.charge_our_no,
  chargeProviderNo: row.charge_provider_no,
  takenFen: row.taken_fen,
  returnedFen: row.returned_fen,
  takenAt: row.taken_at,
})

export const toBill = (row: PaymentBillRow): PaymentBill => ({
  billNo: row.bill_no,
  version: row.version,
  title: row.title,
  totalFen: row.total_fen,
  payable: { ...row.payable, billedAt: new Date(row.payable.billedAt) },
  writeBack: row.write_back,
  receiptNo: row.receipt_no,
  guidance: row.guidance,
  refundingFen: row.refunding_fen,
})
