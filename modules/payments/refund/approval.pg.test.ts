import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { DAY_MS, MINUTE_MS } from '../../../kernel/time.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { inHospital } from '../../../platform/db.ts'
import type { Principal } from '../../../platform/principal.ts'
import type { PaymentId } from '../payment.ts'
import { openHub, PATIENT, type TestHub } from '../testing/hub.ts'
import type { PaymentsWorld } from '../testing/world.ts'
import { bookProblems, createWorlds, paidPayment } from '../testing/worlds.ts'

// Refunds of the staff that take two people, over HTTP, with the tables and the machine of refunds behind it.

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld
let hub: TestHub
let maker: Principal
let checker: Principal
let id: PaymentId

const LIMITS = { aboveFen: 5_000, lateAfterDays: 30, mostADay: 20 }

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(async () => {
  world = worlds.newWorld()
  world.insurer.script.available = false
  hub = await openHub(world)
  maker = hub.staff('finance', 'maker')
  checker = hub.staff('finance', 'checker')
  await hub.call(hub.staff('it'), 'PUT', '/refund-rule', LIMITS)
  id = await paidPayment(world, [6_000, 3_000, 1_000])
})
afterEach(() => hub.app.close())

type Body = Record<string, unknown> & { id: string; code?: string; items: Body[] }

async function call(...args: Parameters<TestHub['call']>) {
  const response = await hub.call(...args)
  return { status: response.statusCode, body: response.json<Body>() }
}

const WISH = { billNo: 'B1', lineNos: [1], reason: '医生更改医嘱' }
const alone = (wish: object = WISH, as = maker) => call(as, 'POST', `/payments/${id}/refunds`, wish)
const ask = (wish: object = WISH, as = maker, key?: string) =>
  call(as, 'POST', `/payments/${id}/refund-requests`, wish, key)
const approve = (request: string, as = checker, key?: string) =>
  call(as, 'POST', `/refund-requests/${request}/approve`, undefined, key)
const decline = (request: string, as = checker) =>
  call(as, 'POST', `/refund-requests/${request}/decline`, { note: '金额不对' })

const refused = (status: number, code: string) => ({
  status,
  body: { code: `payments.${code}` },
})

async function refundsOfPayment() {
  await world.pass(2 * MINUTE_MS)
  return (await world.picture(id)).refunds
}

async function auditActions(): Promise<string[]> {
  const { rows } = await inHospital(world.db, world.hospitalId, (tx) =>
    sql<{ action: string; actor: string }>`select action, actor from platform.audit
      where hospital_id = ${world.hospitalId} and actor like 'staff:%' order by id`.execute(tx),
  )
  return rows.map(({ action, actor }) => `${actor} ${action}`)
}

