import type { Fen } from '../../../kernel/money.ts'

export type Scheme = '310' | '390'

export type HospitalLevel = 1 | 2 | 3

/** A stretch of the year's in-scope amount, and what the pooled fund pays of it. */
export type Band = { upToFen: Fen | null; active: ByLevel; retired: ByLevel }

type ByLevel = Record<HospitalLevel, number>
