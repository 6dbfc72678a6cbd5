import { join } from 'node:path'

import type { HospitalId } from '../../../kernel/id.ts'
import { seededRandom } from '../../../kernel/random.ts'
import { addDays, businessDateOf, instantAt } from '../../../kernel/time.ts'
import { ANY_PORTS, type RegionUrls, startRegion, urlsOf } from '../../simulators/region.ts'
import type { World } from '../../simulators/world/index.ts'
import { createAgenda } from '../simulate/agenda.ts'
import { createApiClient } from '../simulate/api-client.ts'
import { faultPlanOf } from '../simulate/fault-plans.ts'
import { startHubProcesses } from '../simulate/hub-process.ts'
import { planArrivals, runUntil } from '../simulate/run-day.ts'
import { createTally } from '../simulate/tally.ts'
import { createVirtualClock } from '../simulate/virtual-clock.ts'
import type { SandboxFolders, SandboxSecrets } from './files.ts'
import { personaPeople } from './personas.ts'
import { DEMO_PASSWORD, staffLogin } from './seed.ts'

export const MOST_HISTORY_DAYS = 14

const OPENING = '06:30:00'
const PEOPLE_A_DAY = 15
const SHARES = { insuredPpm: null, creditPpm: 0, commercialPpm: 0, elsewherePpm: null }

/** When a sandbox begins that has `days` of history at `now`. */
export const historyBegins = (now: Date, days: number): Date =>
  days === 0 ? now : instantAt(addDays(businessDateOf(now), -days), OPENING)

export type History = {
  days: number
  until: Date
  seed: string
  world: World
  secrets: SandboxSecrets
  folders: SandboxFolders
  hubUrl: string
  /** The hub's settings, as on real time. */
  env: Record<string, string>
  /** Fills the empty hub, and tells it where the outside systems are. */
  prepare: (env: Record<string, string>, urls: RegionUrls) => Promise<unknown>
  interrupted: AbortSignal
  onProgress: (share: number, what: string) => void
}

/**
 * Lives the days before `until` on a clock of its own, so that a newcomer finds books with something in them: people come,
 * pay in every way there is and take something back, a little goes wrong, lists arrive and are compared. Nothing is written
 * that did not happen: hub and outside systems are those that go on afterwards, with their own books. The people whom a
 * newcomer signs in as stay at home. Errors: throws when interrupted; the folder is then to be thrown away.
 */
export async function liveThrough(history: History): Promise<void> {
  const { days, until, seed, world, secrets, folders, hubUrl, interrupted } = history
  const clock = createVirtualClock(join(folders.root, 'clock'), historyBegins(until, days))
  const stops: (() => Promise<unknown>)[] = []
  try {
    const region = await startRegion({
      world,
      secrets: secrets.region,
      clock,
      random: seededRandom(`${seed}/history/outside`),
      faults: faultPlanOf('light', seed),
      folder: folders.books,
      hubUrl,
      ports: ANY_PORTS,
    })
    stops.push(() => region.stop())
    const env = { ...history.env, ...SETTINGS, YIQIAO_CLOCK_FILE: clock.file, YIQIAO_SEED: seed }
    await history.prepare(env, urlsOf(region))
    const processes = await startHubProcesses({
      env,
      logs: folders.logs,
      crashes: new Set(),
      crashRandom: seededRandom(seed),
    })
    stops.push(() => processes.stop())
    const client = createApiClient(hubUrl, processes)
    const agenda = createAgenda()
    const staffOf = (id: HospitalId) => client.signIn('console', staffLogin(id), DEMO_PASSWORD)
    const ways = { channels: 'all', shares: SHARES, tally: createTally() } as const
    const firstDay = businessDateOf(clock.now())
    const people = peopleWhoCome(world, days)
    planArrivals(
      { seed, clock, agenda, region, client, staffOf, ...ways },
      { ...world, people },
      { seed, firstDay, days },
    )
    const from = clock.now().getTime()
    await runUntil(until, {
      clock,
      agenda,
      region,
      processes,
      onRest: async () => interrupted.throwIfAborted(),
      onProgress: (now) =>
        history.onProgress((now.getTime() - from) / (until.getTime() - from), now.toISOString()),
    })
  } finally {
    for (const stop of stops.toReversed()) await stop()
  }
}

function peopleWhoCome(world: World, days: number): World['people'] {
  const personas = new Set(personaPeople(world))
  return world.people.filter((person) => !personas.has(person)).slice(0, days * PEOPLE_A_DAY)
}

// As in a simulation: what is lost is lost at once, and a busy machine makes nothing late.
const SETTINGS = {
  YIQIAO_PROVIDER_TIMEOUT_MS: '60000',
  YIQIAO_QUOTE_DEADLINE_MS: '120000',
  YIQIAO_STEP_PORT: '0',
  YIQIAO_VISIT_LOOK_MS: '600000',
  YIQIAO_UPKEEP_MS: '3600000',
  YIQIAO_LOG_LEVEL: 'warn',
}