describe('F-67: a refund that one person may not give alone', () => {
  it('moves nothing until a second person agrees, and then once', async () => {
    const stopped = await alone()
    expect(stopped).toMatchObject({
      ...refused(422, 'refund_needs_approval'),
      body: { params: { why: 'amount' } },
    })
    const asked = await ask()
    expect(asked).toMatchObject({
      status: 202,
      body: { status: 'waiting', amountFen: 6_000, why: ['amount'], requestedBy: 'staff:maker' },
    })
    expect(await refundsOfPayment()).toEqual([])
    expect(world.hospital.refunds()).toEqual([])

    const agreed = await approve(asked.body.id)
    expect(agreed).toMatchObject({ status: 202, body: { id: asked.body.id, amountFen: 6_000 } })
    const [refund, ...others] = await refundsOfPayment()
    expect(others).toEqual([])
    expect(refund).toMatchObject({ status: 'succeeded', requestedBy: 'staff:maker' })
    expect(world.wallet.balanceFen()).toBe(4_000)
    expect(await bookProblems(world)).toEqual([])
    const { body } = await call(checker, 'GET', '/refund-requests')
    expect(body.items).toMatchObject([{ status: 'approved', decidedBy: 'staff:checker' }])
    expect(await auditActions()).toEqual([
      'staff:s1 payments.set_refund_rule',
      'staff:maker payments.ask_refund_approval',
      'staff:maker payments.request_refund',
      'staff:checker payments.approve_refund',
    ])
  })

  it('is not approved by who asked, by a cashier or by the payer', async () => {
    const { body } = await ask()
    expect(await approve(body.id, maker)).toMatchObject(refused(422, 'refund_needs_second_person'))
    for (const nobody of [hub.staff('cashier', 'x'), hub.staff('auditor', 'x'), PATIENT]) {
      expect((await approve(body.id, nobody)).status).toBe(403)
    }
    const elsewhere = { ...checker, hospitalId: 999 } as Principal
    expect((await approve(body.id, elsewhere)).status).toBe(403)
    expect(await refundsOfPayment()).toEqual([])
  })

  it('that is clicked twice, asked for by two and approved by two is one refund', async () => {
    const other = hub.staff('cashier', 'other')
    const wishes = await Promise.all([
      ask(WISH, maker, 'k1'),
      ask(WISH, maker, 'k1'),
      ask(WISH, other),
    ])
    const taken = wishes.filter(({ status }) => status === 202)
    expect(new Set(taken.map(({ body }) => body.id)).size).toBe(1)
    for (const { status, body } of wishes.filter((w) => w.status !== 202)) {
      expect([status, body.code]).toContain(409)
    }
    const request = taken[0]?.body.id ?? ''
    const third = hub.staff('finance', 'third')
    const answers = await Promise.all([
      approve(request, checker, 'k2'),
      approve(request, checker, 'k2'),
      approve(request, third),
      approve(request, third),
    ])
    expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThan(0)
    for (const { status } of answers) expect([202, 409]).toContain(status)
    expect(await refundsOfPayment()).toHaveLength(1)
    expect(world.wallet.balanceFen()).toBe(4_000)
    expect(world.hospital.refunds()).toHaveLength(1)
  })

  it('ends with the first word: what was declined is not approved, nor the other way round', async () => {
    const first = await ask()
    expect(await decline(first.body.id)).toMatchObject({
      status: 200,
      body: { status: 'declined', decisionNote: '金额不对', decidedBy: 'staff:checker' },
    })
    expect(await approve(first.body.id)).toMatchObject(refused(409, 'refund_request_decided'))
    const second = await ask()
    const race = await Promise.all([approve(second.body.id), decline(second.body.id)])
    expect(race.map(({ status }) => status).toSorted((a, b) => a - b)[1]).toBe(409)
    const { body } = await call(checker, 'GET', `/refund-requests?paymentId=${id}`)
    const isApproved = body.items[0]?.['status'] === 'approved'
    expect(await refundsOfPayment()).toHaveLength(isApproved ? 1 : 0)
  })

  it('is withdrawn by who asked, and by no other cashier', async () => {
    const cashier = hub.staff('cashier', 'c1')
    const { body } = await ask(WISH, cashier)
    const other = await decline(body.id, hub.staff('cashier', 'c2'))
    expect(other).toMatchObject(refused(403, 'refund_not_yours'))
    const withdrawn = await decline(body.id, cashier)
    expect(withdrawn).toMatchObject({ status: 200, body: { status: 'withdrawn' } })
    expect((await ask()).status).toBe(202)
  })

  it('waits alone: a second wish of the payment is told so', async () => {
    await ask()
    expect(await ask({ ...WISH, lineNos: [2] })).toMatchObject(refused(409, 'refund_waiting'))
  })

  it('is not granted any more when its lines went back meanwhile', async () => {
    const { body } = await ask({ ...WISH, lineNos: [1, 3] })
    await alone({ ...WISH, lineNos: [3] })
    await world.pass(2 * MINUTE_MS)
    expect(await approve(body.id)).toMatchObject(refused(409, 'refund_lines_refunded'))
    const waiting = await call(checker, 'GET', '/refund-requests?status=waiting')
    expect(waiting.body.items).toHaveLength(1)
    expect((await decline(body.id)).status).toBe(200)
  })
})

