import { createApi } from '../../apps/api/app.ts'
import { seedBenefits } from '../../apps/cli/sandbox/seed-benefits.ts'
import { DEMO_PASSWORD, seedRegion } from '../../apps/cli/sandbox/seed.ts'
import { createHub, type Hub } from '../../apps/hub/create-hub.ts'
import { createWorld, type WorldPerson } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import { createNewId, type HospitalId, type NewId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { createSeal } from '../../platform/seal.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { createTestDatabase } from '../../platform/testing/database.ts'
import { wakeBySweep } from '../../platform/wake.ts'

// One hospital's programmes and deposits, as its staff finds them in the morning: the demo's programmes, somebody whose
// deposit is used up, somebody entered as in need, and two people in finance, as one may not decide alone.

const PEOPLE = 40
const HOSPITAL = 1 as HospitalId
const ACTOR = systemActor('test')

/** The second of finance, whom the demo has not. */
export const SECOND_LOGIN = 'finance1b'

export type BenefitsBed = Awaited<ReturnType<typeof openBenefitsBed>>

/** Starts the API on a database of its own. What has started is stopped again when something else does not. */
export async function openBenefitsBed(webRoot: string) {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const each of stops.toReversed()) await each()
  }
  try {
    return { ...(await start(webRoot, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(webRoot: string, stops: (() => Promise<unknown>)[]) {
  const world = createWorld('programmes in the console', { people: PEOPLE })
  const db = await createTestDatabase()
  stops.push(() => db[Symbol.asyncDispose]())
  const [clock, random] = [systemClock, systemRandom]
  const platform = { db, clock, random, newId: createNewId(clock, random) }
  const hub = createHub({
    ...platform,
    seal: createSeal(random.bytes(32), random),
    wake: wakeBySweep,
    canaries: new Set(),
    providerTimeoutMs: 5_000,
    quoteDeadlineMs: 30_000,
    environment: 'sandbox',
    pause: async () => undefined,
  })
  const api = await createApi(hub, { platform, logger: false, demo: { walletUrl: null }, webRoot })
  stops.push(async () => {
    api.server.closeAllConnections()
    await api.close()
  })
  const hubUrl = await api.listen({ host: '127.0.0.1', port: 0 })
  await seedRegion(hub, world)
  await seedBenefits({ hub, platform, close: async () => undefined }, world)
  const passwordHash = await hub.identity.hashPassword(DEMO_PASSWORD)
  const second = { hospitalId: HOSPITAL, name: '钱会计', roles: ['finance' as const] }
  await hub.identity.registerStaff({ ...second, login: SECOND_LOGIN, passwordHash })
  const [poor, old] = world.people
  assert(poor && old, 'the world has people')
  const made = { hub, db, newId: platform.newId }
  await seedStay(made, poor)
  await seedPrepayment(made, old)
  return { hubUrl, hospitalId: HOSPITAL, poor, old }
}

type Making = { hub: Hub; db: Parameters<typeof inHospital>[0]; newId: NewId }

/** In need by a paper, in hospital, and with a deposit that yesterday has used up. */
async function seedStay({ hub, db, newId }: Making, person: WorldPerson): Promise<void> {
  const { benefits, deposits } = hub.sources
  const personId = await personIdOf(hub, person)
  const today = businessDateOf(systemClock.now())
  await benefits.needs.enter(
    {
      hospitalId: HOSPITAL,
      foundBy: 'civil_affairs',
      document: '海民〔2026〕11 号',
      validFrom: addDays(today, -30),
      validUntil: addDays(today, 300),
      people: [{ personId, kind: 'minimum_living' }],
    },
    ACTOR,
  )
  const key = { hospitalId: HOSPITAL, accountId: newId<'DepositAccount'>() }
  const custody = { bank: '海岳银行', accountNo: 'C-8801' }
  const stay = { hospitalId: HOSPITAL, id: key.accountId, personId, stayNo: 'ZY20261101', custody }
  await deposits.openInpatient({ ...stay, lowFen: fen(100_000) }, ACTOR)
  const came = { cause: 'cash:SJ-1', channel: 'cash', channelNo: 'SJ-1', amountFen: fen(300_000) }
  await inHospital(db, HOSPITAL, (tx) => deposits.topUp(tx, { ...key, ...came, actor: ACTOR }))
  for (const [daysAgo, totalFen] of [
    [2, 180_050],
    [1, 210_000],
  ] as const) {
    const charge = { ...key, day: addDays(today, -daysAgo), totalFen: fen(totalFen) }
    await deposits.chargeDay(charge, ACTOR)
  }
}

async function seedPrepayment({ hub, newId }: Making, person: WorldPerson): Promise<void> {
  const account = {
    hospitalId: HOSPITAL,
    id: newId<'DepositAccount'>(),
    personId: await personIdOf(hub, person),
    custody: { bank: '海岳银行', accountNo: 'C-1' },
    leftFen: fen(12_345),
    channel: 'wechat',
    channelNo: 'OLD-7',
  }
  await hub.sources.deposits.bringForward(account, ACTOR)
}

async function personIdOf(hub: Hub, { idCardNo }: WorldPerson) {
  const personId = await hub.identity.findPersonByMedium('id_card', idCardNo)
  assert(personId, 'the region knows everybody')
  return personId
}
