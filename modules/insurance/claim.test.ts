import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import {
  allows,
  type Claim,
  type ClaimEvent,
  type ClaimRefund,
  type ClaimStatus,
  moveClaim,
  moveRefund,
  moveSettlement,
  type RefundEvent,
  type Settlement,
  type SettlementStatus,
  wasSettled,
} from './claim.ts'

const claim = {
  hospitalId: 17 as HospitalId,
  id: 'C' as Id<'Claim'>,
  status: 'quoting',
  totalFen: fen(100),
} as Claim

const EVENTS: ClaimEvent[] = [
  'visit_begun',
  'quoted',
  'settle_sent',
  'settled',
  'settle_refused',
  'settle_voided',
  'released',
  'refund_begun',
  'refund_refused',
  'resettled',
  'returned',
]

/** Plays what is possible of a list of events, and tells the statuses passed through. */
const play = (events: readonly ClaimEvent[], from = claim): ClaimStatus[] => {
  const statuses = [from.status]
  let current = from
  for (const event of events) {
    if (!allows(current, event)) continue
    current = moveClaim(current, event)
    statuses.push(current.status)
  }
  return statuses
}

describe('a claim', () => {
  it('is settled only after a message was written down, and given back only after that', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 30 }), (events) => {
        const statuses = play(events)
        const first = (status: ClaimStatus) => statuses.indexOf(status)
        const isBefore = (a: ClaimStatus, b: ClaimStatus) =>
          first(b) === -1 || (first(a) !== -1 && first(a) < first(b))
        expect(isBefore('quoted', 'settling')).toBe(true)
        expect(isBefore('settling', 'settled')).toBe(true)
        expect(isBefore('settled', 'refunding')).toBe(true)
        expect(isBefore('refunding', 'returned')).toBe(true)
      }),
    )
  })

  it('that is released or returned moves no more', () => {
    for (const status of ['released', 'returned'] as const) {
      expect(EVENTS.some((event) => allows({ ...claim, status }, event))).toBe(false)
    }
  })

  it('that is being settled is not released before the outcome is known', () => {
    expect(allows({ ...claim, status: 'settling' }, 'released')).toBe(false)
    expect(() => moveClaim({ ...claim, status: 'settling' }, 'released')).toThrow('does not happen')
  })

  it('knows for ever that money was taken', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 30 }), (events) => {
        const statuses = play(events)
        const from = statuses.indexOf('settled')
        const later = (from === -1 ? [] : statuses.slice(from)).map((status) =>
          wasSettled({ ...claim, status }),
        )
        expect(later.every(Boolean)).toBe(true)
      }),
    )
  })
})

describe('a message that moves money', () => {
  const settlement = { status: 'sent' } as Settlement
  it.each<[SettlementStatus, SettlementStatus, boolean]>([
    ['sent', 'done', true],
    ['sent', 'refused', true],
    ['sent', 'absent', true],
    ['absent', 'reversed', true],
    ['refused', 'reversed', true],
    ['absent', 'done', false],
    ['done', 'reversed', false],
    ['done', 'refused', false],
    ['reversed', 'done', false],
  ])('%s becomes %s: %s', (from, to, possible) => {
    const outcome = () => {
      try {
        return moveSettlement({ ...settlement, status: from }, to).status
      } catch {
        return 'impossible'
      }
    }
    expect(outcome()).toBe(possible ? to : 'impossible')
  })
})

describe('a refund', () => {
  const EVENTS_OF_REFUND: RefundEvent[] = [
    'voided',
    'void_refused',
    'uploaded',
    'resettle_sent',
    'resettle_voided',
    'resettled',
    'given_back_whole',
  ]
  it('settles anew only what was cancelled, uploaded and sent', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS_OF_REFUND), { maxLength: 20 }), (events) => {
        const passed = passedThrough(events)
        const isAnew = passed.at(-1) === 'done' && passed.includes('resettling')
        expect(isAnew ? passed : ['voided', 'uploaded']).toEqual(
          expect.arrayContaining(['voided', 'uploaded']),
        )
        const isDeclined = passed.includes('declined')
        expect(isDeclined ? passed : ['voiding', 'declined']).toEqual(['voiding', 'declined'])
      }),
    )
  })

  const passedThrough = (events: readonly RefundEvent[]) => {
    let refund = { status: 'voiding' } as ClaimRefund
    const passed = [refund.status]
    for (const event of events) {
      try {
        refund = moveRefund(refund, event)
      } catch {
        continue // not possible from here
      }
      passed.push(refund.status)
    }
    return passed
  }
})
