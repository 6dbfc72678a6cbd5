import { expect, it } from 'vitest'

import { HOUR_MS } from '../../kernel/time.ts'
import { AGES, openedWithin } from './ageing.ts'

const NOW = new Date('2026-11-22T12:00:00+08:00')

it('every moment is of one age: each begins where the one before ends', () => {
  const ages = AGES.map((age) => openedWithin(age, NOW))
  expect(ages[0]?.to).toBeNull()
  expect(ages.at(-1)?.from).toBeNull()
  for (const [i, { from }] of ages.slice(0, -1).entries()) expect(ages[i + 1]?.to).toEqual(from)
  expect(openedWithin('1d', NOW)).toEqual({
    from: new Date(NOW.getTime() - 24 * HOUR_MS),
    to: new Date(NOW.getTime() - 2 * HOUR_MS),
  })
})
