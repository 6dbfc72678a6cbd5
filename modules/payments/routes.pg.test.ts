import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { MINUTE_MS } from '../../kernel/time.ts'
import type { Principal, Role } from '../../platform/principal.ts'
import { openHub, PATIENT, STRANGER, type TestHub } from './testing/hub.ts'
import type { PaymentsWorld } from './testing/world.ts'
import { createWorlds } from './testing/worlds.ts'
import type { viewOfPicture, viewOfRefund } from './view.ts'

type PaymentBody = ReturnType<typeof viewOfPicture>
type RefundBody = ReturnType<typeof viewOfRefund>

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld
let hub: TestHub

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(async () => {
  world = worlds.newWorld()
  hub = await openHub(world)
})
afterEach(() => hub.app.close())

const staff = (role: Role) => hub.staff(role)
const his = (): Principal => ({ kind: 'his', hospitalId: world.hospitalId })
const call = (...args: Parameters<TestHub['call']>) => hub.call(...args)

const wish = (lineFens = [10_000, 5_000]) => ({
  bills: [world.hospital.addBill('B1', lineFens)],
  channel: 'wechat',
  useAccount: true,
})

async function paid(): Promise<PaymentBody> {
  const quoted = await call(PATIENT, 'POST', '/payments', wish())
  const { id } = quoted.json<PaymentBody>()
  await call(PATIENT, 'POST', `/payments/${id}/confirmation`, { payFen: 6_000 })
  world.wallet.payAll()
  await world.pass(MINUTE_MS)
  return (await call(PATIENT, 'GET', `/payments/${id}`)).json<PaymentBody>()
}

describe('[P1] a payer', () => {
  it('sees a plan, agrees to it, and sees what came of it', async () => {
    const quoted = await call(PATIENT, 'POST', '/payments', wish())
    expect([quoted.statusCode, quoted.json()]).toMatchObject([
      201,
      { status: 'quoted', payerState: 'to_confirm', totalFen: 15_000, inTransitFen: 0 },
    ])
    const { id, tenders } = quoted.json<PaymentBody>()
    expect(tenders.map((t) => [t.provider, t.phase, t.amountFen])).toEqual([
      ['wechat', 'payer', 6_000],
      ['insurance', 'settle', 9_000],
    ])
    const confirmed = await call(PATIENT, 'POST', `/payments/${id}/confirmation`, { payFen: 6_000 })
    expect([confirmed.statusCode, confirmed.json()]).toMatchObject([
      200,
      { payerState: 'to_pay', tenders: [{ payerAction: { kind: 'qr_code' } }, {}] },
    ])
    world.wallet.payAll()
    await world.pass(MINUTE_MS)
    const seen = await call(PATIENT, 'GET', `/payments/${id}`)
    expect(seen.json()).toMatchObject({
      payerState: 'succeeded',
      bills: [{ billNo: 'B1', receiptNo: 'RC-B1', guidance: ['2 楼 B 区 门诊药房'] }],
      nextLookAt: null,
    })
  })

  it('gets one plan for one key, the same to the byte', async () => {
    const body = wish()
    const [first, again] = [
      await call(PATIENT, 'POST', '/payments', body, 'once'),
      await call(PATIENT, 'POST', '/payments', body, 'once'),
    ]
    expect([again.statusCode, again.body]).toEqual([201, first.body])
    const list = await call(PATIENT, 'GET', '/payments')
    expect(list.json<{ items: unknown[] }>().items).toHaveLength(1)
  })

  it('is told which field is wrong', async () => {
    const quoted = await call(PATIENT, 'POST', '/payments', wish())
    const { id } = quoted.json<PaymentBody>()
    const refused = await call(PATIENT, 'POST', `/payments/${id}/confirmation`, { payFen: '6000' })
    expect([refused.statusCode, refused.json()]).toMatchObject([
      400,
      { code: 'http.invalid_request', params: { field: 'body/payFen', rule: 'type' } },
    ])
    const other = await call(PATIENT, 'POST', `/payments/${id}/confirmation`, { payFen: 1 })
    expect([other.statusCode, other.json()]).toMatchObject([409, { code: 'payments.plan_changed' }])
  })

  it('cancels what is not paid yet', async () => {
    const quoted = await call(PATIENT, 'POST', '/payments', wish())
    const { id } = quoted.json<PaymentBody>()
    const cancelled = await call(PATIENT, 'POST', `/payments/${id}/cancellation`)
    expect([cancelled.statusCode, cancelled.json()]).toMatchObject([
      200,
      { payerState: 'closed', failureCode: 'cancelled' },
    ])
    const again = await call(PATIENT, 'POST', `/payments/${id}/cancellation`)
    expect(again.json()).toMatchObject({ code: 'payments.payment_not_cancellable' })
  })

  it('has payments that nobody else sees or moves', async () => {
    const { id } = await paid()
    const answers = await Promise.all([
      call(STRANGER, 'GET', `/payments/${id}`),
      call(STRANGER, 'POST', `/payments/${id}/confirmation`, { payFen: 6_000 }),
      call(STRANGER, 'POST', `/payments/${id}/cancellation`),
    ])
    for (const answer of answers) {
      expect([answer.statusCode, answer.json()]).toMatchObject([
        404,
        { code: 'payments.payment_not_found' },
      ])
    }
    const list = await call(STRANGER, 'GET', '/payments')
    expect(list.json()).toEqual({ items: [] })
  })
})

