// One mixed payment has three statuses, and none of them alone says what became of it: 纯医保 has no cash
// part, and a mix that failed may have left one of its parts paid.

/** 纯自费, 纯医保, 混合. */
export type MixPayType = 'CASH_ONLY' | 'INSURANCE_ONLY' | 'CASH_AND_INSURANCE'

/**
 * partly_refunded: paid, and one of two parts has gone back since. failed: no money was taken, or all that was
 * has gone back.
 */
export type MixVerdict = 'pending' | 'paid' | 'partly_refunded' | 'refunded' | 'failed'

type Row = readonly [type: MixPayType, mix: string, self: string, insurance: string, MixVerdict]

const [CASH, INSURANCE, BOTH] = ['CASH_ONLY', 'INSURANCE_ONLY', 'CASH_AND_INSURANCE'] as const
const [NO_SELF, NO_INSURANCE] = ['NO_SELF_PAY', 'NO_MED_INS_PAY']

/** mix_pay_type, and after it mix_, self_ and med_ins_pay_status without their prefixes. */
const ROWS: readonly Row[] = [
  [BOTH, 'CREATED', 'CREATED', 'CREATED', 'pending'],
  [BOTH, 'CREATED', 'SUCCESS', 'CREATED', 'pending'],
  [BOTH, 'CREATED', 'CREATED', 'SUCCESS', 'pending'],
  [BOTH, 'CREATED', 'SUCCESS', 'SUCCESS', 'pending'],
  [BOTH, 'SUCCESS', 'SUCCESS', 'SUCCESS', 'paid'],
  [BOTH, 'SUCCESS', 'REFUND', 'SUCCESS', 'partly_refunded'],
  [BOTH, 'SUCCESS', 'SUCCESS', 'REFUND', 'partly_refunded'],
  [BOTH, 'REFUND', 'REFUND', 'REFUND', 'refunded'],
  [BOTH, 'FAIL', 'FAIL', 'FAIL', 'failed'],
  [BOTH, 'FAIL', 'REFUND', 'FAIL', 'failed'],
  [BOTH, 'FAIL', 'FAIL', 'REFUND', 'failed'],
  [BOTH, 'FAIL', 'REFUND', 'REFUND', 'failed'],
  [CASH, 'CREATED', 'CREATED', NO_INSURANCE, 'pending'],
  [CASH, 'CREATED', 'SUCCESS', NO_INSURANCE, 'pending'],
  [CASH, 'SUCCESS', 'SUCCESS', NO_INSURANCE, 'paid'],
  [CASH, 'REFUND', 'REFUND', NO_INSURANCE, 'refunded'],
  [CASH, 'FAIL', 'FAIL', NO_INSURANCE, 'failed'],
  [CASH, 'FAIL', 'REFUND', NO_INSURANCE, 'failed'],
  [INSURANCE, 'CREATED', NO_SELF, 'CREATED', 'pending'],
  [INSURANCE, 'CREATED', NO_SELF, 'SUCCESS', 'pending'],
  [INSURANCE, 'SUCCESS', NO_SELF, 'SUCCESS', 'paid'],
  [INSURANCE, 'REFUND', NO_SELF, 'REFUND', 'refunded'],
  [INSURANCE, 'FAIL', NO_SELF, 'FAIL', 'failed'],
  [INSURANCE, 'FAIL', NO_SELF, 'REFUND', 'failed'],
]

const withPrefix = (prefix: string, status: string) =>
  status.startsWith('NO_') ? status : `${prefix}_${status}`

const VERDICTS: ReadonlyMap<string, MixVerdict> = new Map(
  ROWS.map(([type, mix, self, insurance, verdict]) => [
    keyOf({
      mix_pay_type: type,
      mix_pay_status: withPrefix('MIX_PAY', mix),
      self_pay_status: withPrefix('SELF_PAY', self),
      med_ins_pay_status: withPrefix('MED_INS_PAY', insurance),
    }),
    verdict,
  ]),
)

/** What the three say together; null for what is not in the table, such as a failure that left money with us. */
export const verdictOf = (statuses: Statuses): MixVerdict | null =>
  VERDICTS.get(keyOf(statuses)) ?? null

/** As WeChat says them. */
export type Statuses = {
  mix_pay_type: string
  mix_pay_status: string
  self_pay_status: string
  med_ins_pay_status: string
}

function keyOf(statuses: Statuses): string {
  const { mix_pay_type, mix_pay_status, self_pay_status, med_ins_pay_status } = statuses
  return [mix_pay_type, mix_pay_status, self_pay_status, med_ins_pay_status].join(' ')
}
