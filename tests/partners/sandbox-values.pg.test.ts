import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { bySandboxValue, type SandboxValue } from '../../apps/simulators/kit/sandbox-values.ts'
import type { Payment } from '../../contract/client.ts'
import { seededRandom } from '../../kernel/random.ts'
import { MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { type Bed, openBed } from '../journeys/bad-input/bed.ts'
import { hisOf, payInWallet, type Payer, signInPayer } from '../journeys/bad-input/payer.ts'
import {
  allow,
  confirmFor,
  type Institution,
  openInstitution,
  patientIdOf,
  quoteFor,
  see,
} from './institution.ts'

// Every value of the sandbox, as a bank's developer meets it: over HTTP, with the hub, the worker and the outside world.

const STARTS_WITHIN_MS = 180_000

let bed: Bed
let bank: Institution
let cash: Payer
let insured: Payer

beforeAll(async () => {
  bed = await openBed('sandbox values', bySandboxValue)
  bank = await openInstitution(bed)
  cash = await signInPayer(bed, { insured: false })
  insured = await signInPayer(bed, { insured: true })
  for (const payer of [cash, insured]) await allow(bank, payer)
}, STARTS_WITHIN_MS)
afterAll(() => bed.stop())

async function plan(value: SandboxValue | undefined, payer = cash): Promise<Payment> {
  // The insurer has a share in the bill that this draws.
  const random = seededRandom('a bill with INS-REFUSE')
  const bill = hisOf(bed).createRandomBill(random, payer.person.no, value)
  return quoteFor(bank, bill, await patientIdOf(bed, payer.person))
}

const begin = async (value?: SandboxValue, payer = cash) =>
  confirmFor(bank, await plan(value, payer))

async function pay(value?: SandboxValue, payer = cash): Promise<Payment> {
  const payment = await begin(value, payer)
  await payInWallet(bed, payer, payment)
  return payment
}

async function passing(ms: number, stepMs = 2 * SECOND_MS): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    bed.clock.advance(stepMs)
    await bed.rest()
  }
}

const SUCCEEDED = { status: 'succeeded', payerState: 'succeeded', inTransitFen: 0 }
const RETURNED = { status: 'failed', payerState: 'returned', inTransitFen: 0 }

async function refund(payment: Payment) {
  const wish = { billNo: payment.bills[0]?.billNo, lineNos: [], reason: '患者退费' }
  const { status } = await bank.caller.post(`payments/${payment.id}/refunds`, wish)
  expect(status).toBe(202)
}

const noticesOf = ({ paymentNo, bills: [bill] }: Payment) =>
  bed.region.wechat.notices().filter(({ faultKey }) => faultKey.includes(bill?.billNo ?? paymentNo))

describe('the wallet', () => {
  it('[F3] DECLINE: takes no order', async () => {
    const orders = bed.region.wechat.orders().length
    const payment = await begin('DECLINE')
    await passing(10 * SECOND_MS)
    expect(await see(bank, payment)).toMatchObject({
      status: 'closed',
      payerState: 'not_charged',
      failureCode: 'rule_limit',
      inTransitFen: 0,
    })
    expect(bed.region.wechat.orders()).toHaveLength(orders)
  })

  it('TIMEOUT: is silent, and nobody knows; then there is one order, and it can be paid', async () => {
    const orders = bed.region.wechat.orders().length
    const payment = await begin('TIMEOUT')
    expect(payment).toMatchObject({ status: 'charging', payerState: 'processing' })
    await passing(2 * MINUTE_MS)
    const found = await see(bank, payment)
    expect(found.payerState).toBe('to_pay')
    expect(bed.region.wechat.orders()).toHaveLength(orders + 1)
    await payInWallet(bed, cash, found)
    await passing(10 * SECOND_MS)
    expect(await see(bank, payment)).toMatchObject(SUCCEEDED)
  })

  it('ANSWER-LOST: has the order, and its answer is lost', async () => {
    const orders = bed.region.wechat.orders().length
    const payment = await begin('ANSWER-LOST')
    expect(payment.payerState).toBe('processing')
    expect(bed.region.wechat.orders()).toHaveLength(orders + 1)
    await passing(MINUTE_MS)
    const found = await see(bank, payment)
    expect(found.payerState).toBe('to_pay')
    expect(bed.region.wechat.orders()).toHaveLength(orders + 1)
    await payInWallet(bed, cash, found)
    await passing(10 * SECOND_MS)
    expect(await see(bank, payment)).toMatchObject(SUCCEEDED)
  })

  it('PAID-LATE: is paid after the payment was stopped, and the money goes back', async () => {
    const payment = await begin('PAID-LATE')
    await bank.caller.post(`payments/${payment.id}/cancellation`, {})
    await passing(10 * SECOND_MS)
    expect(await see(bank, payment)).toMatchObject({ status: 'closed', payerState: 'closed' })
    await payInWallet(bed, cash, payment)
    await passing(2 * MINUTE_MS)
    const seen = await see(bank, payment)
    expect(seen).toMatchObject({ payerState: 'returned', inTransitFen: 0 })
    expect(seen.tenders[0]?.returnedFen).toBe(seen.totalFen)
  })

  it.each([
    ['NOTICE-LATE', 1],
    ['NOTICE-DUP', 3],
    ['NOTICE-LOST', 0],
  ] as const)(
    '%s: its notice comes %i times, and the payment succeeds once',
    async (value, times) => {
      const payment = await pay(value)
      await bed.rest()
      expect(noticesOf(payment).flatMap(({ deliveries }) => deliveries).length).toBe(
        value === 'NOTICE-DUP' ? 1 : 0,
      )
      await passing(3 * MINUTE_MS)
      const deliveries = noticesOf(payment).flatMap((each) => each.deliveries)
      expect(deliveries).toHaveLength(times)
      const seen = await see(bank, payment)
      expect(seen).toMatchObject(SUCCEEDED)
      expect(seen.tenders[0]?.takenFen).toBe(seen.totalFen)
    },
  )

  it('REFUND-FAIL: refuses to give back', async () => {
    const payment = await pay('REFUND-FAIL')
    await passing(10 * SECOND_MS)
    await refund(payment)
    await passing(MINUTE_MS)
    const { refunds } = await see(bank, payment)
    expect(refunds).toMatchObject([{ status: 'returning', attention: expect.any(String) }])
  })
})