describe('[P6] staff', () => {
  it('give back a line, and finance asks again for what was declined', async () => {
    const { id } = await paid()
    world.wallet.script.declinesRefunds = 'not_enough'
    const wanted = { billNo: 'B1', lineNos: [2], reason: '退药' }
    const asked = await call(staff('cashier'), 'POST', `/payments/${id}/refunds`, wanted)
    expect([asked.statusCode, asked.json()]).toMatchObject([
      202,
      { status: 'returning', attention: 'not_enough', amountFen: 5_000, lineNos: [2] },
    ])
    const path = `/refunds/${asked.json<RefundBody>().id}/retry`
    expect((await call(staff('cashier'), 'POST', path)).statusCode).toBe(403)
    expect((await call(PATIENT, 'POST', path)).statusCode).toBe(403)

    world.wallet.script.declinesRefunds = null
    const retried = await call(staff('finance'), 'POST', path, undefined, 'retry-1')
    expect([retried.statusCode, retried.json()]).toMatchObject([
      202,
      { status: 'succeeded', attention: null },
    ])
    const repeated = await call(staff('finance'), 'POST', path, undefined, 'retry-1')
    expect([repeated.statusCode, repeated.body]).toEqual([202, retried.body])
    const late = await call(staff('finance'), 'POST', path)
    expect([late.statusCode, late.json()]).toMatchObject([
      409,
      { code: 'payments.refund_not_declined' },
    ])
    const nobody = `/refunds/${world.newId()}/retry`
    expect((await call(staff('finance'), 'POST', nobody)).json()).toMatchObject({
      code: 'payments.refund_not_found',
    })
  })

  it('see refunds as a list, filtered and page by page; payers do not', async () => {
    const { id } = await paid()
    const path = `/payments/${id}/refunds`
    for (const lineNo of [1, 2]) {
      await call(staff('cashier'), 'POST', path, { billNo: 'B1', lineNos: [lineNo], reason: '退' })
      await world.pass(MINUTE_MS)
    }
    const list = async (query: string) =>
      (await call(staff('cashier'), 'GET', `/refunds${query}`)).json<{ items: RefundBody[] }>()
        .items
    const [newest, oldest] = await list('')
    expect([newest?.lineNos, oldest?.lineNos]).toEqual([[2], [1]])
    expect(newest).toMatchObject({ paymentId: id, status: 'succeeded', cause: 'requested' })
    expect(await list('?limit=1')).toEqual([newest])
    expect(await list(`?limit=1&before=${newest?.id}`)).toEqual([oldest])
    expect(await list('?status=succeeded&status=refused&ofIncome=true')).toHaveLength(2)
    expect(await list('?cause=late')).toEqual([])
    expect(await list('?attention=true')).toEqual([])
    expect(await list('?returnedOn=2026-11-21&createdOn=2026-11-21')).toHaveLength(2)
    expect(await list('?returnedOn=2026-11-20')).toEqual([])
    for (const wrong of [
      'status=lost',
      'cause=x',
      'limit=201',
      'createdOn=2026-02-30',
      'before=1',
    ]) {
      expect((await call(staff('cashier'), 'GET', `/refunds?${wrong}`)).statusCode).toBe(400)
    }
    expect((await call(PATIENT, 'GET', '/refunds')).statusCode).toBe(403)
    const other = { ...staff('finance'), hospitalId: 999 } as Principal
    expect((await call(other, 'GET', '/refunds')).statusCode).toBe(403)
  })

  it('of one hospital have nothing to do with another', async () => {
    const { id } = await paid()
    const other = { ...staff('finance'), hospitalId: 999 } as Principal
    for (const path of [`/payments/${id}`, '/payments', `/payments/${id}/timeline`]) {
      expect((await call(other, 'GET', path)).statusCode).toBe(403)
    }
  })

  it('see one payment from all sides', async () => {
    const { id } = await paid()
    const timeline = await call(staff('auditor'), 'GET', `/payments/${id}/timeline`)
    const { events } = timeline.json<{ events: { kind: string; durationMs: number | null }[] }>()
    expect(new Set(events.map((event) => event.kind))).toEqual(
      new Set(['person', 'ours', 'provider', 'hospital', 'journal']),
    )
    const nobody = await call(staff('auditor'), 'GET', `/payments/${world.newId()}/timeline`)
    expect(nobody.statusCode).toBe(404)
  })
})

