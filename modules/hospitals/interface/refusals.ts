import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { fen } from '../../../kernel/money.ts'
import type { HisRefusal, HisRefusalDetail } from './data.ts'
import { amountFen, lineNo, shortText, version } from './reading.ts'

/** What a refusal says besides its code. Data that is missing or unreadable takes nothing from the refusal. */
export function detailOf(message: string, data: unknown): HisRefusalDetail {
  const detail: HisRefusalDetail = { message }
  if (Changed.Check(data)) {
    detail.version = data.version
    detail.totalFen = fen(data.totalFen)
  }
  if (PaidBy.Check(data)) detail.paymentNo = data.paymentNo
  if (Lines.Check(data)) {
    detail.lines = data.lines.map((line) => (typeof line === 'number' ? line : line.lineNo))
  }
  return detail
}

const Changed = Compile(Type.Object({ version, totalFen: amountFen }))
const PaidBy = Compile(Type.Object({ paymentNo: shortText }))
// "data.lines says which": as numbers, or as lines are written elsewhere.
const Lines = Compile(
  Type.Object({
    lines: Type.Array(Type.Union([lineNo, Type.Object({ lineNo })]), { maxItems: 500 }),
  }),
)

/** The codes of the standard interface, and our words for them. */
export const REFUSALS: ReadonlyMap<string, HisRefusal> = new Map(
  (
    [
      'invalid_request',
      'signature_invalid',
      'replayed',
      'patient_not_found',
      'bill_not_found',
      'bill_changed',
      'bill_void',
      'bill_already_paid',
      'amount_mismatch',
      'duplicate_different',
      'refund_not_allowed',
      'not_supported',
      'schedule_not_found',
      'schedule_stopped',
      'sold_out',
      'slot_taken',
      'lock_expired',
      'registration_not_found',
      'too_late',
      'report_not_found',
      'stay_not_found',
    ] as const
  ).map((refusal) => [refusal.toUpperCase(), refusal]),
)
