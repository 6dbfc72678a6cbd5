import { addDays, type BusinessDate, businessDateOf, type Clock } from '../../../kernel/time.ts'
import type { Exchange } from '../../../platform/exchange.ts'
import { recordedAsk } from '../conformance/recorded.ts'
import type { HospitalSystem } from '../hospital-system.ts'
import type { Ask } from '../interface/ask.ts'
import type { HisAnswer } from '../interface/data.ts'
import type { OperationName } from '../interface/operations.ts'
import { createHospitalSystem } from '../interface/system.ts'
import type { Fault, KnownDepartment, Tried } from './draft.ts'

export type TestPatient = { idCardNo: string; name: string }

const MOST_WIRE = 20
const SCHEDULE_DAYS = 7

/** Whether the system answers at all, and who works in it. */
export async function probe(
  ask: Ask,
  clock: Clock,
): Promise<{ tried: Tried[]; departments: KnownDepartment[] }> {
  const trial = createTrial(ask, clock)
  await trial.take('heartbeat', (his, call) => his.heartbeat(call))
  const departments = await trial.take('departments.list', (his, call) => his.departments(call))
  return { tried: trial.tried, departments: (departments ?? []).map(known) }
}

/**
 * Every operation that only reads and can be asked for without moving anything, each side by side with what it is in
 * the words of the contract. Without a patient, what belongs to one is left out.
 */
export async function dryRun(
  ask: Ask,
  clock: Clock,
  patient: TestPatient | null,
): Promise<Tried[]> {
  const { take, tried } = createTrial(ask, clock)
  const today = businessDateOf(clock.now())
  await take('heartbeat', (his, call) => his.heartbeat(call))
  await take('departments.list', (his, call) => his.departments(call))
  const week = { from: today, to: addDays(today, SCHEDULE_DAYS), departmentCode: null }
  const schedules = await take('schedules.list', (his, call) => his.schedules(call, week))
  const [schedule] = schedules ?? []
  if (schedule) {
    await take('slots.list', (his, call) => his.slots(call, schedule.scheduleNo))
  }
  await take('reconciliation.dayList', (his, call) => his.dayList(call, addDays(today, -1)))
  if (patient) await dryRunOf(patient, take, today)
  return tried
}

async function dryRunOf(patient: TestPatient, take: Take, today: BusinessDate): Promise<void> {
  const found = await take('patients.resolve', (his, call) => his.resolvePatient(call, patient))
  if (found === null) return
  const { patientNo } = found
  const bills = await take('bills.list', (his, call) => his.openBills(call, patientNo))
  const [bill] = bills ?? []
  if (bill) await take('bills.get', (his, call) => his.bill(call, bill.billNo))
  const of = { patientNo, from: addDays(today, -SCHEDULE_DAYS), to: today }
  await take('reports.list', (his, call) => his.reports(call, of))
  await take('stays.get', (his, call) => his.stay(call, patientNo))
}

/** What went wrong with an answer, in a word. `reason` is the adapter's own. */
export function faultOf(answer: HisAnswer<unknown>): Fault | null {
  if (answer.outcome === 'ok') return null
  if (answer.outcome === 'refused') {
    return answer.code === 'signature_invalid' ? 'signature' : 'said_no'
  }
  const { reason } = answer
  return FAULTS.find(([, pattern]) => pattern.test(reason))?.[0] ?? 'not_as_described'
}

const FAULTS: readonly [Fault, RegExp][] = [
  ['refused', /ECONNREFUSED|ECONNRESET|other side closed/i],
  ['no_such_host', /ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/i],
  ['tls', /certificate|\bTLS\b|\bSSL\b|EPROTO|self.signed/i],
  ['time_out', /time.?d?.?out|ETIMEDOUT|aborted|in time|no answer within/i],
  ['signature', /sign/i],
]

type Take = <T>(
  operation: OperationName,
  question: (
    his: HospitalSystem,
    call: { trace: (exchange: Exchange) => void },
  ) => Promise<HisAnswer<T>>,
) => Promise<T | null>

function createTrial(ask: Ask, clock: Clock) {
  const tried: Tried[] = []
  let canonical = ''
  const his = createHospitalSystem(recordedAsk(ask, ({ came }) => void (canonical = came)))

  const take: Take = async (operation, question) => {
    const wire: { sent: string; came: string }[] = []
    canonical = ''
    const startedAt = clock.now().getTime()
    const answer = await question(his, {
      trace({ request, response }) {
        if (wire.length < MOST_WIRE) wire.push({ sent: request, came: response })
      },
    })
    const isOffered = !(answer.outcome === 'refused' && answer.code === 'not_supported')
    tried.push({
      operation,
      outcome: isOffered ? answer.outcome : 'not_offered',
      fault: isOffered ? faultOf(answer) : null,
      reason: reasonOf(answer),
      durationMs: Math.max(0, clock.now().getTime() - startedAt),
      wire,
      canonical,
    })
    return answer.outcome === 'ok' ? answer.data : null
  }
  return { tried, take }
}

const reasonOf = (answer: HisAnswer<unknown>): string => {
  if (answer.outcome === 'ok') return ''
  return answer.outcome === 'refused' ? answer.code : answer.reason
}

const known = ({ code, name, subjectCode }: KnownDepartment): KnownDepartment => ({
  code,
  name,
  subjectCode,
})
