import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  addCounts,
  availabilityPpm,
  BOUNDS_MS,
  callsOf,
  countCall,
  noCounts,
  percentileMs,
} from './counts.ts'
import { endOf, isOnline, OPERATIONS } from './operation.ts'
import { sumUp } from './sum-up.ts'

const durations = fc.array(fc.integer({ min: 0, max: 130_000 }), { minLength: 1, maxLength: 300 })

function counted(list: readonly number[]) {
  const counts = noCounts()
  for (const ms of list) countCall(counts, 'answered', ms)
  return counts
}

describe('a histogram', () => {
  it('never says that calls were faster than they were, nor more than a bucket slower', () => {
    fc.assert(
      fc.property(durations, fc.constantFrom(50, 99, 100), (list, percent) => {
        const sorted = list.toSorted((a, b) => a - b)
        const exact = sorted[Math.ceil((list.length * percent) / 100) - 1] ?? 0
        const said = percentileMs(counted(list), percent) ?? 0
        const bound = BOUNDS_MS.find((ms) => exact <= ms) ?? BOUNDS_MS.at(-1)
        expect(said).toBe(bound)
      }),
    )
  })

  it('added up in any parts is that of all of them', () => {
    fc.assert(
      fc.property(durations, fc.nat(300), (list, cut) => {
        const sum = counted(list.slice(0, cut))
        addCounts(sum, counted(list.slice(cut)))
        expect(sum).toEqual(counted(list))
        expect(callsOf(sum)).toBe(list.length)
      }),
    )
  })

  it('knows the limit of 500 ms exactly', () => {
    expect(percentileMs(counted([...Array<number>(99).fill(500), 501]), 99)).toBe(500)
    expect(percentileMs(counted([...Array<number>(98).fill(500), 501, 501]), 99)).toBe(750)
    expect(percentileMs(noCounts(), 99)).toBeNull()
    expect(() => percentileMs(noCounts(), 0)).toThrow('above 0')
  })
})

describe('availability', () => {
  it('is the calls that brought an answer, a refusal with them, rounded down', () => {
    const counts = noCounts()
    expect(availabilityPpm(counts)).toBeNull()
    for (let i = 0; i < 998; i++) countCall(counts, 'answered', 1)
    countCall(counts, 'declined', 1)
    countCall(counts, 'unknown', 1)
    expect(availabilityPpm(counts)).toBe(999_000)
    countCall(counts, 'failed', 1)
    expect(availabilityPpm(counts)).toBe(998_001)
  })
})

describe('an outcome', () => {
  it('that no port knows is an answer that cannot be read', () => {
    expect(['confirmed', 'absent', 'released', 'not_ready'].map(endOf)).toEqual(
      Array(4).fill('answered'),
    )
    expect(['unknown', 'threw', 'toString', 'SUCCESS', ''].map(endOf)).toEqual(
      Array(5).fill('unknown'),
    )
    expect([endOf('declined'), endOf('refused')]).toEqual(['declined', 'failed'])
  })
})

it('sums up what is in the window, charges apart, and statements not at all', () => {
  const minute = new Date('2026-11-21T10:00:00+08:00')
  const past = new Date('2026-11-21T09:59:00+08:00')
  const of = (operation: (typeof OPERATIONS)[number], at = minute) => ({
    channel: 'wechat',
    minute: at,
    operation,
    counts: counted([100]),
  })
  const all = [...OPERATIONS.map((operation) => of(operation)), of('charge', past)]
  const health = sumUp(all, new Map(), minute, minute).get('wechat')
  expect(health).toMatchObject({
    calls: OPERATIONS.filter(isOnline).length,
    charges: 1,
    p99Ms: 100,
  })
})
