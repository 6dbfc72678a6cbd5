import { expect, it } from 'vitest'

import { DAY_MS } from '../../kernel/time.ts'
import {
  confirmOf,
  dataOf,
  FAULTS,
  nextDay,
  no,
  type On,
  returnOf,
  settled,
  submissionOf,
} from './insurer-acts.ts'
import { BENEFIT, documentOf, HOLDERS } from './insurer-bench.ts'

export function describeDesk(on: On) {
  it('refuses the list of a day that is not over, and tells it the day after', async () => {
    const { insurer, call, endDay, clock, pass } = on()
    const { request, insurerNo } = await settled(on())
    const moments = [clock.now()]
    pass(1_000)
    moments.push(clock.now())
    const order = returnOf(on(), request, insurerNo, BENEFIT)
    await insurer.refund(call, order)
    const date = endDay()
    expect(await insurer.statement(call, { date: nextDay(date) })).toMatchObject(no('not_ready'))
    const statement = await insurer.statement(call, { date })
    if (statement.outcome !== 'ok') throw new Error(JSON.stringify(statement))
    expect(statement.data.lines).toMatchObject([
      { kind: 'charge', ourNo: request.orderNo, insurerNo, amountFen: BENEFIT },
      { kind: 'return', ourNo: order.refundNo, amountFen: BENEFIT },
    ])
    for (const { at } of statement.data.lines) expect([null, ...moments]).toContainEqual(at)
    expect(statement.data.content).toContain(order.refundNo)
  })

  it('tells an empty day', async () => {
    const { insurer, call, endDay } = on()
    const statement = await insurer.statement(call, { date: endDay() })
    expect(statement).toMatchObject({ outcome: 'ok', data: { lines: [] } })
  })

  it('takes the papers of a claim once, and decides on them', async () => {
    const { insurer, call, newNo, pass, simulator } = on()
    const { request, insurerNo } = await settled(on())
    const documents = (['bill', 'items', 'receipt'] as const).map(documentOf)
    const submission = { ...submissionOf(request, insurerNo, newNo()), documents }
    const { claimNo } = dataOf(await insurer.submitClaim(call, submission))
    expect(dataOf(await insurer.submitClaim(call, submission))).toEqual({ claimNo })
    expect(simulator.documentsOf(insurerNo).map((kept) => kept.sha256)).toEqual(
      documents.map((sent) => sent.sha256),
    )
    expect(dataOf(await insurer.claimState(call, { claimNo }))).toEqual({ state: 'submitted' })
    pass(DAY_MS)
    expect(dataOf(await insurer.claimState(call, { claimNo }))).toMatchObject({ state: 'accepted' })
  })

  it('says which papers are wanting, and takes them to the same claim', async () => {
    const { insurer, call, newNo, pass } = on()
    const { request, insurerNo } = await settled(on())
    const first = { ...submissionOf(request, insurerNo, newNo()), documents: [documentOf('bill')] }
    const { claimNo } = dataOf(await insurer.submitClaim(call, first))
    pass(DAY_MS)
    const wanting = dataOf(await insurer.claimState(call, { claimNo }))
    expect(wanting).toMatchObject({ state: 'more_wanted', wanted: ['items', 'receipt'] })
    const documents = (['items', 'receipt'] as const).map(documentOf)
    const second = { ...submissionOf(request, insurerNo, newNo()), claimNo, documents }
    expect(dataOf(await insurer.submitClaim(call, second))).toEqual({ claimNo })
    pass(DAY_MS)
    expect(dataOf(await insurer.claimState(call, { claimNo }))).toMatchObject({ state: 'accepted' })
  })

  it('tells that the insurer decided against a claim, and why', async () => {
    const { insurer, call, newNo, simulator } = on()
    const { request, insurerNo } = await settled(on())
    const documents = [documentOf('bill')]
    const submission = { ...submissionOf(request, insurerNo, newNo()), documents }
    const { claimNo } = dataOf(await insurer.submitClaim(call, submission))
    simulator.refuseClaim(claimNo, '既往症')
    const state = dataOf(await insurer.claimState(call, { claimNo }))
    expect(state).toMatchObject({ state: 'refused', reason: '既往症' })
  })

  it.each(FAULTS)(
    'hands the papers in anew after $kind, and they are there once',
    async (fault) => {
      const { insurer, call, newNo, trouble, simulator } = on()
      const { request, insurerNo } = await settled(on())
      const submission = {
        ...submissionOf(request, insurerNo, newNo()),
        documents: [documentOf('bill')],
      }
      trouble(fault)
      expect((await insurer.submitClaim(call, submission)).outcome).toBe('unknown')
      expect((await insurer.submitClaim(call, submission)).outcome).toBe('ok')
      expect(simulator.documentsOf(insurerNo)).toHaveLength(1)
    },
  )
}

export function describeTrust(on: On) {
  it('does nothing for whoever has not the right secret', async () => {
    const { impostor, insurer, call, newAdvance, simulator } = on()
    const request = newAdvance()
    expect((await impostor.policiesOf(call, HOLDERS.insured)).outcome).toBe('unknown')
    expect((await impostor.advance(call, request)).outcome).toBe('unknown')
    const { insurerNo, payFen } = dataOf(await insurer.advance(call, request))
    const confirm = confirmOf(request, insurerNo, payFen)
    expect((await impostor.confirm(call, confirm)).outcome).toBe('unknown')
    expect(simulator.books(request.orderNo)).toEqual({ takenFen: 0, returnedFen: 0 })
  })

  it('keeps no name, number, diagnosis, drug, paper or secret of an exchange', async () => {
    const { insurer, call, newNo, exchanges, secrets } = on()
    await insurer.policiesOf(call, HOLDERS.insured)
    const { request, insurerNo } = await settled(on())
    await insurer.submitClaim(call, {
      ...submissionOf(request, insurerNo, newNo()),
      documents: [documentOf('summary')],
    })
    const kept = JSON.stringify(exchanges)
    expect(exchanges.length).toBeGreaterThanOrEqual(4)
    const paper = documentOf('summary').content.toString('base64')
    const { name, idCardNo } = HOLDERS.insured
    for (const secret of [name, idCardNo, 'I10', '高血压', '阿托伐他汀', paper, ...secrets]) {
      expect(kept).not.toContain(secret)
    }
    expect(kept).toContain(request.orderNo)
  })
}
