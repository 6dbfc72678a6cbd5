import type { Id } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, businessDate, instantAt } from '../../../kernel/time.ts'
import type { PaymentId } from '../../payments/index.ts'
import { type ComparedDay, keyOf, type KnownNumber } from '../compare.ts'
import type { DifferenceClass, ListLine, MoveKind, OwnRow } from '../day.ts'

// Two sides of a day into which differences are planted, so that what a comparison finds can be held against
// what there is to find.

export const DATE = businessDate('2026-11-20')

/** What is made of one number; each but the first two plants a difference. */
export const PLANS = [
  'agreed',
  'agreed_nearby', // both sides have it, on the day before or after
  'ours_only',
  'theirs_only',
  'amount',
  'turned_around', // our charge is their return
  'undone',
  'foreign',
  'twice',
  'ours_of_tomorrow', // theirs today, ours on the day after
  'ours_of_yesterday',
  'theirs_of_tomorrow',
  'theirs_of_yesterday',
  'other_amount_tomorrow',
  'listed_tomorrow_too', // theirs today and tomorrow, ours tomorrow
] as const

export type Plan = (typeof PLANS)[number]

export type Planted = { plan: Plan; kind: MoveKind; amountFen: number }

export type Expected = { class: DifferenceClass; kind: MoveKind; ourNo: string }

export function plant(items: readonly Planted[]): { day: ComparedDay; expected: Expected[] } {
  const day = emptyDay()
  const expected: Expected[] = []
  items.forEach(({ plan, kind, amountFen }, i) => {
    const ourNo = `N${String(i).padStart(6, '0')}`
    const at = { kind, ourNo, amountFen: fen(amountFen) }
    for (const [cls, of = kind] of sow[plan](day, at))
      expected.push({ class: cls, kind: of, ourNo })
  })
  return { day, expected }
}

type Row = { kind: MoveKind; ourNo: string; amountFen: Fen }
type Filled = {
  businessDate: BusinessDate
  own: OwnRow[]
  theirs: ListLine[]
  nearby: { own: (OwnRow & Dated)[]; theirs: (ListLine & Dated)[] }
  known: Map<string, KnownNumber>
}
type Dated = { date: BusinessDate }
type Finding = [DifferenceClass, MoveKind?]

const emptyDay = (): Filled => ({
  businessDate: DATE,
  own: [],
  theirs: [],
  nearby: { own: [], theirs: [] },
  known: new Map(),
})

const TOMORROW = addDays(DATE, 1)
const YESTERDAY = addDays(DATE, -1)
const PAYMENT = '0190b3a0-0000-7000-8000-00000000000a' as PaymentId & Id<never>

const sow: Record<Plan, (day: Filled, row: Row) => Finding[]> = {
  agreed(day, row) {
    day.own.push(own(row))
    day.theirs.push(line(row))
    return []
  },
  agreed_nearby(day, row) {
    day.nearby.own.push({ ...own(row), date: TOMORROW })
    day.nearby.theirs.push({ ...line(row), date: TOMORROW })
    return []
  },
  ours_only(day, row) {
    day.own.push(own(row))
    return [['ours_only']]
  },
  theirs_only(day, row) {
    day.theirs.push(line(row))
    return [['theirs_only']]
  },
  amount(day, row) {
    day.own.push(own(row))
    day.theirs.push(line({ ...row, amountFen: fen(row.amountFen + 1) }))
    return [['amount']]
  },
  turned_around(day, row) {
    const kind = row.kind === 'charge' ? 'return' : 'charge'
    day.own.push(own(row))
    day.theirs.push(line({ ...row, kind }))
    return [['status'], ['status', kind]]
  },
  undone(day, row) {
    day.theirs.push(line(row))
    day.known.set(keyOf(row), { standing: 'undone', paymentId: PAYMENT, refundId: null })
    return [['status']]
  },
  foreign(day, row) {
    day.theirs.push(line(row))
    day.known.set(keyOf(row), { standing: 'foreign', paymentId: null, refundId: null })
    return [['foreign']]
  },
  twice(day, row) {
    day.own.push(own(row))
    day.theirs.push(line(row), line(row))
    return [['duplicate']]
  },
  ours_of_tomorrow(day, row) {
    day.theirs.push(line(row))
    day.nearby.own.push({ ...own(row), date: TOMORROW })
    return [['cross_day']]
  },
  ours_of_yesterday(day, row) {
    day.theirs.push(line(row))
    day.nearby.own.push({ ...own(row), date: YESTERDAY })
    return [['cross_day']]
  },
  theirs_of_tomorrow(day, row) {
    day.own.push(own(row))
    day.nearby.theirs.push({ ...line(row), date: TOMORROW })
    return [['cross_day']]
  },
  theirs_of_yesterday(day, row) {
    day.own.push(own(row))
    day.nearby.theirs.push({ ...line(row), date: YESTERDAY })
    return [['cross_day']]
  },
  other_amount_tomorrow(day, row) {
    day.own.push(own(row))
    day.nearby.theirs.push({ ...line(row), amountFen: fen(row.amountFen + 7), date: TOMORROW })
    return [['amount']]
  },
  listed_tomorrow_too(day, row) {
    day.theirs.push(line(row))
    day.nearby.theirs.push({ ...line(row), date: TOMORROW })
    day.nearby.own.push({ ...own(row), date: TOMORROW })
    return [['duplicate']]
  },
}

const own = (row: Row): OwnRow => ({
  ...row,
  at: instantAt(DATE, '12:00:00'),
  paymentId: PAYMENT,
  refundId: null,
})

const line = (row: Row): ListLine => ({
  ...row,
  providerNo: `P-${row.ourNo}`,
  at: instantAt(DATE, '12:00:00'),
  basis: 'stated',
})
