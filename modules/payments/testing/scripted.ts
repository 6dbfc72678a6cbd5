import type { HospitalId, Id } from '../../../kernel/id.ts'
import { addFen, fen } from '../../../kernel/money.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { BillDesk, DeskAnswer, Payable } from '../bill-desk.ts'
import { totalOf } from '../money.ts'
import type {
  Channel,
  ChargeAnswer,
  ChargeOrder,
  FundingSource,
  Move,
  RefundAnswer,
  RefundOrder,
} from '../provider.ts'

// Small outside systems that keep books of their own and can be told to misbehave. They implement the ports, so
// what holds with them holds with anything that keeps the ports' promises.

type Trouble = 'lose_answer' | 'refuse_to_say' | null

/** A wallet: the payer pays when the test says so. */
export function scriptedChannel(clock: Clock, name = 'wechat') {
  const orders = new Map<
    string,
    { order: ChargeOrder; state: 'open' | 'closed' | 'paid'; at: Date }
  >()
  const refunds = new Map<string, { order: RefundOrder; state: 'pending' | 'done'; at: Date }>()
  const script = { trouble: null as Trouble, refundsWait: false, paidFen: null as number | null }

  const chargeMove = (tradeNo: string): Move => {
    const found = orders.get(tradeNo)
    if (!found) throw new Error('no such order')
    const amountFen = fen(script.paidFen ?? found.order.amountFen)
    const parts = [{ kind: 'self_pay' as const, amountFen }]
    return { kind: 'charge', ourNo: tradeNo, providerNo: `W-${tradeNo}`, parts, at: found.at }
  }
  const troubled = <T>(answer: T): T | { outcome: 'unknown'; reason: string } =>
    script.trouble === 'lose_answer' ? { outcome: 'unknown', reason: 'lost' } : answer
  const stateOf = (tradeNo: string): ChargeAnswer | { outcome: 'absent' } => {
    const found = orders.get(tradeNo)
    if (!found) return { outcome: 'absent' }
    if (found.state === 'paid') return { outcome: 'confirmed', move: chargeMove(tradeNo) }
    if (found.state === 'closed') return { outcome: 'declined', code: 'closed', reason: 'closed' }
    return { outcome: 'pending', payerAction: { kind: 'qr_code', content: tradeNo } }
  }
  const refundAnswer = (refundNo: string): RefundAnswer | { outcome: 'absent' } => {
    const found = refunds.get(refundNo)
    if (!found) return { outcome: 'absent' }
    if (found.state === 'pending') return { outcome: 'pending' }
    const parts = [{ kind: 'self_pay' as const, amountFen: found.order.amountFen }]
    const providerNo = `R-${refundNo}`
    return {
      outcome: 'confirmed',
      moves: [{ kind: 'return', ourNo: refundNo, providerNo, parts, at: found.at }],
    }
  }

  const channel: Channel = {
    name,
    phase: 'payer',
    async charge(_call, order) {
      if (script.trouble === 'refuse_to_say') return { outcome: 'unknown', reason: 'down' }
      if (!orders.has(order.tradeNo)) {
        orders.set(order.tradeNo, { order, state: 'open', at: clock.now() })
      }
      return troubled(stateOf(order.tradeNo) as ChargeAnswer)
    },
    async query(_call, { tradeNo }) {
      if (script.trouble === 'refuse_to_say') return { outcome: 'unknown', reason: 'down' }
      return troubled(stateOf(tradeNo))
    },
    async release(_call, { tradeNo }) {
      if (script.trouble === 'refuse_to_say') return { outcome: 'unknown', reason: 'down' }
      const found = orders.get(tradeNo)
      if (found?.state === 'paid') return { outcome: 'confirmed', move: chargeMove(tradeNo) }
      if (found) found.state = 'closed'
      return troubled({ outcome: 'released' as const })
    },
    async refund(_call, order) {
      if (script.trouble === 'refuse_to_say') return { outcome: 'unknown', reason: 'down' }
      if (!refunds.has(order.refundNo)) {
        const state = script.refundsWait ? 'pending' : 'done'
        refunds.set(order.refundNo, { order, state, at: clock.now() })
      }
      return troubled(refundAnswer(order.refundNo) as RefundAnswer)
    },
    async queryRefund(_call, { refundNo }) {
      return troubled(refundAnswer(refundNo))
    },
    async statement() {
      return { outcome: 'not_ready', reason: 'not here' }
    },
    readNotice: () => ({ outcome: 'refused', code: 'signature' }),
  }
  return {
    channel,
    script,
    /** The payer pays every open order, or the ones that were closed too. */
    payAll(evenClosed = false) {
      for (const found of orders.values()) {
        if (found.state === 'open' || (evenClosed && found.state === 'closed')) {
          Object.assign(found, { state: 'paid', at: clock.now() })
        }
      }
    },
    finishRefunds: () => refunds.forEach((refund) => Object.assign(refund, { state: 'done' })),
    orders: () => [...orders.values()],
    /** What the wallet took, less what it gave back. */
    balanceFen: () =>
      addFen(
        ...[...orders.values()].filter((o) => o.state === 'paid').map((o) => o.order.amountFen),
        ...[...refunds.values()]
          .filter((r) => r.state === 'done')
          .map((r) => fen(0 - r.order.amountFen)),
      ),
  }
}

