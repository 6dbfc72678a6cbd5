import type { HospitalId } from '../../kernel/id.ts'
import { readConfig } from '../../platform/config.ts'
import { openHub } from '../hub/open-hub.ts'
import type { ChannelConnection } from './channel/index.ts'

/** Keeps a described channel for a hospital of the hub that the environment names. Errors: what the hub refuses it with. */
export async function saveChannel(connection: ChannelConnection): Promise<void> {
  const { hospitalId, name, descriptor, params } = connection
  const { hub, close } = openHub(readConfig(), 'cli')
  try {
    const stored = { descriptor, params }
    await hub.hospitals.saveConnection(hospitalId as HospitalId, name, 'declarative', stored)
  } finally {
    await close()
  }
}
