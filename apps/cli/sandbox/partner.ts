import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { HospitalId } from '../../../kernel/id.ts'
import { systemActor } from '../../../platform/principal.ts'
import type { Hub } from '../../hub/create-hub.ts'
import { type SandboxFolders, writePrivately } from './files.ts'

const HOME = 1 as HospitalId

/** An application of the demo: what speaks to the interface as an institution does, and may hear of everything. */
export type DemoPartner = { clientId: string; clientSecret: string; hospitalId: HospitalId }

/** Registered once, as its secret is shown once: a demo keeps it beside its other secrets. */
export async function demoPartner(
  { partners }: Pick<Hub, 'partners'>,
  { root }: SandboxFolders,
): Promise<DemoPartner> {
  const file = join(root, 'partner.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoPartner
  const { application, clientSecret } = await partners.registerApplication(
    HOME,
    {
      name: '演示应用',
      kind: 'app',
      scopes: ['payments:read', 'events:read', 'reconciliation:read', 'verify:read'],
    },
    systemActor('sandbox'),
  )
  const partner = { clientId: application.clientId, clientSecret, hospitalId: HOME }
  writePrivately(file, partner)
  return partner
}
