import { setTimeout as delay } from 'node:timers/promises'

import { addFen, fen, shareFen } from '../../../kernel/money.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { HisAnswer, HisBill, HospitalBilling } from '../../../modules/hospitals/index.ts'
import type {
  Channel,
  ChargeOrder,
  FundingSource,
  Provider,
  ProviderCall,
} from '../../../modules/payments/index.ts'
import type { Trace } from '../../../platform/exchange.ts'

// Outside systems without a memory, so that two processes need not share one: whoever asks about a number
// hears that it was paid. They tell what was said as adapters do, so that the same rows are written.

const SAID = JSON.stringify({ note: 'as long as such a message is'.repeat(12) })

const tell = (trace: Trace, clock: Clock, system: string, operation: string): void =>
  trace({
    system,
    operation,
    direction: 'out',
    request: SAID,
    response: SAID,
    outcome: 'ok',
    startedAt: clock.now(),
    durationMs: 0,
  })

/** `quoteMs` is how long the insurer takes to say what it pays. */
export const instantProviders = (clock: Clock, quoteMs = 0): Map<string, Provider> =>
  new Map<string, Provider>([
    ['wechat', instantWallet(clock, 'wechat')],
    ['insurance', instantInsurer(clock, quoteMs)],
  ])

/** Waits for the payer, and knows of every number that its payer has paid. */
export const instantWallet = (clock: Clock, name: string): Channel => ({
  ...withoutRefunds,
  name,
  phase: 'payer',
  methods: ['account', 'qr_code'],
  noticeReply: { status: 204, contentType: 'application/json', body: '' },
  async charge(call, { tradeNo }) {
    tell(call.trace, clock, name, 'POST /v3/pay/transactions/jsapi')
    return { outcome: 'pending', payerAction: { kind: 'qr_code', content: tradeNo } }
  },
  async query(call, order) {
    tell(call.trace, clock, name, 'GET /v3/pay/transactions/out-trade-no')
    return { outcome: 'confirmed', move: moveOf(clock, order, 'self_pay') }
  },
  readNotice({ body }) {
    const { tradeNo } = JSON.parse(body.toString('utf8')) as { tradeNo: string }
    const about = { kind: 'charge', tradeNo } as const
    return { outcome: 'read', dedupeKey: tradeNo, about, summary: SAID }
  },
})

const INSURED_PPM = 600_000

/** Pays six tenths of every bill. */
const instantInsurer = (clock: Clock, quoteMs: number): FundingSource => ({
  ...withoutRefunds,
  name: 'insurance',
  phase: 'settle',
  place: 'medical_insurance',
  async quote(call, { payables }) {
    if (quoteMs > 0) await delay(quoteMs)
    tell(call.trace, clock, 'insurance', '2206')
    const totalFen = addFen(...payables.map((payable) => payable.totalFen))
    const amountFen = shareFen(totalFen, INSURED_PPM)
    const parts = [{ kind: 'pooled' as const, amountFen }]
    const reasons = [{ code: 'in_scope', params: { amountFen: totalFen } }]
    return { outcome: 'quoted', parts, quoteReference: 'quoted', reasons }
  },
  async charge(call, order) {
    tell(call.trace, clock, 'insurance', '2207')
    return { outcome: 'confirmed', move: moveOf(clock, order, 'pooled') }
  },
  async query(_call, order) {
    return { outcome: 'confirmed', move: moveOf(clock, order, 'pooled') }
  },
})

const moveOf = (clock: Clock, order: ChargeOrder, kind: 'self_pay' | 'pooled') => ({
  kind: 'charge' as const,
  ourNo: order.tradeNo,
  providerNo: `at-provider-${order.tradeNo}`,
  parts: [{ kind, amountFen: order.amountFen }],
  at: clock.now(),
})

const unknown = { outcome: 'unknown', reason: 'not measured here' } as const

const withoutRefunds = {
  release: async (_call: ProviderCall) => unknown,
  refund: async () => unknown,
  queryRefund: async () => unknown,
  statement: async () => ({ outcome: 'not_ready', reason: 'not measured here' }) as const,
}

/** A hospital that has every bill it is asked for, of everybody, and takes every write-back. */
export const instantSystem = (clock: Clock): HospitalBilling => ({
  heartbeat: async () => ok({ at: clock.now() }),
  departments: async () => ok([]),
  resolvePatient: async () => ok({ patientNo: PATIENT_NO, cardNo: 'C0001' }),
  openBills: async () => ok([]),
  bill: async (_call, billNo) => ok(billOf(clock, billNo)),
  async writeBack({ trace }, { billNo }) {
    tell(trace, clock, 'his', 'payments/write-back')
    return ok({
      receiptNo: `R-${billNo}`,
      confirmedAt: clock.now(),
      guidance: ['2 楼 B 区 门诊药房'],
    })
  },
  voidWriteBack: async () => unknown,
  approveRefund: async () => unknown,
  completeRefund: async () => unknown,
  cancelRefund: async () => unknown,
  dayList: async () => unknown,
})

const ok = <T>(data: T): HisAnswer<T> => ({ outcome: 'ok', data })

const PATIENT_NO = 'P0001'
const LINE_COUNT = 5
const LINE_FEN = fen(7_770)

function billOf(clock: Clock, billNo: string): HisBill {
  const items = Array.from({ length: LINE_COUNT }, (_, i) => ({
    lineNo: i + 1,
    code: `A${i + 1}`,
    nationalCode: `XA01BC0${i}00001`,
    name: '阿司匹林肠溶片',
    spec: '100mg×30',
    unit: '盒',
    chargeCategory: '09',
    insuranceClass: 'A' as const,
    unitPriceFen: LINE_FEN,
    quantity: 1,
    amountFen: LINE_FEN,
    status: 'charged' as const,
  }))
  return {
    billNo,
    version: 1,
    kind: 'outpatient',
    visitNo: `V-${billNo}`,
    patientNo: PATIENT_NO,
    department: { code: '0301', name: '心血管内科' },
    doctor: { code: 'D0001', name: '张医生' },
    diagnosis: { code: 'I10', name: '原发性高血压' },
    createdAt: clock.now(),
    totalFen: addFen(...items.map((item) => item.amountFen)),
    status: 'open',
    paymentNo: null,
    receiptNo: null,
    items,
  }
}
