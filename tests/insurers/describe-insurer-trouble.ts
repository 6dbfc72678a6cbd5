import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, it } from 'vitest'

import { WRONG_AMOUNT } from '../../apps/simulators/commercial/index.ts'
import type { Fault } from '../../apps/simulators/kit/simulator.ts'
import { ZERO } from '../../kernel/money.ts'
import type { Insurer, InsurerAnswer } from '../../modules/coverage/index.ts'
import { confirmOf, dataOf, FAULTS, nosOf, type On, returnOf } from './insurer-acts.ts'
import { BENEFIT, HOLDERS, type InsurerBench } from './insurer-bench.ts'

const VERBS = [
  'policiesOf',
  'advance',
  'confirm',
  'query',
  'cancel',
  'refund',
  'queryRefund',
] as const
const TROUBLES = VERBS.flatMap((verb) => FAULTS.map((fault) => ({ verb, kind: fault.kind, fault })))

export function describeTrouble(on: On) {
  it.each(TROUBLES)('$verb is unknown after $kind, and right when asked again', async (row) => {
    const { call, insurer, simulator, trouble } = on()
    const { run, wanted, request } = await ready(on(), row.verb)
    trouble(row.fault)
    expect((await run(insurer)).outcome).toBe('unknown')
    expect((await run(insurer)).outcome).toBe('ok')
    expect(simulator.books(request.orderNo)).toEqual(wanted)
    expect((await insurer.query(call, nosOf(request))).outcome).toBe('ok')
  })

  it('acts once on a request that reaches the insurer three times', async () => {
    const { call, insurer, simulator, trouble, newAdvance } = on()
    const twice: Fault = { kind: 'duplicate_notice', times: 2 }
    const request = newAdvance()
    trouble(twice)
    const { insurerNo, payFen } = dataOf(await insurer.advance(call, request))
    trouble(twice)
    dataOf(await insurer.confirm(call, confirmOf(request, insurerNo, payFen)))
    trouble(twice)
    dataOf(await insurer.refund(call, returnOf(on(), request, insurerNo, payFen)))
    expect(simulator.books(request.orderNo)).toEqual({ takenFen: BENEFIT, returnedFen: BENEFIT })
  })

  it('does not believe an advance or a settlement of a wrong amount', async () => {
    const { call, insurer, trouble, newAdvance } = on()
    const request = newAdvance()
    trouble({ kind: 'decline', code: WRONG_AMOUNT }, /advance|submit/)
    expect((await insurer.advance(call, request)).outcome).toBe('unknown')
    const { insurerNo, payFen } = dataOf(await insurer.advance(call, request))
    trouble({ kind: 'decline', code: WRONG_AMOUNT })
    const confirm = confirmOf(request, insurerNo, payFen)
    expect((await insurer.confirm(call, confirm)).outcome).toBe('unknown')
    expect(dataOf(await insurer.confirm(call, confirm)).payFen).toBe(BENEFIT)
  })

  it('finds by query that a settlement was said and not made', async () => {
    const { call, insurer, trouble, newAdvance } = on()
    const request = newAdvance()
    const { insurerNo, payFen } = dataOf(await insurer.advance(call, request))
    trouble({ kind: 'lie' })
    dataOf(await insurer.confirm(call, confirmOf(request, insurerNo, payFen)))
    expect(dataOf(await insurer.query(call, nosOf(request)))).toMatchObject({ state: 'advanced' })
  })

  it('gives up on an answer that is too slow, and when the caller does', async () => {
    const { asking, simulator, trouble, call, newAdvance } = on()
    const hasty = asking(simulator.url, 400)
    await hasty.query(call, nosOf(newAdvance()))
    trouble({ kind: 'slow', ms: 20_000 })
    expect((await hasty.policiesOf(call, HOLDERS.insured)).outcome).toBe('unknown')
    const ended = { ...call, signal: AbortSignal.abort() }
    expect((await asking(simulator.url).policiesOf(ended, HOLDERS.insured)).outcome).toBe('unknown')
  })

  it.each(STRANGE)('believes nothing of $what', async ({ answer }) => {
    const { asking, call, newAdvance, newNo } = on()
    const stranger = await openStranger(answer)
    const insurer = asking(stranger.url, 1_500)
    const request = newAdvance()
    const nos = { orderNo: request.orderNo, insurerNo: 'C1', refundNo: newNo() }
    const answers = await Promise.all([
      insurer.policiesOf(call, HOLDERS.insured),
      insurer.advance(call, request),
      insurer.confirm(call, confirmOf(request, 'C1', BENEFIT)),
      insurer.query(call, nos),
      insurer.cancel(call, nos),
      insurer.refund(call, { ...nos, amountFen: BENEFIT, reason: '退费' }),
      insurer.queryRefund(call, nos),
      insurer.claimState(call, { claimNo: 'F1' }),
      insurer.statement(call, { date: '2026-11-20' as never }),
    ])
    await stranger.close()
    expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'unknown'))
  })
}

