import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { pick, type Random, randomBelow } from '../../kernel/random.ts'
import { businessDate, type Clock, earliest } from '../../kernel/time.ts'
import type { AlipaySimulator } from './alipay/index.ts'
import type { BankSimulator } from './bank/index.ts'
import type { CommercialInsurer } from './commercial/index.ts'
import type { GenericWallet } from './generic-wallet/index.ts'
import { type HisSimulator, startHis } from './his/index.ts'
import {
  defaultPolicy,
  type HomeFiling,
  type InsuranceCentreSimulator,
  type Policy,
  startInsuranceCentre,
} from './insurance/index.ts'
import type { FaultPlan, Simulator } from './kit/simulator.ts'
import type { LenderSimulator } from './lender/index.ts'
import {
  hospitalOf,
  type OutsideParts,
  startAlipayWallet,
  startDigitalRmb,
  startHospitalBank,
  startUnionPayNetwork,
  startWechatWallet,
} from './region-channels.ts'
import { startDirectCover, startFhirCover } from './region-insurers.ts'
import { startLendingBank } from './region-lender.ts'
import type { RegionSecrets } from './secrets.ts'
import type { UnionPaySimulator } from './unionpay/index.ts'
import type { WechatPaySimulator } from './wechatpay/index.ts'
import type { World } from './world/index.ts'

/** Every outside system of a region, each with its own books in its own file. */
export type SimulatedRegion = {
  wechat: WechatPaySimulator
  alipay: AlipaySimulator
  unionpay: UnionPaySimulator
  digitalRmb: GenericWallet
  /** Each hospital's own. */
  banks: ReadonlyMap<HospitalId, BankSimulator>
  insurance: InsuranceCentreSimulator
  commercialDirect: CommercialInsurer
  commercialFhir: CommercialInsurer
  lender: LenderSimulator
  his: ReadonlyMap<HospitalId, HisSimulator>
  all: readonly Simulator[]
  nextDueAt(): Date | null
  runDue(): Promise<number>
  /** What is wrong in anybody's own books; none when all is well. */
  checkBooks(): string[]
  stop(): Promise<void>
}

export type RegionOptions = {
  world: World
  secrets: RegionSecrets
  clock: Clock
  random: Random
  faults: FaultPlan
  /** A folder for the books. */
  folder: string
  /** Where the hub is; null when it asks and is never asked. */
  hubUrl: string | null
  /** Whether hospitals tell the hub what happens, besides asking for refunds. */
  tellsNotices?: boolean
  /** Zero for any that are free; `his` and `bank` are followed by the hospital's number. */
  ports: RegionPorts
  /** How many of the people have a policy of each commercial insurer, in parts per million; three in ten unless told. */
  policiesPpm?: number
}

export type RegionPorts = Record<(typeof PARTIES)[number], number>

export const PARTIES = [
  'wechat',
  'insurance',
  'alipay',
  'unionpay',
  'digitalRmb',
  'commercialDirect',
  'commercialFhir',
  'lender',
  'his',
  'bank',
] as const

/** Any that are free. */
export const ANY_PORTS: RegionPorts = {
  wechat: 0,
  insurance: 0,
  alipay: 0,
  unionpay: 0,
  digitalRmb: 0,
  commercialDirect: 0,
  commercialFhir: 0,
  lender: 0,
  his: 0,
  bank: 0,
}

/** Where everybody is reached; fit for JSON. */
export type RegionUrls = {
  wechat: string
  alipay: string
  unionpay: string
  digitalRmb: string
  commercialDirect: string
  commercialFhir: string
  lender: string
  insurance: string
  his: Record<number, string>
  banks: Record<number, { host: string; port: number }>
}

export const urlsOf = (region: SimulatedRegion): RegionUrls => ({
  wechat: region.wechat.url,
  alipay: region.alipay.url,
  unionpay: region.unionpay.url,
  digitalRmb: region.digitalRmb.url,
  commercialDirect: region.commercialDirect.url,
  commercialFhir: region.commercialFhir.url,
  lender: region.lender.url,
  insurance: region.insurance.url,
  his: Object.fromEntries([...region.his].map(([id, his]) => [id, his.url])),
  banks: Object.fromEntries(
    [...region.banks].map(([id, { port }]) => [id, { host: '127.0.0.1', port }]),
  ),
})

