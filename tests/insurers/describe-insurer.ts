import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { LAPSE } from '../../apps/simulators/commercial/index.ts'
import { addFen, fen } from '../../kernel/money.ts'
import { HOUR_MS } from '../../kernel/time.ts'
import { describeDesk, describeTrust } from './describe-insurer-desk.ts'
import { describeTrouble } from './describe-insurer-trouble.ts'
import { confirmOf, dataOf, DONE, no, nosOf, type On, returnOf, settled } from './insurer-acts.ts'
import { BENEFIT, billOf, HOLDERS, POLICIES, PRODUCT, type InsurerBench } from './insurer-bench.ts'

/** What every adapter of a commercial insurer must do, with its simulator behind it. */
export function describeInsurer(name: string, open: () => Promise<InsurerBench>): void {
  let bench: InsurerBench
  beforeEach(async () => void (bench = await open()))
  afterEach(() => bench.close())
  const on = () => bench

  describe(`[N3] ${name}: policies`, () => {
    describePolicies(on)
  })
  describe(`[N3] ${name}: from the advance to the settlement`, () => {
    describeOrders(on)
  })
  describe(`[N3] ${name}: what an insurer says no to`, () => {
    describeRefusals(on)
  })
  describe(`[N3] ${name}: giving back`, () => {
    describeReturns(on)
  })
  describe(`[N3] ${name}: lost and strange answers`, () => {
    describeTrouble(on)
  })
  describe(`[N3] ${name}: papers and the day's list`, () => {
    describeDesk(on)
  })
  describe(`[N3] ${name}: who asks, and what is kept of it`, () => {
    describeTrust(on)
  })
}

function describePolicies(on: On) {
  it('tells the policies of a person with their terms', async () => {
    const { insurer, call } = on()
    const [policy] = dataOf(await insurer.policiesOf(call, HOLDERS.insured))
    expect(policy).toEqual({
      policyNo: POLICIES.insured,
      product: { code: PRODUCT.code, name: PRODUCT.name },
      state: 'in_force',
      validFrom: '2026-03-01',
      validUntil: '2027-02-28',
      terms: {
        deductibleFen: 200_00,
        deductibleUsedFen: 0,
        ratioPpm: 800_000,
        capFen: 1_000_00,
        paidFen: 0,
        waitingUntil: '2026-03-31',
        excludedCategories: ['14'],
        excludedClasses: [],
      },
    })
  })

  it('tells what of the year is used up', async () => {
    const { insurer, call } = on()
    await settled(on())
    const [policy] = dataOf(await insurer.policiesOf(call, HOLDERS.insured))
    expect(policy?.terms).toMatchObject({ deductibleUsedFen: 200_00, paidFen: 250_00 })
  })

  it('knows no policy of a stranger, and of nobody under another name', async () => {
    const { insurer, call } = on()
    expect(dataOf(await insurer.policiesOf(call, HOLDERS.none))).toEqual([])
    const namesake = { ...HOLDERS.insured, name: '欧阳明日' }
    expect(await insurer.policiesOf(call, namesake)).toMatchObject(no('policy_unknown'))
  })

  it('tells an ended and a suspended policy', async () => {
    const { insurer, call, simulator } = on()
    const stateOf = async (who: 'insured' | 'ended') =>
      dataOf(await insurer.policiesOf(call, HOLDERS[who])).map(({ state }) => state)
    simulator.setPolicyState(POLICIES.insured, 'suspended')
    expect([await stateOf('insured'), await stateOf('ended')]).toEqual([['suspended'], ['lapsed']])
  })
}

