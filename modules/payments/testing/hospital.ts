import type { HospitalId, Id } from '../../../kernel/id.ts'
import { addFen, fen } from '../../../kernel/money.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { BillDesk, DeskAnswer, DeskCall, Payable } from '../bill-desk.ts'
import { lost, silent, trace, type Trouble } from './trouble.ts'

export const HOSPITAL = 1 as HospitalId
export const PERSON = '0190b3a0-0000-7000-8000-000000000001' as Id<'Person'>

type Script = {
  trouble: Trouble
  /** The code with which it refuses every write-back, or that of one bill. */
  refuses: string | null
  refusesBill: string | null
  refusesRefund: string | null
  refusesVoid: string | null
}

/** A hospital with bills that knows which payment paid them, and which refunds it agreed to. */
export function scriptedDesk(clock: Clock) {
  const script: Script = {
    trouble: null,
    refuses: null,
    refusesBill: null,
    refusesRefund: null,
    refusesVoid: null,
  }
  const hospital: Hospital = { clock, script, bills: new Map(), refunds: new Map() }
  return {
    desk: deskOf(hospital),
    script,
    paymentOf: (billNo: string) => hospital.bills.get(billNo)?.paymentNo ?? null,
    refunds: () => [...hospital.refunds.values()],
    addBill(billNo: string, lineFens: readonly number[], visitNo = 'V1') {
      const payable = payableOf(billNo, lineFens, visitNo, clock.now())
      hospital.bills.set(billNo, { payable, paymentNo: null })
      return { billNo, version: 1 }
    },
  }
}

type Hospital = {
  clock: Clock
  script: Script
  bills: Map<string, { payable: Payable; paymentNo: string | null }>
  refunds: Map<string, 'agreed' | 'completed'>
}

const deskOf = (hospital: Hospital): BillDesk => ({
  async present({ bills: wanted }) {
    return wanted.map(({ billNo }) => {
      const bill = hospital.bills.get(billNo)
      if (!bill) throw new Error(`no bill ${billNo}`)
      return bill.payable
    })
  },
  async writeBack(call, { billNo, paymentNo }) {
    const { refuses, refusesBill } = hospital.script
    const refusal = refuses ?? (refusesBill === billNo ? 'bill_void' : null)
    return answer(hospital, call, 'write_back', refusal, () => {
      const bill = hospital.bills.get(billNo)
      if (bill) bill.paymentNo = paymentNo
      return { receiptNo: `RC-${billNo}`, guidance: ['2 楼 B 区 门诊药房'] }
    })
  },
  async voidWriteBack(call, { billNo }) {
    return answer(hospital, call, 'void_write_back', hospital.script.refusesVoid, () => {
      const bill = hospital.bills.get(billNo)
      if (bill) bill.paymentNo = null
      return {}
    })
  },
  async approveRefund(call, { refundNo }) {
    return answer(hospital, call, 'approve_refund', hospital.script.refusesRefund, () => {
      hospital.refunds.set(refundNo, hospital.refunds.get(refundNo) ?? 'agreed')
      return {}
    })
  },
  async completeRefund(call, { refundNo }) {
    return answer(hospital, call, 'complete_refund', null, () => {
      hospital.refunds.set(refundNo, 'completed')
      return { receiptNo: `RR-${refundNo}` }
    })
  },
  async cancelRefund(call) {
    return answer(hospital, call, 'cancel_refund', null, () => ({}))
  },
})

function answer<T extends object>(
  { clock, script }: Hospital,
  call: DeskCall,
  operation: string,
  refusal: string | null,
  work: () => T,
): DeskAnswer<T> {
  if (script.trouble === 'break') throw new Error('the hospital is broken')
  const said = (): DeskAnswer<T> => {
    if (script.trouble === 'refuse_to_say') return silent
    if (refusal) return { outcome: 'refused', code: refusal, reason: refusal }
    return { outcome: 'done', data: work() }
  }
  const does = said()
  const heard = script.trouble === 'lose_answer' ? lost : does
  trace(call, clock, { system: 'his', operation, outcome: heard.outcome })
  return heard
}

/** A bill with a line for each amount, numbered from one. */
export const payableOf = (
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
