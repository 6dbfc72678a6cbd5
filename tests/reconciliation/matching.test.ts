import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { seededRandom } from '../../kernel/random.ts'
import type { FoundDifference } from '../../modules/reconciliation/matching/found.ts'
import { matchSides } from '../../modules/reconciliation/matching/match-sides.ts'
import {
  PLANTED_CLASSES,
  PLANTED_DATE,
  plantSides,
  shuffle,
  writeSides,
} from '../../modules/reconciliation/testing/planted-sides.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matching-'))
})
afterAll(() => rm(folder, { recursive: true }))

const options = () => ({
  memoryLimitMb: 512,
  threads: 2,
  folder,
  businessDate: PLANTED_DATE,
  mostOpen: 50_000,
})

const shortly = ({ class: cls, key, rows }: FoundDifference) =>
  `${cls} ${key ?? `#${rows[0]?.amountFen}`}`

describe('[B2] a seeded day of four sides', () => {
  it('[T-19] every planted difference is found with its class, and none that was not planted', async () => {
    const { rows, expected, rules } = plantSides(seededRandom('t-19'), 200_000, 50)
    expect(PLANTED_CLASSES.length).toBeGreaterThanOrEqual(18)
    const sides = await writeSides(folder, rows)
    const found = await matchSides(sides, rules, options())
    expect(found.differences.map(shortly).toSorted()).toEqual(expected)
    for (const difference of found.differences) expect(difference.rule).not.toBe('')
    expect(found.carried.length).toBeGreaterThan(0)
  }, 240_000)

  it('comes to the same result to the byte whatever the order of the rows and the cut of the files', async () => {
    const random = seededRandom('order')
    const { rows, rules } = plantSides(random, 8_000, 5)
    const first = await matchSides(await writeSides(folder, rows), rules, options())
    const again = await matchSides(await writeSides(folder, rows), rules, {
      ...options(),
      threads: 1,
    })
    for (const own of Object.values(rows)) shuffle(random, own)
    const shuffled = await matchSides(await writeSides(folder, rows), rules, options())
    const half = rows.hub.length / 2
    const cut = await writeSides(folder, {
      hub_a: rows.hub.slice(0, half),
      hub_b: rows.hub.slice(half),
    })
    const inTwo = {
      name: 'hub',
      files: cut.flatMap(({ files }) => files),
      sha256: 'in two',
    }
    const others = (await writeSides(folder, rows)).filter(({ name }) => name !== 'hub')
    const pieces = await matchSides([...others, inTwo], rules, options())
    expect(JSON.stringify(pieces)).toBe(JSON.stringify(first))
    expect(JSON.stringify(again)).toBe(JSON.stringify(first))
    expect(JSON.stringify(shuffled)).toBe(JSON.stringify(first))
  }, 240_000)
})