/** An insurer that pays a fixed share of whatever lines are left, by whole fen. */
export function scriptedInsurer(clock: Clock, sharePercent = 60) {
  type Settlement = { no: string; fen: number; voided: boolean }
  const settlements = new Map<string, Settlement[]>()
  const script = {
    trouble: null as Trouble,
    declines: false,
    available: true,
    settlesFen: null as number | null,
  }
  const shareOf = (amountFen: number) => fen(Math.trunc((amountFen * sharePercent) / 100))
  const partsOf = (amountFen: number) => [{ kind: 'pooled' as const, amountFen: fen(amountFen) }]
  const current = (tradeNo: string) => settlements.get(tradeNo)?.findLast((s) => !s.voided)
  const moveOf = (kind: Move['kind'], settlement: Settlement): Move => ({
    kind,
    ourNo: `${kind}-${settlement.no}`,
    providerNo: settlement.no,
    parts: partsOf(settlement.fen),
    at: clock.now(),
  })
  const settle = (tradeNo: string, amountFen: number): Settlement => {
    const list = settlements.get(tradeNo) ?? []
    const settlement = { no: `S${tradeNo.slice(-8)}${list.length}`, fen: amountFen, voided: false }
    settlements.set(tradeNo, [...list, settlement])
    return settlement
  }
  const done = new Map<string, Move[]>()

  const source: FundingSource = {
    name: 'insurance',
    phase: 'settle',
    async quote(_call, { payables }) {
      if (!script.available) return { outcome: 'not_available', code: 'suspended', reason: 'x' }
      const amountFen = shareOf(payables.reduce((sum, p) => sum + p.totalFen, 0))
      return { outcome: 'quoted', parts: partsOf(amountFen), quoteReference: 'Q', reasons: [] }
    },
    async charge(_call, order) {
      if (script.declines) return { outcome: 'declined', code: 'refused', reason: 'no' }
      if (script.trouble === 'refuse_to_say') return { outcome: 'unknown', reason: 'down' }
      const settled =
        current(order.tradeNo) ?? settle(order.tradeNo, script.settlesFen ?? totalOf(order.parts))
      if (script.trouble === 'lose_answer') return { outcome: 'unknown', reason: 'lost' }
      return { outcome: 'confirmed', move: moveOf('charge', settled) }
    },
    async query(_call, { tradeNo }) {
      if (script.trouble === 'refuse_to_say') return { outcome: 'absent' }
      const settled = current(tradeNo)
      return settled
        ? { outcome: 'confirmed', move: moveOf('charge', settled) }
        : { outcome: 'absent' }
    },
    async release(_call, { tradeNo }) {
      const settled = current(tradeNo)
      return settled
        ? { outcome: 'confirmed', move: moveOf('charge', settled) }
        : { outcome: 'released' }
    },
    async refund(_call, { charge, refundNo, remaining }) {
      const known = done.get(refundNo)
      if (known) return { outcome: 'confirmed', moves: known }
      const settled = current(charge.tradeNo)
      if (!settled) return { outcome: 'declined', code: 'nothing', reason: 'nothing settled' }
      settled.voided = true
      const moves = [moveOf('return', settled)]
      const left = shareOf(remaining.reduce((sum, line) => sum + line.amountFen, 0))
      if (left > 0) moves.push(moveOf('charge', settle(charge.tradeNo, left)))
      done.set(refundNo, moves)
      return { outcome: 'confirmed', moves }
    },
    async queryRefund(call, order) {
      return source.refund(call, order)
    },
    async statement() {
      return { outcome: 'not_ready', reason: 'not here' }
    },
  }
  return {
    source,
    script,
    paidFen: () =>
      [...settlements.values()].flat().reduce((sum, s) => sum + (s.voided ? 0 : s.fen), 0),
  }
}

