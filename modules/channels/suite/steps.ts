import type { Id } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { MINUTE_MS } from '../../../kernel/time.ts'
import {
  type ChargeOrder,
  type Move,
  type PayerAction,
  type ProviderCall,
  type RefundAnswer,
  type RefundOrder,
  totalOf,
} from '../../payments/index.ts'
import type { ChannelBench } from './channel-bench.ts'
import { CheckFailure, expectOutcome, expectSame, expectThat, NotApplicable } from './check.ts'

// What checks are made of: the small steps of the hub's own life with a channel.

export const AMOUNT = fen(12_345)

/** A provider may want so long between two refunds of one charge, or take so long for one. */
const PAUSE_MS = MINUTE_MS + 1_000
const MOST_QUESTIONS = 6

export type Paid = { order: ChargeOrder; action: PayerAction | null; move: Move }

export const callFor = (order: ChargeOrder): ProviderCall => ({
  hospitalId: order.hospitalId,
  trace: () => {},
})

/** An order over an amount that the checks know, under a number of its own. */
export const orderOver = (
  bench: ChannelBench,
  amountFen: Fen = AMOUNT,
  changes: Partial<ChargeOrder> = {},
): ChargeOrder =>
  bench.newOrder({ amountFen, parts: [{ kind: 'self_pay', amountFen }], ...changes })

/** Charged and not paid: it waits for the payer. */
export async function placedOrder(
  bench: ChannelBench,
  order = orderOver(bench),
): Promise<{ order: ChargeOrder; action: PayerAction | null }> {
  const answer = await bench.channel.charge(callFor(order), order)
  const pending = expectOutcome('a new charge', answer, ['pending'])
  return { order, action: pending.payerAction }
}

/** Charged, and paid by the payer where the charge waits for that. */
export async function paidOrder(bench: ChannelBench, order = orderOver(bench)): Promise<Paid> {
  const answer = await bench.channel.charge(callFor(order), order)
  const given = expectOutcome('a new charge', answer, ['pending', 'confirmed'])
  if (given.outcome === 'confirmed') {
    expectChargeMove(bench, order, given.move)
    return { order, action: null, move: given.move }
  }
  return { order, action: given.payerAction, move: await pay(bench, order, given.payerAction) }
}

/** The payer pays, and the query says so. */
export async function pay(
  bench: ChannelBench,
  order: ChargeOrder,
  action: PayerAction | null,
): Promise<Move> {
  if (bench.pay === null) {
    throw new NotApplicable({
      zh: '需要付款人操作，此环境无人付款',
      en: 'the charge waits for a payer, and nobody can pay here',
    })
  }
  await bench.pay(order, action)
  return confirmedCharge(bench, order)
}

/** What the query says of a charge that was paid; a lagging provider is asked again. */
export async function confirmedCharge(bench: ChannelBench, order: ChargeOrder): Promise<Move> {
  let answer = await bench.channel.query(callFor(order), order)
  for (let asked = 1; answer.outcome === 'pending' && asked < MOST_QUESTIONS; asked++) {
    if (bench.pass === undefined) break
    await bench.pass(PAUSE_MS)
    answer = await bench.channel.query(callFor(order), order)
  }
  const { move } = expectOutcome('the query of a paid charge', answer, ['confirmed'])
  expectChargeMove(bench, order, move)
  return move
}

const CLOCKS_DIFFER_MS = 5 * MINUTE_MS

/** The move names this charge, exactly. */
export function expectChargeMove(bench: ChannelBench, order: ChargeOrder, move: Move): void {
  expectSame('the kind of the move', move.kind, 'charge')
  expectSame('our number in the move', move.ourNo, order.tradeNo)
  expectSame('the amount of the move in fen', totalOf(move.parts), order.amountFen)
  expectThat(move.providerNo !== '', "the provider's number in the move", 'a number', 'none')
  expectMoment(bench, move.at, order.createdAt)
}

