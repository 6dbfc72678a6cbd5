import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { decide } from './decide.ts'
import { isOver } from './payment.ts'
import {
  brokenIn,
  choicesOf,
  confirmedWorld,
  isAtRest,
  type Shape,
  type World,
} from './testing/payment-model.ts'

const BOTH: Shape = { payer: true, insurer: true, bills: 1 }
const MOST_STEPS = 200
// Asked so often in a row, it has become overdue, and nothing changes any more.
const MOST_ATTEMPTS = 10

/** A payment comes to one of these, or to a person when its money does not go back. */
const ENDS = ['closed', 'compensating refund_refused', 'failed', 'succeeded']

describe('[P1] a payment, whatever happens in whatever order', () => {
  it.each<[string, Shape, number]>([
    ['of payer and insurer', BOTH, 1_500],
    ['of two bills', { payer: true, insurer: true, bills: 2 }, 2_000],
    ['of the payer alone', { payer: true, insurer: false, bills: 1 }, 300],
    ['of the insurer alone', { payer: false, insurer: true, bills: 1 }, 300],
    ['of the lender alone', { payer: false, insurer: false, lender: true, bills: 1 }, 300],
    ['of payer and lender', { payer: true, insurer: false, lender: true, bills: 1 }, 1_500],
    ['of all three', { payer: true, insurer: true, lender: true, bills: 1 }, 5_000],
  ])(
    'F-33: %s keeps its promises and comes to an end: every state that can be reached',
    (_what, shape, atLeast) => {
      const { problems, states, ends } = exploreAll(confirmedWorld(shape))
      expect(problems).toEqual([])
      // As a search that finds nothing proves nothing: it has been everywhere.
      expect(states).toBeGreaterThan(atLeast)
      expect([...ends].toSorted()).toEqual(ENDS)
    },
  )

  it('keeps them in long runs too', () => {
    const choices = fc.array(fc.nat(30), { minLength: 20, maxLength: 80 })
    const shape = fc.record({
      payer: fc.constant(true),
      insurer: fc.boolean(),
      lender: fc.boolean(),
      bills: fc.integer({ min: 1, max: 3 }),
    })
    fc.assert(
      fc.property(shape, choices, (of, picks) => {
        let world = confirmedWorld(of)
        for (const pick of picks) {
          const options = choicesOf(world)
          const choice = options[pick % options.length]
          if (!choice) break
          world = choice.next()
          expect(brokenIn(world)).toBeNull()
        }
        expect(endOf(world)).not.toBe('no end')
      }),
      { numRuns: 2_000 },
    )
  })

  it('is a model that sees a payment that charges blindly, forgets or gives up', () => {
    const paid = run(confirmedWorld(BOTH), ['intend charge', 'answer charge', 'payer pays'])
    const [wallet, insurer] = paid.tenders
    if (!wallet || !insurer) throw new Error('the plan has two tenders')
    const over = { ...paid, payment: { ...paid.payment, status: 'closed' as const } }
    const taken = { ...wallet, status: 'taken' as const, takenFen: wallet.amountFen }
    const call = { do: 'charge' as const, tenderNo: 2 }
    expect(brokenIn({ ...paid, call })).toBe('charges the insurance before the payer has paid')
    expect(brokenIn(over)).toBe('is over with something unknown')
    expect(brokenIn({ ...over, tenders: [{ ...wallet, status: 'declined' }, insurer] })).toBe(
      'takes a charge that happened for declined',
    )
    expect(brokenIn({ ...over, tenders: [{ ...wallet, status: 'released' }, insurer] })).toBe(
      'is over with money that it does not know of',
    )
    expect(brokenIn({ ...over, tenders: [taken, insurer] })).toBe(
      'is over with money that was not given back',
    )
    const succeeded = { ...over, payment: { ...paid.payment, status: 'succeeded' as const } }
    expect(brokenIn({ ...succeeded, tenders: [taken] })).toBe('succeeded untold')
  })
})