function describeOrders(on: On) {
  it('advances what the policy pays, and moves nothing', async () => {
    const { insurer, call, newAdvance, simulator } = on()
    const request = newAdvance()
    const advance = dataOf(await insurer.advance(call, request))
    expect(advance).toMatchObject({ payFen: BENEFIT, deductibleFen: 200_00 })
    expect(advance.expiresAt?.toISOString()).toBe('2026-11-21T03:30:00.000Z')
    expect(addFen(...advance.byCategory.map((share) => share.payFen))).toBe(BENEFIT)
    expect(advance.byCategory.map((share) => share.chargeCategory)).not.toContain('14')
    expect(simulator.books(request.orderNo)).toEqual({ takenFen: 0, returnedFen: 0 })
    expect(dataOf(await insurer.query(call, nosOf(request)))).toEqual({
      state: 'advanced',
      insurerNo: advance.insurerNo,
      payFen: BENEFIT,
    })
  })

  it('settles what was advanced, once however often it is asked', async () => {
    const { insurer, call, newAdvance, simulator, hospitalCode } = on()
    const request = newAdvance()
    const first = dataOf(await insurer.advance(call, request))
    const again = dataOf(await insurer.advance(call, request))
    expect(again).toEqual(first)
    const confirm = confirmOf(request, first.insurerNo, first.payFen)
    const settlement = dataOf(await insurer.confirm(call, confirm))
    expect(dataOf(await insurer.confirm(call, confirm))).toEqual(settlement)
    expect(settlement).toMatchObject({ insurerNo: first.insurerNo, payFen: BENEFIT })
    expect(settlement.at.toISOString()).toBe('2026-11-21T01:30:00.000Z')
    expect(simulator.books(request.orderNo)).toEqual({ takenFen: BENEFIT, returnedFen: 0 })
    expect(simulator.owedTo(hospitalCode)).toBe(BENEFIT)
    expect(dataOf(await insurer.query(call, nosOf(request)))).toEqual({
      state: 'settled',
      settled: settlement,
      returnedFen: 0,
    })
  })

  it('knows no order that never came', async () => {
    const { insurer, call, newNo } = on()
    const order = { orderNo: newNo(), insurerNo: null }
    expect(await insurer.query(call, order)).toEqual({ outcome: 'ok', data: null })
  })

  it('cancels an advance, once and for all, and gives the cap back', async () => {
    const { insurer, call, newAdvance, simulator } = on()
    const request = newAdvance()
    const { insurerNo, payFen } = dataOf(await insurer.advance(call, request))
    expect(await insurer.cancel(call, { orderNo: request.orderNo, insurerNo })).toEqual(DONE)
    expect(await insurer.cancel(call, nosOf(request))).toEqual(DONE)
    const confirm = confirmOf(request, insurerNo, payFen)
    expect(await insurer.confirm(call, confirm)).toMatchObject(no('advance_expired'))
    expect(dataOf(await insurer.query(call, nosOf(request)))).toEqual({
      state: 'cancelled',
      insurerNo,
    })
    expect(simulator.policy(POLICIES.insured)).toMatchObject({
      benefitUsedFen: 0,
      deductibleUsedFen: 0,
    })
  })

  it('cancels what has not come yet, so that it never will', async () => {
    const { insurer, call, newAdvance } = on()
    const request = newAdvance()
    expect(await insurer.cancel(call, nosOf(request))).toEqual(DONE)
    expect(await insurer.advance(call, request)).toMatchObject(no('advance_expired'))
    expect(dataOf(await insurer.query(call, nosOf(request)))).toMatchObject({ state: 'cancelled' })
  })

  it('refuses to cancel what is settled', async () => {
    const { insurer, call } = on()
    const { request } = await settled(on())
    expect(await insurer.cancel(call, nosOf(request))).toMatchObject(no('already_settled'))
  })

  it('uses up the deductible once, then the cap', async () => {
    const { insurer, call, newAdvance } = on()
    await settled(on())
    const second = await settled(on(), billOf(fen(500_00), newAdvance()))
    expect(second.payFen).toBe(400_00)
    const third = await settled(on(), billOf(fen(5_000_00), newAdvance()))
    expect(third.payFen).toBe(350_00)
    const fourth = billOf(fen(100_00), newAdvance())
    expect(await insurer.advance(call, fourth)).toMatchObject(no('limit_reached'))
  })

  it('answers a bill below the deductible with nothing to pay, and why', async () => {
    const { insurer, call, newAdvance } = on()
    const advance = dataOf(await insurer.advance(call, billOf(fen(199_99), newAdvance())))
    expect(advance).toMatchObject({ payFen: 0, deductibleFen: 199_99 })
    expect(advance.remarks).toHaveLength(1)
  })
}

