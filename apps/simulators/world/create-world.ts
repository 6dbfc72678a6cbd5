import { assert } from '../../../kernel/assert.ts'
import { seededRandom } from '../../../kernel/random.ts'
import { createCatalogue } from './catalogue.ts'
import { createHospitals } from './hospitals.ts'
import { createPeople, insureAnew } from './people.ts'
import type { World } from './world.ts'

/**
 * The whole demo region: the same for the same seed, on every machine and in every year.
 *
 * Shape: three hospitals, the people numbered 1 to `people`, one price list. A larger number of
 * people adds to a smaller one and changes none of them.
 * Errors: asserts on fewer than 1 or more than 100,000 people.
 */
export function createWorld(seed: string, wish: WorldWish): World {
  const { people, insuredPpm = null, elsewherePpm = null } = wish
  assert(Number.isInteger(people) && people >= 1 && people <= MAX_PEOPLE, `${people} people`)
  const hospitals = createHospitals(seededRandom(`${seed}/hospitals`))
  return {
    hospitals,
    people: createPeople(seededRandom(`${seed}/people`), people, hospitals).map((person) =>
      insureAnew(person, { seed, insuredPpm, elsewherePpm }),
    ),
    catalogue: createCatalogue(),
  }
}

const MAX_PEOPLE = 100_000

export type WorldWish = {
  people: number
  /** How many are insured, and of those how many elsewhere, in parts per million; without them, as they come. */
  insuredPpm?: number | null
  elsewherePpm?: number | null
}
