import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { type BusinessDate, businessDate, isBusinessDate } from '../../kernel/time.ts'
import { strict } from '../../platform/http/schemas.ts'
import { settlementErrors } from './errors.ts'

// The two kinds of terms as data: a contract with a provider, and the calendar of a year.

const Ppm = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 1_000_000, description: `Parts per million. ${description}` })
const Fen = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 10_000_000_000, description: `Fen. ${description}` })
const Days = (maximum: number, description: string) =>
  Type.Integer({ minimum: 0, maximum, description })
const Name = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,29}$' })

const FeeTerms = Type.Object(
  {
    tiers: Type.Array(
      Type.Object(
        { fromFen: Fen('Of a transaction from this amount on'), ratePpm: Ppm('') },
        strict,
      ),
      {
        minItems: 1,
        maxItems: 20,
        description: 'By the amount of the transaction, ascending from 0',
      },
    ),
    minFen: Fen('Of one charge, at least'),
    maxFen: Type.Union([Fen('Of one charge, at most'), Type.Null()]),
    rounding: Type.Enum(['half_up', 'down', 'up']),
    roundedPer: Type.Enum(['transaction', 'batch'], {
      description: 'Where the fen are rounded; per batch, minFen and maxFen are of the batch',
    }),
    onReturn: Type.Enum(['kept', 'given_back']),
  },
  strict,
)

const Cycle = Type.Union([
  Type.Object(
    { kind: Type.Literal('working_days'), after: Days(30, 'T+n: working days after the date') },
    strict,
  ),
  Type.Object(
    { kind: Type.Literal('natural_days'), after: Days(30, 'D+n: days after the date') },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('weekly'),
      weekday: Type.Integer({ minimum: 1, maximum: 7, description: '1 is Monday' }),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('monthly'),
      day: Type.Integer({ minimum: 1, maximum: 28, description: 'Of the next month' }),
    },
    strict,
  ),
])

export const ContractTerms = Type.Object(
  {
    fee: FeeTerms,
    cycle: Cycle,
    payout: Type.Enum(['net', 'gross'], { description: 'gross: fees are billed apart' }),
    account: Type.String({ minLength: 1, maxLength: 40, description: 'Of the bank, in the books' }),
    payers: Type.Array(Type.String({ minLength: 2, maxLength: 60 }), {
      minItems: 1,
      maxItems: 10,
      description: 'Texts one of which the payer or the memo of its receipts contains',
    }),
    daysBefore: Days(30, 'How early a receipt may be to be matched'),
    daysAfter: Days(90, 'How late a receipt may be to be matched'),
    graceWorkingDays: Days(30, 'After the expected day, before it is called late'),
    shares: Type.Array(Type.Object({ party: Name, ppm: Ppm('Of what is paid out') }, strict), {
      minItems: 1,
      maxItems: 10,
      description: 'Together 1,000,000. The party "hospital" is the hospital itself',
    }),
  },
  { $id: 'SettlementContract', ...strict },
)
export type ContractTerms = Type.Static<typeof ContractTerms>
export type FeeTerms = Type.Static<typeof FeeTerms>
export type Cycle = Type.Static<typeof Cycle>

const BusinessDay = Type.String({ format: 'date' })

export const CalendarTerms = Type.Object(
  {
    daysOff: Type.Array(BusinessDay, { maxItems: 200, description: 'Holidays, weekends or not' }),
    workdays: Type.Array(BusinessDay, {
      maxItems: 60,
      description: 'Weekend days that are worked',
    }),
  },
  { $id: 'SettlementCalendar', ...strict },
)
export type CalendarTerms = Type.Static<typeof CalendarTerms>

const contractCheck = Compile(ContractTerms)
const calendarCheck = Compile(CalendarTerms)
const WHOLE_PPM = 1_000_000

/** Errors: contract_wrong, with the first thing that is. */
export function readContract(content: unknown): ContractTerms {
  const wrong = (reason: string) => settlementErrors.contract_wrong({ reason })
  if (!contractCheck.Check(content)) throw wrong('it has another shape')
  const { tiers, minFen, maxFen } = content.fee
  const isAscending = tiers.every(
    ({ fromFen }, i) => fromFen > (tiers[i - 1]?.fromFen ?? -1) && (i > 0 || fromFen === 0),
  )
  if (!isAscending) throw wrong('tiers ascend from 0')
  if (maxFen !== null && maxFen < minFen) throw wrong('the most is below the least')
  if (new Set(content.shares.map(({ party }) => party)).size < content.shares.length) {
    throw wrong('a party has one share')
  }
  const whole = content.shares.reduce((sum, { ppm }) => sum + ppm, 0)
  if (whole !== WHOLE_PPM) throw wrong('the shares are the whole')
  return content
}

/** What differs from "Monday to Friday". */
export type Calendar = { daysOff: ReadonlySet<BusinessDate>; workdays: ReadonlySet<BusinessDate> }

/** Errors: calendar_wrong, when a day is of another year or stands in both lists. */
export function readCalendar(year: string, content: unknown): Calendar {
  const wrong = (reason: string) => settlementErrors.calendar_wrong({ reason })
  if (!/^\d{4}$/.test(year)) throw wrong('it is named by its year')
  if (!calendarCheck.Check(content)) throw wrong('it has another shape')
  for (const day of [...content.daysOff, ...content.workdays]) {
    if (!isBusinessDate(day) || !day.startsWith(year)) throw wrong(`${day} is not of ${year}`)
  }
  const daysOff = new Set(content.daysOff.map(businessDate))
  const both = content.workdays.find((day) => daysOff.has(businessDate(day)))
  if (both) throw wrong(`${both} is off and worked`)
  return { daysOff, workdays: new Set(content.workdays.map(businessDate)) }
}
