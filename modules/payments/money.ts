import { addFen, type Fen, fen } from '../../kernel/money.ts'

/** Who pays a part of a tender: each is an amount of its own in plan, books and reports. */
export const TENDER_PARTS = [
  'pooled', // 医保基金: the public funds, 统筹 and 大病, 公务员补助, 救助 with it
  'account', // 个账: the patient's own account at the medical insurance
  'commercial', // 商保
  'subsidy', // 补助: a programme's budget
  'voucher', // 券: of a programme, for points
  'package', // 慢病包: paid for by the year
  'deposit', // 预交金
  'credit', // 信用付: a bank lends it
  'self_pay', // 个人现金支付
] as const

export type PartKind = (typeof TENDER_PARTS)[number]

/** A tender's amount by who pays it. Each kind at most once, every amount above zero. */
export type TenderPart = { kind: PartKind; amountFen: Fen }

export const totalOf = (parts: readonly TenderPart[]): Fen =>
  addFen(...parts.map((part) => part.amountFen))

/** True when both say the same amount for every kind, in whatever order. */
export const sameParts = (a: readonly TenderPart[], b: readonly TenderPart[]): boolean =>
  TENDER_PARTS.every((kind) => amountOf(a, kind) === amountOf(b, kind))

export const amountOf = (parts: readonly TenderPart[], kind: PartKind): Fen =>
  fen(parts.filter((part) => part.kind === kind).reduce((sum, part) => sum + part.amountFen, 0))
