import type { Role } from './rules.ts'

/**
 * What a difference can be. `cause`: what is usually behind it; `stake`: whose money is at stake, and how much;
 * `repair`: what is proposed. A repair moves no money by itself: it is proposed, and done by rule or by a person.
 */
export type ClassFacts = {
  zh: string
  en: string
  cause: string
  stake: Stake
  repair: ProposedRepair
}

/**
 * whole: the amount of the rows; gap: by how much the sides differ; fee: by how much their fees differ; none: the sums
 * agree, and only what is written beside them does not.
 */
export type Stake = 'whole' | 'gap' | 'fee' | 'none'

export const PROPOSED_REPAIRS = [
  'query_again', // 再查询
  'complete_booking', // 补单
  'refund', // 退款
  'tell_his', // 重新通知医院系统
  'adjust_by_two', // 双人调账
  'hang', // 挂账
  'carry_over', // 结转次日
] as const

export type ProposedRepair = (typeof PROPOSED_REPAIRS)[number]

const facts = (
  zh: string,
  en: string,
  cause: string,
  stake: Stake,
  repair: ProposedRepair,
): ClassFacts => ({ zh, en, cause, stake, repair })

export const MATCHING_CLASSES = {
  hub_only: facts(
    '短款：仅平台有',
    'only we have it',
    'the provider never took it, or lists it late',
    'whole',
    'query_again',
  ),
  provider_only: facts(
    '长款：仅渠道有',
    'only the provider has it',
    'paid, and the notice was lost',
    'whole',
    'complete_booking',
  ),
  his_only: facts(
    '仅医院系统有',
    'only the hospital’s system has it',
    'booked by hand, or paid past the hub',
    'whole',
    'adjust_by_two',
  ),
  party_only: facts(
    '仅第三方有',
    'only another party has it',
    'settled with the party without us',
    'whole',
    'query_again',
  ),
  hub_missing: facts(
    '平台漏单',
    'we lack it',
    'written by the others and lost by us',
    'whole',
    'complete_booking',
  ),
  provider_missing: facts(
    '渠道缺单',
    'the provider lacks it',
    'delivered, but the money never came',
    'whole',
    'query_again',
  ),
  his_missing: facts(
    '医院系统漏记',
    'the hospital’s system lacks it',
    'the telling of the payment was lost',
    'whole',
    'tell_his',
  ),
  party_missing: facts(
    '第三方漏记',
    'another party lacks it',
    'its settlement was not done, or was undone',
    'whole',
    'query_again',
  ),
  refund_not_returned: facts(
    '退款未到渠道',
    'refund not at the provider',
    'the refund was refused or still runs',
    'whole',
    'query_again',
  ),
  refund_unrecorded: facts(
    '渠道退款平台未记',
    'refund unknown to us',
    'refunded on the provider’s own page',
    'whole',
    'complete_booking',
  ),
  refund_his_missing: facts(
    '医院系统退款漏记',
    'refund not at the hospital',
    'the telling of the refund was lost',
    'whole',
    'tell_his',
  ),
  amount_hub: facts(
    '平台金额不符',
    'our amount differs from all others',
    'written wrong by us',
    'gap',
    'adjust_by_two',
  ),
  amount_provider: facts(
    '渠道金额不符',
    'the provider’s amount differs',
    'a coupon, or a change at the counter',
    'gap',
    'adjust_by_two',
  ),
  amount_his: facts(
    '医院系统金额不符',
    'the hospital’s amount differs',
    'the bill was changed after the payment',
    'gap',
    'adjust_by_two',
  ),
  amount_party: facts(
    '第三方金额不符',
    'another party’s amount differs',
    'its share was computed anew',
    'gap',
    'adjust_by_two',
  ),
  parts: facts(
    '拆分合计不符',
    'parts do not add up',
    'one of several parts is missing or too many',
    'gap',
    'query_again',
  ),
  fee: facts('手续费不符', 'fee differs', 'another rate than the contract’s', 'fee', 'hang'),
  status: facts(
    '状态不符（收退相反）',
    'charge here, refund there',
    'reversed on one side only',
    'whole',
    'query_again',
  ),
  duplicate_hub: facts(
    '平台重复',
    'listed again by us',
    'the row was extracted or written twice',
    'whole',
    'adjust_by_two',
  ),
  duplicate_provider: facts(
    '渠道重复',
    'listed again by the provider',
    'the payer paid twice, or a line was repeated',
    'whole',
    'refund',
  ),
  duplicate_his: facts(
    '医院系统重复入账',
    'booked again by the hospital',
    'a repeated notice was booked again',
    'whole',
    'adjust_by_two',
  ),
  duplicate_party: facts(
    '第三方重复',
    'listed again by another party',
    'settled twice',
    'whole',
    'query_again',
  ),
  foreign: facts(
    '串户：他院交易',
    'another hospital’s',
    'the file of another merchant number',
    'whole',
    'hang',
  ),
  wrong_account: facts(
    '入错账户',
    'another account of ours',
    'the terminal is set to another account',
    'whole',
    'adjust_by_two',
  ),
  our_no: facts(
    '商户单号不符',
    'our number differs',
    'the provider re-used or changed the number',
    'none',
    'adjust_by_two',
  ),
  provider_no: facts(
    '渠道单号不符',
    'the provider’s number differs',
    'a later attempt succeeded',
    'none',
    'query_again',
  ),
  cross_day: facts(
    '跨日',
    'on another business date',
    'cut-offs differ by more than the window',
    'none',
    'carry_over',
  ),
  ambiguous: facts(
    '多个候选',
    'several fit equally well',
    'no number, and equal amounts at one time',
    'whole',
    'hang',
  ),
  unidentified: facts('无单号', 'without a number', 'keyed in at the terminal', 'whole', 'hang'),
  payout_missing: facts(
    '应到款未到账',
    'payout did not arrive',
    'late, or paid to another account',
    'whole',
    'query_again',
  ),
  payout_short: facts(
    '到账少于应到',
    'payout too small',
    'a deduction that is not on the bill',
    'gap',
    'hang',
  ),
  payout_over: facts(
    '到账多于应到',
    'payout too large',
    'two batches in one, or a correction',
    'gap',
    'hang',
  ),
  receipt_unexplained: facts(
    '不明到账',
    'receipt without a batch',
    'not from this provider, or of another batch',
    'whole',
    'hang',
  ),
  receipt_duplicate: facts(
    '重复到账',
    'batch received again',
    'paid out twice, or listed twice',
    'whole',
    'hang',
  ),
} as const satisfies Record<string, ClassFacts>

