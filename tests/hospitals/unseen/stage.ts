import { setTimeout as sleep } from 'node:timers/promises'

import { followingClock } from '../../../apps/cli/hospital/clock.ts'
import { connectChannels } from '../../../apps/cli/sandbox/seed-channels.ts'
import { seedRegion } from '../../../apps/cli/sandbox/seed.ts'
import { openHands } from '../../../apps/simulators/his/planted/index.ts'
import { createWorld } from '../../../apps/simulators/world/index.ts'
import { createWorker } from '../../../apps/worker/worker.ts'
import { assert } from '../../../kernel/assert.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { newFolder, openBed, startHub, startOutside } from '../../browser/bed.ts'
import { startUnseenHis } from './start.ts'

// A region whose first hospital is connected to nothing but a wallet, and beside it the system that nobody has met.

const world = createWorld('a hospital nobody has met', { people: 40 })
const [hospital] = world.hospitals
assert(hospital, 'the world has a hospital')

/** Those with a card of the hospital, who pay for themselves. */
export const patients = world.people.filter(
  ({ insurance, media }) =>
    insurance === null && media.hospitalCards.some(({ hospitalId }) => hospitalId === hospital.id),
)

export const PARAMS = { institution: '4401880012', operator: 'YQ01' }
export const KEY = 'a-key-of-the-sandbox'
const WORK_EVERY_MS = 200

export const openStage = () =>
  openBed(async (stops) => {
    const pause = (ms: number) => sleep(ms)
    const started = await startHub(stops, { webRoot: null, hub: { pause } })
    const { hub, hubUrl, platform } = started
    const { region, secrets, urls } = await startOutside(stops, world, started)
    await seedRegion(hub, world)
    await connectChannels(hub, hospital.id, secrets, { urls, only: ['wechat'] })
    const clock = followingClock(systemClock)
    const { people, catalogue } = world
    const books = { random: systemRandom, faults: () => null, databaseFile: ':memory:', port: 0 }
    const own = { institution: PARAMS.institution, key: KEY }
    const his = await startUnseenHis({ ...books, ...own, clock, hospital, people, catalogue })
    stops.push(() => his.stop())
    const moveClock = (ms: number) => clock.move(ms)
    const hands = await openHands({ his, hospital, catalogue, clock, moveClock })
    stops.push(() => hands.close())
    const worker = createWorker(hub, platform, { atOnce: 1, visitLookMs: 60_000 })
    stops.push(workAlways(worker))
    const folder = await newFolder(stops)
    // The kit moves the sandbox's time; whoever goes on with it sets it right.
    const setClock = () => clock.follow(systemClock.now())
    return { hub, hubUrl, region, his, handsUrl: hands.url, folder, hospital, setClock }
  })

function workAlways(worker: ReturnType<typeof createWorker>): () => Promise<void> {
  const stopped = new AbortController()
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await worker.workOffAll()
      await sleep(WORK_EVERY_MS)
    }
  })()
  return async () => {
    stopped.abort()
    await running
  }
}
