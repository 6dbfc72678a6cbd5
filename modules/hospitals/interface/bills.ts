import Type from 'typebox'

import { toShanghaiIso } from '../../../kernel/time.ts'
import { Bill, toBill } from './bill.ts'
import type { HisBill, HisReceipt, HisWriteBack } from './data.ts'
import {
  agree,
  agreeUnique,
  amountFen,
  form,
  instant,
  money,
  number,
  orNull,
  paidTender,
  type Reader,
  shortText,
  text,
  toInstant,
  translated,
  translatedForm,
  version,
} from './reading.ts'

// What is owed, and that it was paid.

export const ListBills = Type.Object({ patientNo: number(30) })
export const BillsAnswer = Type.Object({ bills: Type.Array(Bill, { maxItems: 50 }) })
export const GetBill = Type.Object({ billNo: number(30) })
export const BillAnswer = Type.Object({ bill: Bill })

export const WriteBack = Type.Object({
  paymentNo: number(32),
  billNo: number(30),
  version,
  totalFen: amountFen,
  paidAt: instant,
  tenders: Type.Array(paidTender, { minItems: 1, maxItems: 20 }),
  insuranceSettlementNo: orNull(shortText),
})
export const ReceiptAnswer = Type.Object({
  receiptNo: shortText,
  confirmedAt: instant,
  /** Where to go next, a sentence each. */
  guidance: Type.Array(text(500), { maxItems: 50 }),
})

export const VoidWriteBack = Type.Object({
  paymentNo: number(32),
  billNo: number(30),
  reason: text(200),
})
export const VoidedAnswer = Type.Object({ voidedAt: instant })

export const GetPayment = Type.Object({ paymentNo: number(32), billNo: number(30) })
export const PaymentAnswer = Type.Object({
  status: Type.Enum(['absent', 'written_back', 'voided', 'refunded']),
  receiptNo: orNull(shortText),
})

export const PreSettle = Type.Object({
  billNo: number(30),
  version,
  /** 医保电子凭证 token or card, for the hospital's own insurance interface. */
  insuranceToken: orNull(text(512)),
})
export const PreSettledAnswer = Type.Object({
  totalFen: money,
  pooledFen: money,
  accountFen: money,
  otherFen: money,
  selfPayFen: money,
})

export type HisPreSettled = Type.StaticDecode<typeof PreSettledAnswer>
export type HisPaymentStatus = Type.Static<typeof PaymentAnswer>

export const openBillsOf = (patientNo: string): Reader<HisBill[]> =>
  billList(({ bills }) => {
    agreeUnique(
      bills.map((bill) => bill.billNo),
      'a bill',
    )
    for (const bill of bills) {
      agree(bill.patientNo === patientNo, `bill ${bill.billNo} is another patient's`)
      agree(bill.status === 'open', `bill ${bill.billNo} is ${bill.status} and listed as open`)
    }
    return bills.map(toBill)
  })

export const billNumbered = (billNo: string): Reader<HisBill> =>
  oneBill(({ bill }) => {
    agree(bill.billNo === billNo, `bill ${bill.billNo} came for bill ${billNo}`)
    return toBill(bill)
  })

const billList = form(BillsAnswer)
const oneBill = form(BillAnswer)

export const readReceipt = form(ReceiptAnswer)(
  ({ receiptNo, confirmedAt, guidance }): HisReceipt => ({
    receiptNo,
    confirmedAt: toInstant(confirmedAt),
    guidance,
  }),
)

export const readVoided = form(VoidedAnswer)(({ voidedAt }) => ({ voidedAt: toInstant(voidedAt) }))

export const readPayment = form(PaymentAnswer)(({ status, receiptNo }) => {
  const stands = status === 'written_back' || status === 'refunded'
  agree(!stands || receiptNo !== null, `a payment that is ${status} has a receipt`)
  return { status, receiptNo }
})

const preSettled = translatedForm(PreSettledAnswer)

export const readPreSettled: Reader<HisPreSettled> = (data) => {
  const read = preSettled(data)
  if ('problem' in read) return read
  const { totalFen, pooledFen, accountFen, otherFen, selfPayFen } = read.value
  return translated(() => {
    const sum = pooledFen + accountFen + otherFen + selfPayFen
    agree(sum === totalFen, `its parts add up to ${sum}, not ${totalFen}`)
    return read.value
  })
}

// Written field by field, as a HIS refuses what it does not know.
export const writeBackBody = (payment: HisWriteBack) => ({
  paymentNo: payment.paymentNo,
  billNo: payment.billNo,
  version: payment.version,
  totalFen: payment.totalFen,
  paidAt: toShanghaiIso(payment.paidAt),
  tenders: payment.tenders.map(({ kind, amountFen, tradeNo }) => ({ kind, amountFen, tradeNo })),
  insuranceSettlementNo: payment.insuranceSettlementNo,
})
