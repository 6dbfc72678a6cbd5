import { followingClock } from '../../apps/cli/hospital/clock.ts'
import { DEMO_PASSWORD, seedRegion } from '../../apps/cli/sandbox/seed.ts'
import { createApiClient } from '../../apps/cli/simulate/api-client.ts'
import { startGuangzhouHis } from '../../apps/simulators/his/index.ts'
import { openHands } from '../../apps/simulators/his/planted/index.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { newFolder, openBed, startHub } from '../browser/bed.ts'
import { GUANGZHOU_DEVIATIONS } from '../conformance/deviations.ts'

// A hub with a hospital in it that is connected to nothing yet, two of its IT, and the hospital's system with its sandbox.

const world = createWorld('onboarding over HTTP', { people: 40 })
const [hospital] = world.hospitals
assert(hospital, 'the world has a hospital')
export const HOSPITAL = hospital.id
export const SECOND_IT = 'it1b'

export const openOnboarding = (webRoot: string | null) =>
  openBed(async (stops) => {
    const { hub, hubUrl } = await startHub(stops, { webRoot })
    await seedRegion(hub, world)
    const passwordHash = await hub.identity.hashPassword(DEMO_PASSWORD)
    const second = { hospitalId: hospital.id, name: '许工', roles: ['it' as const] }
    await hub.identity.registerStaff({ ...second, login: SECOND_IT, passwordHash })
    const folder = await newFolder(stops)
    const clock = followingClock(systemClock)
    const { people, catalogue } = world
    const books = { random: systemRandom, faults: () => null, databaseFile: ':memory:', port: 0 }
    const place = { hospital, people, catalogue, clock, folder, hospitalCode: '440188' }
    const his = await startGuangzhouHis({ ...books, ...place })
    stops.push(() => his.stop())
    const moveClock = (ms: number) => clock.move(ms)
    const hands = await openHands({ his, hospital, catalogue, clock, moveClock })
    stops.push(() => hands.close())
    const client = createApiClient(hubUrl, { duringOperation: (work) => work() })
    const signIn = (login: string) => client.signIn('console', login, DEMO_PASSWORD)
    const params = { baseUrl: his.url, hospitalId: '440188', payMode: '9', medCode: '414' }
    return { hub, hubUrl, signIn, handsUrl: hands.url, params: { ...params, files: folder } }
  })

const patients = world.people
  .filter(({ media }) => media.hospitalCards.some(({ hospitalId }) => hospitalId === hospital.id))
  .slice(0, 2)
  .map(({ idCardNo, name }) => ({ idCardNo, name }))

/** What the kit needs to know of the sandbox, but for its hands. */
export const FIXTURES = { patients, deviations: GUANGZHOU_DEVIATIONS }