describe('the hospital', () => {
  it('PAID-TWICE: was paid at the counter meanwhile, and the money goes back', async () => {
    const payment = await pay('PAID-TWICE')
    await passing(2 * MINUTE_MS)
    expect(await see(bank, payment)).toMatchObject(RETURNED)
  })

  it('HIS-REFUSE: has withdrawn the bill, and the money goes back', async () => {
    const payment = await pay('HIS-REFUSE')
    await passing(2 * MINUTE_MS)
    expect(await see(bank, payment)).toMatchObject(RETURNED)
  })

  it('HIS-BUSY: takes its time', async () => {
    const payment = await pay('HIS-BUSY')
    await bed.rest()
    expect((await see(bank, payment)).payerState).toBe('confirming')
    await passing(2 * MINUTE_MS)
    expect(await see(bank, payment)).toMatchObject(SUCCEEDED)
  })

  it('HIS-LOST: has taken the money into its books, and its answer is lost', async () => {
    const payment = await pay('HIS-LOST')
    await bed.rest()
    expect((await see(bank, payment)).payerState).toBe('confirming')
    await passing(2 * MINUTE_MS)
    expect(await see(bank, payment)).toMatchObject(SUCCEEDED)
  })

  it('REFUND-HIS: does not agree to a refund', async () => {
    const payment = await pay('REFUND-HIS')
    await passing(10 * SECOND_MS)
    await refund(payment)
    await passing(MINUTE_MS)
    const seen = await see(bank, payment)
    expect(seen.refunds).toMatchObject([{ status: 'refused' }])
    expect(seen.payerState).toBe('succeeded')
  })
})

describe('the insurer', () => {
  const shareOf = ({ tenders }: Payment) =>
    tenders.find(({ provider }) => provider === 'insurance')?.amountFen ?? 0

  it('INS-ABSENT: says nothing of its share, and the plan goes without', async () => {
    expect(shareOf(await plan(undefined, insured))).toBeGreaterThan(0)
    const payment = await plan('INS-ABSENT', insured)
    expect(shareOf(payment)).toBe(0)
    const said = payment.sources.find(({ provider }) => provider === 'insurance')
    expect(said).toMatchObject({ available: false })
  })

  it('INS-REFUSE: refuses its share after the patient has paid theirs, which goes back', async () => {
    const payment = await pay('INS-REFUSE', insured)
    expect(shareOf(payment)).toBeGreaterThan(0)
    await passing(2 * MINUTE_MS)
    expect(await see(bank, payment)).toMatchObject(RETURNED)
  })

  it('INS-LOST: has settled, and its answer is lost', async () => {
    const payment = await pay('INS-LOST', insured)
    expect(shareOf(payment)).toBeGreaterThan(0)
    await bed.rest()
    expect((await see(bank, payment)).payerState).toBe('confirming')
    await passing(3 * MINUTE_MS)
    expect(await see(bank, payment)).toMatchObject(SUCCEEDED)
    expect(bed.region.insurance.checkBooks()).toEqual([])
  })
})

it(
  'where nothing is simulated to go wrong, a value is a part of a number and no more',
  async () => {
    const elsewhere = await openBed('ordinary')
    try {
      const institution = await openInstitution(elsewhere)
      const payer = await signInPayer(elsewhere, { insured: false })
      await allow(institution, payer)
      const patientId = await patientIdOf(elsewhere, payer.person)
      const random = seededRandom('an ordinary bill')
      const bill = hisOf(elsewhere).createRandomBill(random, payer.person.no, 'DECLINE')
      expect(bill.billNo).toMatch(/-DECLINE$/)
      const payment = await confirmFor(institution, await quoteFor(institution, bill, patientId))
      await payInWallet(elsewhere, payer, payment)
      elsewhere.clock.advance(10 * SECOND_MS)
      await elsewhere.rest()
      expect(await see(institution, payment)).toMatchObject(SUCCEEDED)
    } finally {
      await elsewhere.stop()
    }
  },
  STARTS_WITHIN_MS,
)