function describeRefusals(on: On) {
  it.each([
    ['policy_lapsed', 'ended'],
    ['waiting_period', 'waiting'],
  ] as const)('%s: of a policy that is %s', async (code, who) => {
    const { insurer, call, newAdvance } = on()
    const request = newAdvance({ holder: HOLDERS[who], policyNo: POLICIES[who] })
    expect(await insurer.advance(call, request)).toMatchObject(no(code))
  })

  it('policy_unknown: of no policy, and of somebody else’s', async () => {
    const { insurer, call, newAdvance } = on()
    const noPolicy = newAdvance({ policyNo: 'P-NONE' })
    const notTheirs = newAdvance({ holder: HOLDERS.none })
    expect(await insurer.advance(call, noPolicy)).toMatchObject(no('policy_unknown'))
    expect(await insurer.advance(call, notTheirs)).toMatchObject(no('policy_unknown'))
  })

  it('not_covered: an excluded diagnosis, and a kind of visit the product is not for', async () => {
    const { insurer, call, newAdvance } = on()
    const request = newAdvance()
    const diagnosis = { code: 'O80.0', name: '自然临产' }
    const birth = { ...request, bill: { ...request.bill, diagnosis } }
    expect(await insurer.advance(call, birth)).toMatchObject(no('not_covered'))
    const online = newAdvance()
    const visit = { ...online, bill: { ...online.bill, kind: 'online' as const } }
    expect(await insurer.advance(call, visit)).toMatchObject(no('not_covered'))
  })

  it('takes a bill without its diagnosis', async () => {
    const { insurer, call, newAdvance } = on()
    const request = newAdvance()
    const bill = { ...request.bill, diagnosis: null }
    expect(dataOf(await insurer.advance(call, { ...request, bill })).payFen).toBe(BENEFIT)
  })

  it('advance_expired: confirmed too late', async () => {
    const { insurer, call, newAdvance, pass, simulator } = on()
    const request = newAdvance()
    const { insurerNo, payFen } = dataOf(await insurer.advance(call, request))
    pass(2 * HOUR_MS + 1)
    const answer = await insurer.confirm(call, confirmOf(request, insurerNo, payFen))
    expect(answer).toMatchObject(no('advance_expired'))
    expect(simulator.books(request.orderNo)).toEqual({ takenFen: 0, returnedFen: 0 })
  })

  it('policy_lapsed: ended between advance and confirm', async () => {
    const { insurer, call, newAdvance, trouble, simulator } = on()
    const request = newAdvance()
    const { insurerNo, payFen } = dataOf(await insurer.advance(call, request))
    trouble({ kind: 'decline', code: LAPSE })
    const confirm = confirmOf(request, insurerNo, payFen)
    expect(await insurer.confirm(call, confirm)).toMatchObject(no('policy_lapsed'))
    expect(await insurer.confirm(call, confirm)).toMatchObject(no('policy_lapsed'))
    const found = dataOf(await insurer.query(call, nosOf(request)))
    expect(found).toEqual({ state: 'failed', insurerNo })
    expect(simulator.books(request.orderNo)).toEqual({ takenFen: 0, returnedFen: 0 })
  })

  it('figures_changed: another amount than was advanced', async () => {
    const { insurer, call, newAdvance, simulator } = on()
    const request = newAdvance()
    const { insurerNo } = dataOf(await insurer.advance(call, request))
    const answer = await insurer.confirm(call, confirmOf(request, insurerNo, fen(250_01)))
    expect(answer).toMatchObject(no('figures_changed'))
    expect(simulator.books(request.orderNo)).toEqual({ takenFen: 0, returnedFen: 0 })
  })

  it('order_unknown: of a number the insurer never gave', async () => {
    const { insurer, call, newAdvance } = on()
    const answer = await insurer.confirm(call, confirmOf(newAdvance(), 'C0', BENEFIT))
    expect(answer).toMatchObject(no('order_unknown'))
  })

  it('refuses an order number that was used for another bill', async () => {
    const { insurer, call, newAdvance } = on()
    const request = newAdvance()
    await insurer.advance(call, request)
    const other = { ...billOf(fen(300_00), request), orderNo: request.orderNo }
    expect(await insurer.advance(call, other)).toMatchObject(no('refused'))
  })
}

