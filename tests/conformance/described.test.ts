import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import {
  describedAsk,
  readStoredHospital,
  shippedProduct,
} from '../../adapters/hospitals/declarative/index.ts'
import { standingClock } from '../../apps/cli/hospital/clock.ts'
import { openHttpHands } from '../../apps/hub/http-hands.ts'
import {
  type HisSimulator,
  startGuangzhouHis,
  startHl7His,
  startSoapHis,
  startYuantuHis,
} from '../../apps/simulators/his/index.ts'
import { openHands } from '../../apps/simulators/his/planted/index.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { seededRandom } from '../../kernel/random.ts'
import { createOwnMemory, type Fixtures, runConformance } from '../../modules/hospitals/index.ts'
import { GUANGZHOU_DEVIATIONS, NO_DETAIL, NO_KEYS, NUMBERS } from './deviations.ts'

// The shipped products are older than the standard interface, and each has limits of its own: they are declared here one
// by one with the reason, as a vendor does in its fixtures, and nothing else may fail.

const world = createWorld('conformance', { people: 40 })
const [firstHospital] = world.hospitals
if (!firstHospital) throw new Error('the world has a hospital')
const hospital = firstHospital

const patients = world.people
  .filter(({ media }) => media.hospitalCards.some((card) => card.hospitalId === hospital.id))
  .slice(0, 2)
  .map(({ idCardNo, name }) => ({ idCardNo, name }))

type Product = {
  name: string
  deviations: NonNullable<Fixtures['deviations']>
  start: (options: Common, folder: string) => Promise<Started>
}
type Started = { his: HisSimulator; params: Record<string, string> }
type Common = Omit<Parameters<typeof startYuantuHis>[0], 'hospitalCode' | 'callerPublicKeyPem'>

const YUANTU: Product = {
  name: 'yuantu',
  deviations: [
    ...['patients.create', 'slots.lock', 'bills.writeBack'].map((operation) => ({
      check: `${operation}.different`,
      reason: NO_KEYS,
    })),
    { check: 'bills.writeBack.changed', reason: NO_DETAIL },
    { check: 'refunds.approve.dispensed', reason: NO_DETAIL },
    { check: 'refunds.approve.unknown', reason: NUMBERS },
    { check: 'bills.voidWriteBack.answer', reason: '冲正后账单仍带原支付单号' },
    { check: 'payments.get.voided', reason: '冲正后的支付单查不到' },
    { check: 'reconciliation.dayList.tenders', reason: '对账清单只有一种支付方式' },
  ],
  async start(options) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2_048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const own = { hospitalCode: '549', callerPublicKeyPem: publicKey }
    const his = await startYuantuHis({ ...options, ...own })
    const who = { hospitalId: '549', operId: 'YIQIAO', tradeMode: 'WX' }
    return { his, params: { ...who, baseUrl: his.url, privateKey } }
  },
}

const GUANGZHOU: Product = {
  name: 'guangzhou',
  deviations: GUANGZHOU_DEVIATIONS,
  async start(options, folder) {
    const his = await startGuangzhouHis({ ...options, hospitalCode: '440188', folder })
    const who = { hospitalId: '440188', payMode: '9', medCode: '414' }
    return { his, params: { ...who, baseUrl: his.url, files: folder } }
  },
}

const HL7: Product = {
  name: 'hl7-fhir',
  deviations: [],
  async start(options) {
    const his = await startHl7His({ ...options, mllpPort: 0, hubMllp: null })
    const where = { host: '127.0.0.1', port: String(his.mllpPort), fhirUrl: his.url }
    return { his, params: { ...where, facility: hospital.insuranceCode } }
  },
}

const SOAP: Product = {
  name: 'soap',
  deviations: [
    ...['patients.create', 'slots.lock', 'bills.writeBack'].map((operation) => ({
      check: `${operation}.different`,
      reason: NO_KEYS,
    })),
    ...['appointments.register.answer', 'slots.lock.answer', 'slots.lock.registered'].map(
      (check) => ({ check, reason: '产品只列空闲的号' }),
    ),
    { check: 'bills.writeBack.changed', reason: NO_DETAIL },
    { check: 'refunds.approve.dispensed', reason: NO_DETAIL },
    { check: 'refunds.approve.unknown', reason: NUMBERS },
    { check: 'payments.get.voided', reason: '冲正后的支付单查不到' },
    { check: 'reconciliation.dayList.tenders', reason: '对账清单只有一种支付方式' },
  ],
  async start(options) {
    const account = { synUserName: 'yiqiao', synKey: 'a-key-of-the-tests' }
    const his = await startSoapHis({ ...options, hospitalCode: '4507', account })
    const who = { hospitalId: '4507', terminalCode: 'YIQIAO', payType: '5' }
    return { his, params: { ...who, ...account, baseUrl: his.url } }
  },
}

it.each([YUANTU, GUANGZHOU, SOAP, HL7])(
  '[H3] $name conforms but for what is declared',
  async (product) => {
    const clock = standingClock('2026-11-23T09:00:00+08:00')
    const random = seededRandom(product.name)
    const folder = mkdtempSync(join(tmpdir(), 'described-'))
    const { people, catalogue } = world
    const books = { clock, random, faults: () => null, databaseFile: ':memory:', port: 0 }
    const { his, params } = await product.start({ ...books, hospital, people, catalogue }, folder)
    const moveClock = (ms: number) => clock.move(ms)
    const hands = await openHands({ his, hospital, catalogue, clock, moveClock })
    try {
      const stored = { product: shippedProduct(product.name), params, codes: {} }
      const read = readStoredHospital(stored)
      const memory = createOwnMemory()
      const ask = describedAsk(read.product, read.words, {
        clock,
        random,
        timeoutMs: 20_000,
        memory,
      })
      const { deviations } = product
      const fixtures: Fixtures = { patients, hands: { url: hands.url }, deviations }
      const report = await runConformance({ ask, door: null }, fixtures, {
        clock,
        followTime: (now) => clock.follow(now),
        random,
        hands: await openHttpHands(fixtures),
        listener: null,
      })
      const failed = report.checks.filter(({ outcome }) => outcome === 'failed')
      expect(failed).toEqual([])
      expect(report.unproven).toEqual([])
      expect(report.isConformant).toBe(true)
      expect(report.passed).toBeGreaterThan(60)
    } finally {
      await hands.close()
      await his.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
  180_000,
)
