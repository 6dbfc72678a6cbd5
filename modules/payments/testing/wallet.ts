import { addFen, type Fen, fen } from '../../../kernel/money.ts'
import type { Clock } from '../../../kernel/time.ts'
import type {
  Channel,
  ChargeAnswer,
  ChargeOrder,
  Move,
  NoticeAbout,
  NoticeReading,
  ProviderCall,
  RawNotice,
  RefundAnswer,
  RefundOrder,
} from '../provider.ts'
import { scriptedAgreements } from './agreements.ts'
import { lost, silent, trace, type Trouble } from './trouble.ts'

type Order = { order: ChargeOrder; state: 'open' | 'closed' | 'paid'; paidFen: Fen; at: Date }
type Refund = {
  order: RefundOrder
  state: 'pending' | 'done' | 'declined'
  returnedFen: Fen
  at: Date
}
type Absent = { outcome: 'absent' }

type Script = {
  trouble: Trouble
  refundsWait: boolean
  /** It says of every order that waits that it has failed, and takes the money all the same when the payer pays. */
  saysFailed: boolean
  /** What the payer pays instead of what was ordered. */
  paidFen: number | null
  /** The code with which refunds are declined. */
  declinesRefunds: string | null
  /** What it gives back instead of what it was asked for. */
  returnsFen: number | null
  /** What its answers wait for, when they are slow. */
  delay: (() => Promise<void>) | null
}

/** The payer's channel, with books of its own: the payer pays when the test says so. */
export function scriptedChannel(clock: Clock, name = 'wechat') {
  const script: Script = {
    trouble: null,
    refundsWait: false,
    saysFailed: false,
    paidFen: null,
    declinesRefunds: null,
    returnsFen: null,
    delay: null,
  }
  const signing = scriptedAgreements(clock, name)
  const books = { orders: new Map(), refunds: new Map(), asked: [] }
  const wallet: Wallet = { name, clock, script, signing, ...books }
  const { orders, refunds } = wallet
  return {
    channel: channelOf(wallet),
    script,
    signing,
    /** Every question, as 'charge <number>'. */
    asked: wallet.asked,
    /** The payer pays every open order, or the ones that were closed too. */
    payAll(evenClosed = false) {
      for (const found of orders.values()) {
        if (found.state === 'paid' || (found.state === 'closed' && !evenClosed)) continue
        const paidFen = fen(script.paidFen ?? found.order.amountFen)
        Object.assign(found, { state: 'paid', paidFen, at: clock.now() })
      }
    },
    finishRefunds: () => refunds.forEach((refund) => Object.assign(refund, { state: 'done' })),
    orders: () => [...orders.values()],
    refunds: () => [...refunds.values()],
    /** What the wallet took, less what it gave back. */
    balanceFen: () =>
      addFen(
        ...[...orders.values()].filter((o) => o.state === 'paid').map((o) => o.paidFen),
        ...[...refunds.values()]
          .filter((r) => r.state === 'done')
          .map((r) => fen(0 - r.returnedFen)),
      ),
  }
}

type Wallet = {
  name: string
  clock: Clock
  script: Script
  signing: ReturnType<typeof scriptedAgreements>
  orders: Map<string, Order>
  refunds: Map<string, Refund>
  asked: string[]
}

const channelOf = (wallet: Wallet): Channel => ({
  name: wallet.name,
  phase: 'payer',
  methods: ['account', 'barcode'],
  agreements: wallet.signing.agreements,
  noticeReply: { status: 204, contentType: 'application/json', body: '' },
  charge: (call, order) =>
    answer(wallet, call, `charge ${order.tradeNo}`, () => {
      const { orders, clock } = wallet
      if (!orders.has(order.tradeNo)) {
        const isAgreed = order.method === 'agreement'
        const code = isAgreed ? wallet.signing.refusalOf(order) : null
        if (code) return { outcome: 'declined', code, reason: code }
        const now = isAgreed ? ({ state: 'paid', paidFen: order.amountFen } as const) : OPEN
        orders.set(order.tradeNo, { order, ...now, at: clock.now() })
      }
      return stateOf(wallet, order.tradeNo) as ChargeAnswer
    }),
  query: (call, { tradeNo }) =>
    answer(wallet, call, `query ${tradeNo}`, () => stateOf(wallet, tradeNo)),
  release: (call, order) =>
    answer(wallet, call, `release ${order.tradeNo}`, () => release(wallet, order)),
  refund: (call, order) =>
    answer(wallet, call, `refund ${order.refundNo}`, () => refund(wallet, order)),
  queryRefund: (call, { refundNo }) =>
    answer(wallet, call, `query_refund ${refundNo}`, () => refundState(wallet, refundNo)),
  statement: async () => ({ outcome: 'not_ready', reason: 'not here' }),
  readNotice,
})

