import { expect, it } from 'vitest'

import { rangeOf, SPANS, stepsOf } from './strip.ts'

const point = {
  at: '2026-11-22T02:00:00.000Z',
  calls: 7,
  answered: 3,
  declined: 1,
  unknown: 2,
  failed: 1,
  availabilityPpm: 571_428,
  p50Ms: 50,
  p99Ms: 900,
}

it('the range ends with the step that runs, and begins so many before', () => {
  const { from, to, stepMinutes } = rangeOf('hours', new Date('2026-11-22T02:03:00Z'))
  expect(to.toISOString()).toBe('2026-11-22T02:05:00.000Z')
  expect(from.toISOString()).toBe('2026-11-21T22:05:00.000Z')
  expect(stepMinutes).toBe(5)
})

it('steps without a call are there with nothing, and the silent and faulty ones are failures', () => {
  const range = rangeOf('hours', new Date('2026-11-22T02:03:00Z'))
  const steps = stepsOf([point], range)
  expect(steps).toHaveLength(SPANS.hours.steps)
  expect(steps.at(-1)).toEqual({ at: new Date(point.at), calls: 7, failures: 3, p99Ms: 900 })
  expect(steps[0]).toEqual({ at: range.from, calls: 0, failures: 0, p99Ms: null })
})
