import { fen } from '../../../kernel/money.ts'
import { addMs } from '../../../kernel/time.ts'
import { type PaymentBill, type Tender, tenderNumbered } from '../payment.ts'
import { decideRefund, MERCHANT_LACKS_MONEY, type RefundStep } from '../refund/decide.ts'
import { canRefundMove, isRefundOver, type Refund, type RefundPart } from '../refund/refund.ts'
import { CALL_LEASE_MS, retryAfter } from '../retry.ts'
import type { Choice } from './payment-model.ts'
import { newBill, newTender, START } from './rows.ts'

// A refund, and the outside as it really is, in the same way as the payment's model.

/** Of 10,000 fen the payer paid 4,000 and the insurer 6,000; 2,000 of the lines may go back alone. */
const WALLET = 1
const INSURER = 2
const PART_FEN = 2_000
const RESETTLED_FEN = 4_800 // what the insurer pays of the 8,000 that stay

export type RefundWorld = {
  readonly now: Date
  readonly refund: Refund
  readonly parts: readonly RefundPart[]
  readonly tenders: readonly Tender[]
  readonly bills: readonly PaymentBill[]
  readonly channelFreeAt: Date | null
  readonly really: {
    /** What became of the return at each provider, by tender number. */
    readonly returns: Readonly<Record<number, 'none' | 'pending' | 'done' | 'declined'>>
    readonly hospitalAgreed: boolean
    readonly hospitalHas: boolean // the bill as paid
  }
  readonly call: CallStep | null
  readonly log: readonly string[]
}

type CallStep = Extract<
  RefundStep,
  { do: 'approve' | 'complete' | 'void_write_back' | 'return' | 'query_return' }
>

/** A refund of a line that somebody asked for, or of all of a payment that came to nothing. */
export function newRefundWorld(cause: 'requested' | 'compensation'): RefundWorld {
  const taken = (tender: Tender): Tender => ({
    ...tender,
    status: 'taken',
    takenFen: tender.amountFen,
    takenAt: START,
  })
  const tenders = [
    taken(newTender(WALLET, 'wechat', 'payer', 4_000)),
    taken(newTender(INSURER, 'insurance', 'settle', 6_000)),
  ]
  return {
    now: START,
    refund: newRefund(cause),
    parts: [INSURER, WALLET].map(newPart),
    tenders,
    bills: [{ ...newBill('B1', 10_000), writeBack: 'done' }],
    channelFreeAt: null,
    really: { returns: {}, hospitalAgreed: false, hospitalHas: true },
    call: null,
    log: [],
  }
}

export function refundChoices(world: RefundWorld): Choice<RefundWorld>[] {
  // Whatever is waited for comes before the next question.
  return [...othersChoices(world), ...ownChoices(world)]
}

export const refundIsAtRest = (world: RefundWorld): boolean =>
  world.call === null && refundChoices(world).every((choice) => choice.trouble)

function ownChoices(world: RefundWorld): Choice<RefundWorld>[] {
  if (world.call) return answersTo(world, world.call)
  const step = decideRefund(world, world.now)
  switch (step.do) {
    case 'wait':
      if (step.until === null) return []
      if (step.until <= world.now) throw new Error('waits for a moment that has passed')
      return [plain('time passes', { ...world, now: step.until })]
    case 'move':
      return [plain(`move ${step.to}`, moved(world, step.to))]
    case 'size': {
      const { phase } = tenderNumbered(world.tenders, step.tenderNo)
      const none = { status: 'returned' as const, amountFen: fen(0), netFen: fen(0) }
      const sized = { amountFen: step.amountFen }
      const isNone = phase === 'payer' && step.amountFen === 0
      return [plain('size', withPart(world, step.tenderNo, isNone ? none : sized))]
    }
    case 'call_a_person': {
      const refund = { ...world.refund, attention: step.reason }
      return [plain(`call ${step.reason}`, { ...world, refund })]
    }
    default: {
      const intended = { ...world, call: step, log: [...world.log, nameOf(step)] }
      const next =
        step.do === 'return' ? withPart(intended, step.tenderNo, { status: 'asked' }) : intended
      return [plain(`intend ${step.do}`, next)]
    }
  }
}

