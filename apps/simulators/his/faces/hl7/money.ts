import { type Fen, toYuanText } from '../../../../../kernel/money.ts'
import { toShanghaiIso } from '../../../../../kernel/time.ts'
import type { His } from '../../context.ts'
import { type Answer, MAX_ITEMS, refusal, type TenderKind } from '../../protocol.ts'
import { approveRefund, billNoOfRefund, cancelRefund, completeRefund } from '../../refunds.ts'
import { payDeposit, settleStay } from '../../stay-money.ts'
import { findStay } from '../../stays.ts'
import { voidWriteBack, writeBack } from '../../write-back.ts'
import {
  type Field,
  list,
  oneOf,
  optional,
  type Raw,
  text,
  wholeNumber,
  yuanAmount,
} from '../fields.ts'
import { service, type Service } from '../service.ts'
import type { Message, Row } from './er7.ts'
import { readStamp, stampOf } from './moments.ts'
import type { Request } from './requests.ts'

// DFT^P03 from the hub: what became of money. ZPY says of what, and FT1 of kind PY by which means.

/** ZPY-1, and what it asks of the hospital. */
const ACTIONS = ['PAY', 'VOID', 'REFUND', 'DONE', 'KEEP', 'DEPOSIT', 'SETTLE'] as const

/** FT1-7: by what it was paid. */
const TENDER_CODES = {
  '01': 'self_pay',
  '02': 'pooled',
  '03': 'account',
  '04': 'commercial',
  '05': 'subsidy',
  '06': 'voucher',
  '07': 'package',
  '08': 'deposit',
  '09': 'credit',
} as const satisfies Record<string, TenderKind>
type TenderCode = keyof typeof TENDER_CODES

const stamp: Field<Date> = {
  what: 'a moment like 20261123080000',
  isOptional: false,
  read: (value) => (typeof value === 'string' ? readStamp(value) : undefined),
}

const tenders = list(
  {
    code: oneOf(...(Object.keys(TENDER_CODES) as TenderCode[])),
    amount: yuanAmount,
    tradeNo: text(64),
  },
  20,
)
const lines = list({ lineNo: wholeNumber(MAX_ITEMS) }, MAX_ITEMS)
const paymentNo = text(32)
const billNo = text(40)
const refundNo = text(32)
const reason = text(200)

const services: Record<(typeof ACTIONS)[number], Service> = {
  PAY: service({
    shape: {
      paymentNo,
      billNo,
      version: wholeNumber(999_999),
      amount: yuanAmount,
      at: stamp,
      insuranceNo: optional(text(64)),
      tenders,
    },
    operation: 'bills.writeBack',
    key: (asked) => asked.billNo,
    run: (his, { amount, at, insuranceNo, tenders: paid, ...asked }, lie) =>
      writeBack(
        his,
        {
          ...asked,
          totalFen: amount,
          paidAt: toShanghaiIso(at),
          insuranceSettlementNo: insuranceNo,
          tenders: paid.map((tender) => ({
            kind: TENDER_CODES[tender.code],
            amountFen: tender.amount,
            tradeNo: tender.tradeNo,
          })),
        },
        lie,
      ),
  }),
  VOID: service({
    shape: { paymentNo, billNo, reason },
    operation: 'bills.voidWriteBack',
    key: (asked) => asked.billNo,
    run: (his, asked) => voidWriteBack(his, asked),
  }),
  REFUND: service({
    shape: { refundNo, paymentNo, billNo, lines, amount: yuanAmount, reason },
    operation: 'refunds.approve',
    key: (asked) => asked.billNo,
    run: (his, { amount, ...asked }) => approveRefund(his, { ...asked, amountFen: amount }),
  }),
  DONE: service({
    shape: { refundNo, at: stamp, tenders },
    operation: 'refunds.complete',
    key: (asked, his) => billNoOfRefund(his, asked.refundNo) ?? 'unknown',
    run: (his, asked) =>
      completeRefund(his, {
        refundNo: asked.refundNo,
        completedAt: toShanghaiIso(asked.at),
        tenders: asked.tenders.map(({ code, amount }) => ({
          kind: TENDER_CODES[code],
          amountFen: amount,
        })),
      }),
  }),
  KEEP: service({
    shape: { refundNo, reason },
    operation: 'refunds.cancel',
    key: (asked, his) => billNoOfRefund(his, asked.refundNo) ?? 'unknown',
    run: (his, asked) => cancelRefund(his, asked),
  }),
  DEPOSIT: service({
    shape: { paymentNo, stayNo: text(40), amount: yuanAmount, at: stamp, tenders },
    operation: 'stays.deposit',
    key: (asked) => asked.stayNo,
    run: (his, asked, lie) =>
      payDeposit(
        his,
        {
          paymentNo: asked.paymentNo,
          stayNo: asked.stayNo,
          amountFen: asked.amount,
          paidAt: asked.at,
          tradeNo: asked.tenders[0]?.tradeNo ?? '',
        },
        lie,
      ),
  }),
  SETTLE: service({
    shape: { paymentNo, stayNo: text(40), amount: yuanAmount, at: stamp, tenders },
    operation: 'stays.settle',
    key: (asked) => asked.stayNo,
    run: settle,
  }),
}