/** Starts them all, or none: what has started is stopped when another cannot. */
export async function startRegion(options: RegionOptions): Promise<SimulatedRegion> {
  await mkdir(options.folder, { recursive: true })
  const started: { name: string; simulator: Audited }[] = []
  const keep = async <T extends Audited>(name: string, starting: Promise<T>): Promise<T> => {
    const simulator = await starting
    started.push({ name, simulator })
    return simulator
  }
  const at = (party: keyof RegionPorts, no = 0) => {
    const port = options.ports[party]
    return { ...options, port: port === 0 ? 0 : port + no }
  }
  try {
    const wechat = await keep('wechat', startWechatWallet(at('wechat')))
    const alipay = await keep('alipay', startAlipayWallet(at('alipay')))
    const unionpay = await keep('unionpay', startUnionPayNetwork(at('unionpay')))
    const digitalRmb = await keep('digital rmb', startDigitalRmb(at('digitalRmb')))
    const insurance = await keep('insurance', startCentre(at('insurance')))
    const commercialDirect = await keep('direct insurer', startDirectCover(at('commercialDirect')))
    const commercialFhir = await keep('fhir insurer', startFhirCover(at('commercialFhir')))
    const lender = await keep('lender', startLendingBank(at('lender')))
    const his = new Map<HospitalId, HisSimulator>()
    const banks = new Map<HospitalId, BankSimulator>()
    for (const { id } of options.world.hospitals) {
      his.set(id, await keep(`his ${id}`, startHospital(at('his', id), id)))
      banks.set(id, await keep(`bank ${id}`, startHospitalBank(at('bank', id), id)))
    }
    const channels = { wechat, alipay, unionpay, digitalRmb, banks }
    const insurers = { insurance, commercialDirect, commercialFhir }
    return { ...channels, ...insurers, lender, his, ...together(started) }
  } catch (error) {
    for (const { simulator } of started.toReversed()) await simulator.stop()
    throw error
  }
}

type Audited = Simulator & { checkBooks(): string[] }

/** All of them as one. */
const together = (started: readonly { name: string; simulator: Audited }[]) => ({
  all: started.map(({ simulator }) => simulator),
  nextDueAt: () => earliest(started.map(({ simulator }) => simulator.nextDueAt())),
  async runDue() {
    let done = 0
    for (const { simulator } of started) done += await simulator.runDue()
    return done
  },
  checkBooks: () =>
    started.flatMap(({ name, simulator }) =>
      simulator.checkBooks().map((problem) => `${name}: ${problem}`),
    ),
  async stop() {
    for (const { simulator } of started) await simulator.stop()
  },
})

function startCentre({ world, secrets, folder, ...rest }: OutsideParts) {
  return startInsuranceCentre({
    ...rest,
    databaseFile: join(folder, 'insurance.sqlite'),
    admdvs: secrets.insurance.admdvs,
    hospitals: secrets.insurance.hospitals.map(({ hospitalId, ...gateway }) => {
      const { insuranceCode, name, level } = hospitalOf(world, hospitalId)
      return { ...gateway, insuranceCode, name, level }
    }),
    people: world.people,
    catalogue: world.catalogue,
    policy: LATE_IN_THE_YEAR,
    homeFilings: filingsOf(world.people, secrets.insurance.admdvs),
  })
}

/** Of those who are insured elsewhere, two in three have filed at home that they are treated here. */
const filingsOf = (people: World['people'], here: string): HomeFiling[] =>
  people.flatMap(({ no, insurance }) =>
    insurance && insurance.admdvs !== here && no % 3 > 0
      ? [{ personNo: insurance.personNo, from: businessDate('2026-01-01'), to: null }]
      : [],
  )

// By November most of a year's deductible is used up, so that the funds pay their part of most bills.
export const LATE_IN_THE_YEAR: Policy = {
  ...defaultPolicy,
  schemes: {
    '310': { ...defaultPolicy.schemes['310'], deductibleFen: fen(5_000) },
    '390': { ...defaultPolicy.schemes['390'], deductibleFen: fen(3_000) },
  },
}

function startHospital(
  {
    world,
    secrets,
    folder,
    ...rest
  }: OutsideParts & Pick<RegionOptions, 'hubUrl' | 'tellsNotices'>,
  id: HospitalId,
) {
  const own = secrets.his.hospitals.find((keys) => keys.hospitalId === id)
  assert(own, `hospital ${id} has its keys`)
  return startHis({
    ...rest,
    databaseFile: join(folder, `his-${id}.sqlite`),
    hospital: hospitalOf(world, id),
    people: world.people,
    catalogue: world.catalogue,
    keys: {
      hospitalKeyId: own.keyId,
      hospitalPrivateKeyPem: own.privateKeyPem,
      hubKeyId: secrets.his.hub.keyId,
      hubPublicKeyPem: secrets.his.hub.publicKeyPem,
    },
  })
}

const MOST_BILLS_A_PERSON = 2

/** Bills of a morning: one or two for everybody, at a hospital that knows them. */
export function openBills(region: SimulatedRegion, world: World, random: Random): number {
  let count = 0
  for (const person of world.people) {
    const { hospitalId } = pick(random, person.media.hospitalCards)
    const his = region.his.get(hospitalId)
    assert(his, `hospital ${hospitalId} has a system`)
    const bills = 1 + randomBelow(random, MOST_BILLS_A_PERSON)
    for (let i = 0; i < bills; i++) his.createRandomBill(random, person.no)
    count += bills
  }
  return count
}
