import { describe, expect, it } from 'vitest'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addMs, HOUR_MS, instantAt, MINUTE_MS } from '../../kernel/time.ts'
import type { PaymentId, RefundId } from '../payments/index.ts'
import type { Arrival, Day, Difference } from './day.ts'
import { type DayState, decide } from './decide.ts'
import { remedyOf } from './remedy.ts'
import { DATE } from './testing/planted.ts'
import { nextDayDeadline, nextDayLookAt } from './timetable.ts'

const NOW = instantAt(DATE, '10:10:00')
const LATE = addMs(nextDayDeadline(DATE), MINUTE_MS)

const day = (changes: Partial<Day> = {}): Day => ({
  hospitalId: 1 as HospitalId,
  businessDate: DATE,
  status: 'gathering',
  dueAt: NOW,
  inWorkUntil: null,
  reviewAt: null,
  closedAt: null,
  lastError: null,
  version: 0,
  ...changes,
})

const arrival = (source: string, changes: Partial<Arrival> = {}): Arrival => ({
  source,
  status: 'received',
  newestVersion: 1,
  receivedAt: NOW,
  comparedVersion: 1,
  comparedAt: NOW,
  compareDue: false,
  silences: 0,
  refusals: 0,
  refusalCode: null,
  reason: null,
  nextTryAt: null,
  ...changes,
})

const difference = (changes: Partial<Difference> = {}): Difference => ({
  id: 'd' as Id<'Difference'>,
  businessDate: DATE,
  source: 'his',
  class: 'ours_only',
  kind: 'charge',
  ourNo: 'P/B',
  providerNo: null,
  oursFen: fen(100),
  theirsFen: fen(0),
  oursLines: 1,
  theirsLines: 0,
  otherDate: null,
  paymentId: 'p' as PaymentId,
  refundId: null,
  present: true,
  status: 'found',
  repair: null,
  repairOutcome: null,
  repairDetail: null,
  tries: 0,
  nextTryAt: null,
  caseId: null,
  foundAt: NOW,
  resolvedAt: null,
  ...changes,
})

const state = (changes: Partial<DayState> = {}): DayState => ({
  day: day(),
  arrivals: [arrival('his'), arrival('wechat')],
  open: [],
  nextDay: new Map(),
  canReverse: new Set(['insurance']),
  ...changes,
})

describe('decide', () => {
  it('asks for what is due, one party at a time', () => {
    const waiting = { status: 'waiting' as const, newestVersion: 0, comparedVersion: 0 }
    const arrivals = [
      arrival('his', { ...waiting, nextTryAt: addMs(NOW, HOUR_MS) }),
      arrival('wechat', { ...waiting, nextTryAt: NOW }),
    ]
    expect(decide(state({ arrivals }), NOW)).toEqual({ do: 'fetch', source: 'wechat' })
    const before = decide(state({ arrivals }), addMs(NOW, -1))
    expect(before).toEqual({ do: 'wait', until: NOW, status: 'open' })
  })

  it('compares what came without waiting for the others', () => {
    const arrivals = [
      arrival('his', { compareDue: true }),
      arrival('wechat', { status: 'missing', newestVersion: 0, nextTryAt: addMs(NOW, HOUR_MS) }),
    ]
    expect(decide(state({ arrivals }), NOW)).toEqual({ do: 'compare', source: 'his' })
  })

  it('never closes a day that lacks a list', () => {
    const arrivals = [
      arrival('his'),
      arrival('wechat', { status: 'missing', newestVersion: 0, silences: 9, nextTryAt: null }),
    ]
    const step = decide(state({ arrivals }), NOW)
    expect(step).toEqual({ do: 'wait', until: null, status: 'gathering' })
  })

  it('repairs before it reads and compares again, and asks a person last', () => {
    const arrivals = [arrival('his', { nextTryAt: NOW, compareDue: true })]
    const hopeless = difference({ class: 'amount' })
    const open = [hopeless, difference()]
    expect(decide(state({ arrivals, open }), NOW)).toMatchObject({ repair: 'tell_hospital' })
    const tried = difference({ nextTryAt: addMs(NOW, 1) })
    const rest = state({ arrivals, open: [hopeless, tried] })
    expect(decide(rest, NOW)).toEqual({ do: 'fetch', source: 'his' })
    const read = state({
      arrivals: [arrival('his', { compareDue: true })],
      open: [hopeless, tried],
    })
    expect(decide(read, NOW)).toEqual({ do: 'compare', source: 'his' })
    const compared = state({ arrivals: [arrival('his')], open: [hopeless, tried] })
    expect(decide(compared, NOW)).toMatchObject({ do: 'open_case', reason: 'amount' })
  })

  it('closes when all is there and nothing is left, and reviews a closed day in its time', () => {
    expect(decide(state(), NOW)).toEqual({ do: 'close' })
    const closed = day({ status: 'closed', reviewAt: addMs(NOW, HOUR_MS) })
    expect(decide(state({ day: closed }), NOW)).toEqual({
      do: 'wait',
      until: closed.reviewAt,
      status: 'closed',
    })
    expect(decide(state({ day: closed }), addMs(NOW, HOUR_MS))).toEqual({ do: 'review' })
  })

  it('does not close while a list is being read again', () => {
    const nextTryAt = addMs(NOW, 10 * MINUTE_MS)
    const step = decide(state({ arrivals: [arrival('his', { nextTryAt })] }), NOW)
    expect(step).toEqual({ do: 'wait', until: nextTryAt, status: 'compared' })
  })

  it('opens a closed day again when something shows up in it', () => {
    const closed = day({ status: 'closed', closedAt: NOW })
    const open = [difference({ nextTryAt: addMs(NOW, 1) })]
    expect(decide(state({ day: closed, open }), NOW)).toMatchObject({ status: 'compared' })
  })

  it('waits for the next day’s list before it asks a person, and no longer than to its deadline', () => {
    const asked = { source: 'wechat', repair: 'recheck_payment' as const, tries: 1 }
    const open = [difference(asked)]
    const lookAt = nextDayLookAt(DATE, 'wechat')
    expect(decide(state({ open }), NOW)).toMatchObject({ do: 'wait', until: lookAt })

    const with_ = (status: Arrival['status'], own: Partial<Arrival> = {}) =>
      state({
        open,
        nextDay: new Map([['wechat', status]]),
        arrivals: [arrival('wechat', own)],
      })
    expect(decide(with_('received'), lookAt)).toMatchObject({ do: 'open_case' })
    expect(decide(with_('received', { compareDue: true }), lookAt)).toMatchObject({ do: 'compare' })
    expect(decide(with_('missing'), lookAt)).toMatchObject({ do: 'open_case' })
    expect(decide(with_('refused'), lookAt)).toMatchObject({ do: 'wait' })
    expect(decide(with_('refused'), LATE)).toMatchObject({ do: 'open_case' })
    // A system that was down for days asks for tomorrow's list before it complains about today's.
    expect(decide(with_('waiting'), LATE)).toMatchObject({ do: 'wait' })
    expect(decide(state({ open }), LATE)).toMatchObject({ do: 'open_case' })
  })
})