function othersChoices(world: RefundWorld): Choice<RefundWorld>[] {
  const choices: Choice<RefundWorld>[] = []
  const { returns } = world.really
  if (returns[WALLET] === 'pending') {
    choices.push(plain('wallet returns', withReturn(world, WALLET, 'done')))
    choices.push(trouble('wallet cannot', () => withReturn(world, WALLET, 'declined')))
  }
  const declined = world.parts.filter((part) => part.status === 'declined')
  if (declined.length > 0) {
    // Somebody has seen to it, so that the provider does it now.
    const able = declined.reduce((w, { tenderNo }) => withReturn(w, tenderNo, 'none'), world)
    const again = declined.reduce(
      (w, { tenderNo }) => withPart(w, tenderNo, { status: 'planned' }),
      able,
    )
    const refund = { ...again.refund, attention: null, retriedAt: world.now, retryAt: null }
    choices.push(trouble('a person retries', () => ({ ...again, refund })))
  }
  if (world.call) {
    for (const after of [world, performed(world, world.call)]) {
      choices.push(
        trouble('crash', () => ({ ...after, call: null, now: addMs(after.now, CALL_LEASE_MS) })),
      )
    }
  }
  return choices
}

function answersTo(world: RefundWorld, call: CallStep): Choice<RefundWorld>[] {
  const done = performed(world, call)
  const choices = [
    plain(`answer ${call.do}`, truthfully(done, call)),
    trouble(`lost ${call.do}`, () => unknown(done)),
    trouble(`never came ${call.do}`, () => unknown(world)),
  ]
  if (call.do === 'approve' && !world.really.hospitalAgreed) {
    choices.push(trouble('refuse approve', () => moved(answered(world), 'refused')))
  }
  if (call.do === 'return' && !world.really.returns[call.tenderNo]) {
    const { tenderNo } = call
    choices.push(
      trouble(`refuse return`, () => truthfully(withReturn(world, tenderNo, 'declined'), call)),
    )
    const empty = { status: 'declined' as const, declineCode: MERCHANT_LACKS_MONEY }
    choices.push(trouble('account is empty', () => unknown(withPart(world, tenderNo, empty))))
    if (tenderNo === WALLET) {
      choices.push(
        trouble('return waits', () => truthfully(withReturn(world, WALLET, 'pending'), call)),
      )
    }
  }
  return choices
}

/** The outside after the question has reached it. */
function performed(world: RefundWorld, call: CallStep): RefundWorld {
  const { really } = world
  switch (call.do) {
    case 'approve':
      return { ...world, really: { ...really, hospitalAgreed: true } }
    case 'void_write_back':
      return { ...world, really: { ...really, hospitalHas: false } }
    case 'complete':
    case 'query_return':
      return world
    case 'return': {
      const known = really.returns[call.tenderNo]
      return known && known !== 'none' ? world : withReturn(world, call.tenderNo, 'done')
    }
  }
}

function truthfully(world: RefundWorld, call: CallStep): RefundWorld {
  switch (call.do) {
    case 'approve':
      return moved(answered(world), 'returning')
    case 'complete':
      return moved(answered(world), 'succeeded')
    case 'void_write_back':
      return answered({
        ...world,
        bills: world.bills.map((b) => ({ ...b, writeBack: 'none' as const })),
      })
    default:
      return returned(world, call.tenderNo)
  }
}

function returned(world: RefundWorld, tenderNo: number): RefundWorld {
  switch (world.really.returns[tenderNo] ?? 'none') {
    case 'done':
      return answered(withMoney(world, tenderNo))
    case 'pending':
      return unknown(withPart(world, tenderNo, { status: 'pending' }))
    case 'declined':
      return answered(withPart(world, tenderNo, { status: 'declined', declineCode: 'no' }))
    case 'none':
      return unknown(withPart(world, tenderNo, { status: 'asked' }))
  }
}

/** The insurer gives back whole and settles what stays anew; the wallet gives back what it was asked for. */
function withMoney(world: RefundWorld, tenderNo: number): RefundWorld {
  const part = world.parts.find((p) => p.tenderNo === tenderNo)
  const tender = tenderNumbered(world.tenders, tenderNo)
  if (!part || part.status === 'returned') return world
  const back = tenderNo === INSURER ? 6_000 : (part.amountFen ?? 0)
  const again = tenderNo === INSURER && world.refund.billNo !== null ? RESETTLED_FEN : 0
  const totals = {
    returnedFen: fen(tender.returnedFen + back),
    takenFen: fen(tender.takenFen + again),
  }
  return {
    ...withPart(world, tenderNo, { status: 'returned', netFen: fen(back - again) }),
    tenders: world.tenders.map((t) => (t.tenderNo === tenderNo ? { ...t, ...totals } : t)),
  }
}

