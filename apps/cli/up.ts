import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { Command, InvalidArgumentError } from 'commander'

import { readConfig } from '../../platform/config.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { openHub } from '../hub/open-hub.ts'
import { bankFilesIn } from '../simulators/region-channels.ts'
import { ANY_PORTS, PARTIES, type RegionPorts, type RegionUrls } from '../simulators/region.ts'
import { createWorld, type World } from '../simulators/world/index.ts'
import { progressBar, say, step } from './progress.ts'
import { isFree, reservePort } from './reserved-port.ts'
import { type Child, startChild } from './sandbox/child.ts'
import { openSandboxDatabase, type SandboxDatabase } from './sandbox/database.ts'
import {
  emptyFolder,
  foldersIn,
  SANDBOX_PEOPLE,
  SANDBOX_SEED,
  type SandboxFolders,
  type SandboxSecrets,
  secretsOf,
  writePrivately,
} from './sandbox/files.ts'
import { historyBegins, liveThrough, MOST_HISTORY_DAYS } from './sandbox/history.ts'
import { type DemoPartner, demoPartner } from './sandbox/partner.ts'
import { savePersonas } from './sandbox/personas.ts'
import { seedBenefits } from './sandbox/seed-benefits.ts'
import { seedCatalogue } from './sandbox/seed-catalogue.ts'
import { seedClinics } from './sandbox/seed-clinics.ts'
import { seedFamily } from './sandbox/seed-family.ts'
import { connectInsurers } from './sandbox/seed-insurers.ts'
import { connectLenders, seedLenders } from './sandbox/seed-lenders.ts'
import { connectRegion, DEMO_PASSWORD, seedRegion } from './sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from './sandbox/web-build.ts'

const ROOT = join(import.meta.dirname, '../..')
const HUB_PORT = 7100
const PORTS: OutsidePorts = {
  wechat: 7201,
  insurance: 7202,
  alipay: 7203,
  unionpay: 7204,
  digitalRmb: 7205,
  scan: 7206,
  commercialDirect: 7207,
  commercialFhir: 7208,
  lender: 7209,
  his: 7210,
  bank: 7220,
}

/** `bin/yiqiao up`: a whole region on this machine, until Ctrl-C. */
export const upCommand = (): Command =>
  new Command('up')
    .description('start a demo region: database, hub, outside systems and web apps / 启动演示区域')
    .option('--fresh', 'begin anew: throw away the data of the last start')
    .option('--data <folder>', 'where to keep the data', join(ROOT, '.data'))
    .option('--history <days>', 'of a new region: days lived through before today', days, 0)
    .action(async ({ fresh, data, history }: Options) => {
      await up(foldersIn(data), fresh ?? false, history)
    })

type Options = { fresh?: boolean; data: string; history: number }

function days(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) <= MOST_HISTORY_DAYS) return Number(text)
  throw new InvalidArgumentError(`a whole number, at most ${MOST_HISTORY_DAYS}`)
}

