import type { components } from '../../../contract/hub.d.ts'

type Schemas = components['schemas']

export type Account = Schemas['StaffDepositAccount']
export type GiveBack = Schemas['StaffDepositGiveBack']
export type Movement = Schemas['DepositMovement']
export type OpenDay = Schemas['OpenDepositDay']
export type Day = Schemas['DepositDayCharge']

export const ACCOUNT_STATUSES = ['open', 'closed'] as const satisfies readonly Account['status'][]

/** How a cashier takes money in. Words: ways.<way>. */
export const WAYS = ['cash', 'pos', 'transfer', 'wechat', 'alipay'] as const

/** A stay by its number; the prepayments of the time before the rule are of none. */
export const stayOf = ({ kind, stayNo }: Pick<Account, 'kind' | 'stayNo'>): string | null =>
  kind === 'inpatient' ? stayNo : null
