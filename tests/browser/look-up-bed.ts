import { DEMO_PASSWORD, seedRegion } from '../../apps/cli/sandbox/seed.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import { businessDate } from '../../kernel/time.ts'
import type { CatalogueEntry } from '../../modules/catalogue/index.ts'
import { type Institution, NO_DETAIL } from '../../modules/registry/index.ts'
import { openBed, startHub } from './bed.ts'

// A person with a phone, and what two provinces have designated and cover.

export const HERE = { latitude: 36.0671, longitude: 120.3826 }
const AS_OF = new Date('2026-11-20T00:00:00Z')

export type LookUpBed = Awaited<ReturnType<typeof openLookUpBed>>

export const openLookUpBed = (webRoot: string) =>
  openBed(async (stops) => {
    const world = createWorld('a look-up', { people: 3 })
    const { hub, hubUrl } = await startHub(stops, { webRoot })
    await seedRegion(hub, world)
    const patient = world.people.find(({ phone }) => phone !== null)
    assert(patient, 'the world has people with phones')
    const list = { source: 'list', asOf: AS_OF } as const
    await hub.registry.loadList({
      ...list,
      region: '370200',
      kind: 'hospital',
      institutions: HOSPITALS,
    })
    await hub.registry.loadList({
      ...list,
      region: '310000',
      kind: 'pharmacy',
      institutions: PHARMACIES,
    })
    await hub.catalogue.loadVersion({
      region: '310000',
      version: '2026 年版',
      effectiveOn: businessDate('2026-01-01'),
      entries: entries(),
    })
    return { hub, hubUrl, patient, password: DEMO_PASSWORD }
  })

async function* entries() {
  for (const one of DRUGS) yield await Promise.resolve(one)
}

const of = (code: string, name: string, more: Partial<Institution> = {}): Institution => ({
  code,
  name,
  area: code.slice(1, 7),
  level: null,
  ...NO_DETAIL,
  ...more,
})

const HOSPITALS = [
  of('H37020200001', '青岛市八大关医院', {
    level: '3',
    address: '青岛市市南区武胜关路 7 号',
    phone: '0532-85550101',
    place: { latitude: 36.0571, longitude: 120.3526 },
    settles: ['outpatient', 'inpatient', 'chronic'],
    validTo: businessDate('2028-12-31'),
  }),
  of('H37021200002', '崂山社区卫生服务中心', {
    phone: '0532-88880102',
    place: { latitude: 36.0681, longitude: 120.3846 },
    settles: ['outpatient'],
  }),
  ...Array.from({ length: 25 }, (_, i) => of(`H370203${10_000 + i}`, `市北第${i + 1}门诊部`)),
]

const PHARMACIES = [of('P31010600001', '静安益民大药房', { settles: ['drugs'] })]

const drug = (code: string, name: string, more: Partial<CatalogueEntry>): CatalogueEntry => ({
  code,
  name,
  kind: 'drug',
  substance: null,
  atc: null,
  form: '片剂',
  spec: '0.2g×24片',
  unit: '盒',
  coverClass: 'A',
  priceLimits: {},
  firstSharePpm: 0,
  isLimited: false,
  validFrom: businessDate('2026-01-01'),
  validTo: null,
  ...more,
})

const DRUGS = [
  drug('XM01AEB173A001', '布洛芬片', {}),
  drug('XM01AEB173B002', '布洛芬缓释胶囊', {
    form: '缓释胶囊',
    coverClass: 'B',
    firstSharePpm: 100_000,
    isLimited: true,
    priceLimits: { any: 15_250_000 },
  }),
]