const answered = (world: RefundWorld): RefundWorld => ({
  ...world,
  call: null,
  refund: { ...world.refund, attempts: 0, retryAt: null },
})

const unknown = (world: RefundWorld): RefundWorld => ({
  ...world,
  call: null,
  refund: {
    ...world.refund,
    attempts: world.refund.attempts + 1,
    retryAt: retryAfter(world.now, world.refund.attempts, world.refund.id),
  },
})

function moved(world: RefundWorld, to: Refund['status']): RefundWorld {
  const { refund } = world
  if (!canRefundMove(refund.status, to)) throw new Error(`${refund.status} may not become ${to}`)
  const changes = { status: to, attempts: 0, retryAt: null }
  return { ...world, refund: { ...refund, ...changes }, log: [...world.log, to] }
}

const plain = (name: string, next: RefundWorld) => ({ name, trouble: false, next: () => next })
const trouble = (name: string, next: () => RefundWorld) => ({ name, trouble: true, next })

const nameOf = (step: CallStep) =>
  step.do === 'return' || step.do === 'query_return' ? `${step.do} ${step.tenderNo}` : step.do

const withPart = (
  world: RefundWorld,
  tenderNo: number,
  changes: Partial<RefundPart>,
): RefundWorld => ({
  ...world,
  parts: world.parts.map((p) => (p.tenderNo === tenderNo ? { ...p, ...changes } : p)),
})

const withReturn = (
  world: RefundWorld,
  tenderNo: number,
  state: 'none' | 'pending' | 'done' | 'declined',
): RefundWorld => ({
  ...world,
  really: { ...world.really, returns: { ...world.really.returns, [tenderNo]: state } },
})

/** What must hold in every state; the first thing that does not, or null. */
export function brokenInRefund({ refund, parts, tenders, really, call }: RefundWorld) {
  const backFen = tenders.reduce((sum, t) => sum + t.returnedFen - (t.takenFen - t.amountFen), 0)
  const moving = call?.do === 'return' || Object.values(really.returns).some((s) => s === 'done')
  if (tenders.some((tender) => tender.returnedFen > tender.takenFen)) return 'gives back too much'
  if (backFen > refund.amountFen) return 'gives back more than was agreed'
  if (moving && refund.cause === 'requested' && !really.hospitalAgreed) {
    return 'returns before the hospital agrees'
  }
  if (moving && refund.cause !== 'requested' && really.hospitalHas) {
    return 'returns what the hospital still has as paid'
  }
  if (call?.do === 'return' && call.tenderNo === WALLET) {
    if (parts.some((part) => part.tenderNo === INSURER && part.status !== 'returned')) {
      return 'returns by the wallet before it is known what the insurer gives back'
    }
  }
  if (parts.some((p) => p.status === 'declined' && really.returns[p.tenderNo] === 'done')) {
    return 'takes a return that happened for declined'
  }
  if (!isRefundOver(refund.status)) return null
  const agreed = refund.status === 'succeeded' ? refund.amountFen : 0
  if (backFen !== agreed) return `is ${refund.status} and ${backFen} went back`
  if (parts.some((p) => really.returns[p.tenderNo] === 'pending'))
    return 'is over while a return waits'
  return null
}

function newRefund(cause: 'requested' | 'compensation'): Refund {
  const isPart = cause === 'requested'
  return {
    hospitalId: 1 as never,
    id: 'refund' as never,
    paymentId: 'payment' as never,
    cause,
    status: 'approving',
    billNo: isPart ? 'B1' : null,
    lineNos: isPart ? [2] : [],
    amountFen: fen(isPart ? PART_FEN : 10_000),
    reason: '',
    requestedBy: 'staff:1',
    requestNo: null,
    refusalCode: null,
    receiptNo: null,
    attention: null,
    approvedAt: null,
    returnedAt: null,
    completedAt: null,
    version: 0,
    callNo: 0,
    inCallUntil: null,
    retryAt: null,
    attempts: 0,
    createdAt: START,
    retriedAt: null,
  }
}

const newPart = (tenderNo: number): RefundPart => ({
  tenderNo,
  id: `part${tenderNo}` as never,
  status: 'planned',
  amountFen: null,
  netFen: null,
  holdId: null,
  declineCode: null,
})