async function up(folders: SandboxFolders, fresh: boolean, historyDays: number): Promise<void> {
  say('医桥 Yiqiao')
  // What a start that was broken off has left is not gone on with.
  if (fresh || !existsSync(join(folders.root, 'seeded'))) emptyFolder(folders)
  const world = createWorld(SANDBOX_SEED, { people: SANDBOX_PEOPLE })
  const isNew = !existsSync(join(folders.root, 'seeded'))
  const secrets = secretsOf(folders, world, {
    random: systemRandom,
    now: historyBegins(systemClock.now(), historyDays),
  })
  const stops: (() => Promise<void>)[] = []
  const stopAll = async () => {
    for (const stop of stops.toReversed()) await stop()
  }
  const interruption = new AbortController()
  const interrupted = untilInterrupted(interruption)
  try {
    const web = buildWeb()
    web.catch(() => undefined) // said below, once it is its turn
    const database = await step('数据库 / database', () =>
      openSandboxDatabase({
        given: process.env.DATABASE_URL,
        folder: folders.postgres,
        appPassword: secrets.appPassword,
        onLog: () => undefined,
      }),
    )
    stops.push(() => database.stop())
    const { port: hubPort, release } = await reservePort(HUB_PORT)
    stops.push(release)
    const hubUrl = `http://127.0.0.1:${hubPort}`
    const base = { secrets, database, folders, hubPort, hubUrl }
    if (isNew && historyDays > 0) {
      await step(`往日 ${historyDays} 天 / the days before`, () =>
        liveDays(base, world, historyDays, interruption.signal),
      )
    }
    const outside = await step('外部系统 / outside systems', () =>
      startOutside(folders, secrets, hubUrl),
    )
    stops.push(() => outside.child.stop())
    const env = { ...environmentOf(base), ...walletsOf(outside) }
    const isEmpty = isNew && historyDays === 0
    const partner = await step('演示数据 / demo data', () =>
      inHub(env, async (open) => {
        await prepareHub(open, world, { ...base, isEmpty }, outside.urls)
        return demoPartner(open.hub, folders, world)
      }),
    )
    writeDown(base, outside, partner)
    await step('网页 / web apps', () => web)
    const children = await step('医桥 / the hub', () => startHub(folders, env))
    for (const child of children) stops.push(() => child.stop())
    sayWhereToGo(hubUrl, outside.urls, folders)
    const reason = await Promise.race([
      interrupted,
      ...children.map(async (child) => `${child.name} ended with ${await child.ended}`),
    ])
    say(reason === null ? '\n正在停止 / stopping …' : `\n${reason}; see ${folders.logs}`)
    if (reason !== null) process.exitCode = 1
  } finally {
    await stopAll()
  }
}

type Outside = { child: Child; urls: RegionUrls; scanUrl: string }

/** `scan` is of the phone that pays what the patient app shows as a code. */
type OutsidePorts = RegionPorts & { scan: number }

async function startOutside(
  folders: SandboxFolders,
  secrets: SandboxSecrets,
  hubUrl: string,
): Promise<Outside> {
  const start = (ports: OutsidePorts) => startSimulators(folders, secrets, hubUrl, ports)
  // Between the look and the listening somebody else may take a port.
  const child = await start(await freePorts()).catch((error: unknown) => {
    if (!String(error).includes('EADDRINUSE')) throw error
    return start({ ...ANY_PORTS, scan: 0 })
  })
  const { urls, scanUrl } = child.message as Omit<Outside, 'child'>
  return { child, urls, scanUrl }
}

/** The usual ports, or for those that somebody has, any that are free. */
async function freePorts(): Promise<OutsidePorts> {
  const ports = { ...PORTS }
  for (const party of [...PARTIES, 'scan'] as const) {
    const wished = PORTS[party]
    const isOfHospitals = party === 'his' || party === 'bank'
    const needed = isOfHospitals ? [1, 2, 3].map((id) => wished + id) : [wished]
    if (!(await portsAreFree(needed))) ports[party] = 0
  }
  return ports
}

function startSimulators(
  folders: SandboxFolders,
  secrets: SandboxSecrets,
  hubUrl: string,
  ports: OutsidePorts,
): Promise<Child> {
  const file = join(folders.root, 'outside.json')
  const region = { seed: SANDBOX_SEED, people: SANDBOX_PEOPLE, folder: folders.books }
  writePrivately(file, { ...region, hubUrl, ports, secrets: secrets.region })
  return startChild({
    name: 'simulators',
    script: 'apps/simulators/main.ts',
    args: [file],
    logFile: join(folders.logs, 'simulators.log'),
  })
}

type Base = {
  secrets: SandboxSecrets
  database: SandboxDatabase
  folders: SandboxFolders
  hubPort: number
  hubUrl: string
}

function environmentOf({ secrets, database, folders, hubPort, hubUrl }: Base) {
  return {
    YIQIAO_PROFILE: 'demo',
    DATABASE_URL: database.ownerUrl,
    APP_DATABASE_URL: database.appUrl,
    YIQIAO_MASTER_KEY: secrets.masterKey,
    YIQIAO_PORT: String(hubPort),
    YIQIAO_PUBLIC_URL: hubUrl,
    YIQIAO_BANK_FILES: bankFilesIn(folders.books),
    YIQIAO_HEAD_FILE: join(folders.root, 'heads.jsonl'),
    YIQIAO_STATEMENT_FILES: join(folders.root, 'statement-files'),
    YIQIAO_WEB_ROOT: WEB_ROOT,
    YIQIAO_LOG_LEVEL: 'info',
    // Everything here shares a small machine, the insurer too: it is given more time than a real one.
    YIQIAO_QUOTE_DEADLINE_MS: '6000',
  }
}

