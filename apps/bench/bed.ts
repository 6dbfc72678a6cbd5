import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { randomHex } from '../../kernel/random.ts'
import { businessDate } from '../../kernel/time.ts'
import { readConfig } from '../../platform/config.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { checkInvariants, formatInvariants } from '../cli/invariants/index.ts'
import { type Child, startChild } from '../cli/sandbox/child.ts'
import { openSandboxDatabase, type SandboxDatabase } from '../cli/sandbox/database.ts'
import type { Hub } from '../hub/create-hub.ts'
import { openHub } from '../hub/open-hub.ts'

export type Payer = { login: string; password: string }

/** What a bench stands on: a durable database with hospitals and people in it, and processes on it. */
export type Bed = {
  database: SandboxDatabase
  /** Signed in as the owner of the schemas. */
  client: pg.Client
  folder: string
  payers: Payer[]
  /** Starts a process of ours with the bed's database; it ends with the bed. */
  start: (name: string, script: string, args?: string[]) => Promise<Child>
}

type BedOptions = {
  hospitals: readonly HospitalId[]
  payerCount: number
  /** What else is entered before any process is started. */
  enter?: (hub: Hub) => Promise<void>
}

/** Makes a bed, does the work on it and takes it away again, whatever came of the work. */
export async function onBed<T>(options: BedOptions, work: (bed: Bed) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-bench-'))
  const stops: (() => Promise<void>)[] = []
  try {
    return await work(await makeBed(folder, options, stops))
  } finally {
    for (const stop of stops.toReversed()) await stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function makeBed(
  folder: string,
  options: BedOptions,
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
    YIQIAO_PORT: '0',
    YIQIAO_LOG_LEVEL: 'warn',
  }
  const payers = await enterAll(env, options)
  const client = new pg.Client(database.ownerUrl)
  await client.connect()
  stops.push(() => client.end())
  const start = async (name: string, script: string, args: string[] = []) => {
    const logFile = join(folder, `${name}.log`)
    const child = await startChild({ name, script, args, env, logFile })
    stops.push(() => child.stop())
    return child
  }
  return { database, client, folder, payers, start }
}

const PASSWORD = 'a-password-of-payers'

async function enterAll(
  env: Record<string, string>,
  { hospitals, payerCount, enter }: BedOptions,
): Promise<Payer[]> {
  const { hub, close } = openHub(readConfig(env), 'cli')
  try {
    for (const id of hospitals) {
      await hub.hospitals.register({
        id,
        insuranceCode: `H3301000000${id}`,
        name: `海岳第${id}医院`,
        shortName: `海岳${id}`,
        level: '三级甲等',
        status: 'active',
      })
    }
    const passwordHash = await hub.identity.hashPassword(PASSWORD)
    const people = Array.from({ length: payerCount }, (_, i) => personNumbered(i, passwordHash))
    if (people.length > 0) await hub.identity.registerPeople(people)
    await enter?.(hub)
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
export async function assertSound({ appUrl }: SandboxDatabase): Promise<void> {
  const results = await checkInvariants({ url: appUrl, now: systemClock.now() })
  const isSound = results.every(({ state }) => state !== 'broken')
  assert(isSound, `the invariants hold after the bench:\n${formatInvariants(results)}`)
}