describe('decide', () => {
  const START = confirmedWorld(BOTH)
  const at = (world: World, minutes = 0) =>
    decide(
      {
        payment: world.payment,
        tenders: world.tenders,
        bills: world.bills,
        giveBackRunning: false,
        giveBackRefused: false,
        settledOtherwise: false,
      },
      addMs(world.now, minutes * MINUTE_MS),
    )

  it('lets the payer pay first, then the insurer, then tells the hospital', () => {
    const world = run(START, [
      'intend charge',
      'answer charge',
      'payer pays',
      'time passes',
      'intend query',
      'answer query',
      'move settling',
      'intend charge',
      'answer charge',
      'intend write_back',
      'answer write_back',
      'move succeeded',
    ])
    expect(world.log).toEqual([
      'charge 1',
      'query 1',
      'settling',
      'charge 2',
      'write_back B1',
      'succeeded',
    ])
    expect(at(world)).toEqual({ do: 'wait', until: null })
  })

  it('charges the insurer again after a crash before the call, and not only asks for ever', () => {
    const settling = run(START, [
      'intend charge',
      'answer charge',
      'payer pays',
      'time passes',
      'intend query',
      'answer query',
      'move settling',
      'intend charge',
      'crash',
    ])
    expect(endOf(settling)).toBe('succeeded')
  })

  it('asks for the next step at its time and not before', () => {
    const asked = run(START, ['intend charge', 'never came charge'])
    expect(at(asked)).toEqual({ do: 'wait', until: asked.payment.retryAt })
    expect(at(asked, 1)).toEqual({ do: 'charge', tenderNo: 1 })
  })

  it('releases what the payer did not pay in time, and what they cancelled', () => {
    const ordered = run(START, ['intend charge', 'answer charge'])
    expect(at(ordered, 16)).toEqual({ do: 'release', tenderNo: 1 })
    const cancelled = run(ordered, ['payer cancels'])
    expect(at(cancelled)).toEqual({ do: 'release', tenderNo: 1 })
  })

  it('calls a person half an hour after the payer’s turn, once, and goes on', () => {
    const settling = run(START, [
      'intend charge',
      'answer charge',
      'payer pays',
      'time passes',
      'intend query',
      'answer query',
      'move settling',
      'intend charge',
    ])
    expect(at({ ...settling, call: null }, 29)).toMatchObject({ do: 'query' })
    expect(at({ ...settling, call: null }, 31)).toEqual({ do: 'call_a_person', reason: 'overdue' })
    const seen = { ...settling.payment, attention: 'overdue' }
    expect(at({ ...settling, payment: seen, call: null }, 31)).toMatchObject({ do: 'query' })
  })

  it('does not sleep through the moment at which a person is to be called', () => {
    const settlingSince = START.now
    const retryAt = addMs(START.now, 45 * MINUTE_MS)
    const payment = { ...START.payment, status: 'settling' as const, settlingSince, retryAt }
    const [wallet, insurer] = START.tenders
    if (!wallet || !insurer) throw new Error('the plan has two tenders')
    const taken = { ...wallet, status: 'taken' as const, takenFen: wallet.amountFen }
    const waiting = {
      ...START,
      payment,
      tenders: [taken, { ...insurer, status: 'asked' as const }],
    }
    const overdueAt = addMs(START.now, 30 * MINUTE_MS)
    expect(at(waiting, 20)).toEqual({ do: 'wait', until: overdueAt })
    expect(at(waiting, 30)).toEqual({ do: 'call_a_person', reason: 'overdue' })
    const called = { ...waiting, payment: { ...payment, attention: 'overdue' } }
    expect(at(called, 30)).toEqual({ do: 'wait', until: retryAt })
  })

  it('calls a person when the channel is silent long after the time to pay', () => {
    const [wallet, ...others] = START.tenders
    if (!wallet) throw new Error('the plan has a wallet')
    const payment = { ...START.payment, status: 'charging' as const, expiresAt: START.now }
    const silent = {
      ...START,
      payment,
      tenders: [{ ...wallet, status: 'asked' as const }, ...others],
    }
    expect(at(silent, 29)).toMatchObject({ do: 'release' })
    expect(at(silent, 30)).toEqual({ do: 'call_a_person', reason: 'overdue' })
    const called = { ...silent, payment: { ...payment, attention: 'overdue' } }
    expect(at(called, 31)).toMatchObject({ do: 'release' })
  })

  it('gives back what comes after the end, once, and never what succeeded', () => {
    const [wallet, insurer] = START.tenders
    if (!wallet || !insurer) throw new Error('the plan has two tenders')
    const taken = { ...wallet, status: 'taken' as const, takenFen: fen(4_000) }
    const state = {
      payment: { ...START.payment, status: 'closed' as const },
      tenders: [taken, { ...insurer, status: 'released' as const }],
      bills: START.bills,
      giveBackRunning: false,
      giveBackRefused: false,
      settledOtherwise: false,
    }
    const nothing = { do: 'wait', until: null }
    expect(decide(state, START.now)).toEqual({ do: 'give_back', cause: 'late' })
    expect(decide({ ...state, giveBackRunning: true }, START.now)).toEqual(nothing)
    const succeeded = { ...state, payment: { ...state.payment, status: 'succeeded' as const } }
    expect(decide(succeeded, START.now)).toEqual(nothing)
  })

  it('lets a quote that nobody confirms run out, and tells the source that nothing came of it', () => {
    const quoted = { ...START, payment: { ...START.payment, status: 'quoted' as const } }
    expect(at(quoted)).toEqual({ do: 'wait', until: quoted.payment.expiresAt })
    expect(at(quoted, 15)).toEqual({ do: 'move', to: 'compensating', failureCode: 'expired' })
    const alone = { ...quoted, tenders: quoted.tenders.slice(0, 1) }
    expect(at(alone, 15)).toEqual({ do: 'move', to: 'closed', failureCode: 'expired' })
  })

  it('says farewell to a source five times, and then goes without an answer', () => {
    const payment = { ...START.payment, status: 'compensating' as const }
    expect(at({ ...START, payment })).toEqual({ do: 'release', tenderNo: 2 })
    expect(at({ ...START, payment: { ...payment, attempts: 5 } })).toEqual({
      do: 'drop',
      tenderNo: 2,
    })
  })

  it('closes a payment of which a provider has returned more than it took', () => {
    const [wallet] = START.tenders
    if (!wallet) throw new Error('the plan has a wallet')
    const returned = {
      ...wallet,
      status: 'taken' as const,
      takenFen: fen(4_000),
      returnedFen: fen(4_001),
    }
    const payment = { ...START.payment, status: 'compensating' as const }
    expect(at({ ...START, payment, tenders: [returned] })).toMatchObject({
      do: 'move',
      to: 'failed',
    })
  })
})

