import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { pick, type Random, randomBelow } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import { type HisSimulator, startHis } from './his/index.ts'
import {
  defaultPolicy,
  type InsuranceCentreSimulator,
  type Policy,
  startInsuranceCentre,
} from './insurance/index.ts'
import type { FaultPlan, Simulator } from './kit/simulator.ts'
import type { RegionSecrets } from './secrets.ts'
import { startWechatPay, type WechatPaySimulator } from './wechatpay/index.ts'
import type { World } from './world/index.ts'

/** Every outside system of a region, each with its own books in its own file. */
export type SimulatedRegion = {
  wechat: WechatPaySimulator
  insurance: InsuranceCentreSimulator
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
  /** Zero for any that are free. */
  ports: { wechat: number; insurance: number; his: number }
}

const WALLET_BALANCE = fen(5_000_000)
const WECHAT_FEE_PPM = 2_000

export async function startRegion(options: RegionOptions): Promise<SimulatedRegion> {
  await mkdir(options.folder, { recursive: true })
  const wechat = await startWallet(options)
  const insurance = await startCentre(options)
  const his = new Map<HospitalId, HisSimulator>()
  for (const { id } of options.world.hospitals) his.set(id, await startHospital(options, id))
  const all: readonly Simulator[] = [wechat, insurance, ...his.values()]
  return {
    wechat,
    insurance,
    his,
    all,
    nextDueAt: () => earliest(all.map((simulator) => simulator.nextDueAt())),
    async runDue() {
      let done = 0
      for (const simulator of all) done += await simulator.runDue()
      return done
    },
    checkBooks: () => [
      ...wechat.checkBooks().map((problem) => `wechat: ${problem}`),
      ...insurance.checkBooks().map((problem) => `insurance: ${problem}`),
      ...[...his].flatMap(([id, hospital]) =>
        hospital.checkBooks().map((problem) => `his ${id}: ${problem}`),
      ),
    ],
    async stop() {
      for (const simulator of all) await simulator.stop()
    },
  }
}

function startWallet({ world, secrets, folder, ports, ...rest }: RegionOptions) {
  const { platform, merchants } = secrets.wechat
  return startWechatPay({
    ...rest,
    databaseFile: join(folder, 'wechat.sqlite'),
    port: ports.wechat,
    platformKey: platform,
    merchants: merchants.map(({ hospitalId, serial, publicKeyPem, ...merchant }) => ({
      ...merchant,
      name: hospitalOf(world, hospitalId).name,
      merchantSerial: serial,
      merchantPublicKeyPem: publicKeyPem,
      feePpm: WECHAT_FEE_PPM,
    })),
    wallets: world.people.map(({ openid, name }) => ({ openid, name, balanceFen: WALLET_BALANCE })),
  })
}

function startCentre({ world, secrets, folder, ports, ...rest }: RegionOptions) {
  return startInsuranceCentre({
    ...rest,
    databaseFile: join(folder, 'insurance.sqlite'),
    port: ports.insurance,
    admdvs: secrets.insurance.admdvs,
    hospitals: secrets.insurance.hospitals.map(({ hospitalId, ...gateway }) => {
      const { insuranceCode, name, level } = hospitalOf(world, hospitalId)
      return { ...gateway, insuranceCode, name, level }
    }),
    people: world.people,
    catalogue: world.catalogue,
    policy: LATE_IN_THE_YEAR,
  })
}

// By November most of a year's deductible is used up, so that the funds pay their part of most bills.
const LATE_IN_THE_YEAR: Policy = {
  ...defaultPolicy,
  schemes: {
    '310': { ...defaultPolicy.schemes['310'], deductibleFen: fen(5_000) },
    '390': { ...defaultPolicy.schemes['390'], deductibleFen: fen(3_000) },
  },
}

function startHospital({ world, secrets, folder, ports, ...rest }: RegionOptions, id: HospitalId) {
  const own = secrets.his.hospitals.find((keys) => keys.hospitalId === id)
  assert(own, `hospital ${id} has its keys`)
  return startHis({
    ...rest,
    databaseFile: join(folder, `his-${id}.sqlite`),
    port: ports.his === 0 ? 0 : ports.his + id,
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

function hospitalOf(world: World, id: number) {
  const hospital = world.hospitals.find((h) => h.id === id)
  assert(hospital, `the world has hospital ${id}`)
  return hospital
}

const earliest = (moments: readonly (Date | null)[]): Date | null =>
  moments.reduce((first, moment) => (moment && (!first || moment < first) ? moment : first), null)

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
