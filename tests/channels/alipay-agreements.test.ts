import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addMs, DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import type {
  AgreementOrder,
  Agreements,
  Channel,
  ChargeOrder,
} from '../../modules/payments/index.ts'
import type { Exchange } from '../../platform/exchange.ts'
import { type AlipayBench, BUYER_ID, ENCRYPTED, OPEN_ID, openAlipayBench } from './alipay-bench.ts'

// 商家扣款 over Alipay's own wire: the adapter on one side, the simulator with its own books and limits on the other.

const CONTRACT = {
  personalProductCode: 'GENERAL_WITHHOLDING_P',
  signScene: 'INDUSTRY|MEDICAL',
  accessChannel: 'ALIPAYAPP',
  mostPerPaymentFen: 30_000,
  mostPerDayFen: 100_000,
} as const

let bench: AlipayBench
const exchanges: Exchange[] = []
const call = {
  hospitalId: 1 as HospitalId,
  trace: (exchange: Exchange) => void exchanges.push(exchange),
}

const open = async (params: object = {}) => {
  exchanges.length = 0
  bench = await openAlipayBench('account', { params: { agreements: CONTRACT, ...params } })
}
beforeEach(() => open())
afterEach(() => bench.close())

/** The channel, with what it can do of agreements. */
function agreements(): Agreements & Omit<Channel, 'query' | 'agreements'> {
  const { agreements: own, ...channel } = bench.channel
  if (!own) throw new Error('the contract covers agreements')
  return { ...channel, ...own }
}

function newAgreement(): AgreementOrder {
  const { paymentId } = bench.newOrder()
  const agreementId = paymentId as never
  return {
    hospitalId: call.hospitalId,
    agreementId,
    signNo: tradeNoOf(call.hospitalId, agreementId),
    agreementNo: null,
    returnUrl: 'http://127.0.0.1:9/patient/agreements',
    expiresAt: addMs(bench.clock.now(), 30 * MINUTE_MS),
  }
}

/** The payer's browser goes where the adapter says. */
async function toPage(order: AgreementOrder): Promise<string> {
  const answer = await agreements().sign(call, order)
  if (answer.outcome !== 'pending' || answer.payerAction.kind !== 'page') throw new Error('no page')
  const response = await request(answer.payerAction.url)
  await response.body.dump()
  return `${response.statusCode} ${response.headers['location'] as string}`
}

async function signed(): Promise<AgreementOrder & { agreementNo: string }> {
  const order = newAgreement()
  await toPage(order)
  expect(bench.simulator.signAgreement(order.signNo, BUYER_ID)).toBe('signed')
  const found = await agreements().query(call, order)
  if (found.outcome !== 'active') throw new Error(found.outcome)
  return { ...order, agreementNo: found.agreementNo }
}

const orderBy = (agreementNo: string, amountFen = 12_345, changes: Partial<ChargeOrder> = {}) =>
  bench.newOrder({
    method: 'agreement',
    payerAccount: agreementNo,
    amountFen: fen(amountFen),
    ...changes,
  })

const charge = (order: ChargeOrder) => agreements().charge(call, order)

async function noticesRead() {
  const notices = (await bench.notices?.()) ?? []
  return notices.map((notice) => agreements().readNotice(notice))
}