function expectMoment(bench: ChannelBench, at: Date, notBefore: Date): void {
  const earliest = notBefore.getTime() - CLOCKS_DIFFER_MS
  const latest = bench.clock.now().getTime() + CLOCKS_DIFFER_MS
  const isFit = at.getTime() >= earliest && at.getTime() <= latest
  const found = Number.isNaN(at.getTime()) ? 'no moment' : at.toISOString()
  const expected = `between ${new Date(earliest).toISOString()} and ${new Date(latest).toISOString()}`
  expectThat(isFit, 'the moment of the move', expected, found)
}

export function refundOf(
  bench: ChannelBench,
  { order, move }: Paid,
  amountFen: Fen = order.amountFen,
): RefundOrder {
  // A new order is where fresh numbers come from.
  const { tradeNo, tenderId } = bench.newOrder()
  return {
    charge: { ...order, presence: null },
    chargeProviderNo: move.providerNo,
    refundId: tenderId as string as Id<'Refund'>,
    refundNo: tradeNo,
    amountFen,
    remaining: [],
    reason: '退费 refund',
    requestedAt: bench.clock.now(),
  }
}

/** Asks for the refund as the machine does, again and again, until it has an end. */
export async function endOfRefund(
  bench: ChannelBench,
  refund: RefundOrder,
  first?: RefundAnswer,
): Promise<RefundAnswer> {
  const call = callFor(refund.charge)
  let answer = first ?? (await bench.channel.refund(call, refund))
  for (let asked = 1; !hasEnded(answer) && asked < MOST_QUESTIONS; asked++) {
    await bench.pass?.(PAUSE_MS)
    const found =
      answer.outcome === 'pending'
        ? await bench.channel.queryRefund(call, refund)
        : await bench.channel.refund(call, refund)
    answer = found.outcome === 'absent' ? await bench.channel.refund(call, refund) : found
  }
  if (answer.outcome === 'pending' && bench.pass === undefined) {
    throw new CheckFailure(
      'a refund',
      'an end, or a bench that lets time pass until it has one',
      'pending',
    )
  }
  return answer
}

const hasEnded = (answer: RefundAnswer) =>
  answer.outcome === 'confirmed' || answer.outcome === 'declined'

/** The money went back: exactly one move, for exactly this refund. */
export async function returned(
  bench: ChannelBench,
  refund: RefundOrder,
  first?: RefundAnswer,
): Promise<Move> {
  const answer = await endOfRefund(bench, refund, first)
  const { moves } = expectOutcome('a refund', answer, ['confirmed'])
  const [move, ...others] = moves
  if (move === undefined || others.length > 0) {
    throw new CheckFailure('how many moves a refund is made of', '1', String(moves.length))
  }
  expectSame('the kind of the move', move.kind, 'return')
  expectSame('our number in the move', move.ourNo, refund.refundNo)
  expectSame('the amount of the move in fen', totalOf(move.parts), refund.amountFen)
  expectThat(move.providerNo !== '', "the provider's number in the move", 'a number', 'none')
  expectMoment(bench, move.at, refund.charge.createdAt)
  return move
}

/** Between two refunds of one charge. */
export const pause = async (bench: ChannelBench): Promise<void> => bench.pass?.(PAUSE_MS)

/** Does nothing where nobody can look. */
export async function expectBooks(
  bench: ChannelBench,
  order: ChargeOrder,
  expected: { takenFen: number; returnedFen: number },
): Promise<void> {
  if (bench.books === null) return
  const { takenFen, returnedFen } = await bench.books(order)
  expectSame("what the provider's books say of the charge", { takenFen, returnedFen }, expected)
}

/** The payer tries, as anybody may: whether it works is for the books to say. */
export async function tryToPay(
  bench: ChannelBench,
  order: ChargeOrder,
  action: PayerAction | null,
): Promise<void> {
  try {
    await bench.pay?.(order, action)
  } catch {
    // The provider refuses, as it should.
  }
}