describe('remedyOf', () => {
  const context = {
    now: NOW,
    nextDayKnown: true,
    nextDayLookAt: NOW,
    canReverse: new Set(['insurance']),
  }
  const refundId = 'r' as RefundId
  const unknown = { paymentId: null, refundId: null }

  it.each<[string, Partial<Difference>, string]>([
    ['a bill the hospital lacks', {}, 'tell_hospital'],
    ['a refund the hospital lacks', { kind: 'return', refundId }, 'tell_hospital_of_refund'],
    ['a payment only the hospital has', { class: 'theirs_only' }, 'recheck_payment'],
    [
      'a refund only the hospital has',
      { class: 'theirs_only', kind: 'return', refundId },
      'continue_refund',
    ],
    ['a charge the provider lacks', { source: 'wechat' }, 'recheck_payment'],
    [
      'a charge only the provider has',
      { source: 'wechat', class: 'theirs_only' },
      'recheck_payment',
    ],
    [
      'a return only the provider has',
      { source: 'wechat', class: 'theirs_only', kind: 'return', refundId },
      'continue_refund',
    ],
    [
      'a settlement only the insurer has',
      { source: 'insurance', class: 'theirs_only', ...unknown },
      'reverse_settlement',
    ],
    [
      'a bill the hospital has voided',
      { repair: 'tell_hospital', repairOutcome: 'refused', repairDetail: 'bill_void', tries: 1 },
      'give_back',
    ],
    [
      'a bill another payment has paid',
      {
        repair: 'tell_hospital',
        repairOutcome: 'refused',
        repairDetail: 'bill_already_paid',
        tries: 1,
      },
      'give_back',
    ],
    [
      'a bill that has changed',
      { repair: 'tell_hospital', repairOutcome: 'refused', repairDetail: 'bill_changed', tries: 1 },
      'give_back',
    ],
    [
      'a refund that is on its way',
      { repair: 'give_back', repairOutcome: 'running', tries: 3 },
      'give_back',
    ],
  ])('%s', (_what, changes, repair) => {
    expect(remedyOf(difference(changes), context)).toEqual({ do: 'repair', repair })
  })

  it.each<[string, Partial<Difference>]>([
    ['other amounts', { class: 'amount' }],
    ['a number twice', { class: 'duplicate' }],
    ['a payment we undid', { class: 'status' }],
    ['a number of another hospital', { class: 'foreign' }],
    ['a charge nobody knows', { source: 'wechat', class: 'theirs_only', ...unknown }],
    ['a payment nobody knows', { class: 'theirs_only', ...unknown }],
    [
      'a refusal that is no last word on the bill',
      { repair: 'tell_hospital', repairOutcome: 'refused', repairDetail: 'amount_mismatch' },
    ],
    [
      'a reversal that the insurer refuses',
      {
        source: 'insurance',
        class: 'theirs_only',
        ...unknown,
        repair: 'reverse_settlement',
        repairOutcome: 'refused',
      },
    ],
    [
      'a hospital that says done three times and lists nothing',
      { repair: 'tell_hospital', repairOutcome: 'done', tries: 3 },
    ],
    ['a giving back that was refused', { repair: 'give_back', repairOutcome: 'refused' }],
    [
      'a giving back that does not end',
      { repair: 'give_back', repairOutcome: 'running', tries: 12 },
    ],
  ])('a person’s: %s', (_what, changes) => {
    expect(remedyOf(difference(changes), context)).toMatchObject({ do: 'open_case' })
  })

  it('reverses nothing where nobody can', () => {
    const only = difference({ source: 'insurance', class: 'theirs_only', ...unknown })
    const alone = { ...context, canReverse: new Set<string>() }
    expect(remedyOf(only, alone)).toMatchObject({ do: 'open_case' })
  })
})
