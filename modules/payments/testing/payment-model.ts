import { allocateFen, fen } from '../../../kernel/money.ts'
import { addMs } from '../../../kernel/time.ts'
import { absentAnswersOnceCharged, decide, type PaymentStep } from '../decide.ts'
import {
  canMove,
  isOver,
  keptFen,
  type Payment,
  type PaymentBill,
  type Tender,
} from '../payment.ts'
import { CALL_LEASE_MS, retryAfter } from '../retry.ts'
import { newBill, newPayment, newTender, START } from './rows.ts'

// A payment, and the outside as it really is, with no database: every step that decide chooses is applied, and
// whatever may happen in between is a choice. So all orders of events can be tried.

const PAYER_FEN = 4_000
const INSURER_FEN = 6_000
const LENDER_FEN = 3_000

export type World = {
  readonly now: Date
  readonly payment: Payment
  readonly tenders: readonly Tender[]
  readonly bills: readonly PaymentBill[]
  readonly giveBack: 'none' | 'running' | 'refused'
  /** What is really there at each provider, by tender number, and which bills the hospital has as paid. */
  readonly really: Readonly<Record<number, Really>>
  readonly told: readonly string[]
  /** An intent that is written down, and not answered yet. */
  readonly call: CallStep | null
  /** What a test looks at afterwards. */
  readonly log: readonly string[]
}

type Really = { state: 'none' | 'held' | 'open' | 'closed' | 'refused' | 'paid'; fen: number }
type CallStep = Extract<
  PaymentStep,
  { do: 'hold' | 'charge' | 'query' | 'release' } | { do: 'write_back' }
>

/** A choice that the world has; `trouble` is what a healthy world would not choose. */
export type Choice<Of> = { name: string; trouble: boolean; next: () => Of }

export type Shape = { payer: boolean; insurer: boolean; lender?: boolean; bills: number }

/** A confirmed payment of one visit, paid by the parts that the shape names. */
export function confirmedWorld({ payer, insurer, lender, bills: billCount }: Shape): World {
  const planned = [
    ...(payer ? [newTender(1, 'wechat', 'payer', PAYER_FEN)] : []),
    ...(insurer ? [newTender(1, 'insurance', 'settle', INSURER_FEN)] : []),
    ...(lender ? [newTender(1, 'credit', 'hold', LENDER_FEN)] : []),
  ]
  const tenders = planned.map((tender, i) => ({ ...tender, tenderNo: i + 1 }))
  const totalFen = tenders.reduce((sum, tender) => sum + tender.amountFen, 0)
  return {
    now: START,
    payment: newPayment(totalFen),
    tenders,
    bills: allocateFen(
      fen(totalFen),
      Array.from({ length: billCount }, () => 1),
    ).map((billFen, i) => newBill(`B${i + 1}`, billFen)),
    giveBack: 'none',
    really: Object.fromEntries(tenders.map((t) => [t.tenderNo, { state: 'none', fen: 0 }])),
    told: [],
    call: null,
    log: [],
  }
}

/** Everything that may happen next. One choice at least is no trouble, until nothing is left to happen. */
export function choicesOf(world: World): Choice<World>[] {
  return [...ownChoices(world), ...othersChoices(world)]
}

/** What the payment is, when nothing more will happen by itself. */
export const isAtRest = (world: World): boolean =>
  world.call === null && choicesOf(world).every((choice) => choice.trouble)

function ownChoices(world: World): Choice<World>[] {
  if (world.call) return answersTo(world, world.call)
  const step = decide(
    {
      payment: world.payment,
      tenders: world.tenders,
      bills: world.bills,
      giveBackRunning: world.giveBack === 'running',
      giveBackRefused: world.giveBack === 'refused',
      settledOtherwise: false,
    },
    world.now,
  )
  switch (step.do) {
    case 'wait': {
      const { until } = step
      if (until === null) return []
      if (until <= world.now)
        throw new Error(`waits for a moment that has passed: ${until.toISOString()}`)
      return [plain('time passes', { ...world, now: until })]
    }
    case 'move':
      return [plain(`move ${step.to}`, moved(world, step))]
    case 'drop': {
      const payment = { ...world.payment, attempts: 0, retryAt: null }
      return [
        plain('drop', withTender({ ...world, payment }, step.tenderNo, { status: 'released' })),
      ]
    }
    case 'give_back':
      return [plain('give back', { ...world, giveBack: 'running' })]
    case 'call_a_person': {
      const payment = { ...world.payment, attention: step.reason }
      return [plain(`call ${step.reason}`, { ...world, payment })]
    }
    default:
      return [plain(`intend ${step.do}`, intended(world, step))]
  }
}