describe('what is out of the ordinary', () => {
  it('is too much in slices', async () => {
    for (const lineNos of [[2], [3]]) {
      expect((await alone({ ...WISH, lineNos })).status).toBe(202)
      await world.pass(2 * MINUTE_MS)
    }
    expect(await alone()).toMatchObject(refused(422, 'refund_needs_approval'))
  })

  it('is an old payment, and many refunds of one person on one day', async () => {
    await hub.call(hub.staff('it'), 'PUT', '/refund-rule', { ...LIMITS, mostADay: 1 })
    expect((await alone({ ...WISH, lineNos: [2] })).status).toBe(202)
    await world.pass(2 * MINUTE_MS)
    const small = { ...WISH, lineNos: [3] }
    expect((await alone(small)).body).toMatchObject({ params: { why: 'often' } })
    await world.pass(DAY_MS)
    world.clock.advance(30 * DAY_MS)
    expect((await alone(small)).body).toMatchObject({ params: { why: 'late' } })
    const asked = await ask(small)
    expect((await approve(asked.body.id)).status).toBe(202)
  })

  it('is said by the hospital’s IT and by nobody who gives money back', async () => {
    const none = { aboveFen: null, lateAfterDays: null, mostADay: null }
    expect((await call(maker, 'PUT', '/refund-rule', none)).status).toBe(403)
    const stands = { ...LIMITS, hisAboveFen: 2_000_000, proposal: null }
    expect((await call(maker, 'GET', '/refund-rule')).body).toEqual(stands)
    for (const wrong of [{ ...none, aboveFen: -1 }, { ...none, aboveFen: 1.5 }, {}]) {
      expect((await call(hub.staff('it'), 'PUT', '/refund-rule', wrong)).status).toBe(400)
    }
    for (const both of ['finance', 'cashier'] as const) {
      const twice = { ...hub.staff('it'), roles: ['it', both] } as Principal
      expect(await call(twice, 'PUT', '/refund-rule', LIMITS)).toMatchObject(
        refused(403, 'refund_rule_not_yours'),
      )
    }
  })

  it('is made stricter by one, and looser only with another', async () => {
    const it = hub.staff('it', 'it')
    const stricter = { ...LIMITS, mostADay: 10 }
    expect((await call(it, 'PUT', '/refund-rule', stricter)).body).toMatchObject(stricter)
    const looser = { ...stricter, aboveFen: null }
    const proposed = await call(it, 'PUT', '/refund-rule', looser)
    expect(proposed).toMatchObject({
      status: 200,
      body: { ...stricter, proposal: { rule: looser, proposedBy: 'staff:it' } },
    })
    expect(await alone()).toMatchObject(refused(422, 'refund_needs_approval'))
    expect(await call(it, 'PUT', '/refund-rule', looser)).toMatchObject(
      refused(409, 'refund_rule_waiting'),
    )
    const { proposal } = proposed.body as unknown as { proposal: { id: string } }
    const decide = (as: Principal, isAgreed: boolean) =>
      call(as, 'POST', `/refund-rule/proposals/${proposal.id}/decision`, { isAgreed })
    expect(await decide(it, true)).toMatchObject(refused(422, 'refund_needs_second_person'))
    expect((await decide(hub.staff('cashier', 'x'), true)).status).toBe(403)
    expect((await decide(hub.staff('auditor', 'x'), true)).status).toBe(403)
    expect((await decide(checker, true)).body).toMatchObject({ ...looser, proposal: null })
    expect(await decide(checker, true)).toMatchObject(refused(409, 'refund_rule_decided'))
    expect((await alone()).status).toBe(202)
  })

  it('that somebody has proposed to make looser ends with a no', async () => {
    const it = hub.staff('it', 'it')
    const looser = { ...LIMITS, lateAfterDays: 31 }
    const { body } = await call(it, 'PUT', '/refund-rule', looser)
    const { proposal } = body as unknown as { proposal: { id: string } }
    const ended = await call(it, 'POST', `/refund-rule/proposals/${proposal.id}/decision`, {
      isAgreed: false,
    })
    expect(ended.body).toMatchObject({ ...LIMITS, proposal: null })
  })

  it('is never wider than the table lets anybody write', async () => {
    const setBy = (column: string, value: number) =>
      inHospital(world.db, world.hospitalId, (tx) =>
        sql`update payments.refund_rule set ${sql.ref(column)} = ${value}
          where hospital_id = ${world.hospitalId}`.execute(tx),
      )
    await expect(setBy('above_fen', 20_000_001)).rejects.toThrow('within_reason')
    await expect(setBy('most_a_day', 501)).rejects.toThrow('within_reason')
    await expect(setBy('his_above_fen', 100_000_001)).rejects.toThrow('within_reason')
    const tooWide = { ...LIMITS, aboveFen: 20_000_001 }
    expect((await call(hub.staff('it'), 'PUT', '/refund-rule', tooWide)).status).toBe(400)
  })

  it('is more than ¥5,000 until a hospital says otherwise', async () => {
    world = worlds.newWorld()
    await hub.app.close()
    hub = await openHub(world)
    const { body } = await call(hub.staff('finance'), 'GET', '/refund-rule')
    const limits = { aboveFen: 500_000, lateAfterDays: 90, mostADay: 50, hisAboveFen: 2_000_000 }
    expect(body).toEqual({ ...limits, proposal: null })
  })
})