describe.each([
  { name: 'plain', params: {} },
  { name: 'encrypted', params: ENCRYPTED },
  { name: 'by open id', params: { payerAccount: 'buyer_open_id' } },
])('[I3] an agreement, $name', ({ params }) => {
  it('is signed on the page, found, charged without the payer, and ended', async () => {
    await bench.close()
    await open(params)
    const order = newAgreement()
    expect(agreements().most).toEqual({ perPaymentFen: 30_000, perDayFen: 100_000 })
    expect(await agreements().query(call, order)).toMatchObject({ outcome: 'absent' })
    expect(await toPage(order)).toContain('302 /wallet/agreement?')
    expect(await agreements().query(call, order)).toMatchObject({ outcome: 'absent' })

    bench.simulator.signAgreement(order.signNo, BUYER_ID)
    const found = await agreements().query(call, order)
    expect(found).toMatchObject({ outcome: 'active', signedAt: bench.clock.now() })
    const agreementNo = found.outcome === 'active' ? found.agreementNo : ''
    const known = { ...order, agreementNo }
    expect(await agreements().query(call, known)).toMatchObject({ outcome: 'active', agreementNo })

    const small = orderBy(agreementNo)
    expect(await charge(small)).toMatchObject({
      outcome: 'confirmed',
      move: { ourNo: small.tradeNo, parts: [{ amountFen: 12_345 }] },
    })
    expect(await charge(small)).toMatchObject({ outcome: 'confirmed' })
    expect(await bench.books?.(small)).toEqual({ takenFen: 12_345, returnedFen: 0 })

    expect(await agreements().revoke(call, known)).toEqual({ outcome: 'revoked' })
    expect(await agreements().revoke(call, known)).toMatchObject({ outcome: 'absent' })
    expect(await agreements().query(call, known)).toMatchObject({ outcome: 'absent' })
    const late = orderBy(agreementNo)
    expect(await charge(late)).toMatchObject({ outcome: 'declined', code: 'agreement_ended' })

    const kinds = (await noticesRead()).map((reading) =>
      reading.outcome === 'read' ? reading.about : reading,
    )
    expect(kinds).toEqual([
      { kind: 'agreement', signNo: order.signNo },
      { kind: 'charge', tradeNo: small.tradeNo },
      { kind: 'agreement', signNo: order.signNo },
    ])
    const told = JSON.stringify(exchanges)
    for (const secret of [agreementNo, BUYER_ID, OPEN_ID]) expect(told).not.toContain(secret)
  })
})

describe("[I3] Alipay's own word", () => {
  it('limits one payment and a day by codes of their own, and takes nothing', async () => {
    const { agreementNo } = await signed()
    const large = orderBy(agreementNo, 50_001)
    expect(await charge(large)).toMatchObject({ outcome: 'declined', code: 'agreement_limit' })
    for (const amountFen of [50_000, 50_000, 50_000, 50_000]) {
      expect(await charge(orderBy(agreementNo, amountFen))).toMatchObject({ outcome: 'confirmed' })
    }
    const next = orderBy(agreementNo, 1)
    expect(await charge(next)).toMatchObject({ outcome: 'declined', code: 'payer_limit' })
    expect(await bench.books?.(next)).toEqual({ takenFen: 0, returnedFen: 0 })
    await bench.pass?.(DAY_MS)
    expect(await charge(orderBy(agreementNo, 1))).toMatchObject({ outcome: 'confirmed' })
  })

  it('declines under a number that the ordinary way may use afterwards, once', async () => {
    const { agreementNo } = await signed()
    const large = orderBy(agreementNo, 50_001)
    await charge(large)
    const ordinary = { ...large, method: 'account' as const, payerAccount: BUYER_ID }
    const answer = await charge(ordinary)
    expect(answer).toMatchObject({ outcome: 'pending', payerAction: { kind: 'alipay_trade' } })
    if (answer.outcome === 'pending') await bench.pay?.(ordinary, answer.payerAction)
    expect(await charge({ ...large, amountFen: fen(100) })).toMatchObject({ outcome: 'confirmed' })
    expect(await bench.books?.(large)).toEqual({ takenFen: 50_001, returnedFen: 0 })
  })

  it('tells by the gateway of the application that the payer has ended it in the wallet', async () => {
    const order = await signed()
    expect(bench.simulator.unsignAgreement(order.signNo)).toBe(true)
    const readings = await noticesRead()
    expect(readings.at(-1)).toMatchObject({
      outcome: 'read',
      about: { kind: 'agreement', signNo: order.signNo },
      summary: `UNSIGN external_agreement_no ${order.signNo}`,
    })
    expect(await charge(orderBy(order.agreementNo))).toMatchObject({ code: 'agreement_ended' })
  })

  it('that an agreement rests is neither an end nor a yes', async () => {
    const order = await signed()
    bench.simulator.suspendAgreement(order.signNo, true)
    expect(await agreements().query(call, order)).toMatchObject({ outcome: 'suspended' })
    expect(await charge(orderBy(order.agreementNo))).toMatchObject({ outcome: 'declined' })
    bench.simulator.suspendAgreement(order.signNo, false)
    expect(await agreements().query(call, order)).toMatchObject({ outcome: 'active' })
  })

  it.each(['drop', 'lose_answer', 'garble', 'refuse'] as const)(
    'is unknown when it cannot be heard: %s',
    async (trouble) => {
      const order = await signed()
      bench.trouble?.(trouble)
      expect(await agreements().query(call, order)).toMatchObject({ outcome: 'unknown' })
      bench.trouble?.(trouble)
      expect(await agreements().revoke(call, order)).toMatchObject({ outcome: 'unknown' })
      const isDone = trouble === 'lose_answer' || trouble === 'garble'
      const again = await agreements().revoke(call, order)
      expect(again).toMatchObject({ outcome: isDone ? 'absent' : 'revoked' })
    },
  )

  it.each(['drop', 'lose_answer', 'garble', 'refuse'] as const)(
    'of a charge that cannot be heard is asked for again under its number: %s',
    async (trouble) => {
      const { agreementNo } = await signed()
      const order = orderBy(agreementNo)
      bench.trouble?.(trouble)
      expect(await charge(order)).toMatchObject({ outcome: 'unknown' })
      expect(await charge(order)).toMatchObject({ outcome: 'confirmed' })
      expect(await bench.books?.(order)).toEqual({ takenFen: 12_345, returnedFen: 0 })
    },
  )

  it.each(['drop', 'lose_answer'] as const)(
    'of a charge in doubt can be made certain without charging: %s',
    async (trouble) => {
      const { agreementNo } = await signed()
      const order = orderBy(agreementNo)
      bench.trouble?.(trouble)
      await charge(order)
      const ended = await agreements().release(call, order)
      expect(ended.outcome).toBe(trouble === 'drop' ? 'released' : 'confirmed')
    },
  )

  it('gives back like any other charge', async () => {
    const { agreementNo } = await signed()
    const order = orderBy(agreementNo)
    const answer = await charge(order)
    if (answer.outcome !== 'confirmed') throw new Error(answer.outcome)
    const refund = {
      charge: order,
      chargeProviderNo: answer.move.providerNo,
      refundId: order.tenderId as never,
      refundNo: `${order.tradeNo.slice(0, -2)}R1`,
      amountFen: fen(345),
      remaining: [],
      reason: '退药',
      requestedAt: bench.clock.now(),
    }
    expect(await agreements().refund(call, refund)).toMatchObject({ outcome: 'confirmed' })
    expect(await bench.books?.(order)).toEqual({ takenFen: 12_345, returnedFen: 345 })
  })
})

