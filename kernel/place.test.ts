import { expect, it } from 'vitest'

import { metresBetween } from './place.ts'

it('[J3] a degree along a meridian or the equator is 111.195 km, and a degree at 60° north half of it', () => {
  const zero = { latitude: 0, longitude: 0 }
  expect(metresBetween(zero, { latitude: 1, longitude: 0 })).toBe(111_195)
  expect(metresBetween(zero, { latitude: 0, longitude: -1 })).toBe(111_195)
  const north = { latitude: 60, longitude: 0 }
  expect(metresBetween(north, { latitude: 60, longitude: 1 }) / 111_195).toBeCloseTo(0.5, 3)
  expect(metresBetween(north, north)).toBe(0)
})
