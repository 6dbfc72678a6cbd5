import { describe, expect, it } from 'vitest'

import { seededRandom } from '../../../kernel/random.ts'
import { errorsOf } from './told.ts'

describe('[J3] the waiting time that people are told', () => {
  const errors = errorsOf(seededRandom('queue'), 4, { learnt: 20, told: 15 })

  it('is wrong by a third less at least than people ahead times the mean of all', () => {
    expect(errors.people).toBeGreaterThan(10_000)
    expect(errors.oursMs / errors.naiveMs).toBeLessThan(2 / 3)
    expect(errors.oursMs).toBeLessThan(errors.naiveWithStartMs)
    expect(errors.wronged).toBeLessThan(errors.naiveWronged)
  })

  it('comes with an interval that eight of ten are called in', () => {
    expect(errors.coverage).toBeGreaterThan(0.77)
    expect(errors.coverage).toBeLessThan(0.85)
  })
})