const walletsOf = ({ urls, scanUrl }: Outside) => ({
  YIQIAO_WALLET_URL: urls.wechat,
  YIQIAO_SCAN_URL: scanUrl,
})

/** A new region's days before this one. */
async function liveDays(
  base: Base,
  world: World,
  historyDays: number,
  interrupted: AbortSignal,
): Promise<void> {
  const bar = progressBar('  往日')
  await liveThrough({
    ...base,
    days: historyDays,
    until: systemClock.now(),
    seed: SANDBOX_SEED,
    world,
    env: environmentOf(base),
    prepare: (env, urls) =>
      inHub(env, (open) => prepareHub(open, world, { ...base, isEmpty: true }, urls)),
    interrupted,
    onProgress: (share, what) => bar.show(Math.round(100 * share), 100, what),
  })
}

/** What others need to know of this sandbox; and that it is whole. */
function writeDown({ folders, database, hubUrl }: Base, { urls }: Outside, partner: DemoPartner) {
  writePrivately(join(folders.root, 'seeded'), { seed: SANDBOX_SEED })
  writePrivately(join(folders.root, 'sandbox.json'), {
    databaseUrl: database.ownerUrl,
    hubUrl,
    hisUrls: urls.his,
    partner,
  })
}

/** Seeds an empty hub, and tells it at every start where the outside systems are. */
async function prepareHub(
  open: OpenHub,
  world: World,
  { secrets, hubUrl, isEmpty }: Base & { isEmpty: boolean },
  outside: RegionUrls,
): Promise<void> {
  const { hub } = open
  const urls = { ...outside, hub: hubUrl }
  if (isEmpty) await seedRegion(hub, world)
  if (isEmpty) await seedLenders(hub, world)
  await connectRegion(hub, world, secrets.region, urls)
  await connectLenders(hub, world, secrets.region, urls)
  for (const hospital of world.hospitals) {
    await connectInsurers(hub, hospital, secrets.region, urls)
  }
  for (const { id } of world.hospitals) await hub.hospitals.syncDepartments(id)
  if (isEmpty) await savePersonas(hub, world)
  if (isEmpty) await seedBenefits(open, world)
  if (isEmpty) await seedFamily(open, world)
  await seedClinics(open, world)
  if (isEmpty) await seedCatalogue(hub, world, secrets.region)
}

type OpenHub = ReturnType<typeof openHub>

async function inHub<T>(
  env: Record<string, string>,
  work: (open: OpenHub) => Promise<T>,
): Promise<T> {
  const open = openHub(readConfig(env), 'cli')
  try {
    return await work(open)
  } finally {
    await open.close()
  }
}

async function startHub(folders: SandboxFolders, env: Record<string, string>): Promise<Child[]> {
  const start = (name: 'api' | 'worker') =>
    startChild({
      name,
      script: `apps/${name}/main.ts`,
      env,
      logFile: join(folders.logs, `${name}.log`),
    })
  return Promise.all([start('api'), start('worker')])
}

function sayWhereToGo(hubUrl: string, urls: RegionUrls, { logs }: SandboxFolders) {
  const [hospital] = Object.values(urls.his)
  say(`
  患者端 patient app     ${hubUrl}/patient/
  财务台 finance console ${hubUrl}/console/
  医院系统 a hospital's HIS  ${hospital}/
  接口 API               ${hubUrl}/v1/health

  试一试 / try: 患者端点一个演示账号，选一张账单，看谁付多少，在模拟钱包里付款（密码 123456），
  再到财务台看这笔钱。演示密码 / demo password: ${DEMO_PASSWORD}
  日志 logs: ${logs}    Ctrl-C 停止 / stops everything
`)
}

const untilInterrupted = (interruption: AbortController): Promise<null> =>
  new Promise((resolve) => {
    interruption.signal.addEventListener('abort', () => resolve(null))
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => interruption.abort())
    }
  })

async function portsAreFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isFree(port))) return false
  return true
}
