import { DEMO_PASSWORD, seedRegion } from '../../apps/cli/sandbox/seed.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { newFolder, openBed, startHub } from './bed.ts'

// One hospital's office with the demo's people and nothing that has happened yet, and two people in finance, as one may
// not decide alone. What happens is up to whoever opens it.

export const HOSPITAL = 1 as HospitalId

/** The second of finance, whom the demo has not. */
export const SECOND_LOGIN = 'finance1b'

export type OfficeBed = Awaited<ReturnType<typeof openOfficeBed>>

/** Starts the API on a database of its own. */
export const openOfficeBed = (webRoot: string, { name, people }: Office) =>
  openBed(async (stops) => {
    const world = createWorld(name, { people })
    const statementFolder = await newFolder(stops)
    const { hub, db, platform, hubUrl } = await startHub(stops, {
      webRoot,
      hub: { statementFolder },
    })
    await seedRegion(hub, world)
    const passwordHash = await hub.identity.hashPassword(DEMO_PASSWORD)
    const second = { hospitalId: HOSPITAL, name: '钱会计', roles: ['finance' as const] }
    await hub.identity.registerStaff({ ...second, login: SECOND_LOGIN, passwordHash })
    return { hub, db, platform, world, hubUrl, hospitalId: HOSPITAL }
  })

/** `name` of the world: the same name, the same people. */
type Office = { name: string; people: number }
