import { addFen, type Fen, fen } from '../../../kernel/money.ts'
import { type BusinessDate, businessDateOf, type Clock } from '../../../kernel/time.ts'
import type { HisAnswer, HisBill, HisDayRow, HospitalSystem } from '../../hospitals/index.ts'
import type { BillDesk, DeskAnswer, PaidBill, Payable } from '../../payments/index.ts'

type Bill = { payable: Payable; status: 'open' | 'paid' | 'void'; paymentNo: string | null }

/** A hospital's system with bills and a book of receipts, behind the desk and behind its own port. */
export function scriptedHospital(clock: Clock) {
  const bills = new Map<string, Bill>()
  const book: HisDayRow[] = []
  const refundsAgreed = new Map<string, { paymentNo: string; billNo: string }>()
  const script = {
    /** Says done and keeps nothing. */
    loses: false,
    /** Does it and does not answer. */
    isSilent: false,
    refuses: null as string | null,
    dayList: null as HisAnswer<never> | null,
    relist: (rows: HisDayRow[], _date: BusinessDate): HisDayRow[] => rows,
    listsAsked: 0,
  }
  const answer = <T extends object>(data: T): DeskAnswer<T> =>
    script.isSilent ? { outcome: 'unknown', reason: 'silent' } : { outcome: 'done', data }

  const writeBack: BillDesk['writeBack'] = async (_call, paid) => {
    const bill = billOf(bills, paid.billNo)
    if (script.refuses) return { outcome: 'refused', code: script.refuses, reason: 'refused' }
    if (bill.status === 'void') return { outcome: 'refused', code: 'bill_void', reason: 'void' }
    if (bill.paymentNo !== null && bill.paymentNo !== paid.paymentNo) {
      return { outcome: 'refused', code: 'bill_already_paid', reason: 'paid' }
    }
    const receiptNo = `RC-${paid.billNo}`
    if (!script.loses && bill.paymentNo === null) {
      Object.assign(bill, { status: 'paid', paymentNo: paid.paymentNo })
      book.push(receiptRow(paid, receiptNo))
    }
    return answer({ receiptNo, guidance: [] })
  }

  const desk: BillDesk = {
    present: async ({ bills: wanted }) => wanted.map(({ billNo }) => billOf(bills, billNo).payable),
    writeBack,
    async voidWriteBack(_call, { paymentNo, billNo }) {
      const bill = bills.get(billNo)
      if (bill?.paymentNo === paymentNo) Object.assign(bill, { status: 'open', paymentNo: null })
      const at = book.findIndex((row) => row.paymentNo === paymentNo && row.kind === 'payment')
      if (at >= 0 && !script.loses) book.splice(at, 1)
      return answer({})
    },
    async approveRefund(_call, { refundNo, paymentNo, billNo }) {
      refundsAgreed.set(refundNo, { paymentNo, billNo })
      return answer({})
    },
    async completeRefund(_call, { refundNo, completedAt, parts }) {
      const agreed = refundsAgreed.get(refundNo)
      const receiptNo = `RR-${refundNo.slice(-8)}`
      const isKnown = book.some((row) => row.refundNo === refundNo)
      if (agreed && !isKnown && !script.loses) {
        const amountFen: Fen = addFen(...parts.map((part) => part.amountFen))
        const row = { kind: 'refund' as const, refundNo, ...agreed, receiptNo, amountFen }
        book.push({ ...row, at: completedAt, tenders: parts })
      }
      return answer({ receiptNo })
    },
    cancelRefund: async () => answer({}),
  }

  // Only what reconciliation asks; a call to anything else of the port would fail the test.
  const system = {
    async dayList(_call: object, date: BusinessDate) {
      script.listsAsked++
      if (script.dayList) return script.dayList
      const rows = script.relist(
        book.filter(({ at }) => businessDateOf(at) === date),
        date,
      )
      return { outcome: 'ok' as const, data: { rows, totals: totalsOf(rows) } }
    },
    async bill(_call: object, billNo: string) {
      const { paymentNo, status } = billOf(bills, billNo)
      return { outcome: 'ok' as const, data: { billNo, paymentNo, status } as HisBill }
    },
  } as unknown as HospitalSystem

  return {
    desk,
    system,
    script,
    book,
    voidBill: (billNo: string) => void Object.assign(billOf(bills, billNo), { status: 'void' }),
    payBill: (billNo: string, paymentNo: string) =>
      void Object.assign(billOf(bills, billNo), { status: 'paid', paymentNo }),
    addBill(billNo: string, lineFens: readonly number[], visitNo = 'V1') {
      const payable = payableOf(billNo, lineFens, visitNo, clock.now())
      bills.set(billNo, { payable, status: 'open', paymentNo: null })
      return { billNo, version: 1 }
    },
  }
}

function billOf(bills: ReadonlyMap<string, Bill>, billNo: string): Bill {
  const bill = bills.get(billNo)
  if (!bill) throw new Error(`no bill ${billNo}`)
  return bill
}

const receiptRow = (paid: PaidBill, receiptNo: string): HisDayRow => ({
  kind: 'payment',
  paymentNo: paid.paymentNo,
  refundNo: null,
  billNo: paid.billNo,
  receiptNo,
  amountFen: paid.totalFen,
  at: paid.paidAt,
  tenders: paid.parts.map(({ kind, amountFen }) => ({ kind, amountFen })),
})

function totalsOf(rows: readonly HisDayRow[]) {
  const of = (kind: HisDayRow['kind']) => rows.filter((row) => row.kind === kind)
  const sum = (kind: HisDayRow['kind']) => addFen(...of(kind).map((row) => row.amountFen))
  return {
    payments: of('payment').length,
    paymentsFen: sum('payment'),
    refunds: of('refund').length,
    refundsFen: sum('refund'),
  }
}

const payableOf = (
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
  title: '内科',
  department: { code: '03', name: '内科' },
  doctor: { code: 'D1', name: '医生' },
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
