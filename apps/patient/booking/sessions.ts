import type { components } from '../../../contract/hub.d.ts'
import { type BusinessDate, businessDateOf, HOUR_MS } from '../../../kernel/time.ts'

export type Session = components['schemas']['BookingSession']
export type Appointment = components['schemas']['BookingAppointment']

export type SessionGroup = { key: string; name: string; sessions: Session[] }

/** Sessions that are not over and whose department or doctor has the text in its name, by department or by day. */
export function groupsOf(
  sessions: readonly Session[],
  { find, by, now }: { find: string; by: 'department' | 'day'; now: number },
): SessionGroup[] {
  const wanted = find.trim().toLowerCase()
  const found = new Map<string, SessionGroup>()
  for (const session of sessions) {
    const { department, doctor, businessDate, endsAt } = session
    const names = `${department.name} ${doctor.name}`.toLowerCase()
    if (!names.includes(wanted) || Date.parse(endsAt) <= now) continue
    const [key, name] =
      by === 'day' ? [businessDate, businessDate] : [department.code, department.name]
    const known = found.get(key) ?? { key, name, sessions: [] }
    known.sessions.push(session)
    found.set(key, known)
  }
  return [...found.values()]
}

/** 主任医师 of 心血管内科 主任医师, where the department is said beside it. */
export const clinicOf = ({ clinic, department }: Pick<Session, 'clinic' | 'department'>): string =>
  (clinic.startsWith(department.name) ? clinic.slice(department.name.length).trim() : clinic) ||
  clinic

/** The day that is shown first: in the afternoon, little of today is left. */
export function firstDay(now: number): BusinessDate {
  return businessDateOf(new Date(now + 10 * HOUR_MS)) // from 14:00 on it is tomorrow
}

/** What a stopped appointment may go over to: the same department and fee, open, released and not over. */
export const equalTo = (
  { sessionId, departmentCode, feeFen }: Appointment,
  sessions: readonly Session[],
  now: number,
): Session[] =>
  sessions.filter(
    (one) =>
      one.id !== sessionId &&
      one.department.code === departmentCode &&
      one.feeFen === feeFen &&
      one.status === 'open' &&
      one.left > 0 &&
      Date.parse(one.releasesAt) <= now &&
      Date.parse(one.startsAt) > now,
  )

const UPCOMING = new Set<Appointment['status']>(['held', 'booked', 'checked_in', 'stopped'])

/** What is still to come, the soonest first; and what is over, the latest first. */
export function sortedByTime<One extends Appointment>(
  appointments: readonly One[],
  now: number,
): { upcoming: One[]; past: One[] } {
  const isUpcoming = (one: One) =>
    one.fee === 'returning' ||
    (UPCOMING.has(one.status) && Date.parse(one.endsAt) > now && one.fee !== 'moved')
  const byStart = appointments.toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
  return {
    upcoming: byStart.filter(isUpcoming),
    past: byStart.filter((one) => !isUpcoming(one)).toReversed(),
  }
}

/** The words for how it stands, as keys of them. */
export function stateOf({ status, waitsForHospital, bill }: Appointment) {
  if (waitsForHospital) return 'asking'
  return status === 'held' && bill ? 'toPay' : (`states.${status}` as const)
}