export type MatchingClass = keyof typeof MATCHING_CLASSES

const byRole =
  <const Prefix extends string>(prefix: Prefix) =>
  (role: Role): `${Prefix}_${Exclude<Role, 'bank'>}` =>
    `${prefix}_${role === 'bank' ? 'party' : role}`

export const amountClassOf: (role: Role) => MatchingClass = byRole('amount')
export const duplicateClassOf: (role: Role) => MatchingClass = byRole('duplicate')

const suffixed = (role: Role, suffix: 'only' | 'missing'): MatchingClass =>
  `${role === 'bank' ? 'party' : role}_${suffix}`

/** What a row is that stands alone on the side of this role. */
export function onlyClassOf(role: Role, isReturn: boolean): MatchingClass {
  if (isReturn && role === 'hub') return 'refund_not_returned'
  if (isReturn && role === 'provider') return 'refund_unrecorded'
  return suffixed(role, 'only')
}

/** What it is when two sides or more agree and the side of this role has nothing. */
export function missingClassOf(role: Role, isReturn: boolean): MatchingClass {
  if (isReturn && role === 'hub') return 'refund_unrecorded'
  if (isReturn && role === 'provider') return 'refund_not_returned'
  if (isReturn && role === 'his') return 'refund_his_missing'
  return suffixed(role, 'missing')
}
