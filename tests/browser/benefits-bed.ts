import { seedBenefits } from '../../apps/cli/sandbox/seed-benefits.ts'
import type { Hub } from '../../apps/hub/create-hub.ts'
import type { WorldPerson } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import type { NewId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { systemClock } from '../../platform/system.ts'
import { HOSPITAL, openOfficeBed } from './office-bed.ts'

// One hospital's programmes and deposits, as its staff finds them in the morning: the demo's programmes, somebody whose
// deposit is used up, and somebody entered as in need.

const PEOPLE = 40
const ACTOR = systemActor('test')

export type BenefitsBed = Awaited<ReturnType<typeof openBenefitsBed>>

/** Opens the office, and what has happened in it. */
export async function openBenefitsBed(webRoot: string) {
  const { stop, hub, db, platform, world, hubUrl, hospitalId } = await openOfficeBed(webRoot, {
    name: 'programmes in the console',
    people: PEOPLE,
  })
  try {
    await seedBenefits({ hub, platform, close: async () => undefined }, world)
    const [poor, old] = world.people
    assert(poor && old, 'the world has people')
    const made = { hub, db, newId: platform.newId }
    await seedStay(made, poor)
    await seedPrepayment(made, old)
    return { hubUrl, hospitalId, poor, old, stop }
  } catch (error) {
    await stop()
    throw error
  }
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
