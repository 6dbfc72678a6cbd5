import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { HospitalId } from '../../../kernel/id.ts'
import { randomBelow, seededRandom } from '../../../kernel/random.ts'
import { addDays, businessDate, instantAt } from '../../../kernel/time.ts'
import type { Canary } from '../../../platform/canary.ts'
import { readConfig } from '../../../platform/config.ts'
import { openHub } from '../../hub/open-hub.ts'
import { bankFilesIn } from '../../simulators/region-channels.ts'
import { ANY_PORTS, type SimulatedRegion, startRegion, urlsOf } from '../../simulators/region.ts'
import { createWorld, type World } from '../../simulators/world/index.ts'
import { checkInvariants } from '../invariants/index.ts'
import { reservePort } from '../reserved-port.ts'
import type { SandboxDatabase } from '../sandbox/database.ts'
import { makeSecrets, type SandboxSecrets } from '../sandbox/files.ts'
import { connectInsurers } from '../sandbox/seed-insurers.ts'
import { connectLenders, seedLenders } from '../sandbox/seed-lenders.ts'
import { connectRegion, DEMO_PASSWORD, seedRegion, staffLogin } from '../sandbox/seed.ts'
import { createAgenda } from './agenda.ts'
import { createApiClient } from './api-client.ts'
import { compareBooks, datesFrom } from './books.ts'
import { type FaultLevel, faultPlanOf } from './fault-plans.ts'
import { gatherOutcome } from './gather.ts'
import type { Ground } from './ground.ts'
import { startHubProcesses } from './hub-process.ts'
import type { ChannelChoices } from './payer.ts'
import { reportOf, type SimulationReport } from './report.ts'
import { planArrivals, runUntil } from './run-day.ts'
import type { Shares } from './shares.ts'
import { createTally } from './tally.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'
import { watchHolds } from './watch-holds.ts'

export type SimulationOptions = {
  seed: string
  patients: number
  days: number
  faults: FaultLevel
  /** By which channels people pay: the usual one, or every one that the region has. */
  channels: ChannelChoices
  /** How many have who pays beside them. */
  shares: Shares
  /** A planted bug the run must fail on. */
  canary: Canary | null
  /** How often the api or the worker is killed with signal 9 in the middle of what it does. */
  crashes: number
  onProgress: (share: number, what: string) => void
}

// A Monday without a holiday.
const FIRST_DAY = businessDate('2026-11-23')
const START = '06:30:00'
// Statements of a day are there from ten on the next, UnionPay's a day later, and those of a neighbour a day later still:
// then every difference of the simulated days has come to its end or to a case.
const END = '14:00:00'
const DAYS_AFTER = 3

/**
 * Runs hospital days through the public HTTP API on a virtual clock, against outside systems with books of their own,
 * closes the business dates and says what came of it all.
 */
export async function simulate(
  options: SimulationOptions,
  ground: Ground,
): Promise<SimulationReport> {
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-simulate-'))
  const stops: Stop[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    return await runDays(options, await startEverything(options, { ground, folder, stops }))
  } finally {
    for (const stop of stops.toReversed()) await stop()
  }
}

type Stop = () => Promise<unknown>

/** Database, outside systems and hub, on one virtual clock. Whatever has started is in `stops`, also on failure. */
async function startEverything(
  options: SimulationOptions,
  { ground, folder, stops }: { ground: Ground; folder: string; stops: Stop[] },
) {
  const { seed } = options
  const { insuredPpm, elsewherePpm } = options.shares
  const world = createWorld(seed, { people: options.patients, insuredPpm, elsewherePpm })
  const clock = createVirtualClock(join(folder, 'clock'), instantAt(FIRST_DAY, START))
  const secrets = ground.secretsOf(() =>
    makeSecrets(world, seededRandom(`${seed}/secrets`), clock.now()),
  )
  const database = await ground.newDatabase(secrets.appPassword)
  stops.push(() => database.stop())
  const { port: hubPort, release } = await reservePort()
  stops.push(release)
  const hubUrl = `http://127.0.0.1:${hubPort}`
  const region = await startRegion({
    world,
    secrets: secrets.region,
    clock,
    random: seededRandom(`${seed}/outside`),
    faults: faultPlanOf(options.faults, seed),
    folder: join(folder, 'books'),
    hubUrl,
    ports: ANY_PORTS,
    // Whether somebody uses theirs is drawn on the day.
    policiesPpm: 700_000,
  })
  stops.push(() => region.stop())
  const env = environmentOf(options, {
    secrets,
    database,
    clock,
    hubPort,
    hubUrl,
    bankFiles: bankFilesIn(join(folder, 'books')),
    folder,
  })
  await seedHub(env, { world, secrets, region, hubUrl, shares: options.shares })
  const processes = await startHubProcesses({
    env,
    logs: join(folder, 'logs'),
    crashes: crashesOf(options, seed),
    crashRandom: seededRandom(`${seed}/crashes`),
  })
  stops.push(() => processes.stop())
  return { world, secrets, clock, database, hubUrl, region, processes }
}

