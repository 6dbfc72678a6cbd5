import { assert } from '../../../kernel/assert.ts'
import { chance, pick, type Random, randomBelow } from '../../../kernel/random.ts'
import { GIVEN_NAME_CHARACTERS, SURNAMES } from './names.ts'

/** A surname as common as it is, then two given-name characters, or one in a case of five. */
export function randomName(random: Random, gender: 'female' | 'male'): string {
  const characters = GIVEN_NAME_CHARACTERS[gender]
  const first = pick(random, characters)
  const second = chance(random, 200_000) ? '' : pick(random, characters)
  return randomSurname(random) + first + second
}

function randomSurname(random: Random): string {
  let rest = randomBelow(random, WEIGHT_SUM)
  const found = SURNAMES.find(({ weight }) => (rest -= weight) < 0)
  assert(found, 'the weights add up to their sum')
  return found.surname
}

const WEIGHT_SUM = SURNAMES.reduce((sum, { weight }) => sum + weight, 0)
