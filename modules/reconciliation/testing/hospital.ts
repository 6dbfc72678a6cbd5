import { addFen, type Fen, fen } from '../../../kernel/money.ts'
import { type BusinessDate, businessDateOf, type Clock } from '../../../kernel/time.ts'
import type { HisAnswer, HisBill, HisDayRow, HospitalBilling } from '../../hospitals/index.ts'
import type { BillDesk, DeskAnswer, PaidBill, Payable } from '../../payments/index.ts'

type Bill = { payable: Payable; status: 'open' | 'paid' | 'void'; paymentNo: string | null }

type State = {
  bills: Map<string, Bill>
  book: HisDayRow[]
  refundsAgreed: Map<string, { paymentNo: string; billNo: string }>
  script: Script
}

/** A hospital's system with bills and a book of receipts, behind the desk and behind its own port. */
export function scriptedHospital(clock: Clock) {
  const script: Script = {
    loses: false,
    isSilent: false,
    refuses: null,
    dayList: null,
    relist: (rows) => rows,
    listsAsked: 0,
  }
  const state: State = { bills: new Map(), book: [], refundsAgreed: new Map(), script }
  const { bills, book } = state
  return {
    desk: deskOf(state),
    system: systemOf(state),
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

type Script = {
  /** Says done and keeps nothing. */
  loses: boolean
  /** Does it and does not answer. */
  isSilent: boolean
  refuses: string | null
  /** Answers in place of the list; null for the list. */
  dayList: HisAnswer<never> | null
  /** Changes the list it made. */
  relist: (rows: HisDayRow[], date: BusinessDate) => HisDayRow[]
  listsAsked: number
}

function deskOf({ bills, book, refundsAgreed, script }: State): BillDesk {
  const answer = <T extends object>(data: T): DeskAnswer<T> =>
    script.isSilent ? { outcome: 'unknown', reason: 'silent' } : { outcome: 'done', data }
  return {
    present: async ({ bills: wanted }) => wanted.map(({ billNo }) => billOf(bills, billNo).payable),
    async writeBack(_call, paid) {
      const bill = billOf(bills, paid.billNo)
      const refusal = script.refuses ?? refusalOf(bill, paid)
      if (refusal) return { outcome: 'refused', code: refusal, reason: 'refused' }
      const receiptNo = `RC-${paid.billNo}`
      if (!script.loses && bill.paymentNo === null) {
        Object.assign(bill, { status: 'paid', paymentNo: paid.paymentNo })
        book.push(receiptRow(paid, receiptNo))
      }
      return answer({ receiptNo, guidance: [] })
    },
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
}

function refusalOf({ status, paymentNo }: Bill, paid: PaidBill): string | null {
  if (status === 'void') return 'bill_void'
  return paymentNo !== null && paymentNo !== paid.paymentNo ? 'bill_already_paid' : null
}

/** Only what reconciliation asks; a call to anything else of the port would fail the test. */
function systemOf({ bills, book, script }: State): HospitalBilling {
  const system: Pick<HospitalBilling, 'dayList' | 'bill'> = {
    async dayList(_call, date) {
      script.listsAsked++
      if (script.dayList) return script.dayList
      const today = book.filter(({ at }) => businessDateOf(at) === date)
      const rows = script.relist(today, date)
      return { outcome: 'ok', data: { rows, totals: totalsOf(rows) } }
    },
    async bill(_call, billNo) {
      const { paymentNo, status } = billOf(bills, billNo)
      return { outcome: 'ok', data: { billNo, paymentNo, status } as HisBill }
    },
  }
  return system as HospitalBilling
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
