import { given, type Raw, uuidOf } from '../search/params.ts'

/** `after`: the last pair of the page before. */
export type CandidatesSearch = { after?: string }

export const readCandidatesSearch = (raw: Raw): CandidatesSearch =>
  given({ after: uuidOf(raw['after']) })
