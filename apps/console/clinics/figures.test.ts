import { expect, it } from 'vitest'

import { countOf, fillOf, isUnderWay, mayStop, quotasOf, stateOf } from './figures.ts'
import type { Clinic, Progress } from './words.ts'

const NOW = Date.parse('2026-11-23T10:00:00+08:00')

const clinic = (
  session: Partial<Clinic['session']> = {},
  { sources = [], proposedStopId = null }: Partial<Clinic> = {},
) =>
  ({
    session: {
      origin: 'pool',
      status: 'open',
      total: 4,
      left: 2,
      endsAt: '2026-11-25T12:00:00+08:00',
      releasesAt: '2026-11-17T07:00:00+08:00',
      ...session,
    },
    sources,
    proposedStopId,
  }) as Clinic

const source = (name: Clinic['sources'][number]['source'], taken: number, held: number) => ({
  source: name,
  total: 3,
  left: 3 - taken - held,
  held,
  taken,
  flowsBackAt: null,
})

it('[J1] a session is filled by what each source has sold and holds, the kept numbers among them', () => {
  const own = clinic({}, { sources: [source('any', 2, 1), source('window', 1, 0)] })
  expect(fillOf(own)).toEqual({ total: 6, sold: 3, held: 1, left: 2 })
  expect(quotasOf(own).map((one) => one.source)).toEqual(['window'])
})

it('[J1] of a hospital’s own numbers it is what its system said', () => {
  const his = clinic({ origin: 'his' }, { sources: [source('any', 0, 0)] })
  expect(fillOf(his)).toEqual({ total: 4, sold: 2, held: 0, left: 2 })
})

it('[J11] only what is the hub’s, open and to come can be stopped', () => {
  const cases: [Clinic, string, boolean][] = [
    [clinic(), 'open', true],
    [clinic({ left: 0 }), 'full', true],
    [clinic({ releasesAt: '2026-11-24T07:00:00+08:00' }), 'unreleased', true],
    [clinic({ endsAt: '2026-11-23T09:00:00+08:00' }), 'over', false],
    [clinic({ status: 'stopped' }), 'stopped', false],
    [clinic({}, { proposedStopId: 'one' }), 'proposed', false],
    [clinic({ origin: 'his' }), 'open', false],
  ]
  for (const [one, state, may] of cases) {
    expect([stateOf(one, NOW), mayStop(one, NOW)]).toEqual([state, may])
  }
})

it('[J11] whoever is not untold was told, and a stop is under way until the last has money or number', () => {
  const progress = (...people: Progress['people']) => ({ people }) as Progress
  const some = progress(
    { outcome: 'moved', people: 2, feeFen: 5_000 },
    { outcome: 'deciding', people: 1, feeFen: 2_500 },
    { outcome: 'untold', people: 4, feeFen: 0 },
  )
  expect(countOf(some, 'told')).toEqual({ people: 3, feeFen: 7_500 })
  expect(countOf(some, 'returned')).toEqual({ people: 0, feeFen: 0 })
  expect(isUnderWay(some)).toBe(true)
  expect(isUnderWay(progress({ outcome: 'moved', people: 2, feeFen: 5_000 }))).toBe(false)
})
