import { assert } from '../../../kernel/assert.ts'
import { fen, type Fen } from '../../../kernel/money.ts'
import { type Random, randomBelow } from '../../../kernel/random.ts'
import { type BusinessDate, businessDateOf, type Clock } from '../../../kernel/time.ts'
import type { Books } from '../kit/books.ts'
import type { Fault, FaultPoint } from '../kit/simulator.ts'

export type LenderFaultPoint = Omit<FaultPoint, 'simulator'> & { simulator: 'lender' }

/** Decides what goes wrong. Pure in its argument, so that a run can be repeated. */
export type LenderFaultPlan = (point: LenderFaultPoint) => Fault | null

/** What the bank offers under a code, and what it costs. */
export type LoanProduct = {
  code: string
  /** Days after the last draw of a bill without interest, and until it is due. */
  freeDays: number
  termDays: number
  /** Simple, of what is open, after the free days; above the due day times `penaltyPpm`. */
  yearlyRatePpm: number
  penaltyPpm: number
  maxLimitFen: Fen
}

/** What every part of the simulated bank works with. */
export type Context = {
  readonly clock: Clock
  readonly random: Random
  readonly faults: LenderFaultPlan
  readonly store: Books
  readonly products: ReadonlyMap<string, LoanProduct>
}

export const nowMs = ({ clock }: Context): number => clock.now().getTime()

export const today = ({ clock }: Context): BusinessDate => businessDateOf(clock.now())

/** A request that the bank understands and refuses. */
export class Refusal extends Error {
  readonly kind: RefusalKind

  constructor(kind: RefusalKind, message: string) {
    super(message)
    this.kind = kind
  }
}

export type RefusalKind =
  | 'invalid'
  | 'different' // the number was used for something else
  | 'no_account'
  | 'not_signed'
  | 'suspended'
  | 'ended'
  | 'overdue'
  | 'over_limit'
  | 'hospital_limit'
  | 'not_eligible'
  | 'owing'
  | 'no_such_number'
  | 'amount_wrong'
  | 'no_money'
  | 'closed' // the number was given up before anything came under it
  | 'statement_not_ready'
  | 'declined' // by a fault plan, with a word of its own
  | 'unavailable' // nothing was done, and nobody decided that

/** The bank's own number for something: letters, the day and twelve digits. */
export function newNumber(context: Context, letters: string): string {
  const serial = String(context.store.nextSerial('number')).padStart(8, '0')
  const check = String(randomBelow(context.random, 10_000)).padStart(4, '0')
  return `${letters}${today(context).replaceAll('-', '')}${serial}${check}`
}

/** Counts the call and asks the plan what goes wrong with it. */
export function askFaultPlan(context: Context, operation: string, key: string): Fault | null {
  const row = context.store.get<{ calls: number }>(
    `insert into fault_call (operation, key, calls) values (?, ?, 1)
     on conflict (operation, key) do update set calls = calls + 1 returning calls`,
    [operation, key],
  )
  assert(row, 'an upsert returns its row')
  return context.faults({ simulator: 'lender', operation, key, attempt: row.calls })
}

/**
 * 'bill#n' of what comes under a number for the first time, so that a fault strikes the same thing in every run of a
 * seed although numbers are random; a repeated call goes by the same name.
 */
export function faultKeyOf(context: Context, number: string, parent: string | null): string {
  const { store } = context
  const row = store.get<{ parent: string; ordinal: number }>(
    'select parent, ordinal from fault_subject where number = ?',
    [number],
  )
  if (row) return `${row.parent}#${row.ordinal}`
  if (parent === null) return 'unknown'
  store.run(
    `insert into fault_subject (number, parent, ordinal)
     select ?, ?, 1 + (select count(*) from fault_subject where parent = ?)`,
    [number, parent, parent],
  )
  return faultKeyOf(context, number, parent)
}

/** Words of a fault plan that declines: the bank lowers the person's limit to what they owe, before the call. */
export const LOWER_LIMIT = 'LOWER_LIMIT'
/** Somebody else draws all that is left of the person's limit, before the call. */
export const OVERDRAW = 'OVERDRAW'
/** The amounts of the answer are a yuan too high. */
export const WRONG_AMOUNT = 'WRONG_AMOUNT'
export const WRONG_BY_FEN = fen(100)
