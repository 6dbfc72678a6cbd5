import { flagOf, given, oneOf, type Raw, uuidOf } from '../search/params.ts'
import { NEED_KINDS, type Need, PROGRAMME_STATUSES, type Programme } from './model.ts'

// What these pages keep in their URL. A person is never in it: an address is sent on and written down.

export type ProgrammesSearch = { status?: Programme['status']; before?: string }

export const readProgrammesSearch = (raw: Raw): ProgrammesSearch =>
  given({ status: oneOf(PROGRAMME_STATUSES, raw['status']), before: uuidOf(raw['before']) })

/** `from`: the programme whose terms a new one begins with. */
export type ProposeSearch = { from?: string }

export const readProposeSearch = (raw: Raw): ProposeSearch => given({ from: uuidOf(raw['from']) })

/** `all`: also entries that are over or were ended. */
export type NeedsSearch = { kind?: Need['kind']; all?: true; before?: string }

export const readNeedsSearch = (raw: Raw): NeedsSearch =>
  given({
    kind: oneOf(NEED_KINDS, raw['kind']),
    all: flagOf(raw['all']),
    before: uuidOf(raw['before']),
  })
