import type { HospitalId } from '../../kernel/id.ts'
import type { CallEnd } from './counts.ts'

/** What a channel is asked for: the verbs of the port. */
export const OPERATIONS = [
  'charge',
  'query',
  'release',
  'refund',
  'query_refund',
  'statement',
] as const

export type Operation = (typeof OPERATIONS)[number]

/** A statement is a file of the day before: how long it takes says nothing about payments. */
export const isOnline = (operation: Operation): boolean => operation !== 'statement'

/** One call to a channel, as it ended. `outcome` is the answer's own word, or 'threw'. */
export type Observation = {
  hospitalId: HospitalId
  channel: string
  operation: Operation
  outcome: string
  durationMs: number
  at: Date
}

/** A word that no port knows is an answer that cannot be read. */
const END_OF_OUTCOME: Readonly<Record<string, CallEnd>> = {
  confirmed: 'answered',
  pending: 'answered',
  released: 'answered',
  absent: 'answered',
  lines: 'answered',
  compared: 'answered',
  not_ready: 'answered',
  declined: 'declined',
  refused: 'failed',
  unknown: 'unknown',
  threw: 'unknown',
}

export const endOf = (outcome: string): CallEnd =>
  Object.hasOwn(END_OF_OUTCOME, outcome) ? (END_OF_OUTCOME[outcome] ?? 'unknown') : 'unknown'
