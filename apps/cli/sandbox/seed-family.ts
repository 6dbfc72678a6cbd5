import { assert } from '../../../kernel/assert.ts'
import { addMs, businessDateOf, DAY_MS, yearsBetween } from '../../../kernel/time.ts'
import type { OpenHub } from '../../hub/open-hub.ts'
import type { World, WorldPerson } from '../../simulators/world/index.ts'
import { personaPeople } from './personas.ts'

// A family in the demo: the first payer acts for the second, and waits at the desk with the documents of a child.

const A_HALF_YEAR_MS = 180 * DAY_MS
const UNTIL_GROWN_MS = 17 * 365 * DAY_MS

export async function seedFamily({ hub, platform }: OpenHub, world: World): Promise<void> {
  const now = platform.clock.now()
  const age = ({ birthDate }: WorldPerson) => yearsBetween(birthDate, businessDateOf(now))
  const [carer, parent] = personaPeople(world)
  const child = world.people.find((person) => age(person) < 18)
  const text = await hub.family.textInForce()
  assert(carer && parent && child && text, 'the demo has two grown payers and a child')
  const idOf = async ({ idCardNo }: WorldPerson) => {
    const personId = await hub.identity.findPersonByMedium('id_card', idCardNo)
    assert(personId, 'the people of the demo are registered')
    return personId
  }
  const wish = {
    carerId: await idOf(carer),
    scopes: ['book', 'bills', 'pay'] as const,
    mostFen: null,
    textVersion: text.version,
  }
  const agreed = await hub.family.ask({
    ...wish,
    member: memberOf(parent),
    relation: 'parent',
    ground: 'consent',
    expiresAt: addMs(now, A_HALF_YEAR_MS),
  })
  const decision = { verdict: 'agreed' as const, textVersion: text.version }
  await hub.family.decideAsMember({ memberId: await idOf(parent), id: agreed.id }, decision)
  await hub.family.ask({
    ...wish,
    member: memberOf(child),
    relation: 'child',
    ground: 'proof',
    expiresAt: addMs(now, UNTIL_GROWN_MS),
  })
}

const memberOf = ({ name, idCardNo }: WorldPerson) => ({
  name,
  idKind: 'id_card' as const,
  idNumber: idCardNo,
})
