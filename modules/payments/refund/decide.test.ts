import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { addMs, MINUTE_MS } from '../../../kernel/time.ts'
import {
  brokenInRefund,
  newRefundWorld,
  refundChoices,
  refundIsAtRest,
  type RefundWorld,
} from '../testing/refund-model.ts'
import { decideRefund } from './decide.ts'
import { isRefundOver, type RefundPart } from './refund.ts'

const CAUSES = ['requested', 'compensation'] as const
const MOST_STEPS = 200
// Asked so often in a row, it has become overdue, and nothing changes any more.
const MOST_ATTEMPTS = 10

describe('[P6] a refund, whatever happens in whatever order', () => {
  it.each(CAUSES)(
    'F-33: that is %s keeps its promises and comes to an end: every state',
    (cause) => {
      const { problems, states, ends } = exploreAll(newRefundWorld(cause))
      expect(problems).toEqual([])
      expect(states).toBeGreaterThan(400)
      expect([...ends].toSorted()).toEqual(
        cause === 'requested'
          ? ['refused', 'returning no', 'succeeded']
          : ['returning no', 'succeeded'],
      )
    },
  )

  it('keeps them in long runs too', () => {
    const picks = fc.array(fc.nat(20), { minLength: 20, maxLength: 80 })
    fc.assert(
      fc.property(fc.constantFrom(...CAUSES), picks, (cause, chosen) => {
        let world = newRefundWorld(cause)
        for (const pick of chosen) {
          const options = refundChoices(world)
          const choice = options[pick % options.length]
          if (!choice) break
          world = choice.next()
          expect(brokenInRefund(world)).toBeNull()
        }
        expect(endOf(world)).not.toBe('no end')
      }),
      { numRuns: 2_000 },
    )
  })

  it('goes back by the insurer first, then by the wallet for what is left', () => {
    const world = toTheEnd(newRefundWorld('requested'))
    expect(world.log).toEqual([
      'approve',
      'returning',
      'return 2',
      'return 1',
      'completing',
      'complete',
      'succeeded',
    ])
    expect(world.parts.map((part) => [part.tenderNo, part.netFen ?? part.amountFen])).toEqual([
      [2, 1_200],
      [1, 800],
    ])
  })

  it('takes a payment that came to nothing back at the hospital before any money moves', () => {
    expect(toTheEnd(newRefundWorld('compensation')).log).toEqual([
      'void_write_back',
      'returning',
      'return 2',
      'return 1',
      'succeeded',
    ])
  })
})

