import fc from 'fast-check'
import { expect, it } from 'vitest'

import { EVENT_KINDS, readable, stepsOf, titleOf } from './timeline.ts'

const bare = {
  kind: 'ours' as const,
  title: 'payments.charging',
  outcome: null,
  request: null,
  response: null,
  durationMs: null,
  journal: null,
}

it('shows events in the order of time, and those of one instant as they were told', () => {
  const at = fc.integer({ min: 0, max: 5 }).map((s) => `2026-11-21T02:00:0${s}.000Z`)
  fc.assert(
    fc.property(fc.array(fc.record({ at, kind: fc.constantFrom(...EVENT_KINDS) })), (given) => {
      const events = given.map((event, told) => ({ ...bare, ...event, title: String(told) }))
      const steps = stepsOf(events)
      expect(steps.map(({ event }) => event.title).toSorted()).toEqual(
        events.map(({ title }) => title).toSorted(),
      )
      const order = steps.map(({ event }) => [Date.parse(event.at), Number(event.title)] as const)
      expect(order).toEqual(order.toSorted(([a, i], [b, j]) => a - b || i - j))
      const waits = order.map(([at], i) => (i === 0 ? null : at - (order[i - 1]?.[0] ?? 0)))
      expect(steps.map(({ sinceMs }) => sinceMs)).toEqual(waits)
    }),
  )
})

it('finds the words for what was asked of whom', () => {
  expect(titleOf({ kind: 'provider', title: 'wechat POST /v3/pay/transactions/jsapi' })).toEqual({
    key: 'operations.order',
    params: { system: 'wechat' },
    fine: 'POST /v3/pay/transactions/jsapi',
  })
  expect(titleOf({ kind: 'notice', title: 'wechat notice' })).toMatchObject({ key: 'notice' })
  expect(titleOf({ kind: 'hospital', title: 'his bills.writeBack' })).toMatchObject({
    key: 'operations.writeBack',
  })
  expect(titleOf({ kind: 'provider', title: 'insurance 9101 文件上传' })).toMatchObject({
    key: 'operations.other',
    fine: '9101 文件上传',
  })
  expect(titleOf({ kind: 'journal', title: 'wechat charge 420000' })).toMatchObject({
    key: 'journal.charge',
    params: { system: 'wechat', no: '420000' },
  })
  expect(titleOf({ kind: 'journal', title: 'refund agreed' }).key).toBe('journal.refund_agreed')
})

it('lays out JSON, leaves other text alone, and shows nothing for nothing', () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}')
  expect(readable('HTTP 502 <html>')).toBe('HTTP 502 <html>')
  expect([readable('{}'), readable(''), readable(null)]).toEqual([null, null, null])
})
