import { assert } from '../../../../kernel/assert.ts'
import { fen } from '../../../../kernel/money.ts'
import { type Random, randomBelow } from '../../../../kernel/random.ts'
import { type BusinessDate, businessDateOf, type Clock } from '../../../../kernel/time.ts'
import { type Books, openBooks } from '../../kit/books.ts'
import type { Fault, FaultPlan, FaultPoint } from '../../kit/simulator.ts'
import type { Product } from './products.ts'
import { SCHEMA, SCHEMA_VERSION } from './schema.ts'

/** The names of the two insurers to a fault plan. */
export type InsurerName = Extract<FaultPoint['simulator'], `commercial_${string}`>

/** What every part of a simulated insurer works with. */
export type Context = {
  readonly name: InsurerName
  readonly clock: Clock
  readonly random: Random
  readonly faults: FaultPlan
  readonly store: Books
  readonly products: ReadonlyMap<string, Product>
  /** How long what was promised to an advance is kept. */
  readonly promiseMs: number
  /** From handing in papers to the insurer's word on them. */
  readonly reviewMs: number
  readonly partialRefunds: boolean
}

export const openStore = (databaseFile: string): Books =>
  openBooks(databaseFile, { version: SCHEMA_VERSION, sql: SCHEMA })

export const nowMs = ({ clock }: Context): number => clock.now().getTime()

export const today = ({ clock }: Context): BusinessDate => businessDateOf(clock.now())

/** A request the insurer understands and refuses; each wire has its own word for it. */
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
  | 'person_not_matched'
  | 'policy_not_found'
  | 'fee_record_not_found'
  | 'claim_not_found'
  | 'refund_not_found'
  | 'not_covered'
  | 'cancelled'
  | 'settled'
  | 'not_settled'
  | 'expired'
  | 'policy_ended' // between advance and confirm
  | 'whole_only' // a part cannot be given back here
  | 'amount_differs'
  | 'more_than_left'
  | 'statement_not_ready'
  | 'declined' // by a fault plan, with a word of its own
  | 'unavailable' // nothing was done, and nobody decided that

/** The insurer's own number for something: a letter, the day and twelve digits. */
export function newNumber(context: Context, letter: string): string {
  const serial = String(context.store.nextSerial('number')).padStart(8, '0')
  const check = String(randomBelow(context.random, 10_000)).padStart(4, '0')
  return `${letter}${today(context).replaceAll('-', '')}${serial}${check}`
}

/** Counts the call and asks the plan what goes wrong with it. */
export function askFaultPlan(context: Context, operation: string, key: string): Fault | null {
  const row = context.store.get<{ calls: number }>(
    `insert into fault_call (operation, key, calls) values (?, ?, 1)
     on conflict (operation, key) do update set calls = calls + 1 returning calls`,
    [operation, key],
  )
  assert(row, 'an upsert returns its row')
  return context.faults({ simulator: context.name, operation, key, attempt: row.calls })
}

/**
 * 'visit#n' of what comes under a number for the first time, so that a fault strikes the same thing in every run of a
 * seed although numbers are random; a repeated call goes by the same name.
 */
export function faultKeyOf(
  context: Context,
  hospital: string,
  number: string,
  parent: string | null,
): string {
  const { store } = context
  const row = store.get<{ parent: string; ordinal: number }>(
    'select parent, ordinal from fault_subject where hospital = ? and number = ?',
    [hospital, number],
  )
  if (row) return `${hospital}/${row.parent}#${row.ordinal}`
  if (parent === null) return `${hospital}/unknown`
  store.run(
    `insert into fault_subject (hospital, number, parent, ordinal)
     select ?, ?, ?, 1 + (select count(*) from fault_subject where hospital = ? and parent = ?)`,
    [hospital, number, parent, hospital, parent],
  )
  return faultKeyOf(context, hospital, number, parent)
}

/** Words of a fault plan that declines: the policy lapses before the call, or the answer's amount is a yuan too high. */
export const LAPSE = 'LAPSE'
export const WRONG_AMOUNT = 'WRONG_AMOUNT'
export const WRONG_BY_FEN = fen(100)
