/** Why a channel is offered where it is, or why it is not: a code with its figures, worded by the web in zh and en. */
export type Reason<Code extends string = string> = {
  code: Code
  params: Record<string, string | number>
}

/** Why a channel stands where it stands among those that are offered. */
export const CHOICE_CODES = [
  'rule_prefers', // rule, zh, en
  'rule_requires', // rule, zh, en
  'preferred_by_payer',
  'used_last_time',
  'contract_share', // targetPpm, actualPpm
  'cheapest', // costFen
  'most_reliable', // successPpm, calls
  'backup_awake', // channels: those that it stands in for
  'recovering', // tried again after it was down
  'in_order', // position
] as const

export type ChoiceReason = Reason<(typeof CHOICE_CODES)[number]>

/** Why a channel is not offered. */
export const REJECTION_CODES = [
  'disabled',
  'not_admitted',
  'not_connected',
  'method_off',
  'device_missing',
  'scene_off', // scene
  'department_off', // department
  'over_payment_limit', // limitFen
  'over_day_limit', // limitFen, takenFen
  'rule_excludes', // rule, zh, en
  'not_required', // rule, zh, en
  'down', // retryAt
  'backup_asleep', // channels: core ones that can be had
] as const

export type Rejection = Reason<(typeof REJECTION_CODES)[number]>
