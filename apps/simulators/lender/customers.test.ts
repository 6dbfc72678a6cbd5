import { expect, it } from 'vitest'

import { createWorld } from '../world/index.ts'
import { customersOf } from './index.ts'

const people = createWorld('lender', { people: 200 }).people

it('makes the same customer of a person, whoever else is there', () => {
  const all = customersOf(people, 'region')
  const [first] = people
  if (!first) throw new Error('a world has people')
  expect(customersOf([first], 'region')).toEqual(all.slice(0, 1))
  expect(customersOf(people, 'elsewhere')).not.toEqual(all)
})

it('blocks some, and leaves some with next to nothing, but not most', () => {
  const all = customersOf(people, 'region')
  const blocked = all.filter(({ isBlocked }) => isBlocked).length
  const poor = all.filter(({ balanceFen }) => balanceFen < 100_00).length
  for (const count of [blocked, poor]) {
    expect(count).toBeGreaterThan(0)
    expect(count).toBeLessThan(people.length / 4)
  }
})
