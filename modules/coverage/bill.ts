import { createHash } from 'node:crypto'

import { assert } from '../../kernel/assert.ts'
import { addFen, allocateFen, type Fen, minFen, subtractFen, ZERO } from '../../kernel/money.ts'
import { amountOf, type LeftToPay, type Payable, type PayableLine } from '../payments/index.ts'
import type { BillForInsurer, BillLine, VisitKind } from './insurer.ts'

// Pure: how the bills of a payment become one bill for an insurer.

/** What a plan keeps of the bills: enough to settle what remains of them anew and to hand in the papers. */
export type KeptBill = {
  visitNo: string
  kind: VisitKind
  department: { code: string; name: string }
  diagnosis: { code: string; name: string }
  billedAt: string
  lines: readonly PayableLine[]
}

/** The visit is that of the first bill: payments puts bills of one visit together. */
export function keptBillOf(payables: readonly Payable[], isOnline: boolean): KeptBill {
  const [first] = payables
  assert(first, 'a quote is for a bill')
  const diagnosed = payables.find((payable) => payable.diagnosis.code !== '') ?? first
  const kind = payables.every((payable) => payable.kind === 'registration')
    ? 'registration'
    : 'outpatient'
  return {
    visitNo: first.visitNo,
    kind: isOnline ? 'online' : kind,
    department: first.department,
    diagnosis: diagnosed.diagnosis,
    billedAt: first.billedAt.toISOString(),
    lines: payables.flatMap((payable) => payable.lines),
  }
}

/** What others pay of the bills before any policy does, by part. */
export type PaidBefore = { pooledFen: Fen; accountFen: Fen }

export const paidBeforeOf = ({ paid }: LeftToPay): PaidBefore => {
  const parts = paid.flatMap((source) => source.parts)
  const of = (kind: 'pooled' | 'account') =>
    addFen(...parts.filter((part) => part.kind === kind).map((part) => amountOf([part], kind)))
  return { pooledFen: of('pooled'), accountFen: of('account') }
}

/**
 * The bill as one policy is asked about it: `leftFen` of its total is not paid by others.
 *
 * What others pay is taken from the lines of class A and B first, by their amounts, as the medical insurance does not pay
 * for class C.
 */
export function billForInsurer(
  kept: KeptBill,
  lines: readonly PayableLine[],
  leftFen: Fen,
  { mayTellDiagnosis }: { mayTellDiagnosis: boolean },
): BillForInsurer {
  const lefts = leftPerLine(lines, leftFen)
  return {
    billNos: [...new Set(lines.map((line) => line.billNo))],
    visitNo: kept.visitNo,
    kind: kept.kind,
    department: kept.department,
    diagnosis: mayTellDiagnosis && kept.diagnosis.code !== '' ? kept.diagnosis : null,
    billedAt: new Date(kept.billedAt),
    totalFen: addFen(...lines.map((line) => line.amountFen)),
    lines: lines.map((line, i) => toBillLine(line, lefts[i] ?? ZERO)),
  }
}

/** Adds up to `leftFen`, and no line has more left than it costs. */
export function leftPerLine(lines: readonly PayableLine[], leftFen: Fen): Fen[] {
  const totalFen = addFen(...lines.map((line) => line.amountFen))
  assert(leftFen >= 0 && leftFen <= totalFen, 'no more is left than the lines cost')
  const paidFen = subtractFen(totalFen, leftFen)
  const insurable = lines.map((line) => (line.insuranceClass === 'C' ? ZERO : line.amountFen))
  const others = lines.map((line) => (line.insuranceClass === 'C' ? line.amountFen : ZERO))
  const onInsurableFen = minFen(paidFen, addFen(...insurable))
  const first = spread(onInsurableFen, insurable)
  const rest = spread(subtractFen(paidFen, onInsurableFen), others)
  return lines.map((line, i) =>
    subtractFen(line.amountFen, addFen(first[i] ?? ZERO, rest[i] ?? ZERO)),
  )
}

const spread = (amountFen: Fen, weights: readonly Fen[]): Fen[] =>
  amountFen > 0 ? allocateFen(amountFen, weights) : weights.map(() => ZERO)

const toBillLine = (line: PayableLine, leftFen: Fen): BillLine => ({
  lineId: lineIdOf(line),
  code: line.code,
  nationalCode: line.nationalCode,
  name: line.name,
  chargeCategory: line.chargeCategory,
  insuranceClass: line.insuranceClass,
  quantity: line.quantity,
  unitPriceFen: line.unitPriceFen,
  amountFen: line.amountFen,
  leftFen,
})

const lineIdOf = ({ billNo, lineNo }: { billNo: string; lineNo: number }): string =>
  `${billNo}#${lineNo}`

/** Changes with anything that is told to an insurer about the bills, or with what others pay of them. */
export const contentHashOf = (kept: KeptBill, leftFen: Fen, paid: PaidBefore): string =>
  createHash('sha256')
    .update(JSON.stringify([kept, leftFen, paid]))
    .digest('hex')
