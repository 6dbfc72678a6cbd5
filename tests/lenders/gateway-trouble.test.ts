import { sign } from 'node:crypto'

import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Fault } from '../../apps/simulators/kit/simulator.ts'
import { addMs, MINUTE_MS, toShanghaiText } from '../../kernel/time.ts'
import type { Lender } from '../../modules/credit/index.ts'
import {
  dataOf,
  type GatewayBench,
  HOSPITAL,
  LIMIT,
  openGatewayBench,
  PARTNER_NO,
} from './lender-bench.ts'
import { openStranger, type Stranger } from './stranger.ts'

let bench: GatewayBench
beforeEach(async () => void (bench = await openGatewayBench()))
afterEach(() => bench.close())

const FAULTS: Fault[] = [
  { kind: 'refuse' },
  { kind: 'drop' },
  { kind: 'lose_answer' },
  { kind: 'garble' },
]
const VERBS = [
  'authority',
  'apply',
  'draw',
  'queryDraw',
  'reverseDraw',
  'queryReversal',
  'bills',
  'createRepayment',
  'payRepayment',
  'queryRepayment',
] as const
type Verb = (typeof VERBS)[number]

/** What one verb is asked about, with everything before it done. */
async function ready(verb: Verb) {
  const { lender, call, holder, newDraw, reversalOf, repaymentOf, applicationOf } = bench
  const order = newDraw(100_00)
  const isAfterDraw = !['authority', 'apply', 'draw'].includes(verb)
  const lenderNo = isAfterDraw ? dataOf(await lender.draw(call, order)).lenderNo : ''
  const reversal = reversalOf(order, lenderNo, 40_00)
  const repayment = repaymentOf(order, { scope: 'partial', amountFen: 30_00 as never })
  if (verb === 'queryReversal') dataOf(await lender.reverseDraw(call, reversal))
  if (/^(pay|query)Rep/.test(verb)) dataOf(await lender.createRepayment(call, repayment))
  if (verb === 'queryRepayment') dataOf(await lender.payRepayment(call, repayment))
  const application = applicationOf('poor')
  const runs: Record<Verb, (of: Lender) => Promise<{ outcome: string }>> = {
    authority: (of) => of.authority(call, holder),
    apply: (of) => of.apply(call, application),
    draw: (of) => of.draw(call, order),
    queryDraw: (of) => of.queryDraw(call, order),
    reverseDraw: (of) => of.reverseDraw(call, reversal),
    queryReversal: (of) => of.queryReversal(call, reversal),
    bills: (of) => of.bills(call, holder),
    createRepayment: (of) => of.createRepayment(call, repayment),
    payRepayment: (of) => of.payRepayment(call, repayment),
    queryRepayment: (of) => of.queryRepayment(call, repayment),
  }
  return runs[verb]
}

/** How much each verb leaves lent of the limit, however often it was asked. */
const LOANED: Partial<Record<Verb, number>> = {
  authority: 0,
  apply: 0,
  reverseDraw: 60_00,
  queryReversal: 60_00,
  payRepayment: 70_00,
  queryRepayment: 70_00,
}

describe('[N5] the gateway: lost and strange answers', () => {
  const troubles = VERBS.flatMap((verb) =>
    FAULTS.map((fault) => ({ verb, kind: fault.kind, fault })),
  )

  it.each(troubles)('$verb is unknown after $kind, and right when asked again', async (row) => {
    const run = await ready(row.verb)
    bench.trouble(row.fault)
    expect((await run(bench.lender)).outcome).toBe('unknown')
    expect((await run(bench.lender)).outcome).toBe('ok')
    const { loanedFen } = dataOf(await bench.lender.authority(bench.call, bench.holder))
    expect(loanedFen).toBe(LOANED[row.verb] ?? 100_00)
  })

  it.each(VERBS)('%s acts once on a request that arrives three times', async (verb) => {
    const run = await ready(verb)
    bench.trouble({ kind: 'duplicate_notice', times: 2 })
    expect((await run(bench.lender)).outcome).toBe('ok')
    const { loanedFen } = dataOf(await bench.lender.authority(bench.call, bench.holder))
    expect(loanedFen).toBe(LOANED[verb] ?? 100_00)
  })

  it('finds a draw by query whose answer was lost, and none whose request was', async () => {
    const [lost, dropped] = [bench.newDraw(100_00), bench.newDraw(50_00)]
    bench.trouble({ kind: 'lose_answer' })
    expect((await bench.draw(lost)).outcome).toBe('unknown')
    bench.trouble({ kind: 'drop' })
    expect((await bench.draw(dropped)).outcome).toBe('unknown')
    expect(dataOf(await bench.lender.queryDraw(bench.call, lost)).amountFen).toBe(100_00)
    expect(await bench.lender.queryDraw(bench.call, dropped)).toEqual({ outcome: 'none' })
    expect(bench.simulator.draws()).toHaveLength(1)
  })

  it('does not wait for an answer that is too slow', async () => {
    const hasty = bench.asking(bench.simulator.url, 400)
    bench.trouble({ kind: 'slow', ms: 20_000 })
    expect((await hasty.authority(bench.call, bench.holder)).outcome).toBe('unknown')
  })

  it.each(STRANGE)('believes nothing of $what', async ({ answer }) => {
    const stranger = await openStranger(answer)
    const lender = bench.asking(stranger.url, 1_500)
    const runs = await Promise.all(VERBS.filter((verb) => verb !== 'apply').map(ready))
    const outcomes = await Promise.all(runs.map(async (run) => (await run(lender)).outcome))
    const request = { careHospitalId: HOSPITAL, businessDate: '2026-11-20' as never }
    const list = await lender.dayStatement(bench.call, request)
    await stranger.close()
    expect([...outcomes, list.outcome]).toEqual([...outcomes, ''].map(() => 'unknown'))
  })
})