type Everything = Awaited<ReturnType<typeof startEverything>>

function environmentOf(
  { seed, canary }: SimulationOptions,
  { secrets, database, clock, hubPort, hubUrl, bankFiles, folder }: EnvironmentParts,
): Record<string, string> {
  return {
    YIQIAO_PROFILE: 'demo',
    DATABASE_URL: database.ownerUrl,
    APP_DATABASE_URL: database.appUrl,
    YIQIAO_MASTER_KEY: secrets.masterKey,
    YIQIAO_PORT: String(hubPort),
    YIQIAO_PUBLIC_URL: hubUrl,
    YIQIAO_LOG_LEVEL: 'warn',
    // A busy machine must not change the course of a day: what is lost is lost at once, and nothing else is late.
    YIQIAO_PROVIDER_TIMEOUT_MS: '60000',
    YIQIAO_QUOTE_DEADLINE_MS: '120000',
    YIQIAO_CLOCK_FILE: clock.file,
    YIQIAO_BANK_FILES: bankFiles,
    YIQIAO_HEAD_FILE: join(folder, 'heads.jsonl'),
    YIQIAO_STATEMENT_FILES: join(folder, 'statement-files'),
    YIQIAO_SEED: seed,
    YIQIAO_STEP_PORT: '0',
    YIQIAO_VISIT_LOOK_MS: '600000',
    YIQIAO_UPKEEP_MS: '3600000',
    ...(canary ? { YIQIAO_CANARY: canary } : {}),
  }
}

type EnvironmentParts = {
  secrets: SandboxSecrets
  database: SandboxDatabase
  clock: VirtualClock
  hubPort: number
  hubUrl: string
  bankFiles: string
  folder: string
}

async function runDays(
  options: SimulationOptions,
  everything: Everything,
): Promise<SimulationReport> {
  const { world, secrets, clock, database, hubUrl, region, processes } = everything
  const { seed, days } = options
  const client = createApiClient(hubUrl, processes)
  const tally = createTally()
  const agenda = createAgenda()
  const staffOf = (id: HospitalId) => client.signIn('console', staffLogin(id), DEMO_PASSWORD)
  const { channels, shares } = options
  const context = { seed, clock, agenda, region, client, channels, shares, tally, staffOf }
  planArrivals(context, world, { seed, firstDay: FIRST_DAY, days })
  const end = instantAt(addDays(FIRST_DAY, days - 1 + DAYS_AFTER), END)
  const from = clock.now().getTime()
  const share = (now: Date) => (now.getTime() - from) / (end.getTime() - from)
  const watch = watchHolds(database.ownerUrl, clock)
  try {
    await runUntil(end, {
      clock,
      agenda,
      region,
      processes,
      onRest: () => watch.look(),
      onProgress: (now) => options.onProgress(share(now), now.toISOString()),
    })
  } finally {
    await watch.close()
  }
  // The simulated days and one more, for what came to its end after midnight.
  const toClose = datesFrom(FIRST_DAY, days)
  // What hung ends days later still, and stands in everybody's books all the same.
  const dates = datesFrom(FIRST_DAY, days - 1 + DAYS_AFTER)
  const outcome = await gatherOutcome(client, world, { dates, toClose })
  const { inCases } = outcome
  const compared = { world, secrets: secrets.region, region, dates, days: outcome.days, inCases }
  return reportOf({
    ...outcome,
    options: pickOptions(options),
    tally,
    books: compareBooks(compared),
    problems: [...region.checkBooks(), ...watch.problems()],
    invariants: await checkInvariants({ url: database.ownerUrl, now: clock.now() }),
  })
}

const pickOptions = ({ seed, patients, days, faults, channels, shares }: SimulationOptions) => ({
  shares,
  seed,
  patients,
  days,
  faults,
  channels,
})

async function seedHub(
  env: Record<string, string>,
  { world, secrets, region, hubUrl, shares }: SeedParts,
): Promise<void> {
  const { hub, close } = openHub(readConfig(env), 'cli')
  try {
    await seedRegion(hub, world)
    const urls = { hub: hubUrl, ...urlsOf(region) }
    await connectRegion(hub, world, secrets.region, urls)
    if (shares.creditPpm > 0) {
      await seedLenders(hub, world)
      await connectLenders(hub, world, secrets.region, urls)
    }
    for (const hospital of shares.commercialPpm > 0 ? world.hospitals : []) {
      await connectInsurers(hub, hospital, secrets.region, urls)
    }
  } finally {
    await close()
  }
}

type SeedParts = {
  world: World
  secrets: SandboxSecrets
  region: SimulatedRegion
  hubUrl: string
  shares: Shares
}

/** The numbers of the operations in which something is killed, spread over the day by the seed. */
function crashesOf({ crashes, patients }: SimulationOptions, seed: string): Set<number> {
  const random = seededRandom(`${seed}/crash-plan`)
  const roughlyAllOperations = patients * 12
  const numbers = Array.from({ length: crashes }, () => randomBelow(random, roughlyAllOperations))
  return new Set(numbers)
}