function describeReturns(on: On) {
  it('gives back the whole, once however often it is asked', async () => {
    const { insurer, call, simulator, hospitalCode } = on()
    const { request, insurerNo } = await settled(on())
    const order = returnOf(on(), request, insurerNo, BENEFIT)
    expect(await insurer.queryRefund(call, order)).toEqual({ outcome: 'ok', data: null })
    const returned = dataOf(await insurer.refund(call, order))
    expect(dataOf(await insurer.refund(call, order))).toEqual(returned)
    expect(dataOf(await insurer.queryRefund(call, order))).toEqual(returned)
    expect(returned.amountFen).toBe(BENEFIT)
    expect(dataOf(await insurer.query(call, nosOf(request)))).toMatchObject({
      state: 'settled',
      returnedFen: BENEFIT,
    })
    expect(simulator.books(request.orderNo)).toEqual({ takenFen: BENEFIT, returnedFen: BENEFIT })
    expect(simulator.owedTo(hospitalCode)).toBe(0)
    expect(simulator.policy(POLICIES.insured)).toMatchObject({
      benefitUsedFen: 0,
      deductibleUsedFen: 0,
    })
  })

  it('gives back a part where it says that it does, and refuses it where not', async () => {
    const { insurer, call, simulator } = on()
    const { request, insurerNo } = await settled(on())
    const part = returnOf(on(), request, insurerNo, fen(100_01))
    const answer = await insurer.refund(call, part)
    expect(answer).toMatchObject(
      insurer.refundsParts ? { outcome: 'ok', data: { amountFen: 100_01 } } : no('refused'),
    )
    const restFen = insurer.refundsParts ? fen(149_99) : BENEFIT
    const rest = returnOf(on(), request, insurerNo, restFen)
    expect(dataOf(await insurer.refund(call, rest)).amountFen).toBe(restFen)
    expect(simulator.books(request.orderNo).returnedFen).toBe(BENEFIT)
  })

  it('gives back no more than was settled', async () => {
    const { insurer, call, simulator } = on()
    const { request, insurerNo } = await settled(on())
    const tooMuch = returnOf(on(), request, insurerNo, fen(250_01))
    expect(await insurer.refund(call, tooMuch)).toMatchObject(no('already_returned'))
    await insurer.refund(call, returnOf(on(), request, insurerNo, BENEFIT))
    const second = returnOf(on(), request, insurerNo, BENEFIT)
    expect(await insurer.refund(call, second)).toMatchObject(no('already_returned'))
    expect(simulator.books(request.orderNo).returnedFen).toBe(BENEFIT)
  })

  it('gives nothing back of what was only advanced', async () => {
    const { insurer, call, newAdvance } = on()
    const request = newAdvance()
    const { insurerNo } = dataOf(await insurer.advance(call, request))
    const order = returnOf(on(), request, insurerNo, BENEFIT)
    expect((await insurer.refund(call, order)).outcome).toBe('refused')
  })
}