/** The means add up to the total; what is neither the insurance's nor paid now was a deposit. */
function settle(his: His, asked: Settlement, lie: boolean): Answer {
  const sumOf = (...codes: TenderCode[]) =>
    asked.tenders
      .filter(({ code }) => codes.includes(code))
      .reduce((sum, { amount }) => sum + amount, 0)
  const [pooledFen, accountFen, payFen, depositFen] = [
    sumOf('02'),
    sumOf('03'),
    sumOf('01'),
    sumOf('08'),
  ]
  if (pooledFen + accountFen + payFen + depositFen !== asked.amount) {
    return refusal('AMOUNT_MISMATCH', 'the means 01, 02, 03 and 08 are not the total')
  }
  const { paymentNo: no, stayNo, at } = asked
  const totalFen = findStay(his, stayNo)?.costFen ?? asked.amount
  if (totalFen !== asked.amount) {
    return refusal('BILL_CHANGED', 'the stay has cost something else', { totalFen })
  }
  const body = { paymentNo: no, stayNo, pooledFen, accountFen, payFen, paidAt: at, tradeNo: no }
  return settleStay(his, body, lie)
}

type Settlement = {
  paymentNo: string
  stayNo: string
  amount: number
  at: Date
  tenders: { code: TenderCode; amount: number }[]
}

/** The fields that each action has; others that are sent along are not looked at. */
const FIELDS: Record<keyof typeof services, readonly string[]> = {
  PAY: ['paymentNo', 'billNo', 'version', 'amount', 'at', 'insuranceNo', 'tenders'],
  VOID: ['paymentNo', 'billNo', 'reason'],
  REFUND: ['refundNo', 'paymentNo', 'billNo', 'lines', 'amount', 'reason'],
  DONE: ['refundNo', 'at', 'tenders'],
  KEEP: ['refundNo', 'reason'],
  DEPOSIT: ['paymentNo', 'stayNo', 'amount', 'at', 'tenders'],
  SETTLE: ['paymentNo', 'stayNo', 'amount', 'at', 'tenders'],
}

export const moneyRequest: Request = {
  answer: ['ACK^P03', 'ACK'],
  read(message) {
    const action = message.find('ZPY').get(1)
    const all = fieldsOf(message)
    const wanted = ACTIONS.find((each) => each === action)
    const names = wanted ? FIELDS[wanted] : []
    return { action, ...Object.fromEntries(names.map((name) => [name, all[name]])) }
  },
  service(his, { action, ...raw }) {
    const known = ACTIONS.find((each) => each === action)
    return known ? services[known](his, raw) : { problem: `ZPY-1 is none of ${ACTIONS.join(', ')}` }
  },
  rows: (_his, message, data: Done) => [receiptRow(message.find('ZPY').get(1), data)],
}

function fieldsOf(message: Message): Raw {
  const zpy = message.find('ZPY')
  const paid = message.findAll('FT1').filter((row) => row.get(6) === 'PY')
  return {
    paymentNo: zpy.get(2),
    billNo: zpy.get(3),
    version: zpy.get(4),
    amount: zpy.get(5),
    at: zpy.get(6),
    insuranceNo: zpy.get(7),
    refundNo: zpy.get(8),
    lines: zpy.all(9).map(([lineNo = '']) => ({ lineNo })),
    reason: zpy.get(10),
    stayNo: message.find('PV1').get(19),
    tenders: paid.map((row) => ({ code: row.get(7), amount: row.get(11), tradeNo: row.get(2) })),
  }
}

type Done = {
  receiptNo?: string
  approvalNo?: string
  confirmedAt?: string
  voidedAt?: string
  guidance?: string[]
  refundableFen?: Fen
}

/** ZRC: the action, the number the hospital gives, when, where to go next, and what of the deposits goes back. */
const receiptRow = (action: string, { guidance = [], ...data }: Done): Row => {
  const at = data.confirmedAt ?? data.voidedAt
  return [
    'ZRC',
    action,
    data.receiptNo ?? data.approvalNo ?? '',
    at === undefined ? '' : stampOf(at),
    guidance.map((text) => [text]),
    data.refundableFen === undefined ? '' : toYuanText(data.refundableFen),
  ]
}
