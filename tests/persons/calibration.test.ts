import { expect, it } from 'vitest'

import { inventPeople, type LabelledRecord } from '../../apps/bench/persons/people.ts'
import {
  AUTO_BITS,
  blockingKeys,
  type BulkMatch,
  type Comparison,
  compareRecords,
  countNames,
  estimateM,
  estimateU,
  FIELDS,
  LEVELS,
  matchLists,
  matchPair,
  type MatchRecord,
  readRecord,
  USUAL_MODEL,
} from '../../modules/person-index/index.ts'

// Invented people with labels: families with one phone and one address, twins with numbers that follow each other,
// namesakes, default birth dates; and second records of them with typing errors, other letters, holes, swapped days,
// numbers of 15 digits and none, new phones. Other seeds than those the weights were estimated from.

const REGION = 8_000_000

type File = { rows: LabelledRecord[]; records: MatchRecord[] }

/** The first records of people in one file, the second ones in another. */
function twoFiles(people: number, seed: number): { first: File; second: File } {
  const files = [[], []] as [LabelledRecord[], LabelledRecord[]]
  let last = -1
  for (const row of inventPeople({ people, duplicateShare: 0.4, seed })) {
    files[row.truth === last ? 1 : 0].push(row)
    last = row.truth
  }
  const [first, second] = files.map((rows) => ({ rows, records: rows.map(readRecord) }))
  return { first, second } as { first: File; second: File }
}

it('[I1] of what is linked by itself, fewer than one in 10,000 are two people', () => {
  const { first, second } = twoFiles(130_000, 20_261_122)
  const frequencies = countNames(first.records.map(({ name }) => name.folded))
  const weighing = { model: USUAL_MODEL, frequencies, population: REGION }
  const found = [...matchLists(first.records, second.records, weighing)]
  const isSame = ({ left, right }: BulkMatch) =>
    first.rows[left]?.truth === second.rows[right]?.truth
  const certain = found.filter(({ grade }) => grade === 'certain')
  const wrong = certain.filter((match) => !isSame(match)).length
  expect(1 - wrong / certain.length).toBeGreaterThanOrEqual(0.9999)
  // So many that one in 10,000 would have been seen with a likelihood of 98 in a hundred.
  expect(certain.length).toBeGreaterThan(40_000)
  expect(certain.filter(isSame).length / second.rows.length).toBeGreaterThan(0.85)
  // What is not linked is on the work list, and few others are.
  const listed = found.filter(({ grade }) => grade !== 'certain')
  expect(found.filter(isSame).length / second.rows.length).toBeGreaterThan(0.97)
  expect(listed.filter((match) => !isSame(match)).length).toBeLessThan(second.rows.length / 20)
}, 300_000)

it('[I1] the doubts and the bar both keep people apart that the other would let through', () => {
  const { first, second } = twoFiles(30_000, 7)
  const frequencies = countNames(first.records.map(({ name }) => name.folded))
  const weighing = { model: USUAL_MODEL, frequencies, population: REGION }
  const found = [...matchLists(first.records, second.records, weighing)]
  const others = found.filter(
    ({ left, right }) => first.rows[left]?.truth !== second.rows[right]?.truth,
  )
  expect(others.filter(({ bits }) => bits >= AUTO_BITS).length).toBeGreaterThan(0)
  for (const { doubts } of others) expect(doubts.length).toBeGreaterThan(0)
}, 180_000)

it('[I1] two files are matched as one by one, each pair once', () => {
  const { first, second } = twoFiles(1_500, 3)
  const weighing = { model: USUAL_MODEL, frequencies: countNames([]), population: REGION }
  const nameOf = ({ left, right }: { left: number; right: number }) => `${left}-${right}`
  const found = [...matchLists(first.records, second.records, weighing)].map(nameOf)
  const keys = first.records.map(blockingKeys)
  const expected = second.records.flatMap((record, right) => {
    const own = new Set(blockingKeys(record))
    return first.records.flatMap((other, left) => {
      if (!keys[left]?.some((key) => own.has(key))) return []
      const { grade } = matchPair(other, record, weighing)
      return grade === 'certainly-not' ? [] : [nameOf({ left, right })]
    })
  })
  expect(found.toSorted()).toEqual(expected.toSorted())
  expect(new Set(found).size).toBe(found.length)
}, 180_000)

it('[I1] EM finds the shares without labels, near those that a region begins with', () => {
  const { first, second } = twoFiles(60_000, 11)
  const records = [...first.records, ...second.records]
  const u = estimateU(randomPairs(records, 200_000))
  const sessions = [
    { free: ['name', 'birth', 'phone', 'address'] as const, pairs: pairsBy(records, 'id:') },
    { free: ['id', 'gender', 'phone', 'address'] as const, pairs: pairsBy(records, 'name-birth:') },
    { free: ['birth', 'gender', 'phone', 'address'] as const, pairs: pairsBy(records, 'name-id:') },
  ]
  const { m, sessions: learned } = estimateM(sessions, u, USUAL_MODEL.m)
  for (const { matching, rounds } of learned) {
    expect(matching).toBeGreaterThan(0.5)
    expect(rounds).toBeLessThan(200)
  }
  for (const field of FIELDS) {
    const total = m[field].reduce((sum, share) => sum + share, 0)
    expect(total).toBeCloseTo(1, 9)
    expect([field, m[field][0]]).toEqual([field, expect.closeTo(USUAL_MODEL.m[field][0] ?? 0, 1)])
    expect(USUAL_MODEL.m[field]).toHaveLength(LEVELS[field].length)
    expect(USUAL_MODEL.u[field]).toHaveLength(LEVELS[field].length)
  }
  expect(u.birth[0]).toBeLessThan(1e-3)
}, 300_000)

function pairsBy(records: readonly MatchRecord[], kind: string): Comparison[] {
  const blocks = new Map<string, MatchRecord[]>()
  for (const record of records) {
    for (const key of blockingKeys(record)) {
      if (key.startsWith(kind)) blocks.set(key, [...(blocks.get(key) ?? []), record])
    }
  }
  return [...blocks.values()].flatMap((block) =>
    block.flatMap((a, i) => block.slice(i + 1).map((b) => compareRecords(a, b))),
  )
}

/** Far apart in the list, where those of one person stand beside each other or in another half. */
function* randomPairs(records: readonly MatchRecord[], count: number): Generator<Comparison> {
  for (let n = 0; n < count; n++) {
    const i = (n * 7_919) % records.length
    const [a, b] = [records[i], records[(i + 1_009 + (n % 40) * 997) % records.length]]
    if (a && b && a !== b) yield compareRecords(a, b)
  }
}