describe("the hospital's system", () => {
  it('asks for a refund once for each number of its own', async () => {
    const { paymentNo } = await paid()
    const wanted = {
      requestNo: 'HIS-1',
      paymentNo,
      billNo: 'B1',
      lines: [{ lineNo: 2 }],
      reason: '退药',
    }
    const [first, again] = [
      await call(his(), 'POST', '/his/refund-requests', wanted),
      await call(his(), 'POST', '/his/refund-requests', wanted),
    ]
    expect([first.statusCode, first.json()]).toMatchObject([202, { status: 'succeeded' }])
    expect(again.json()).toEqual(first.json())
    for (const foreign of ['X', `ZZZZ${paymentNo.slice(4)}`]) {
      const refused = await call(his(), 'POST', '/his/refund-requests', {
        ...wanted,
        requestNo: 'HIS-2',
        paymentNo: foreign,
      })
      expect([refused.statusCode, refused.json()]).toMatchObject([
        404,
        { code: 'payments.payment_not_found' },
      ])
    }
  })
})

describe('a notice', () => {
  const notice = (payload: string | undefined, headers: Record<string, string> = {}) =>
    hub.app.inject({
      method: 'POST',
      url: `/v1/hospitals/${world.hospitalId}/notices/wechat`,
      headers: { ...(payload ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(payload ? { payload } : {}),
    })

  it('is kept when it is proven, and refused when it is not, with a body or without', async () => {
    const { paymentNo } = await paid()
    const kept = await notice(`{"id":"n1","tradeNo":"${paymentNo}"}`, { 'x-signature': 'genuine' })
    expect([kept.statusCode, kept.body]).toEqual([204, ''])
    for (const answer of [await notice('{"id":"n1"}'), await notice(undefined)]) {
      expect([answer.statusCode, answer.json()]).toMatchObject([
        401,
        { code: 'payments.notice_refused' },
      ])
    }
  })
})

it('offers asking again for a refund in its description', () => {
  const { paths } = hub.app.swagger() as {
    paths: Record<string, { post?: { operationId?: string } }>
  }
  const path = '/v1/hospitals/{hospitalId}/refunds/{id}/retry'
  expect(paths[path]?.post?.operationId).toBe('retryRefund')
})
