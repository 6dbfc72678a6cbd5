import { flagOf, given, uuidOf } from '../../search/params.ts'

/** `all`: also what is decided. */
export type ApprovalsSearch = { all?: true; before?: string }

export const readApprovalsSearch = (raw: Record<string, unknown>): ApprovalsSearch =>
  given({ all: flagOf(raw['all']), before: uuidOf(raw['before']) })
