import { type Comparison, type Field, FIELDS, LEVELS } from './compare.ts'
import { levelIndex, noCounts, type Shares, sharesOf } from './model.ts'

// Where the shares come from, without anybody saying which pairs are one person.
// Source: Fellegi and Sunter 1969; estimation by EM with u taken from random pairs, as Splink does it.

/** u: two records taken at random are of two people, but for a number too small to matter. */
export function estimateU(pairs: Iterable<Comparison>): Shares {
  const counts = noCounts()
  for (const pair of pairs) for (const field of FIELDS) add(counts, field, pair, 1)
  return sharesOf(counts)
}

/**
 * Pairs that were found by a key. What the key holds agrees in all of them, so that they say nothing about it: the other
 * fields are `free`.
 */
export type Session = { free: readonly Field[]; pairs: readonly Comparison[] }

const MOST_ROUNDS = 200
const CLOSE = 1e-6

/**
 * m, from pairs found by several keys: each session is estimated by itself, with u as it is, and a field takes its counts
 * from all in which it is free. Fields that are free in none stay as `first` has them.
 */
export function estimateM(sessions: readonly Session[], u: Shares, first: Shares): EmResult {
  const counts = noCounts()
  const taught = new Set<Field>()
  const learned = sessions.map((session) => {
    const result = runSession(session, u, first)
    for (const field of session.free) {
      taught.add(field)
      const [into, from] = [counts[field], result.counts[field]]
      into.forEach((count, i) => (into[i] = count + (from[i] ?? 0)))
    }
    return { matching: result.matching, rounds: result.rounds }
  })
  const shares = sharesOf(counts)
  const m = FIELDS.map((field) => [field, taught.has(field) ? shares[field] : first[field]])
  return { m: Object.fromEntries(m) as Shares, sessions: learned }
}

type EmResult = {
  m: Shares
  /** Of each session: which share of its pairs is of one person, and after how many rounds it stood still. */
  sessions: { matching: number; rounds: number }[]
}

function runSession({ free, pairs }: Session, u: Shares, first: Shares) {
  const patterns = patternsOf(free, pairs)
  let matching = 0.5
  let m = first
  let counts = noCounts()
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    counts = noCounts()
    let expected = 0
    for (const { pair, count } of patterns) {
      const [likely, unlikely] = [likelihood(free, m, pair), likelihood(free, u, pair)]
      const share = (matching * likely) / (matching * likely + (1 - matching) * unlikely)
      expected += share * count
      for (const field of free) add(counts, field, pair, share * count)
    }
    const before = matching
    matching = Math.min(0.9999, Math.max(0.0001, expected / Math.max(1, pairs.length)))
    m = { ...m, ...pickFields(sharesOf(counts), free) }
    if (Math.abs(matching - before) < CLOSE) return { counts, matching, rounds: round }
  }
  return { counts, matching, rounds: MOST_ROUNDS }
}

/** Many pairs agree in the same way, and are worked out once. */
function patternsOf(free: readonly Field[], pairs: readonly Comparison[]) {
  const patterns = new Map<string, { pair: Comparison; count: number }>()
  for (const pair of pairs) {
    const key = free.map((field) => pair[field]).join()
    const known = patterns.get(key)
    if (known) known.count += 1
    else patterns.set(key, { pair, count: 1 })
  }
  return [...patterns.values()]
}

const likelihood = (free: readonly Field[], shares: Shares, pair: Comparison): number =>
  free.reduce((product, field) => product * (shares[field][levelIndex(field, pair)] ?? 1), 1)

function add(counts: ReturnType<typeof noCounts>, field: Field, pair: Comparison, by: number) {
  const index = levelIndex(field, pair)
  if (index >= 0 && index < LEVELS[field].length)
    counts[field][index] = (counts[field][index] ?? 0) + by
}

const pickFields = (shares: Shares, fields: readonly Field[]): Partial<Shares> =>
  Object.fromEntries(fields.map((field) => [field, shares[field]]))
