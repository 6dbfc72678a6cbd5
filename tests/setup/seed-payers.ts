import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { SandboxSecrets } from '../../apps/cli/sandbox/files.ts'
import type { Hub } from '../../apps/hub/create-hub.ts'
import { type OpenHub, openHub } from '../../apps/hub/open-hub.ts'
import type { CatalogueItem, World, WorldPerson } from '../../apps/simulators/world/index.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate, type BusinessDate } from '../../kernel/time.ts'
import type { CatalogueEntry } from '../../modules/catalogue/index.ts'
import { readConfig } from '../../platform/config.ts'
import { inHospital } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import type { Sandbox } from './sandbox.ts'

// What a region has beside its bills: programmes with budgets, points, an old prepayment, and a catalogue.

const SETUP = systemActor('sandbox')
const REGION = '990001' // no real one

/** The sandbox's own hub from outside, to set up what has no route. Close it when done. */
export function hubOf({ databaseUrl, folder }: Sandbox): OpenHub {
  const { masterKey } = JSON.parse(
    readFileSync(join(folder, 'secrets.json'), 'utf8'),
  ) as SandboxSecrets
  const env = {
    YIQIAO_PROFILE: 'demo',
    DATABASE_URL: databaseUrl,
    YIQIAO_MASTER_KEY: masterKey,
  }
  return openHub(readConfig(env), 'cli')
}

/** Vouchers for points, a subsidy for the old, a yearly package, and points for each of these people. */
export async function seedProgrammes(
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
    if (allotFen === 0) continue
    const allotment = { amountFen: fen(allotFen), document: `海卫〔2026〕${allotFen} 号` }
    await benefits.programmes.allotTo({ hospitalId, programmeId: id }, allotment, SETUP)
  }
  for (const person of people) {
    const personId = await personIdOf(hub, person)
    for (let no = 1; no <= 6; no++) {
      const cause = `station:${personId}:${no}`
      const event = 'health_station' as const
      await inHospital(platform.db, hospitalId, (tx) =>
        benefits.earnPoints(tx, { hospitalId, personId, event, cause }),
      )
    }
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

export async function personIdOf(hub: Hub, { idCardNo }: WorldPerson) {
  const personId = await hub.identity.findPersonByMedium('id_card', idCardNo)
  if (!personId) throw new Error('the region knows everybody')
  return personId
}

/** A catalogue of the region's items, and what a hospital's are in it: one drug has a cheaper one of its kind. */
export async function seedCatalogue(
  { hub }: OpenHub,
  hospitalId: HospitalId,
  world: World,
): Promise<void> {
  const effectiveOn = businessDate('2026-01-01')
  const entries = [...world.catalogue, CHEAPER].map((item) => entryOf(item, effectiveOn))
  await hub.catalogue.loadVersion({
    region: REGION,
    version: '2026-01',
    effectiveOn,
    entries: (async function* () {
      yield* entries
    })(),
  })
  await hub.catalogue.setHospital(
    hospitalId,
    { region: REGION, level: '3', acceptFrom: 900 },
    SETUP,
  )
  await hub.catalogue.learnItems(
    hospitalId,
    [...world.catalogue, CHEAPER, HOME_MADE].map(({ priceFen, nationalCode, ...item }) => ({
      ...item,
      unitPriceFen: priceFen,
      nationalCode: nationalCode === '' ? null : nationalCode,
    })),
  )
}

/** The drug whose place another may take, by its name in the world's price list. */
export const DEAR = '硫酸氢氯吡格雷片'

export const CHEAPER: CatalogueItem = {
  code: 'Y9001',
  nationalCode: 'XB01AC04DEMOY9001',
  name: DEAR,
  spec: '75mg×14片',
  unit: '盒',
  priceFen: fen(6_80),
  chargeCategory: '09',
  insuranceClass: 'A',
  firstSharePpm: 0,
  priceLimitFen: null,
}

/** In no catalogue: it waits for a person. */
export const HOME_MADE: CatalogueItem = {
  ...CHEAPER,
  code: 'Z0001',
  nationalCode: '',
  name: '院内自制止咳合剂',
  spec: '100ml',
  unit: '瓶',
}

const KINDS: Record<string, CatalogueEntry['kind']> = {
  '08': 'material',
  '09': 'drug',
  '10': 'herb',
  '11': 'drug',
}
const FORMS = /(?:肠溶|缓释|控释|咀嚼)?(?:片|胶囊|注射液|颗粒|散|气雾剂|丸)$/
const MICRO_PER_FEN = 10_000

function entryOf(item: CatalogueItem, validFrom: BusinessDate): CatalogueEntry {
  const kind = KINDS[item.chargeCategory] ?? 'service'
  const [form] = FORMS.exec(item.name) ?? []
  const isDrug = kind === 'drug' && form !== undefined
  const { priceLimitFen } = item
  return {
    code: item.nationalCode,
    name: item.name,
    kind,
    substance: isDrug ? item.name.slice(0, -form.length) : null,
    atc: null,
    form: isDrug ? form : null,
    spec: item.spec,
    unit: item.unit,
    coverClass: item.insuranceClass,
    priceLimits: priceLimitFen === null ? {} : { any: priceLimitFen * MICRO_PER_FEN },
    firstSharePpm: item.firstSharePpm,
    isLimited: false,
    validFrom,
    validTo: null,
  }
}