it('F-57: a refund of more than the payment has left is refused before anybody is asked', async () => {
  // A provider gave back more than it was asked for, as the reconciliation of its list has shown.
  await inHospital(world.db, world.hospitalId, (tx) =>
    sql`update payments.tender set returned_fen = 6000
      where hospital_id = ${world.hospitalId} and payment_id = ${id} and tender_no = 1`.execute(tx),
  )
  const asked = world.wallet.asked.length
  for (const ways of [alone, ask]) {
    expect(await ways()).toMatchObject({
      ...refused(422, 'refund_more_than_kept'),
      body: { params: { amountFen: 6_000, keptFen: 4_000 } },
    })
  }
  expect((await alone({ ...WISH, lineNos: [2] })).status).toBe(202)
  expect(world.hospital.refunds()).toHaveLength(1)
  expect(world.wallet.asked.length).toBe(asked + 1)
})

it('two people it takes, even where a program forgets to ask', async () => {
  const { body } = await ask()
  const cheat = inHospital(world.db, world.hospitalId, (tx) =>
    sql`update payments.refund_request set status = 'approved', decided_by = requested_by, decided_at = created_at
      where hospital_id = ${world.hospitalId} and id = ${body.id}`.execute(tx),
  )
  await expect(cheat).rejects.toThrow(/refund_request_has_two_people/)
})

describe('F-67: what others than the staff give back', () => {
  const ofHis = async (lineNos: number[], requestNo: string) =>
    call({ kind: 'his', hospitalId: world.hospitalId }, 'POST', '/his/refund-requests', {
      requestNo,
      paymentNo: tradeNoOf(world.hospitalId, id),
      billNo: 'B1',
      lines: lineNos.map((lineNo) => ({ lineNo })),
      reason: '退药',
    })

  it('counts for the limit of one person, so that no application begins in slices what staff end', async () => {
    const application = { name: 'application:a1', requestId: null }
    const wish = { ...WISH, lineNos: [2], hospitalId: world.hospitalId, paymentId: id }
    const ofApplication = { ...wish, id: world.newId<'Refund'>(), requestNo: null }
    await world.payments.requestRefundAlone(ofApplication, application)
    await world.pass(2 * MINUTE_MS)
    const again = { ...ofApplication, id: world.newId<'Refund'>(), lineNos: [1] }
    await expect(world.payments.requestRefundAlone(again, application)).rejects.toMatchObject({
      code: 'payments.refund_needs_approval',
    })
    expect(await alone()).toMatchObject(refused(422, 'refund_needs_approval'))
    expect((await alone({ ...WISH, lineNos: [3] })).status).toBe(202)
  })

  it('is as much as the hospital lets its own system, and not in slices more', async () => {
    const rule = { ...LIMITS, hisAboveFen: 6_000 }
    await call(hub.staff('it'), 'PUT', '/refund-rule', rule)
    expect(await ofHis([2], 'HIS-1')).toMatchObject({ status: 202 })
    await world.pass(2 * MINUTE_MS)
    expect(await ofHis([1], 'HIS-2')).toMatchObject(refused(422, 'refund_needs_approval'))
    // The same wish again is what it has begun, whatever the rule.
    expect(await ofHis([2], 'HIS-1')).toMatchObject({ status: 202, body: { status: 'succeeded' } })
    const asked = await ask()
    expect((await approve(asked.body.id)).status).toBe(202)
    expect((await refundsOfPayment()).map(({ status }) => status)).toEqual([
      'succeeded',
      'succeeded',
    ])
  })
})