describe('[I3] what is not proven', () => {
  it('a notice that was changed or is another application’s is refused', async () => {
    const order = newAgreement()
    await toPage(order)
    bench.simulator.signAgreement(order.signNo, BUYER_ID)
    const [notice] = (await bench.notices?.()) ?? []
    if (!notice) throw new Error('there is a notice')
    const text = notice.body.toString('utf8')
    const changed = Buffer.from(text.replace('status=NORMAL', 'status=UNSIGN'))
    expect(agreements().readNotice({ ...notice, body: changed })).toMatchObject({
      code: 'signature',
    })
    expect(agreements().readNotice(notice)).toMatchObject({ outcome: 'read' })
  })

  it('a contract without agreements charges by none', async () => {
    await bench.close()
    bench = await openAlipayBench('account')
    expect(bench.channel.agreements).toBeUndefined()
    const order = orderBy('20261121000001123456')
    expect(await bench.channel.charge(call, order)).toMatchObject({ code: 'method_not_offered' })
  })
})

it('the wallet shows what is asked, signs with the password alone, and ends it', async () => {
  const order = newAgreement()
  const [, path] = (await toPage(order)).split(' ')
  const url = `${bench.simulator.url}${path}`
  const page = await (await request(url)).body.text()
  expect(page).toContain('开通小额免密支付')
  const fields = Object.fromEntries(new URL(url).searchParams)
  const post = async (to: string, form: Record<string, string>) => {
    const response = await request(`${bench.simulator.url}${to}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    })
    await response.body.dump()
    return `${response.statusCode} ${String(response.headers['location'] ?? '')}`
  }
  const asked = { ...fields, buyer_id: BUYER_ID, action: 'sign' }
  expect(await post('/wallet/agreement', { ...asked, password: '000000' })).toBe('422 ')
  expect(await agreements().query(call, order)).toMatchObject({ outcome: 'absent' })
  expect(await post('/wallet/agreement', { ...asked, password: '123456' })).toBe(
    `303 ${order.returnUrl}`,
  )
  expect(await agreements().query(call, order)).toMatchObject({ outcome: 'active' })
  const list = `${bench.simulator.url}/wallet/agreements?buyer_id=${BUYER_ID}`
  expect(await (await request(list)).body.text()).toContain('解约')
  await post('/wallet/agreements', { buyer_id: BUYER_ID, no: order.signNo })
  expect(await agreements().query(call, order)).toMatchObject({ outcome: 'absent' })
})
