import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { randomHex } from '../../../kernel/random.ts'
import { businessDate } from '../../../kernel/time.ts'
import { readConfig } from '../../../platform/config.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { checkInvariants, formatInvariants } from '../../cli/invariants/index.ts'
import { startChild } from '../../cli/sandbox/child.ts'
import { openSandboxDatabase, type SandboxDatabase } from '../../cli/sandbox/database.ts'
import { openHub } from '../../hub/open-hub.ts'
import { type BenchResult, rate, time } from '../result.ts'
import { median, percentile } from '../statistics.ts'
import { payForAWhile, type Payer } from './load.ts'
import { chooseRunner } from './run-script.ts'
import { type Script, scriptOfSameRows } from './script.ts'
import {
  perPayment,
  totalsOf,
  NOTHING,
  ofPayments,
  type Written,
  written,
  writtenOnceReported,
} from './written.ts'

const HOSPITAL = 1 as HospitalId
/** The bare side writes to rows of its own, so that the hub's can be checked afterwards. */
const OTHER_HOSPITAL = 2 as HospitalId
const WARM_UP_SECONDS = 2
/** Long enough to tell what one payment writes, on average. */
const COUNTED_SECONDS = 3

type Options = { seconds: number; concurrency: number; rounds: number }

/**
 * Full payments by the public API, on a hub of an api and a worker process and a database that is durable, beside a
 * bare program that writes the same rows into the same database. The two take turns, and the figures are the
 * medians of the rounds. Errors: throws when a payment fails, or an invariant does not hold afterwards.
 */
export async function benchPayments(options: Options): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-bench-'))
  const stops: (() => Promise<void>)[] = []
  const load = loadavg()[0] ?? 0
  try {
    const bed = await prepare(folder, options.concurrency, stops)
    const result = await measure(bed, options)
    await assertSound(bed.database)
    return { ...result, conditions: { ...result.conditions, 'load before': load } }
  } finally {
    for (const stop of stops.toReversed()) await stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(
  { database, client, url, payers, hubPids }: Bed,
  { seconds, concurrency, rounds }: Options,
): Promise<BenchResult> {
  const pay = (forSeconds: number) =>
    payForAWhile({ url, hospitalId: HOSPITAL, payers, seconds: forSeconds })
  const { script, each } = await scriptOfWarmUp(client, pay)
  const bare = chooseRunner()
  const run = (forSeconds: number) =>
    bare.run({ url: database.appUrl, script, seconds: forSeconds, concurrency })
  const before = await written(client)
  const warmUp = await run(1)
  const same = perPayment(before, await written(client), warmUp.payments)
  const cpuBefore = cpuMsOf(hubPids)
  const ours: Measured[] = []
  const theirs: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(measured(await pay(seconds)))
    theirs.push(measured(await run(seconds)))
  }
  const paid = ours.reduce((sum, round) => sum + round.payments, 0)
  const both = (of: keyof Measured) =>
    [
      median(ours.map((round) => round[of])),
      { name: bare.name, value: median(theirs.map((round) => round[of])) },
    ] as const
  const figure = (make: typeof rate, name: string, of: keyof Measured, unit: string) => {
    const [value, beside] = both(of)
    return make(name, value, unit, beside)
  }
  return {
    bench: 'payments',
    figures: [
      figure(rate, 'full payments', 'perSecond', '/s'),
      figure(time, 'full payment, half within', 'p50Ms', 'ms'),
      figure(time, 'full payment, 99 % within', 'p99Ms', 'ms'),
    ],
    conditions: {
      rounds,
      'seconds each': seconds,
      'at once': concurrency,
      'payments in all': paid,
      'CPU of the hub per payment, ms': digits((cpuMsOf(hubPids) - cpuBefore) / paid),
      'rows added per payment': bothTexts(each, same, 'inserted'),
      'rows changed per payment': bothTexts(each, same, 'updated'),
      'transactions that write, per payment': `${digits(each.transactions)}, ${digits(same.transactions)}`,
      cores: cpus().length,
    },
  }
}

const bothTexts = (ours: Written, theirs: Written, of: 'inserted' | 'updated') =>
  `${digits(totalsOf(ours)[of])}, ${digits(totalsOf(theirs)[of])}`

const MS_PER_TICK = 10

/** User and system time so far, by the kernel's word: less troubled by other load than any wall clock. */
const cpuMsOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return sum + (Number(afterName[11]) + Number(afterName[12])) * MS_PER_TICK
  }, 0)