describe('[N5] the gateway: who asks, and who answers', () => {
  it('lends nothing to another key, and believes nothing of another', async () => {
    const [ours, theirs] = [bench.newDraw(100_00), bench.newDraw(100_00)]
    expect((await bench.impostor.draw(bench.call, ours)).outcome).toBe('unknown')
    expect(bench.simulator.draws()).toEqual([])
    expect((await bench.misled.draw(bench.call, theirs)).outcome).toBe('unknown')
  })

  it('refuses a request that is sent again, byte by byte', async () => {
    const form = signedForm({ flowId: 'a'.repeat(32) })
    expect([await send(form), await send(form)]).toEqual([0, 2003])
  })

  it('refuses a changed request, an old one and one from the future', async () => {
    const changed = signedForm({ flowId: 'b'.repeat(32) })
    changed.set('accountNo', 'LA0')
    const old = signedForm({ flowId: 'c'.repeat(32) }, -6 * MINUTE_MS)
    const early = signedForm({ flowId: 'd'.repeat(32) }, 6 * MINUTE_MS)
    expect([await send(changed), await send(old), await send(early)]).toEqual([2001, 2002, 2002])
  })

  it('refuses a form that names a field twice, and what is no form', async () => {
    const twice = signedForm({ flowId: 'e'.repeat(32) })
    twice.append('accountNo', 'LA0')
    expect(await send(twice)).toBe(1001)
    expect(await send('')).toBe(1001)
  })

  it('tells what a hospital has left to those who ask for it', async () => {
    dataOf(await bench.draw(bench.newDraw(100_00)))
    const form = signedForm({ flowId: 'f'.repeat(32), hospCode: 'H0017' })
    const { data } = (await post(form)) as { data: object }
    expect(data).toMatchObject({
      loanAuthority: '1',
      remainingAmt: LIMIT - 100_00,
      hospLoanAuthority: '1',
      hospRemainingAmt: 100_000_00 - 100_00,
    })
  })
})

describe('[N5] the gateway: what is kept of an exchange', () => {
  it('is nothing of a person, and the account by its end alone', async () => {
    const { lender, call, applicationOf, holder, exchanges, secrets } = bench
    const application = applicationOf('poor')
    await lender.apply(call, application)
    dataOf(await bench.draw(bench.newDraw(100_00)))
    await lender.bills(call, holder)
    const kept = JSON.stringify(exchanges)
    const hidden = [...secrets, holder.accountNo, holder.personId, application.applicant.phone]
    for (const secret of hidden) expect(kept).not.toContain(secret)
    expect(kept).not.toContain('BEGIN PRIVATE KEY')
    expect(exchanges.map(({ operation }) => operation)).toEqual([
      'loan.apply',
      'loan.consume',
      'loan.bill.query',
    ])
    expect(kept).toContain(holder.accountNo.slice(-4))
    expect(kept).toContain('10000')
  })

  it('is only its size when it is no JSON', async () => {
    bench.trouble({ kind: 'garble' })
    await bench.lender.authority(bench.call, bench.holder)
    expect(bench.exchanges.at(-1)?.response).toMatch(/^status 200, \d+ bytes, no JSON$/)
  })
})

function signedForm(fields: Record<string, string>, ageMs = 0): URLSearchParams {
  const form: Record<string, string> = {
    service: 'bank.wap.loan.authority.query',
    hospitalId: PARTNER_NO,
    tradeTime: toShanghaiText(addMs(bench.clock.now(), ageMs)),
    accountNo: bench.holder.accountNo,
    userId: bench.holder.personId,
    ...fields,
  }
  const text = Object.keys(form)
    .sort()
    .map((name) => `${name}=${form[name]}`)
    .join('&')
  const signature = sign('RSA-SHA256', Buffer.from(text), bench.keys.ours.privateKeyPem)
  return new URLSearchParams({ ...form, sign: signature.toString('base64'), sign_type: 'RSA2' })
}

const send = async (form: URLSearchParams | string) => ((await post(form)) as { code: number }).code

async function post(form: URLSearchParams | string): Promise<unknown> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const url = `${bench.simulator.url}/gateway`
  const response = await request(url, { method: 'POST', headers, body: String(form) })
  return response.body.json()
}

const says =
  (status: number, body: string | Buffer): Stranger =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(body)

const YES = '{"success":true,"code":0,"msg":"成功","data":{"transNo":"1","status":400}}'
const STRANGE: { what: string; answer: Stranger }[] = [
  { what: 'nothing', answer: says(200, '') },
  { what: 'null', answer: says(200, 'null') },
  { what: 'an unsigned yes', answer: says(200, YES) },
  { what: 'an unsigned no', answer: says(200, '{"success":false,"code":3006,"msg":"超出"}') },
  { what: 'half an answer', answer: says(200, '{"success":true,"co') },
  { what: 'another encoding', answer: says(200, Buffer.from([0x7b, 0xc4, 0xe3, 0x7d])) },
  { what: 'a redirect', answer: says(302, '') },
  { what: 'a broken server', answer: says(503, '<html>Service Unavailable</html>') },
  { what: 'silence', answer: () => {} },
]
