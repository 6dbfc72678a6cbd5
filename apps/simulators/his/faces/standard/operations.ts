import { toShanghaiIso } from '../../../../../kernel/time.ts'
import { answerBill, listOpenBills, resolvePatient } from '../../bills.ts'
import type { His } from '../../context.ts'
import { dayList } from '../../day-list.ts'
import type { Call } from '../../faulty.ts'
import { type Answer, done, refusal, type ResolvePatient } from '../../protocol.ts'
import { approveRefund, billNoOfRefund, cancelRefund, completeRefund } from '../../refunds.ts'
import { patientNoOf } from '../../registry.ts'
import { voidWriteBack, writeBack } from '../../write-back.ts'
import { operation, type Reader } from './operation.ts'
import * as requests from './requests.ts'
import { VISIT_OPERATIONS } from './visit-operations.ts'

/** Finds the operation and reads its body; an answer when that cannot be done. */
export function readCall(
  his: His,
  operation: string,
  body: Buffer,
): { call: Call } | { answer: Answer } {
  const read = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined
  if (!read) return { answer: refusal('INVALID_REQUEST', 'the path names no operation') }
  const value = readJson(body)
  if (value === undefined) {
    return { answer: refusal('INVALID_REQUEST', 'the body is not JSON in UTF-8') }
  }
  return read(his, value)
}

const hospitalKey = (_: object, { registry }: His) => String(registry.hospital.id)
const billKey = ({ billNo }: { billNo: string }) => billNo
const refundKey = ({ refundNo }: { refundNo: string }, his: His) =>
  billNoOfRefund(his, refundNo) ?? UNKNOWN

function patientKey({ idCardNo }: ResolvePatient, { registry }: His): string {
  const person = registry.personByIdCardNo.get(idCardNo)
  return person ? patientNoOf(registry, person) : UNKNOWN
}

/** The key of what the hospital does not know: the number itself may be of the hub's making. */
const UNKNOWN = 'unknown'

const OPERATIONS: Record<string, Reader> = {
  ...VISIT_OPERATIONS,
  heartbeat: operation(requests.Empty, hospitalKey, ({ clock }) =>
    done({ at: toShanghaiIso(clock.now()) }),
  ),
  'departments.list': operation(requests.Empty, hospitalKey, ({ registry }) =>
    done({ departments: registry.hospital.departments }),
  ),
  'patients.resolve': operation(requests.ResolvePatient, patientKey, resolvePatient),
  'bills.list': operation(requests.ListBills, ({ patientNo }) => patientNo, listOpenBills),
  'bills.get': operation(requests.GetBill, billKey, answerBill),
  'bills.writeBack': operation(requests.WriteBack, billKey, writeBack),
  'bills.voidWriteBack': operation(requests.VoidWriteBack, billKey, voidWriteBack),
  'refunds.approve': operation(requests.ApproveRefund, billKey, approveRefund),
  'refunds.complete': operation(requests.CompleteRefund, refundKey, completeRefund),
  'refunds.cancel': operation(requests.CancelRefund, refundKey, cancelRefund),
  'reconciliation.dayList': operation(
    requests.DayListPage,
    ({ businessDate }) => businessDate,
    dayList,
  ),
}

/** Undefined for what is not JSON, which itself has no such value. */
function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
