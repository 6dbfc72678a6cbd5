import type Type from 'typebox'
import { Compile } from 'typebox/compile'

import { toShanghaiIso } from '../../../kernel/time.ts'
import { answerBill, listOpenBills, resolvePatient } from './bills.ts'
import type { His } from './context.ts'
import { dayList } from './day-list.ts'
import {
  type Answer,
  ApproveRefund,
  CancelRefund,
  CompleteRefund,
  DayListPage,
  done,
  Empty,
  GetBill,
  ListBills,
  refusal,
  ResolvePatient,
  VoidWriteBack,
  WriteBack,
} from './protocol.ts'
import { approveRefund, billNoOfRefund, cancelRefund, completeRefund } from './refunds.ts'
import { patientNoOf } from './registry.ts'
import { voidWriteBack, writeBack } from './write-back.ts'

/** A call whose body is right, ready to be done or to have a fault. */
export type Call = {
  /** What the call is about, the same in every run: no number of the hub's making. */
  key: string
  /** With `lie` set, where the operation knows how to, it says done and does it not. */
  run: (lie: boolean) => Answer
}

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

type Reader = (his: His, body: unknown) => { call: Call } | { answer: Answer }

/** Puts a schema before what runs, so that nothing runs on a body that is not as agreed. */
function operation<Schema extends Type.TSchema>(
  schema: Schema,
  keyOf: (body: Type.Static<Schema>, his: His) => string,
  run: (his: His, body: Type.Static<Schema>, lie: boolean) => Answer,
): Reader {
  const validator = Compile(schema)
  return (his, body) => {
    if (!validator.Check(body)) {
      // An unknown field is reported twice, and the second time by its name.
      const error = validator.Errors(body).find((e) => e.keyword !== 'boolean')
      const at = error?.instancePath.slice(1).replaceAll('/', '.') ?? ''
      const names = Object.values(error?.params ?? {}).flat()
      const message = [at, error?.message, `(${names.join(', ')})`].join(' ').trim()
      return { answer: refusal('INVALID_REQUEST', message) }
    }
    return { call: { key: keyOf(body, his), run: (lie) => run(his, body, lie) } }
  }
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
  heartbeat: operation(Empty, hospitalKey, ({ clock }) => done({ at: toShanghaiIso(clock.now()) })),
  'departments.list': operation(Empty, hospitalKey, ({ registry }) =>
    done({ departments: registry.hospital.departments }),
  ),
  'patients.resolve': operation(ResolvePatient, patientKey, resolvePatient),
  'bills.list': operation(ListBills, ({ patientNo }) => patientNo, listOpenBills),
  'bills.get': operation(GetBill, billKey, answerBill),
  'bills.writeBack': operation(WriteBack, billKey, writeBack),
  'bills.voidWriteBack': operation(VoidWriteBack, billKey, voidWriteBack),
  'refunds.approve': operation(ApproveRefund, billKey, approveRefund),
  'refunds.complete': operation(CompleteRefund, refundKey, completeRefund),
  'refunds.cancel': operation(CancelRefund, refundKey, cancelRefund),
  'reconciliation.dayList': operation(DayListPage, ({ businessDate }) => businessDate, dayList),
}

/** Undefined for what is not JSON, which itself has no such value. */
function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