describe('decideRefund', () => {
  const START = newRefundWorld('requested')
  const returning = (...parts: Partial<RefundPart>[]): RefundWorld => ({
    ...START,
    refund: { ...START.refund, status: 'returning' },
    parts: START.parts.map((part, i) => ({ ...part, ...parts[i] })),
  })
  const whoIsCalled = (world: RefundWorld, minutes = 0) =>
    decideRefund(world, addMs(world.now, minutes * MINUTE_MS))

  it('calls a person when a provider says no, once for its reason, even if one was called before', () => {
    const declined = returning({ status: 'declined', declineCode: 'account_closed' })
    const call = { do: 'call_a_person', reason: 'account_closed' }
    expect(whoIsCalled(declined)).toEqual(call)
    const overdue = { ...declined, refund: { ...declined.refund, attention: 'overdue' } }
    expect(whoIsCalled(overdue)).toEqual(call)
    const called = { ...declined, refund: { ...declined.refund, attention: 'account_closed' } }
    expect(whoIsCalled(called)).toEqual({ do: 'wait', until: null })
  })

  it('F-70: calls finance when the merchant’s account is empty, and asks again by itself', () => {
    const declined = returning({ status: 'declined', declineCode: 'not_enough' })
    expect(whoIsCalled(declined)).toEqual({ do: 'call_a_person', reason: 'not_enough' })
    const retryAt = addMs(START.now, 10 * MINUTE_MS)
    const refund = { ...declined.refund, attention: 'not_enough', retryAt }
    expect(whoIsCalled({ ...declined, refund }, 9)).toEqual({ do: 'wait', until: retryAt })
    expect(whoIsCalled({ ...declined, refund }, 10)).toEqual({ do: 'return', tenderNo: 2 })
  })

  it('F-62: leaves the channel its time between two returns, and the insurer none', () => {
    const channelFreeAt = addMs(START.now, MINUTE_MS)
    const sized = { status: 'planned' as const, amountFen: fen(800) }
    const wallets = returning({ status: 'returned', netFen: fen(1_200) }, sized)
    expect(whoIsCalled({ ...wallets, channelFreeAt })).toEqual({ do: 'wait', until: channelFreeAt })
    expect(whoIsCalled({ ...wallets, channelFreeAt }, 1)).toEqual({ do: 'return', tenderNo: 1 })
    const insurers = returning({ status: 'planned', amountFen: fen(0) })
    expect(whoIsCalled({ ...insurers, channelFreeAt })).toEqual({ do: 'return', tenderNo: 2 })
    const tenders = wallets.tenders.map((tender) => ({ ...tender, method: 'counter' as const }))
    const tills = { ...wallets, tenders, channelFreeAt }
    expect(whoIsCalled(tills)).toEqual({ do: 'return', tenderNo: 1 })
  })

  it.each<[string, number, number, string]>([
    ['the insurer gave back more than is to go back', 2_001, 4_000, 'source_returned_too_much'],
    ['the wallet has less than is left', 500, 1_499, 'channel_has_too_little'],
  ])('calls a person when %s, and does not fail for ever', (_what, netFen, walletFen, reason) => {
    const world = returning({ status: 'returned', netFen: fen(netFen) })
    const tenders = world.tenders.map((tender) =>
      tender.phase === 'payer' ? { ...tender, takenFen: fen(walletFen) } : tender,
    )
    expect(whoIsCalled({ ...world, tenders })).toEqual({ do: 'call_a_person', reason })
    const called = { ...world, tenders, refund: { ...world.refund, attention: reason } }
    expect(whoIsCalled(called)).toEqual({ do: 'wait', until: null })
  })

  it('calls a person when all has gone back and it is not what was agreed', () => {
    const world = returning(
      { status: 'returned', netFen: fen(1_200) },
      { status: 'returned', netFen: fen(700) },
    )
    expect(whoIsCalled(world)).toEqual({ do: 'call_a_person', reason: 'refund_does_not_add_up' })
  })

  it('is overdue half an hour after it was asked for, and after it was asked for again', () => {
    const asked = returning({ status: 'asked', amountFen: fen(0) })
    expect(whoIsCalled(asked, 29)).toMatchObject({ do: 'return' })
    expect(whoIsCalled(asked, 30)).toEqual({ do: 'call_a_person', reason: 'overdue' })
    const retriedAt = addMs(START.now, 40 * MINUTE_MS)
    const again = { ...asked, refund: { ...asked.refund, retriedAt } }
    expect(whoIsCalled(again, 69)).toMatchObject({ do: 'return' })
    expect(whoIsCalled(again, 70)).toEqual({ do: 'call_a_person', reason: 'overdue' })
  })

  it('does not sleep through the moment at which a person is to be called', () => {
    const retryAt = addMs(START.now, 45 * MINUTE_MS)
    const asked = returning({ status: 'asked', amountFen: fen(0) })
    const waiting = { ...asked, refund: { ...asked.refund, retryAt } }
    const overdueAt = addMs(START.now, 30 * MINUTE_MS)
    expect(whoIsCalled(waiting, 20)).toEqual({ do: 'wait', until: overdueAt })
    expect(whoIsCalled(waiting, 30)).toEqual({ do: 'call_a_person', reason: 'overdue' })
  })

  it('has nothing to give back by a wallet when the insurer gave back all', () => {
    const world = returning({ status: 'returned', netFen: fen(2_000) })
    expect(whoIsCalled(world)).toEqual({ do: 'size', tenderNo: 1, amountFen: 0 })
  })

  it('asks again at its time and not before', () => {
    const pending = returning({ status: 'returned', netFen: fen(1_200) }, { status: 'pending' })
    const retryAt = addMs(START.now, MINUTE_MS)
    const waiting = { ...pending, refund: { ...pending.refund, retryAt } }
    expect(whoIsCalled(waiting)).toEqual({ do: 'wait', until: retryAt })
    expect(whoIsCalled(waiting, 1)).toEqual({ do: 'query_return', tenderNo: 1 })
  })
})

function toTheEnd(start: RefundWorld): RefundWorld {
  let world = start
  for (let step = 0; step < MOST_STEPS && !refundIsAtRest(world); step++) {
    world =
      refundChoices(world)
        .find((choice) => !choice.trouble)
        ?.next() ?? world
  }
  return world
}

function endOf(start: RefundWorld): string {
  const world = toTheEnd(start)
  const { status, attention } = world.refund
  if (!refundIsAtRest(world)) return 'no end'
  return isRefundOver(status) ? status : `${status} ${attention}`
}

/** Goes through every state that any order of events leads to; what is wrong in any of them. */
function exploreAll(start: RefundWorld) {
  const problems = new Set<string>()
  const ends = new Set<string>()
  const seen = new Set<string>()
  const open = [start]
  for (let world = open.pop(); world; world = open.pop()) {
    const key = keyOf(world)
    if (seen.has(key)) continue
    seen.add(key)
    const broken = brokenInRefund(world)
    if (broken) problems.add(`${broken}: ${world.log.join(', ')}`)
    const end = endOf(world)
    ends.add(end)
    if (end === 'no end') problems.add(`no end: ${world.log.join(', ')}`)
    open.push(...refundChoices(world).map((choice) => choice.next()))
  }
  return { problems: [...problems].slice(0, 5), states: seen.size, ends }
}

function keyOf({ now, refund, parts, tenders, bills, really, call }: RefundWorld): string {
  const { status, attention, attempts, retryAt, createdAt, retriedAt } = refund
  const overdue = now >= addMs(retriedAt ?? createdAt, 30 * MINUTE_MS)
  return JSON.stringify([
    [
      status,
      attention,
      Math.min(attempts, MOST_ATTEMPTS),
      retryAt !== null && retryAt > now,
      overdue,
    ],
    parts.map((part) => [part.status, part.amountFen, part.netFen, part.declineCode]),
    tenders.map((tender) => [tender.takenFen, tender.returnedFen]),
    bills.map((bill) => bill.writeBack),
    [really, call],
  ])
}
