import { describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addMs, businessDate, DAY_MS } from '../../kernel/time.ts'
import { type Decision, type Evidence, type Link, settles, standingOf } from './link.ts'

const NOW = new Date('2026-11-23T09:00:00+08:00')
const GROWN = businessDate('1950-03-01')
/** Eighteen tomorrow. */
const NEARLY = businessDate('2008-11-24')

const link = (changes: Partial<Link> = {}): Link => ({
  id: 'link' as Link['id'],
  carerId: 'carer' as Link['carerId'],
  memberId: 'member' as Link['memberId'],
  relation: 'parent',
  ground: 'consent',
  scopes: ['book'],
  mostFen: fen(20_000),
  textVersion: '2026-11',
  askedAt: addMs(NOW, -DAY_MS),
  expiresAt: addMs(NOW, 30 * DAY_MS),
  decision: null,
  ending: null,
  ...changes,
})

const agreed = (evidence: Evidence | null = null): Decision => ({
  verdict: 'agreed',
  at: addMs(NOW, -DAY_MS),
  desk: evidence && { hospitalId: 1 as never, evidence },
})

describe('[I4] a link', () => {
  it('waits for seven days, and then is not answered', () => {
    expect(standingOf(link(), GROWN, NOW)).toBe('waiting')
    expect(standingOf(link(), GROWN, addMs(NOW, 6 * DAY_MS))).toBe('unanswered')
  })

  it('stands until its moment, and not at it', () => {
    const given = link({ decision: agreed(), expiresAt: addMs(NOW, 1) })
    expect(standingOf(given, GROWN, NOW)).toBe('in_force')
    expect(standingOf(given, GROWN, addMs(NOW, 1))).toBe('expired')
  })

  it('is ended or refused, whatever else', () => {
    const ending = { at: NOW, by: 'member' } as const
    expect(standingOf(link({ decision: agreed(), ending }), GROWN, NOW)).toBe('ended')
    const decision = { ...agreed(), verdict: 'refused' } as const
    expect(standingOf(link({ decision }), GROWN, NOW)).toBe('refused')
    const unanswered = { at: NOW, by: 'time' } as const
    expect(standingOf(link({ ending: unanswered }), GROWN, NOW)).toBe('unanswered')
  })

  it('of a child is over on the eighteenth birthday, but not that of a ward', () => {
    const child = link({ ground: 'proof', decision: agreed('birth_certificate') })
    expect(standingOf(child, NEARLY, NOW)).toBe('in_force')
    expect(standingOf(child, NEARLY, new Date('2026-11-24T00:00:00+08:00'))).toBe('came_of_age')
    const ward = link({ ground: 'proof', decision: agreed('court_order') })
    expect(standingOf(ward, GROWN, NOW)).toBe('in_force')
    const own = link({ decision: agreed('member_present') })
    expect(standingOf(own, GROWN, NOW)).toBe('in_force')
  })

  it.each([
    ['consent', 'member_present', true],
    ['consent', 'birth_certificate', false],
    ['proof', 'member_present', false],
    ['proof', 'court_order', true],
  ] as const)('by %s is settled by %s: %s', (ground, evidence, is) => {
    expect(settles(ground, evidence)).toBe(is)
  })
})
