import { describe, expect, it } from 'vitest'

import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import {
  type Alert,
  type AlertId,
  alertsDueAt,
  alertSteps,
  isOverdue,
  type Signal,
  signalsOf,
} from './alert.ts'
import { healthy } from './testing/arbitraries.ts'

const NOW = new Date('2026-11-21T10:00:00+08:00')
const minutes = (n: number) => addMs(NOW, n * MINUTE_MS)

const alert = (changes: Partial<Alert> = {}): Alert => ({
  id: 'a1' as AlertId,
  channel: 'wechat',
  class: 'slow',
  figures: {},
  openedAt: NOW,
  seenAt: NOW,
  closedAt: null,
  acknowledgedBy: null,
  acknowledgedAt: null,
  note: null,
  overdueAt: null,
  ...changes,
})

const classes = (changes: Parameters<typeof healthy>[0]) =>
  signalsOf('wechat', healthy(changes)).map((signal) => signal.class)

describe('what is wrong with a channel', () => {
  it('[S2] is that it is down, slow, in error, or says no to everybody', () => {
    expect(classes({})).toEqual([])
    expect(classes({ state: 'open' })).toEqual(['down'])
    expect(classes({ state: 'half_open' })).toEqual(['down'])
    expect(classes({ calls: 20, answered: 20, p99Ms: 500 })).toEqual([])
    expect(classes({ calls: 20, answered: 20, p99Ms: 750 })).toEqual(['slow'])
    expect(classes({ calls: 100, answered: 99, unknown: 1 })).toEqual(['errors'])
    expect(classes({ calls: 101, answered: 100, unknown: 1 })).toEqual([])
    expect(classes({ calls: 100, answered: 99, failed: 1 })).toEqual(['errors'])
    expect(classes({ charges: 20, chargesAnswered: 11, chargesDeclined: 9 })).toEqual([])
    expect(classes({ charges: 20, chargesAnswered: 10, chargesDeclined: 10 })).toEqual(['refusals'])
  })

  it('is not said after a few calls', () => {
    expect(
      classes({ calls: 19, unknown: 19, p99Ms: 5_000, charges: 19, chargesDeclined: 19 }),
    ).toEqual([])
  })
})

describe('an alert', () => {
  const signal: Signal = { channel: 'wechat', class: 'slow', figures: { p99Ms: 900 } }

  it('[S2] is opened once, is seen while it lasts, and closes when it has been gone for two minutes', () => {
    expect(alertSteps([], [signal], NOW)).toEqual([{ do: 'open', signal }])
    expect(alertSteps([alert()], [signal], minutes(1))).toEqual([
      { do: 'see', id: 'a1', figures: { p99Ms: 900 } },
    ])
    expect(alertSteps([alert()], [], minutes(1))).toEqual([])
    expect(alertSteps([alert()], [], minutes(2))).toEqual([{ do: 'close', id: 'a1' }])
    const other = { ...signal, channel: 'alipay' }
    expect(alertSteps([alert()], [other, signal], NOW)[0]).toEqual({ do: 'open', signal: other })
  })

  it('that a channel is down closes with the answers that show it is not', () => {
    expect(alertSteps([alert({ class: 'down' })], [], NOW)).toEqual([{ do: 'close', id: 'a1' }])
  })

  it('[S2] is overdue when nobody answers within thirty minutes, and that is marked once', () => {
    expect(isOverdue(alert(), minutes(29.9))).toBe(false)
    expect(isOverdue(alert(), minutes(30))).toBe(true)
    expect(isOverdue(alert({ acknowledgedAt: minutes(29) }), minutes(90))).toBe(false)
    expect(isOverdue(alert({ acknowledgedAt: minutes(31) }), minutes(31))).toBe(true)
    expect(isOverdue(alert({ closedAt: minutes(10) }), minutes(90))).toBe(false)
    expect(alertSteps([alert()], [signal], minutes(30))).toEqual([
      { do: 'see', id: 'a1', figures: { p99Ms: 900 } },
      { do: 'mark_overdue', id: 'a1' },
    ])
    const marked = alert({ overdueAt: minutes(30) })
    expect(alertSteps([marked], [signal], minutes(31))).toHaveLength(1)
  })

  it('is looked at again every minute, or when its time is over', () => {
    expect(alertsDueAt([], NOW)).toBeNull()
    expect(alertsDueAt([alert()], NOW)).toEqual(minutes(1))
    const down = alert({ class: 'down' })
    expect(alertsDueAt([down], NOW)).toEqual(minutes(30))
    expect(alertsDueAt([{ ...down, acknowledgedAt: NOW }], NOW)).toBeNull()
    expect(alertsDueAt([{ ...down, overdueAt: minutes(30) }], NOW)).toBeNull()
  })
})