/** What payer, refund and other processes may do at any moment. */
function othersChoices(world: World): Choice<World>[] {
  const { payment, really, tenders } = world
  const choices: Choice<World>[] = []
  const payer = tenders.find((tender) => tender.phase === 'payer')
  if (payer && really[payer.tenderNo]?.state === 'open') {
    const pay = (amountFen: number) => withTruth(world, payer.tenderNo, 'paid', amountFen)
    choices.push({ name: 'payer pays', trouble: true, next: () => pay(payer.amountFen) })
    choices.push({ name: 'payer pays other', trouble: true, next: () => pay(payer.amountFen - 1) })
  }
  if (payment.status === 'charging' && !payment.cancelRequestedAt) {
    const cancelled = { ...payment, cancelRequestedAt: world.now, retryAt: null, attempts: 0 }
    const next = () => ({ ...world, payment: cancelled })
    choices.push({ name: 'payer cancels', trouble: true, next })
  }
  if (payment.retryAt !== null && !world.call) {
    const woken = { ...payment, retryAt: null }
    choices.push({ name: 'notice', trouble: true, next: () => ({ ...world, payment: woken }) })
  }
  if (world.giveBack === 'running') {
    choices.push(plain('refund succeeds', refunded(world)))
    choices.push({ name: 'refund is refused', trouble: true, next: () => refusedRefund(world) })
  }
  if (world.call) {
    // The process dies with the call in hand, which may or may not have been made.
    for (const after of new Set([world, performed(world, world.call)])) {
      choices.push({ name: 'crash', trouble: true, next: () => lost(after) })
    }
  }
  return choices
}

/** Each answer that a provider which keeps its promises may give to this question. */
function answersTo(world: World, call: CallStep): Choice<World>[] {
  const done = performed(world, call)
  const choices: Choice<World>[] = [plain(`answer ${call.do}`, truthfully(done, call))]
  // The effect has come about, or never will, and we hear nothing either way.
  choices.push({ name: `lost ${call.do}`, trouble: true, next: () => unknown(done) })
  choices.push({ name: `never came ${call.do}`, trouble: true, next: () => unknown(world) })
  if (call.do === 'write_back') {
    const refuse = () => answered(withBill(world, call.billNo, { writeBack: 'refused' }))
    if (!world.told.includes(call.billNo)) {
      choices.push({ name: 'refuse write_back', trouble: true, next: refuse })
    }
  } else if (isRefusable(world, call)) {
    const refuse = () => truthfully(withTruth(world, call.tenderNo, 'refused', 0), call)
    choices.push({ name: `refuse ${call.do}`, trouble: true, next: refuse })
    if (tenderOf(world, call.tenderNo).phase === 'settle') {
      const other = () => truthfully(withTruth(world, call.tenderNo, 'paid', 5_000), call)
      choices.push({ name: 'settle other', trouble: true, next: other })
    }
  }
  return choices
}

/** Nothing was taken yet, and what was promised may have run out. */
const isRefusable = (world: World, call: CallStep): call is AskedForMoney =>
  (call.do === 'charge' && ['none', 'held'].includes(really(world, call.tenderNo))) ||
  (call.do === 'hold' && really(world, call.tenderNo) === 'none')

type AskedForMoney = Extract<PaymentStep, { do: 'hold' | 'charge' | 'query' | 'release' }>

