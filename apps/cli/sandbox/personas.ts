import type { Hub } from '../../hub/create-hub.ts'
import type { World, WorldPerson } from '../../simulators/world/index.ts'
import { DEMO_PASSWORD, staffLogin } from './seed.ts'

/** Whom a newcomer may sign in as: a few kinds of payers, and each hospital's finance. */
export async function savePersonas(hub: Hub, world: World): Promise<void> {
  const password = DEMO_PASSWORD
  const patients = KINDS.flatMap(({ zh, en, is }) => {
    const person = world.people.find(is)
    if (!person) return []
    const label = { zh: `${person.name}（${zh}）`, en: `${person.name} (${en})` }
    return [{ app: 'patient' as const, login: person.phone, password, label }]
  })
  const staff = world.hospitals.map(({ id, shortName }) => ({
    app: 'console' as const,
    login: staffLogin(id),
    password,
    label: { zh: `${shortName} 财务`, en: `${shortName} finance` },
  }))
  await hub.identity.saveDemoPersonas([...patients, ...staff])
}

const KINDS: { zh: string; en: string; is: (person: WorldPerson) => boolean }[] = [
  {
    zh: '职工医保',
    en: 'employee insurance',
    is: ({ insurance }) =>
      insurance?.scheme === '310' && insurance.status === 'active' && !insurance.retired,
  },
  {
    zh: '退休职工',
    en: 'retired employee',
    is: ({ insurance }) => insurance?.retired === true && insurance.status === 'active',
  },
  {
    zh: '居民医保',
    en: 'resident insurance',
    is: ({ insurance }) => insurance?.scheme === '390' && insurance.status === 'active',
  },
  { zh: '自费', en: 'no insurance', is: ({ insurance }) => insurance === null },
  {
    zh: '医保暂停',
    en: 'insurance suspended',
    is: ({ insurance }) => insurance?.status === 'suspended',
  },
]
