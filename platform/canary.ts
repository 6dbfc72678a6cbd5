/**
 * Bugs planted on purpose, by name. A check that has never caught anything proves nothing, so the
 * simulation can be run with one of these switched on and must then fail. Never set outside of tests:
 * the configuration refuses it in the production profile.
 */
export const CANARIES = ['double_posting', 'lost_write_back', 'oversold_hold'] as const

export type Canary = (typeof CANARIES)[number]

export type Canaries = ReadonlySet<Canary>

export const noCanaries: Canaries = new Set()