/** Follows the choices by name; each must be there. */
function run(start: World, names: readonly string[]): World {
  return names.reduce((world, name) => {
    const choice = choicesOf(world).find((option) => option.name === name)
    if (!choice) {
      const there = choicesOf(world).map((option) => option.name)
      throw new Error(`no "${name}" among ${there.join(', ')}`)
    }
    return choice.next()
  }, start)
}

/** Where a world without further trouble comes to rest. */
function endOf(start: World): string {
  let world = start
  for (let step = 0; step < MOST_STEPS; step++) {
    const { status, attention } = world.payment
    if (isAtRest(world)) return isOver(status) ? status : `${status} ${attention}`
    const healthy = choicesOf(world).find((choice) => !choice.trouble)
    if (!healthy) return 'no end'
    world = healthy.next()
  }
  return 'no end'
}

/** Goes through every state that any order of events leads to; what is wrong in any of them. */
function exploreAll(start: World) {
  const problems = new Set<string>()
  const ends = new Set<string>()
  const seen = new Set<string>()
  const open = [start]
  for (let world = open.pop(); world; world = open.pop()) {
    const key = keyOf(world)
    if (seen.has(key)) continue
    seen.add(key)
    const broken = brokenIn(world)
    if (broken) problems.add(`${broken}: ${world.log.join(', ')}`)
    const end = endOf(world)
    ends.add(end)
    if (!ENDS.includes(end)) problems.add(`ends in "${end}": ${world.log.join(', ')}`)
    open.push(...choicesOf(world).map((choice) => choice.next()))
  }
  return { problems: [...problems].slice(0, 5), states: seen.size, ends }
}

/** Worlds that decide cannot tell apart, but for how long something still lasts. */
function keyOf({ now, payment, tenders, bills, giveBack, really, told, call }: World): string {
  const { status, attention, attempts, retryAt, expiresAt, settlingSince } = payment
  const since = settlingSince ?? (status === 'charging' ? expiresAt : null)
  const overdue = since !== null && now >= addMs(since, 30 * MINUTE_MS)
  return JSON.stringify([
    [status, attention, Math.min(attempts, MOST_ATTEMPTS), payment.cancelRequestedAt !== null],
    [retryAt !== null && retryAt > now, now >= expiresAt, overdue],
    tenders.map((t) => [t.status, t.takenFen, t.returnedFen, t.absentAnswers]),
    bills.map((bill) => bill.writeBack),
    [giveBack, really, told, call],
  ])
}
