import { addDays, type BusinessDate, businessDate, instantAt } from '../../../kernel/time.ts'
import { CHINA_HOLIDAYS } from '../../../modules/settlement/china-holidays.ts'
import type { ContractTerms } from '../../../modules/settlement/index.ts'
import { walletContract } from '../../../modules/settlement/testing/terms.ts'
import { createPayDays } from './bank-book.ts'

// What was agreed between the hospital and who pays it out: entered in the hub by two persons, and kept to by the parties.

export const ACCOUNT = 'main'
export const YEAR = '2026'
export const VALID_FROM = businessDate('2026-01-01')

export const CHANNELS = [
  { name: 'wechat', feePpm: 6_000, payer: '财付通' },
  { name: 'alipay', feePpm: 5_500, payer: '支付宝' },
] as const

export type ChannelName = (typeof CHANNELS)[number]['name']

export const INSURER = { name: 'insurance', payer: '医保基金', days: 2 } as const

export const CONTRACTS = new Map<string, ContractTerms>([
  ...CHANNELS.map(({ name, feePpm, payer }): [string, ContractTerms] => [
    name,
    walletContract({ fee: feeOf(feePpm), payers: [payer], account: ACCOUNT, daysAfter: 0 }),
  ]),
  [
    INSURER.name,
    walletContract({
      fee: feeOf(0),
      cycle: { kind: 'working_days', after: INSURER.days },
      payout: 'gross',
      payers: [INSURER.payer],
      account: ACCOUNT,
      daysAfter: 0,
    }),
  ],
])

export const CALENDAR = CHINA_HOLIDAYS[YEAR] ?? { daysOff: [], workdays: [] }

const payDays = createPayDays(CALENDAR.daysOff, CALENDAR.workdays)

/** The day on which a provider pays out a date. */
export const payDayOf = (provider: string, date: BusinessDate): BusinessDate =>
  payDays.after(date, provider === INSURER.name ? INSURER.days : 1)

function feeOf(ratePpm: number): ContractTerms['fee'] {
  return { ...walletContract().fee, tiers: [{ fromFen: 0, ratePpm }] }
}

/** From then on a payout that has not come whole is late: the day after its pay day has passed, if that one is worked. */
export const lateAt = (provider: string, date: BusinessDate): Date =>
  instantAt(addDays(payDays.after(payDayOf(provider, date), 1), 1))
