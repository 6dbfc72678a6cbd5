import { gzipSync } from 'node:zlib'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Payment } from '../../contract/client.ts'
import type { components } from '../../contract/hub.d.ts'
import { assert } from '../../kernel/assert.ts'
import { businessDate, instantAt } from '../../kernel/time.ts'
import { type Bed, FOREIGN, openBed, OURS } from './bad-input/bed.ts'
import { asMade, honestBills, inGb18030, type Spoilt, spoiltBills } from './bad-input/bills.ts'
import { askOwner, unchanged } from './bad-input/books.ts'
import { type Caller, signInFinance } from './bad-input/client.ts'
import type { Between } from './bad-input/go-between.ts'
import { payFenOf, payNewBill, signInPayer } from './bad-input/payer.ts'
import './bad-input/problem.ts'
import { hisAnswerHeaders, hospitalKeys, merchantOf } from './bad-input/signing.ts'

// The morning after: lists of the day come wrong in every way. None is counted, each try is written down and made
// again, a person is told, and when the right list comes the day is closed as if nothing had been.

type Source = components['schemas']['ReconciliationDayDetail']['sources'][number]

const DAY = businessDate('2026-11-23')
const NEXT = businessDate('2026-11-24')
const LAST = businessDate('2026-11-25')

/** What was tried is written here; lists, their lines and what comes of them are elsewhere. */
const TRIES = {
  apartFrom: ['reconciliation.day', 'reconciliation.arrival', 'reconciliation.work_case'],
}

const away: Between = async () => ({ status: 503, headers: {}, body: Buffer.from('') })

let bed: Bed
let finance: Caller
let paid: Payment
beforeAll(async () => {
  bed = await openBed('bad statements')
  paid = await payNewBill(bed, await signInPayer(bed, { insured: true }))
  // The hospital's and the insurer's lists are there; the wallet is not reached.
  await bed.toWallet.during(away, () => passUntil(instantAt(NEXT, '10:10:00')))
})
afterAll(() => bed.stop())

/** A new morning: everybody does what is due, and finance signs in again. */
async function passUntil(instant: Date): Promise<void> {
  bed.clock.set(instant)
  await bed.rest()
  finance = await signInFinance(bed, OURS)
}

async function dayOf(date: string) {
  const answer = await finance.get(`reconciliation/days/${date}`)
  assert(answer.status === 200, `the day can be seen: ${JSON.stringify(answer)}`)
  return answer.body as unknown as components['schemas']['ReconciliationDayDetail']
}

async function sourceOf(date: string, name: string): Promise<Source> {
  const source = (await dayOf(date)).sources.find((each) => each.source === name)
  assert(source, `${name} is asked for its list`)
  return source
}

async function casesOf(cls: string) {
  const { body } = await finance.get(`reconciliation/cases?class=${cls}&limit=50`)
  return body['items'] as components['schemas']['Case'][]
}

/** Lets time go on to the next try, and has everybody do what is due. */
async function tryAgain(date: string, source: string): Promise<void> {
  const { arrival } = await sourceOf(date, source)
  assert(arrival.nextTryAt !== null, 'the list is asked for again')
  bed.clock.set(new Date(arrival.nextTryAt))
  await bed.rest()
}

const exchangesAbout = (subject: string) =>
  askOwner<{ operation: string; response: string; outcome: string }>(
    bed,
    'select operation, response, outcome from platform.exchange where subject = $1 order by id',
    [subject],
  )

it('the wallet is not reached: its list is waited for, and nothing of it is counted', async () => {
  const { arrival, statements } = await sourceOf(DAY, 'wechat')
  expect(arrival).toMatchObject({ status: 'waiting', version: 0, refusalCode: null })
  expect(arrival.nextTryAt).toBe(instantAt(NEXT, '10:20:00').toISOString())
  expect(statements).toEqual([])
  expect((await dayOf(DAY)).verdict).toBe('incomplete')
})

