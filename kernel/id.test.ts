import { describe, expect, it } from 'vitest'

import { createNewId, isId } from './id.ts'
import { seededRandom } from './random.ts'

describe('createNewId', () => {
  it('makes ids that sort in the order of their making, within a millisecond and when the clock goes back', () => {
    let now = Date.parse('2026-11-21T10:00:00Z')
    const newId = createNewId({ now: () => new Date(now) }, seededRandom('ids'))
    const ids: string[] = []
    for (const step of [0, 1, 0, -5_000, 3, 10_000]) {
      now += step
      for (let i = 0; i < 2_000; i++) ids.push(newId())
    }
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every(isId)).toBe(true)
  })

  it('carries the moment of making', () => {
    const at = new Date('2026-11-21T10:00:00.123Z')
    const id = createNewId({ now: () => at }, seededRandom('ids'))()
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(at.getTime())
  })

  it('makes the same ids again from the same clock and chance, and others from another', () => {
    const make = (seed: string) => {
      const newId = createNewId({ now: () => new Date(0) }, seededRandom(seed))
      return [newId(), newId(), newId()]
    }
    expect(make('a')).toEqual(make('a'))
    expect(make('a')).not.toEqual(make('b'))
  })
})

it('knows an id from what is none', () => {
  expect(isId('0190b3a0-0000-7000-8000-000000000001')).toBe(true)
  for (const other of [
    '0190b3a0-0000-4000-8000-000000000001',
    '0190b3a0-0000-7000-c000-000000000001',
    '0190B3A0-0000-7000-8000-000000000001',
    '0190b3a0000070008000000000000001',
    '{0190b3a0-0000-7000-8000-000000000001}',
    '',
  ]) {
    expect(isId(other)).toBe(false)
  }
})
