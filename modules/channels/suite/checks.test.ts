import { describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import type { PayMethod } from '../../payments/index.ts'
import { channelChecks, type CheckStep, runChannelCheck, runChannelChecks } from './checks.ts'
import { DEFECTS } from './testing/defects.ts'
import { openMemoryBench } from './testing/memory-bench.ts'

describe.each(['account', 'qr_code', 'page', 'app', 'barcode', 'card', 'counter'] as PayMethod[])(
  'a good channel, paid by %s',
  (method) => {
    it('passes every check that can be tried on it', async () => {
      const results = await runChannelChecks(
        () => openMemoryBench(method),
        () => {},
      )
      const failed = results.filter((result) => result.outcome === 'failed')
      expect(failed).toEqual([])
      const passed = results.filter((result) => result.outcome === 'passed').length
      expect(passed).toBeGreaterThan(20)
    })
  },
)

it('has each check under one id, in both languages', () => {
  const ids = channelChecks.map((check) => check.id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { title } of channelChecks) {
    expect(title.zh).toMatch(/\p{Script=Han}/u)
    expect(title.en).toMatch(/^[\x20-\x7e]+$/)
  }
})

describe('every check bites', () => {
  it('has a defect to show it', () => {
    expect(Object.keys(DEFECTS).sort()).toEqual(channelChecks.map((check) => check.id).sort())
  })

  it.each(channelChecks.map((check) => [check.id, check] as const))('%s', async (id, check) => {
    const [method, ...defects] = DEFECTS[id] ?? ['account']
    expect(defects.length).toBeGreaterThan(0)
    expect(await runChannelCheck(check, () => openMemoryBench(method))).toMatchObject({
      outcome: 'passed',
    })
    for (const defect of defects) {
      const result = await runChannelCheck(check, () => openMemoryBench(method, defect))
      expect(result).toMatchObject({
        outcome: 'failed',
        what: expect.stringMatching(/./),
        expected: expect.any(String),
        found: expect.any(String),
      })
    }
  })
})

describe('a run', () => {
  it('tells of each check as it begins and ends, and closes each bench', async () => {
    const steps: CheckStep[] = []
    let open = 0
    let opened = 0
    const results = await runChannelChecks(
      async () => {
        open += 1
        opened += 1
        const bench = await openMemoryBench()
        return { ...bench, close: () => Promise.resolve(void (open -= 1)) }
      },
      (step) => steps.push(step),
    )
    expect([open, opened]).toEqual([0, channelChecks.length])
    expect(steps).toHaveLength(2 * channelChecks.length)
    expect(steps[0]).toMatchObject({ at: 'begun', number: 1, count: channelChecks.length })
    expect(steps.at(-1)).toMatchObject({ at: 'done', result: results.at(-1) })
    const charge = results.find((result) => result.id === 'charge.answer')
    expect(charge?.exchanges).toMatchObject([{ system: 'memory', outcome: 'pending' }])
  })

  it('says what the bench lacks in place of a pass', async () => {
    const results = await runChannelChecks(
      async () => ({
        ...(await openMemoryBench()),
        pay: null,
        trouble: null,
        notices: null,
        endDay: null,
        books: null,
      }),
      () => {},
    )
    const outcomeOf = (id: string) => results.find((result) => result.id === id)?.outcome
    expect(outcomeOf('charge.answer')).toBe('passed')
    expect(outcomeOf('release.unpaid')).toBe('passed')
    for (const id of [
      'query.confirmed',
      'trouble.query.drop',
      'notice.charge',
      'statement.lines',
    ]) {
      expect(results.find((result) => result.id === id)).toMatchObject({
        outcome: 'not_applicable',
        reason: { zh: expect.any(String), en: expect.any(String) },
      })
    }
  })

  it('fails for a bench that does not open and a channel that throws', async () => {
    const [check] = channelChecks
    if (check === undefined) throw new Error('there are checks')
    const unopened = await runChannelCheck(check, () => Promise.reject(new Error('no key')))
    expect(unopened).toMatchObject({ outcome: 'failed', found: 'Error: no key' })
    const thrown = await runChannelChecks(
      () =>
        openMemoryBench('account', ({ channel }) => {
          channel.charge = () => Promise.reject(new TypeError('undefined is not'))
        }),
      () => {},
    )
    expect(thrown.find((result) => result.id === 'charge.answer')).toMatchObject({
      outcome: 'failed',
      found: 'TypeError: undefined is not',
    })
  })

  it('never tells what the payer is given or what is secret', async () => {
    const results = await runChannelChecks(
      () =>
        openMemoryBench('account', ({ channel }) => {
          const good = channel.charge
          channel.charge = (call, order) => good(call, { ...order, amountFen: fen(7) })
        }),
      () => {},
    )
    const text = JSON.stringify(results)
    expect(results.filter((result) => result.outcome === 'failed').length).toBeGreaterThan(5)
    expect(text).not.toContain('payer-account-0001')
  })
})