describe('a list of the wallet is refused whole', () => {
  const lines = (text: string) => text.split('\r\n')
  const changed = (real: Buffer, change: (text: string) => string): string => {
    const text = real.toString('utf8')
    const other = change(text)
    assert(other !== text, 'the list is another')
    return other
  }
  const withoutLine = (real: Buffer, at: number) =>
    changed(real, (text) => lines(text).toSpliced(at, 1).join('\r\n'))
  const swap = (real: Buffer, from: string | RegExp, to: string) =>
    changed(real, (text) => text.replace(from, to))

  it.each<[string, string, (real: Buffer) => Spoilt]>([
    ['truncated: without its totals', 'truncated', (real) => asMade(withoutLine(real, -2))],
    ['truncated: without a row', 'truncated', (real) => asMade(withoutLine(real, 1))],
    [
      'truncated in the midst of a row',
      'truncated',
      (real) => asMade(real.subarray(0, real.indexOf('\r\n') + 50)),
    ],
    [
      'truncated on the way',
      'hash',
      (real) => ({ file: real.subarray(0, real.length - 20), announced: real }),
    ],
    ['truncated to nothing', 'truncated', () => asMade('')],
    ['in GB 18030', 'encoding', (real) => asMade(inGb18030(real.toString('utf8')))],
    ['in UTF-16', 'encoding', (real) => asMade(Buffer.from(real.toString('utf8'), 'utf16le'))],
    ['packed', 'encoding', (real) => asMade(gzipSync(real))],
    ['with a zero byte', 'encoding', (real) => asMade(swap(real, '门诊', '门\0诊'))],
    ['with a wrong hash', 'hash', (real) => ({ file: real, announced: Buffer.from('other') })],
    [
      'with one amount changed on the way',
      'hash',
      (real) => ({ file: Buffer.from(swap(real, /`\d+\.\d\d,/, '`0.12,')), announced: real }),
    ],
    [
      'a page of HTML in its place',
      'hash',
      (real) => ({ file: Buffer.from('<html>504</html>'), announced: real }),
    ],
    ['with a wrong amount', 'sums', (real) => asMade(swap(real, /`\d+\.\d\d,/, '`0.12,'))],
    ['in dollars', 'layout', (real) => asMade(swap(real, '`CNY', '`USD'))],
    ['with an amount in words', 'layout', (real) => asMade(swap(real, /`\d+\.\d\d,/, '`十二元,'))],
    [
      'of a foreign hospital’s merchant',
      'layout',
      (real) => asMade(swap(real, merchantOf(bed, OURS).mchid, merchantOf(bed, FOREIGN).mchid)),
    ],
  ])('%s', async (_what, code, spoil) => {
    const subject = `statement:${DAY}:wechat`
    const before = await exchangesAbout(subject)
    await bed.toWallet.during(spoiltBills(bed, spoil), () =>
      unchanged(bed, () => tryAgain(DAY, 'wechat'), TRIES),
    )
    const { arrival, statements, comparison } = await sourceOf(DAY, 'wechat')
    expect([arrival, statements, comparison]).toMatchObject([
      { status: 'refused', version: 0, refusalCode: code, receivedAt: null },
      [],
      null,
    ])
    expect(new Date(arrival.nextTryAt ?? 0).getTime()).toBeGreaterThan(bed.clock.now().getTime())
    const tried = (await exchangesAbout(subject)).slice(before.length)
    expect(tried.map(({ operation }) => operation)).toContain('GET /v3/billdownload/file')
    expect(code).toHaveReasonWords()
  })

  it('broken off with its connection: asked for again, as nothing came', async () => {
    const broken = (real: Buffer) => ({ ...asMade(real), breaksAfterBytes: 40 })
    await bed.toWallet.during(spoiltBills(bed, broken), () =>
      unchanged(bed, () => tryAgain(DAY, 'wechat'), TRIES),
    )
    const { arrival, statements } = await sourceOf(DAY, 'wechat')
    expect(arrival.reason).toMatch(/terminated|closed|aborted/)
    expect(statements).toEqual([])
  })

  it('and a person is told what is at stake, once', async () => {
    const cases = await casesOf('statement_refused')
    expect(cases).toMatchObject([
      {
        status: 'open',
        source: 'wechat',
        date: DAY,
        amountFen: payFenOf(paid),
        subject: `statement:${DAY}:wechat`,
      },
    ])
    expect('statement_refused').toHaveReasonWords()
  })

  it('nothing is lost by it: the right list is taken, the case ends and the day is closed', async () => {
    await bed.toWallet.during(honestBills(bed), () => tryAgain(DAY, 'wechat'))
    const day = await dayOf(DAY)
    expect([day.status, day.verdict]).toEqual(['closed', 'balanced'])
    const { arrival, statements } = await sourceOf(DAY, 'wechat')
    expect(arrival).toMatchObject({ status: 'received', version: 1, refusalCode: null })
    expect(statements).toMatchObject([{ lineCount: 1, chargeFen: payFenOf(paid), returnFen: 0 }])
    expect(await casesOf('statement_refused')).toMatchObject([{ status: 'resolved' }])
  })
})

describe('a list of the hospital is not believed', () => {
  beforeAll(async () => {
    await bed.toWallet.during(honestBills(bed), async () => {
      await payNewBill(bed, await signInPayer(bed, { insured: true }))
      await bed.toHis.during(away, () => passUntil(instantAt(LAST, '00:10:00')))
    })
  })

  /** A system that says another list than its own, and signs it. */
  const saying =
    (change: (text: string) => string): Between =>
    async (asked, passOn) => {
      const answer = await passOn()
      const text = answer.body.toString('utf8')
      const other = change(text)
      if (!asked.path.endsWith('dayList')) return answer
      assert(other !== text, 'the list is another')
      const headers = hisAnswerHeaders(hospitalKeys(bed, OURS), asked, other, bed.clock.now())
      return { status: 200, headers, body: Buffer.from(other) }
    }
  const garbled: Between = async (_asked, passOn) => ({
    ...(await passOn()),
    headers: { 'content-type': 'text/html' },
    body: Buffer.from('<html><h1>502 Bad Gateway</h1></html>'),
  })

  it.each<[string, Between, RegExp]>([
    ['that is HTML', garbled, /not signed by the hospital/],
    [
      'that was changed on the way',
      async (_asked, passOn) => {
        const answer = await passOn()
        return { ...answer, body: Buffer.from(`${answer.body.toString('utf8')} `) }
      },
      /not signed by the hospital/,
    ],
    [
      'that does not add up',
      saying((text) => text.replace(/"paymentsFen":\d+/, '"paymentsFen":12')),
      /add up|totals/,
    ],
    [
      'of "12" fen',
      saying((text) => text.replace(/"amountFen":\d+/, '"amountFen":"12"')),
      /amountFen/,
    ],
    ['without its rows', saying((text) => text.replace(/"rows":\[.*\]/, '"rows":[]')), /./],
    ['that is truncated', saying((text) => text.slice(0, -20)), /not an answer/],
  ])('%s', async (_what, line, reason) => {
    const subject = `statement:${NEXT}:his`
    const before = await exchangesAbout(subject)
    await bed.toHis.during(line, () => unchanged(bed, () => tryAgain(NEXT, 'his'), TRIES))
    const { arrival, statements } = await sourceOf(NEXT, 'his')
    expect([arrival, statements]).toMatchObject([
      { status: 'waiting', version: 0, reason: expect.stringMatching(reason) as string },
      [],
    ])
    const tried = (await exchangesAbout(subject)).slice(before.length)
    expect(tried).toMatchObject([{ operation: 'reconciliation.dayList' }])
  })

  it('nothing is lost by it: the right list is taken and the day is closed', async () => {
    await bed.toWallet.during(honestBills(bed), async () => {
      await tryAgain(NEXT, 'his')
      await passUntil(instantAt(LAST, '10:10:00'))
    })
    const day = await dayOf(NEXT)
    expect([day.status, day.verdict]).toEqual(['closed', 'balanced'])
  })
})
