import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { HospitalId, Id } from '../../../kernel/id.ts'
import { addMs, DAY_MS } from '../../../kernel/time.ts'
import { systemActor } from '../../../platform/principal.ts'
import { systemClock } from '../../../platform/system.ts'
import type { Hub } from '../../hub/create-hub.ts'
import type { World } from '../../simulators/world/index.ts'
import { type SandboxFolders, writePrivately } from './files.ts'

const HOME = 1 as HospitalId
const MOST_ALLOWING = 20
const GRANT_DAYS = 365
const ACTOR = systemActor('sandbox')

/** An application of the demo: what speaks to the interface as an institution does, and may hear of everything. */
export type DemoPartner = { clientId: string; clientSecret: string; hospitalId: HospitalId }

/** Registered once, as its secret is shown once: a demo keeps it beside its other secrets. */
export async function demoPartner(
  { partners, identity }: Pick<Hub, 'partners' | 'identity'>,
  { root }: SandboxFolders,
  world: World,
): Promise<DemoPartner> {
  const file = join(root, 'partner.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoPartner
  const { application, clientSecret } = await partners.registerApplication(
    HOME,
    {
      name: '演示银行应用',
      kind: 'bank',
      scopes: ['payments:read', 'events:read', 'reconciliation:read', 'verify:read'],
    },
    ACTOR,
  )
  const partner = { clientId: application.clientId, clientSecret, hospitalId: HOME }
  writePrivately(file, partner)
  for (const person of world.people.filter(isOfHome).slice(0, MOST_ALLOWING)) {
    const personId = await identity.findPersonByMedium('id_card', person.idCardNo)
    if (personId) await allow(partners, application.id, personId)
  }
  return partner
}

const isOfHome = ({ media }: World['people'][number]): boolean =>
  media.hospitalCards.some(({ hospitalId }) => hospitalId === HOME)

/** An invented person of the demo allows it, as they would on their phone: 授权给应用. */
async function allow(
  { grants }: Hub['partners'],
  applicationId: Id<'Application'>,
  personId: Id<'Person'>,
): Promise<void> {
  const parties = { personId, hospitalId: HOME, applicationId }
  const { text } = await grants.of(HOME, personId)
  if (!text) return
  const expiresAt = addMs(systemClock.now(), GRANT_DAYS * DAY_MS)
  const wish = { scopes: ['verify'] as const, textVersion: text.version, expiresAt }
  await grants.give({ ...parties, ...wish }, ACTOR)
}