/** The outside after the question has reached it. */
function performed(world: World, call: CallStep): World {
  switch (call.do) {
    case 'query':
      return world
    case 'write_back':
      return world.told.includes(call.billNo)
        ? world
        : { ...world, told: [...world.told, call.billNo] }
    case 'hold': {
      if (really(world, call.tenderNo) !== 'none') return world
      return withTruth(world, call.tenderNo, 'held', 0)
    }
    case 'charge': {
      if (!['none', 'held'].includes(really(world, call.tenderNo))) return world
      const { phase, amountFen } = tenderOf(world, call.tenderNo)
      return withTruth(world, call.tenderNo, phase === 'payer' ? 'open' : 'paid', amountFen)
    }
    case 'release': {
      const state = really(world, call.tenderNo)
      return state === 'none' || state === 'held' || state === 'open'
        ? withTruth(world, call.tenderNo, 'closed', 0)
        : world
    }
  }
}

/** The answer that says how things are. */
function truthfully(world: World, call: CallStep): World {
  if (call.do === 'write_back') return answered(withBill(world, call.billNo, { writeBack: 'done' }))
  const { tenderNo } = call
  const truth = world.really[tenderNo]
  const tender = tenderOf(world, tenderNo)
  switch (truth?.state) {
    case 'paid': {
      const takenFen = fen(truth.fen)
      return answered(
        withTender(world, tenderNo, { status: 'taken', takenFen, takenAt: world.now }),
      )
    }
    case 'open':
      return nothingNew(withTender(world, tenderNo, { status: 'ordered', absentAnswers: 0 }))
    case 'held':
      if (call.do === 'hold') return answered(withTender(world, tenderNo, { status: 'held' }))
      return nothingNew(withTender(world, tenderNo, { absentAnswers: tender.absentAnswers + 1 }))
    case 'none':
    case undefined: {
      const absentAnswers = tender.absentAnswers + 1
      return nothingNew(withTender(world, tenderNo, { absentAnswers }))
    }
    case 'closed':
    case 'refused': {
      if (call.do === 'release')
        return answered(withTender(world, tenderNo, { status: 'released' }))
      return answered(withTender(world, tenderNo, { status: 'declined', declineCode: 'no' }))
    }
  }
}

const answered = (world: World): World => ({
  ...world,
  call: null,
  payment: { ...world.payment, inCallUntil: null, attempts: 0, retryAt: null },
})

function nothingNew(world: World): World {
  const { payment, now } = world
  const { attempts, expiresAt } = payment
  const later = retryAfter(now, attempts, payment.id)
  const sleeps = payment.status === 'charging' && now < expiresAt && later > expiresAt
  const retryAt = sleeps ? expiresAt : later
  return { ...world, call: null, payment: { ...payment, retryAt, attempts: attempts + 1 } }
}

const unknown = nothingNew

/** Nobody answers any more: whoever comes next finds the lease run out. */
const lost = (world: World): World => ({
  ...world,
  call: null,
  now: addMs(world.now, CALL_LEASE_MS),
})

function intended(world: World, call: CallStep): World {
  const said = `${call.do} ${call.do === 'write_back' ? call.billNo : call.tenderNo}`
  const noted: World = { ...world, call, log: [...world.log, said] }
  if (call.do === 'write_back') return withBill(noted, call.billNo, { writeBack: 'asked' })
  if (call.do === 'hold') return withTender(noted, call.tenderNo, { status: 'holding' })
  if (call.do !== 'charge') return noted
  const absentAnswers = absentAnswersOnceCharged(tenderOf(world, call.tenderNo))
  return withTender(noted, call.tenderNo, { status: 'asked', absentAnswers })
}

function moved(world: World, { to, failureCode }: Extract<PaymentStep, { do: 'move' }>): World {
  const { payment, now } = world
  if (!canMove(payment.status, to)) throw new Error(`${payment.status} may not become ${to}`)
  if (payment.status === 'settling' && to === 'compensating' && !saysNo(world)) {
    throw new Error('gives up what nobody said no to')
  }
  const settlingSince = payment.settlingSince ?? now
  const changes = { status: to, failureCode, settlingSince, attempts: 0, retryAt: null }
  return { ...world, payment: { ...payment, ...changes }, log: [...world.log, to] }
}

