import type { HospitalId } from '../../kernel/id.ts'
import { addFen } from '../../kernel/money.ts'
import { businessDate, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Department, HospitalVisits } from '../hospitals/index.ts'
import { askHis } from './asking.ts'
import type { SessionFilter } from './booking.ts'
import type { BookingContext } from './dependencies.ts'
import { markHisSlots, mergeHisSlots, type ToldSlot, upsertHisSessions } from './his-store.ts'
import { type BookingRules, hoursOf, releaseOf } from './rules.ts'
import type { SessionRow } from './session-store.ts'

/** What was read is shown for so long before the hospital is asked again. */
const FRESH_MS = MINUTE_MS
const MOST_REMEMBERED = 1_000

type Read = { readAt: Date; done: Promise<boolean> }

/**
 * Sessions and numbers of hospitals that keep their own: read when somebody looks, kept, and shown as they were while
 * the hospital's system is silent. Those who look at the same time are one question.
 */
export function createHisSessions(context: BookingContext) {
  const { clock } = context
  const reads = new Map<string, Read>()
  return { refresh, refreshSlots }

  /** Whether what is kept is stale: the hospital did not answer. */
  async function refresh(
    hospitalId: HospitalId,
    rules: BookingRules,
    { from, to, departmentCode }: SessionFilter,
  ): Promise<boolean> {
    const key = `${hospitalId}/${from}/${to}/${departmentCode ?? ''}`
    return !(await shared(key, () =>
      readSessions(context, hospitalId, rules, { from, to, departmentCode }),
    ))
  }

  async function refreshSlots(session: SessionRow): Promise<boolean> {
    const key = `${session.hospital_id}/slots/${session.id}`
    return !(await shared(key, () => readSlots(context, session)))
  }

  function shared(key: string, read: () => Promise<boolean>): Promise<boolean> {
    const now = clock.now()
    const last = reads.get(key)
    const ageMs = last ? now.getTime() - last.readAt.getTime() : FRESH_MS
    if (last && ageMs >= 0 && ageMs < FRESH_MS) return last.done
    if (reads.size >= MOST_REMEMBERED) reads.clear()
    const done = read()
    reads.set(key, { readAt: now, done })
    const forget = () => void reads.delete(key)
    // A silent hospital is asked again by the next who looks.
    done.then((answered) => (answered ? undefined : forget()), forget)
    return done
  }
}

type Schedules = Awaited<ReturnType<HospitalVisits['schedules']>>
type Schedule = Extract<Schedules, { outcome: 'ok' }>['data'][number]

/** False when it is silent, or refuses. */
async function readSessions(
  context: BookingContext,
  hospitalId: HospitalId,
  rules: BookingRules,
  { from, to, departmentCode }: SessionFilter,
): Promise<boolean> {
  const answer = await askHis(context, hospitalId, `hospital:${hospitalId}`, (system, call) =>
    system.schedules(call, { from, to, departmentCode: departmentCode ?? null }),
  )
  if (answer.outcome !== 'ok') return false
  const departments = new Map(
    (await context.departmentsOf(hospitalId)).map((department) => [department.code, department]),
  )
  const rows = answer.data.map((schedule) =>
    rowOf(context, hospitalId, rules, schedule, departments.get(schedule.departmentCode)),
  )
  await inHospital(context.db, hospitalId, (tx) => upsertHisSessions(tx, rows))
  return true
}

function rowOf(
  { clock, newId }: BookingContext,
  hospitalId: HospitalId,
  rules: BookingRules,
  schedule: Schedule,
  department: Department | undefined,
): SessionRow {
  const now = clock.now()
  const date = businessDate(schedule.businessDate)
  const { startsAt, endsAt } = hoursOf(date, schedule.session)
  const isOpen = schedule.status !== 'not_open'
  const released = releaseOf(rules, date)
  return {
    hospital_id: hospitalId,
    id: newId(),
    origin: 'his',
    external_no: schedule.scheduleNo,
    department_code: schedule.departmentCode,
    department_name: department?.name ?? schedule.departmentCode,
    doctor_code: schedule.doctorCode,
    doctor_name: schedule.doctorName,
    clinic: schedule.clinic,
    location: schedule.location,
    business_date: date,
    period: schedule.session,
    starts_at: startsAt,
    ends_at: endsAt,
    fee_fen: addFen(schedule.registrationFeeFen, schedule.consultationFeeFen),
    status: schedule.status === 'stopped' ? 'stopped' : 'open',
    // What the hospital has open is released. What it has not is, by our rules, or not before it begins.
    releases_at: isOpen ? (released < now ? released : now) : released > now ? released : startsAt,
    told_total: schedule.total,
    told_left: isOpen ? schedule.left : 0,
    fetched_at: now,
    created_at: now,
  }
}

async function readSlots(context: BookingContext, session: SessionRow): Promise<boolean> {
  const { hospital_id: hospitalId, external_no } = session
  if (external_no === null) return true
  const answer = await askHis(context, hospitalId, `session:${session.id}`, (system, call) =>
    system.slots(call, external_no),
  )
  if (answer.outcome !== 'ok') return false
  const told = answer.data.map(({ slotNo, startsAt, endsAt, status }): ToldSlot => ({
    externalNo: slotNo,
    startsAt,
    endsAt,
    status: status === 'locked' ? 'held' : status,
  }))
  await inHospital(context.db, hospitalId, async (tx) => {
    await mergeHisSlots(tx, session, told, context.clock.now())
    await markHisSlots(tx, session, told)
  })
  return true
}
