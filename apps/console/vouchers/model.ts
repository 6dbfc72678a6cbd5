import type { components, operations } from '../../../contract/hub.d.ts'

type Schemas = components['schemas']

export type Voucher = Schemas['Voucher']
export type Line = Schemas['VoucherLine']
export type Source = Schemas['VoucherSource']
export type AccountingDay = Schemas['AccountingDay']
export type Finding = AccountingDay['findings'][number]
export type VoucherExport = Schemas['VoucherExport']

type NewTerms = operations['proposeAccountingTerms']['requestBody']['content']['application/json']
export type NewTemplate = Extract<NewTerms, { kind: 'template' }>
export type NewLayout = Extract<NewTerms, { kind: 'layout' }>
export type Template = NewTemplate['content']
export type Layout = NewLayout['content']

export const BOOKS = ['financial', 'budget'] as const
export type Book = (typeof BOOKS)[number]

/** '收-3': as an accountant says it. From the second version of a day on, it is of what came afterwards. */
export const numberOf = ({ type, no }: Pick<Voucher, 'type' | 'no'>): string => `${type}-${no}`

export type SourceTarget =
  | { to: 'payment' | 'deposit' | 'benefit'; id: string }
  | { to: 'batch'; provider: string; day: string }
  | { to: 'receipts' }
  | null

/** Pure: what a transfer is about, as far as a page shows it. */
export function targetOf({ subject }: Pick<Source, 'subject'>): SourceTarget {
  const [kind = '', first = '', second = ''] = subject.split(':')
  switch (kind) {
    case 'payment':
    case 'deposit':
    case 'benefit':
      return { to: kind, id: first }
    case 'settlement':
      return { to: 'batch', provider: first, day: second }
    case 'bank':
      return { to: 'receipts' }
    default:
      return null
  }
}

/** Pure: the dates that are closed and were never looked at for vouchers. */
export function withoutVouchers(
  closed: readonly { date: string; status: string }[],
  days: readonly AccountingDay[],
): string[] {
  const known = new Set(days.filter(({ status }) => status !== 'open').map(({ date }) => date))
  return closed
    .filter(({ date, status }) => status === 'closed' && !known.has(date))
    .map(({ date }) => date)
}