const OPEN = { state: 'open', paidFen: fen(0) } as const

async function answer<T extends { outcome: string }>(
  { name, clock, script, asked }: Wallet,
  call: ProviderCall,
  question: string,
  work: () => T,
): Promise<T | { outcome: 'unknown'; reason: string }> {
  asked.push(question)
  if (script.trouble === 'break') throw new Error(`${name} is broken`)
  const said = script.trouble === 'refuse_to_say' ? silent : work()
  const heard = script.trouble === 'lose_answer' ? lost : said
  await script.delay?.()
  trace(call, clock, {
    system: name,
    operation: question.split(' ')[0] ?? '',
    outcome: heard.outcome,
  })
  return heard
}

function stateOf({ orders, script }: Wallet, tradeNo: string): ChargeAnswer | Absent {
  const found = orders.get(tradeNo)
  switch (found?.state) {
    case undefined:
      return { outcome: 'absent' }
    case 'paid':
      return { outcome: 'confirmed', move: moveOf('charge', tradeNo, found.paidFen, found.at) }
    case 'closed':
      return { outcome: 'declined', code: 'closed', reason: 'closed' }
    case 'open':
      if (script.saysFailed) return { outcome: 'declined', code: 'pay_error', reason: 'failed' }
      return { outcome: 'pending', payerAction: { kind: 'qr_code', content: tradeNo } }
  }
}

/** Remembers a number that it never saw, so that an order that comes late is not opened any more. */
function release(wallet: Wallet, order: ChargeOrder) {
  const found = wallet.orders.get(order.tradeNo)
  if (found?.state === 'paid') {
    const move = moveOf('charge', order.tradeNo, found.paidFen, found.at)
    return { outcome: 'confirmed' as const, move }
  }
  const at = wallet.clock.now()
  wallet.orders.set(order.tradeNo, { order, state: 'closed', paidFen: fen(0), at })
  return { outcome: 'released' as const }
}

function refund(wallet: Wallet, order: RefundOrder): RefundAnswer {
  const { refunds, script, clock } = wallet
  const known = refunds.get(order.refundNo)
  if (!known || known.state === 'declined') {
    const accepted = script.refundsWait ? ('pending' as const) : ('done' as const)
    const state = script.declinesRefunds ? ('declined' as const) : accepted
    const returnedFen = fen(script.returnsFen ?? order.amountFen)
    refunds.set(order.refundNo, { order, state, returnedFen, at: clock.now() })
  }
  return refundState(wallet, order.refundNo) as RefundAnswer
}

function refundState({ refunds, script }: Wallet, refundNo: string): RefundAnswer | Absent {
  const found = refunds.get(refundNo)
  switch (found?.state) {
    case undefined:
      return { outcome: 'absent' }
    case 'pending':
      return { outcome: 'pending' }
    case 'declined':
      return { outcome: 'declined', code: script.declinesRefunds ?? 'declined', reason: 'no' }
    case 'done': {
      const move = moveOf('return', refundNo, found.returnedFen, found.at)
      return { outcome: 'confirmed', moves: [move] }
    }
  }
}

function moveOf(kind: Move['kind'], ourNo: string, amountFen: Fen, at: Date): Move {
  const providerNo = `${kind === 'charge' ? 'W' : 'R'}-${ourNo}`
  return { kind, ourNo, providerNo, parts: [{ kind: 'self_pay', amountFen }], at }
}

/** A notice is `{ id, tradeNo }`, `{ id, refundNo }` or `{ id, signNo }`, and genuine when its header says "genuine". */
function readNotice({ headers, body }: RawNotice): NoticeReading {
  if (body.length === 0) return { outcome: 'refused', code: 'unreadable' }
  if (headers['x-signature'] !== 'genuine') return { outcome: 'refused', code: 'signature' }
  const said = JSON.parse(body.toString('utf8')) as Record<string, string>
  return {
    outcome: 'read',
    dedupeKey: said['id'] ?? '',
    about: aboutOf(said),
    summary: `notice ${said['id']}`,
  }
}

function aboutOf({ tradeNo, refundNo, signNo }: Record<string, string>): NoticeAbout {
  if (signNo) return { kind: 'agreement', signNo }
  return tradeNo ? { kind: 'charge', tradeNo } : { kind: 'refund', refundNo: refundNo ?? '' }
}