/** Somebody has refused, taken another amount, or denied twice that there is a charge. Silence is none of these. */
const saysNo = ({ tenders, bills }: World): boolean =>
  bills.some((bill) => bill.writeBack === 'refused') ||
  tenders.some(
    ({ status, takenFen, amountFen, absentAnswers }) =>
      status === 'declined' ||
      status === 'released' ||
      (status === 'taken' && takenFen !== amountFen) ||
      absentAnswers >= 2,
  )

/** The refund has given back all that there was, and the hospital was told before. */
const refunded = (world: World): World => ({
  ...world,
  giveBack: 'none',
  told: [],
  tenders: world.tenders.map((tender) => ({ ...tender, returnedFen: tender.takenFen })),
  payment: { ...world.payment, retryAt: null },
  log: [...world.log, 'refunded'],
})

const refusedRefund = (world: World): World => ({ ...world, giveBack: 'refused' })

const plain = (name: string, next: World): Choice<World> => ({
  name,
  trouble: false,
  next: () => next,
})

const really = (world: World, tenderNo: number) => world.really[tenderNo]?.state ?? 'none'

function tenderOf({ tenders }: World, tenderNo: number): Tender {
  const tender = tenders.find((t) => t.tenderNo === tenderNo)
  if (!tender) throw new Error(`no tender ${tenderNo}`)
  return tender
}

const withTender = (world: World, tenderNo: number, changes: Partial<Tender>): World => ({
  ...world,
  tenders: world.tenders.map((t) => (t.tenderNo === tenderNo ? { ...t, ...changes } : t)),
})

const withBill = (world: World, billNo: string, changes: Partial<PaymentBill>): World => ({
  ...world,
  bills: world.bills.map((bill) => (bill.billNo === billNo ? { ...bill, ...changes } : bill)),
})

const withTruth = (
  world: World,
  tenderNo: number,
  state: Really['state'],
  amount: number,
): World => ({
  ...world,
  really: { ...world.really, [tenderNo]: { state, fen: amount } },
})

const IN_DOUBT = new Set<Tender['status']>(['holding', 'held', 'asked', 'ordered'])

/** What must hold in every state; the first thing that does not, or null. */
export function brokenIn({ payment, tenders, bills, really: truth, told, ...world }: World) {
  const inDoubt = tenders.filter(({ status }) => IN_DOUBT.has(status))
  if (world.call?.do === 'charge') {
    const { tenderNo } = world.call
    const isSource = tenders.some((t) => t.tenderNo === tenderNo && t.phase !== 'payer')
    const unpaid = tenders.some((t) => t.phase === 'payer' && t.takenFen !== t.amountFen)
    if (isSource && unpaid) return 'charges the insurance before the payer has paid'
    const unpromised = tenders.some((t) => t.phase === 'hold' && t.status === 'planned')
    if (unpromised) return 'asks for money before all is promised'
  }
  if (tenders.some((tender) => tender.returnedFen > tender.takenFen)) return 'gives back too much'
  if (tenders.some((t) => t.status === 'declined' && truth[t.tenderNo]?.state === 'paid')) {
    return 'takes a charge that happened for declined'
  }
  if (!isOver(payment.status)) return null
  if (inDoubt.length > 0) return 'is over with something unknown'
  if (payment.status === 'succeeded') {
    if (bills.some((bill) => bill.writeBack !== 'done')) return 'succeeded untold'
    if (tenders.some((t) => t.takenFen !== t.amountFen)) return 'succeeded with another amount'
    return null
  }
  if (tenders.some((t) => truth[t.tenderNo]?.state === 'held')) return 'is over with a promise left'
  if (tenders.some((t) => truth[t.tenderNo]?.state === 'paid' && t.takenFen === 0)) {
    return 'is over with money that it does not know of'
  }
  if (tenders.some((t) => keptFen(t) > 0)) return 'is over with money that was not given back'
  if (told.length > 0) return 'came to nothing, and the hospital has it as paid'
  return null
}
