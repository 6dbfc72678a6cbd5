import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import { systemActor } from '../../../platform/principal.ts'
import type { Hub } from '../../hub/create-hub.ts'
import type { OpenHub } from '../../hub/open-hub.ts'
import type { World, WorldPerson } from '../../simulators/world/index.ts'
import { personaPeople } from './personas.ts'

// What the demo region has beside bills and insurers: programmes with budgets, points, an old prepayment, and what the
// commercial products are.

const SETUP = systemActor('sandbox')
/** Agrees to what the other set up: nobody decides on their own proposal. */
const SECOND = systemActor('sandbox-second')
const AGREED = { agrees: true, reason: '演示数据' }

/** At every hospital the programmes; points for those whom a newcomer may sign in as, and an old prepayment for the last. */
export async function seedBenefits(open: OpenHub, world: World): Promise<void> {
  const { coverage } = open.hub.sources
  for (const product of COVER_PRODUCTS) await coverage.putProduct(product)
  const people = personaPeople(world)
  const isAt = (id: HospitalId) => (person: WorldPerson) =>
    person.media.hospitalCards.some(({ hospitalId }) => hospitalId === id)
  for (const { id } of world.hospitals) await seedProgrammes(open, id, people.filter(isAt(id)))
  const last = people.at(-1)
  const [card] = last?.media.hospitalCards ?? []
  if (last && card) await seedPrepayment(open, card.hospitalId, last)
}

const COVER_PRODUCTS = [
  {
    insurerCode: 'huiminbao',
    code: 'ZXWZ-1',
    kind: 'online_visit',
    visitKinds: ['online'],
    diagnosisPrefixes: null,
  },
  {
    insurerCode: 'anxin',
    code: 'CHRONIC-1',
    kind: 'chronic_package',
    visitKinds: ['outpatient'],
    diagnosisPrefixes: ['I10', 'E11'],
  },
] as const

/** Vouchers for points, a subsidy for the old, a yearly package, and points for each of these people. */
async function seedProgrammes(
  { hub, platform }: OpenHub,
  hospitalId: HospitalId,
  people: readonly WorldPerson[],
): Promise<void> {
  const { benefits } = hub.sources
  const year = { startsOn: businessDate('2026-01-01'), endsOn: businessDate('2027-12-31') }
  for (const { name, terms, allotFen } of PROGRAMMES) {
    const id = platform.newId<'BenefitProgramme'>()
    const funder = { kind: 'region' as const, code: 'R', name: '海岳市卫生健康委' }
    await benefits.programmes.create({ hospitalId, id, name, funder, terms, ...year }, SETUP)
    const key = { hospitalId, programmeId: id }
    await benefits.programmes.decide(key, AGREED, SECOND)
    if (allotFen === 0) continue
    const allotment = { amountFen: fen(allotFen), document: `海卫〔2026〕${allotFen} 号` }
    const { proposalId } = await benefits.programmes.allotTo(key, allotment, SETUP)
    if (proposalId === null) continue
    await benefits.programmes.decideAllotment({ hospitalId, id: proposalId }, AGREED, SECOND)
  }
  for (const person of people) await seedPoints({ hub, platform }, hospitalId, person)
}

/** Points of six visits to a health station. */
export async function seedPoints(
  { hub, platform }: Pick<OpenHub, 'hub' | 'platform'>,
  hospitalId: HospitalId,
  person: WorldPerson,
): Promise<void> {
  const { benefits } = hub.sources
  const personId = await personIdOf(hub, person)
  for (let no = 1; no <= 6; no++) {
    const cause = `station:${personId}:${no}`
    const event = 'health_station' as const
    await inHospital(platform.db, hospitalId, (tx) =>
      benefits.earnPoints(tx, { hospitalId, personId, event, cause }),
    )
  }
}

const EVERYBODY = { anyOf: [[]] }

const PROGRAMMES: {
  name: { zh: string; en: string }
  terms: Parameters<Hub['sources']['benefits']['programmes']['create']>[0]['terms']
  allotFen: number
}[] = [
  {
    name: { zh: '健康积分', en: 'Health points' },
    terms: {
      kind: 'points',
      earn: [{ event: 'health_station', points: 20, perYearMost: 200 }],
    },
    allotFen: 0,
  },
  {
    name: { zh: '健康代金券', en: 'Health voucher' },
    terms: {
      kind: 'voucher',
      leastBillFen: fen(0),
      validDays: 20,
      categories: [],
      offers: [
        { code: 'ten', points: 100, amountFen: fen(10_00) },
        { code: 'thirty', points: 300, amountFen: fen(35_00) },
      ],
    },
    allotFen: 20_000_00,
  },
  {
    name: { zh: '高龄门诊补助', en: 'Outpatient aid for the old' },
    terms: {
      kind: 'subsidy',
      rule: { anyOf: [[{ fact: 'ageYears', atLeast: 80 }], [{ fact: 'inNeed', is: true }]] },
      byGrant: false,
      sharePpm: 200_000,
      perVisitMostFen: fen(50_00),
      perYearMostFen: fen(500_00),
      categories: [],
      combines: true,
      position: 1,
    },
    allotFen: 200_000_00,
  },
  {
    name: { zh: '高血压年度服务包', en: 'Hypertension package' },
    terms: {
      kind: 'package',
      rule: EVERYBODY,
      priceFen: fen(365_00),
      validDays: 365,
      items: [
        { code: 'F0011', name: '常规心电图检查', most: 2 },
        { code: 'F0040', name: '血脂检查', most: 1 },
      ],
    },
    allotFen: 0,
  },
]

/** What was left of a person's outpatient prepayment when the rule ended it. */
export async function seedPrepayment(
  { hub, platform }: OpenHub,
  hospitalId: HospitalId,
  person: WorldPerson,
): Promise<void> {
  const account = {
    hospitalId,
    id: platform.newId<'DepositAccount'>(),
    personId: await personIdOf(hub, person),
    custody: { bank: '海岳银行', accountNo: 'C-1' },
    leftFen: fen(86_40),
    channel: 'wechat',
    channelNo: 'OLD-1',
  }
  await hub.sources.deposits.bringForward(account, SETUP)
}

async function personIdOf(hub: Hub, { idCardNo }: WorldPerson) {
  const personId = await hub.identity.findPersonByMedium('id_card', idCardNo)
  assert(personId, 'the region knows everybody')
  return personId
}