type Verb = (typeof VERBS)[number]
type Asked = InsurerAnswer<unknown>

/** Brings an order to where a verb can be asked, and says what the books must have afterwards. */
async function ready(bench: InsurerBench, verb: Verb) {
  const { insurer, call, newAdvance } = bench
  const before: readonly Verb[] = ['policiesOf', 'advance']
  const request = newAdvance()
  const [nothing, taken, all] = [ZERO, { takenFen: BENEFIT, returnedFen: ZERO }, BENEFIT]
  const none = { takenFen: nothing, returnedFen: nothing }
  const insurerNo = before.includes(verb)
    ? ''
    : dataOf(await insurer.advance(call, request)).insurerNo
  const confirm = confirmOf(request, insurerNo, BENEFIT)
  const back = returnOf(bench, request, insurerNo, BENEFIT)
  if (verb === 'refund' || verb === 'queryRefund') await insurer.confirm(call, confirm)
  if (verb === 'queryRefund') await insurer.refund(call, back)
  const runs: Record<Verb, { run: (of: Insurer) => Promise<Asked>; wanted: typeof none }> = {
    policiesOf: { run: (of) => of.policiesOf(call, HOLDERS.insured), wanted: none },
    advance: { run: (of) => of.advance(call, request), wanted: none },
    confirm: { run: (of) => of.confirm(call, confirm), wanted: taken },
    query: { run: (of) => of.query(call, nosOf(request)), wanted: none },
    cancel: { run: (of) => of.cancel(call, nosOf(request)), wanted: none },
    refund: { run: (of) => of.refund(call, back), wanted: { ...taken, returnedFen: all } },
    queryRefund: {
      run: (of) => of.queryRefund(call, back),
      wanted: { ...taken, returnedFen: all },
    },
  }
  const { run, wanted } = runs[verb]
  return { run, wanted, request }
}

type Stranger = (response: ServerResponse) => void

const says =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): Stranger =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)

const STRANGE: { what: string; answer: Stranger }[] = [
  { what: 'nothing', answer: says(200, '') },
  { what: 'null', answer: says(200, 'null') },
  { what: 'a list', answer: says(200, '[]') },
  { what: 'an empty object', answer: says(200, '{}') },
  { what: 'an unsigned yes', answer: says(200, '{"code":"0000","message":"成功","data":{}}') },
  { what: 'half an answer', answer: says(200, '{"code":"0000","mess') },
  { what: 'another encoding', answer: says(200, Buffer.from([0x7b, 0xc4, 0xe3, 0x7d])) },
  { what: 'a redirect', answer: says(302, '', { location: 'http://127.0.0.1:1/' }) },
  { what: 'a broken server', answer: says(503, '<html>Service Unavailable</html>') },
  { what: 'an unsigned no', answer: says(404, '{"resourceType":"Bundle"}') },
  { what: 'silence', answer: () => {} },
]

/** Whoever answers in the insurer's place, and always the same. */
async function openStranger(answer: Stranger) {
  const server = createServer((incoming, response) => {
    incoming.resume()
    incoming.on('end', () => answer(response))
  })
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