/** A hospital with bills that knows which payment paid them. */
export function scriptedDesk(clock: Clock) {
  const bills = new Map<string, { payable: Payable; paymentNo: string | null }>()
  const script = {
    trouble: null as Trouble,
    refuses: null as string | null,
    refusesRefund: null as string | null,
  }
  const answer = <T extends object>(data: T, refusal = script.refuses): DeskAnswer<T> => {
    if (script.trouble) return { outcome: 'unknown', reason: 'silent' }
    return refusal
      ? { outcome: 'refused', code: refusal, reason: refusal }
      : { outcome: 'done', data }
  }
  const desk: BillDesk = {
    async present({ bills: wanted }) {
      return wanted.map(({ billNo }) => {
        const bill = bills.get(billNo)
        if (!bill) throw new Error(`no bill ${billNo}`)
        return bill.payable
      })
    },
    async writeBack(_call, { billNo, paymentNo }) {
      const bill = bills.get(billNo)
      if (bill && !script.refuses && script.trouble !== 'refuse_to_say') bill.paymentNo = paymentNo
      return answer({ receiptNo: `RC-${billNo}`, guidance: ['2 楼 B 区 门诊药房'] })
    },
    async voidWriteBack(_call, { billNo }) {
      const bill = bills.get(billNo)
      if (bill && !script.trouble) bill.paymentNo = null
      return answer({}, null)
    },
    approveRefund: async () => answer({}, script.refusesRefund),
    completeRefund: async (_call, { refundNo }) => answer({ receiptNo: `RR-${refundNo}` }),
    cancelRefund: async () => answer({}),
  }
  return {
    desk,
    script,
    paymentOf: (billNo: string) => bills.get(billNo)?.paymentNo ?? null,
    addBill(billNo: string, lineFens: readonly number[], visitNo = 'V1') {
      bills.set(billNo, {
        payable: payable(billNo, lineFens, visitNo, clock.now()),
        paymentNo: null,
      })
      return { billNo, version: 1 }
    },
  }
}

const payable = (
  billNo: string,
  lineFens: readonly number[],
  visitNo: string,
  billedAt: Date,
): Payable => ({
  billNo,
  version: 1,
  visitNo,
  patientNo: 'P1',
  kind: 'outpatient',
  title: '内科 张医生',
  department: { code: '03', name: '内科' },
  doctor: { code: 'D1', name: '张医生' },
  diagnosis: { code: 'I10', name: '高血压' },
  billedAt,
  totalFen: addFen(...lineFens.map(fen)),
  lines: lineFens.map((amountFen, i) => ({
    billNo,
    lineNo: i + 1,
    code: `C${i + 1}`,
    nationalCode: `N${i + 1}`,
    name: `item ${i + 1}`,
    spec: '',
    unit: '次',
    chargeCategory: '14',
    insuranceClass: 'A',
    unitPriceFen: fen(amountFen),
    quantity: 1,
    amountFen: fen(amountFen),
  })),
})

export const HOSPITAL = 1 as HospitalId
export const PERSON = '0190b3a0-0000-7000-8000-000000000001' as Id<'Person'>
