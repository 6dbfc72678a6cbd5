import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { SandboxSecrets } from '../../apps/cli/sandbox/files.ts'
import { type OpenHub, openHub } from '../../apps/hub/open-hub.ts'
import type { CatalogueItem, World } from '../../apps/simulators/world/index.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate, type BusinessDate } from '../../kernel/time.ts'
import type { CatalogueEntry } from '../../modules/catalogue/index.ts'
import { readConfig } from '../../platform/config.ts'
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
