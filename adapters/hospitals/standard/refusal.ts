import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { fen } from '../../../kernel/money.ts'
import type { HisRefusalDetail } from '../../../modules/hospitals/index.ts'
import { amountFen, lineNo, shortText, version } from './wire.ts'

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
    lines: Type.Array(Type.Union([lineNo, Type.Object({ lineNo })]), { maxItems: 200 }),
  }),
)
