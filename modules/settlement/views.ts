import type { BatchRow, FeeDifferenceRow } from './batch-store.ts'
import type { AllocationRow, ReceiptRow } from './receipt-store.ts'

export const viewOfBatch = (row: BatchRow) => ({
  provider: row.provider,
  date: row.business_date,
  version: row.version,
  status: row.status,
  payoutFen: row.payout_fen,
  receivedFen: row.received_fen,
  feeFen: row.fee_fen,
  contractFeeFen: row.contract_fee_fen,
  account: row.account,
  expectedOn: row.expected_on,
  lateOn: row.late_on,
  calendarKnown: row.calendar_known,
})

export const viewOfFeeDifference = (row: FeeDifferenceRow) => ({
  lineNo: row.line_no,
  kind: row.kind,
  ourNo: row.our_no,
  amountFen: row.amount_fen,
  billedFen: row.billed_fen,
  contractFen: row.contract_fen,
})

export const viewOfAllocation = (row: AllocationRow) => ({
  account: row.account,
  bankRef: row.bank_ref,
  variant: row.variant,
  amountFen: row.amount_fen,
  rule: row.rule,
  actor: row.actor,
  at: row.at.toISOString(),
})

export const viewOfReceipt = (row: ReceiptRow) => ({
  account: row.account,
  bankRef: row.bank_ref,
  variant: row.variant,
  amountFen: row.amount_fen,
  allocatedFen: row.allocated_fen,
  bookedOn: row.booked_on,
  payer: row.payer,
  memo: row.memo,
  status: row.status,
  dueAt: row.due_at.toISOString(),
})