const digits = (value: number): string => value.toFixed(1)

type Measured = { payments: number; perSecond: number; p50Ms: number; p99Ms: number }

function measured(work: { payments: number; seconds: number; latenciesMs: number[] }): Measured {
  return {
    payments: work.payments,
    perSecond: work.payments / work.seconds,
    p50Ms: percentile(work.latenciesMs, 50),
    p99Ms: percentile(work.latenciesMs, 99),
  }
}

/** Warms the hub up, counts what it writes, and makes the script of that. */
async function scriptOfWarmUp(
  client: pg.Client,
  pay: (seconds: number) => ReturnType<typeof payForAWhile>,
): Promise<{ script: Script; each: Written }> {
  const warm = await pay(WARM_UP_SECONDS)
  await writtenOnceReported(client, NOTHING, warm.payments)
  const before = await written(client)
  const { payments, lastBillNo } = await pay(COUNTED_SECONDS)
  const after = await writtenOnceReported(client, before, payments)
  const each = ofPayments(perPayment(before, after, payments))
  const same = { hospitalId: HOSPITAL, other: OTHER_HOSPITAL, billNo: lastBillNo, each }
  return { script: await scriptOfSameRows(client, same), each }
}

type Bed = {
  database: SandboxDatabase
  client: pg.Client
  url: string
  payers: Payer[]
  hubPids: number[]
}

async function prepare(
  folder: string,
  payerCount: number,
  stops: (() => Promise<void>)[],
): Promise<Bed> {
  const database = await openSandboxDatabase({
    given: undefined,
    folder: join(folder, 'postgres'),
    appPassword: randomHex(systemRandom, 16),
    onLog: () => undefined,
  })
  stops.push(() => database.stop())
  const env = {
    DATABASE_URL: database.ownerUrl,
    APP_DATABASE_URL: database.appUrl,
    YIQIAO_MASTER_KEY: randomHex(systemRandom, 32),
  }
  const payers = await enterPeople(env, payerCount)
  const script = 'apps/bench/hub-process.ts'
  const start = (name: string) =>
    startChild({ name, script, args: [name], env, logFile: join(folder, `${name}.log`) })
  const api = await start('api')
  stops.push(() => api.stop())
  const worker = await start('worker')
  stops.push(() => worker.stop())
  const client = new pg.Client(database.ownerUrl)
  await client.connect()
  stops.push(() => client.end())
  const hubPids = [api.pid, worker.pid]
  return { database, client, url: String(api.message['url']), payers, hubPids }
}

const PASSWORD = 'a-password-of-payers'

async function enterPeople(env: Record<string, string>, count: number): Promise<Payer[]> {
  const { hub, close } = openHub(readConfig(env), 'cli')
  try {
    await hub.hospitals.register({
      id: HOSPITAL,
      insuranceCode: 'H33010000001',
      name: '海岳医院',
      shortName: '海岳',
      level: '三级甲等',
      status: 'active',
    })
    const passwordHash = await hub.identity.hashPassword(PASSWORD)
    const people = Array.from({ length: count }, (_, i) => personNumbered(i, passwordHash))
    await hub.identity.registerPeople(people)
    return people.map(({ phone }) => ({ login: phone, password: PASSWORD }))
  } finally {
    await close()
  }
}

/** Invented: a region code that is nobody's, and a check digit as the standard has it. */
function personNumbered(i: number, passwordHash: string) {
  const body = `99010119900101${String(i + 1).padStart(3, '0')}`
  return {
    name: `付款人${i + 1}`,
    idCardNo: body + checkDigitOf(body),
    phone: `199${String(i + 1).padStart(8, '0')}`,
    gender: 'unknown' as const,
    birthDate: businessDate('1990-01-01'),
    passwordHash,
    media: [{ kind: 'wechat_openid' as const, value: `openid-${i + 1}` }],
  }
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Source: GB 11643, ISO 7064 MOD 11-2. */
const checkDigitOf = (body: string): string =>
  '10X98765432'.charAt(
    WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(body.charAt(i)), 0) % 11,
  )

/** Figures of a hub that loses money would say nothing. */
async function assertSound({ appUrl }: SandboxDatabase): Promise<void> {
  const results = await checkInvariants({ url: appUrl, now: systemClock.now() })
  const isSound = results.every(({ state }) => state !== 'broken')
  assert(isSound, `the invariants hold after the bench:\n${formatInvariants(results)}`)
}
