import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db.ts'
import type { HisAnswer, HisBill, HospitalBilling } from '../hospitals/index.ts'
import type { BillDesk, BillReference, DeskAnswer, PersonId } from '../payments/index.ts'
import { billingErrors } from './errors.ts'
import { payableOf } from './payable.ts'
import { readFromHospital } from './reading.ts'

/** The hospital's system behind the desk that payments speaks to. */
export function createBillDesk(dependencies: BillDeskDependencies): BillDesk {
  const { systemOf, patientNoOf } = dependencies
  return {
    async present({ hospitalId, personId, bills }) {
      const system = await openSystem(hospitalId)
      const patientNo = await patientNoOf(personId, hospitalId)
      const presented = []
      for (const reference of bills) {
        const { billNo } = reference
        const answer = await readFromHospital(dependencies, hospitalId, (call) =>
          system.bill(call, billNo),
        )
        const bill = billOf(answer, billNo)
        const payable = checkBill(bill, patientNo, reference)
        await checkOnline(hospitalId, bill)
        presented.push(payableOf(payable))
      }
      return presented
    },
    async writeBack({ hospitalId, trace }, paid) {
      const { parts, ...bill } = paid
      const tenders = parts
      return withSystem(hospitalId, (system) => system.writeBack({ trace }, { ...bill, tenders }))
    },
    async voidWriteBack({ hospitalId, trace }, { paymentNo, billNo, reason }) {
      const wish = { paymentNo, billNo, reason }
      return withSystem(hospitalId, (system) => system.voidWriteBack({ trace }, wish))
    },
    async approveRefund({ hospitalId, trace }, refund) {
      return withSystem(hospitalId, (system) => system.approveRefund({ trace }, refund))
    },
    async completeRefund({ hospitalId, trace }, { refundNo, completedAt, parts }) {
      const done = { refundNo, completedAt, tenders: parts }
      return withSystem(hospitalId, (system) => system.completeRefund({ trace }, done))
    },
    async cancelRefund({ hospitalId, trace }, refund) {
      return withSystem(hospitalId, (system) => system.cancelRefund({ trace }, refund))
    },
  }

  /** A department that is not switched on yet takes its money at the window. */
  async function checkOnline(hospitalId: HospitalId, { billNo, department }: HisBill) {
    const isOnline = (await dependencies.isOnline?.(hospitalId, department.code)) ?? true
    if (!isOnline) throw billingErrors.not_online_here({ billNo, department: department.name })
  }

  async function openSystem(hospitalId: HospitalId): Promise<HospitalBilling> {
    const system = await systemOf(hospitalId)
    if (!system) throw billingErrors.hospital_unavailable({ hospitalId })
    return system
  }

  async function withSystem<T extends object>(
    hospitalId: HospitalId,
    ask: (system: HospitalBilling) => Promise<HisAnswer<T>>,
  ): Promise<DeskAnswer<T>> {
    const system = await systemOf(hospitalId)
    if (!system) return { outcome: 'unknown', reason: 'the hospital is not connected' }
    return deskAnswerOf(await ask(system))
  }
}

function billOf(answer: HisAnswer<HisBill>, billNo: string): HisBill {
  switch (answer.outcome) {
    case 'ok':
      return answer.data
    case 'refused':
      if (answer.code === 'bill_not_found') throw billingErrors.bill_not_found({ billNo })
      throw billingErrors.hospital_refused({ code: answer.code })
    case 'unknown':
      throw billingErrors.hospital_unavailable()
  }
}

/** A bill of somebody else is not there; one that is not as the payer saw it says how it is now. */
function checkBill(bill: HisBill, patientNo: string | null, seen: BillReference): HisBill {
  const { billNo, version, totalFen } = bill
  if (bill.patientNo !== patientNo) throw billingErrors.bill_not_found({ billNo })
  if (bill.status === 'void') throw billingErrors.bill_void({ billNo })
  if (bill.status !== 'open') throw billingErrors.bill_already_paid({ billNo })
  if (version !== seen.version) throw billingErrors.bill_changed({ billNo, version, totalFen })
  return bill
}

/** A refusal that says that something of ours is wrong is not the hospital's last word on the payment: a person mends it, and it is asked again. */
const OUR_FAULT = new Set(['invalid_request', 'signature_invalid', 'replayed'])

function deskAnswerOf<T extends object>(answer: HisAnswer<T>): DeskAnswer<T> {
  switch (answer.outcome) {
    case 'ok':
      return { outcome: 'done', data: answer.data }
    case 'unknown':
      return { outcome: 'unknown', reason: answer.reason }
    case 'refused': {
      const { code, detail } = answer
      const outcome = OUR_FAULT.has(code) ? 'unknown' : 'refused'
      return { outcome, code, reason: `${code}: ${detail.message}` }
    }
  }
}

export type BillDeskDependencies = {
  db: Db
  newId: NewId
  systemOf: (hospitalId: HospitalId) => Promise<HospitalBilling | null>
  /** Whether bills of a department may be paid here; all of them without it. */
  isOnline?: (hospitalId: HospitalId, departmentCode: string) => Promise<boolean>
  /** The number a hospital knows the person by; null when it does not. Errors: throws when it cannot be asked. */
  patientNoOf: (personId: PersonId, hospitalId: HospitalId) => Promise<string | null>
}
