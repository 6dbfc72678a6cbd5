import type { components } from '../../../contract/hub.d.ts'

export type Session = components['schemas']['BookingSession']
export type Appointment = components['schemas']['BookingAppointment']

export type DepartmentSessions = { code: string; name: string; sessions: Session[] }

/** Sessions whose department or doctor has the text in its name, by department, in the order they come in. */
export function departmentsOf(sessions: readonly Session[], text: string): DepartmentSessions[] {
  const wanted = text.trim().toLowerCase()
  const found = new Map<string, DepartmentSessions>()
  for (const session of sessions) {
    const { department, doctor } = session
    const names = `${department.name} ${doctor.name}`.toLowerCase()
    if (!names.includes(wanted)) continue
    const { code, name } = department
    const known = found.get(code) ?? { code, name, sessions: [] }
    known.sessions.push(session)
    found.set(code, known)
  }
  return [...found.values()]
}

const UPCOMING = new Set<Appointment['status']>(['held', 'booked', 'checked_in', 'stopped'])

/** What is still to come, the soonest first; and what is over, the latest first. */
export function sortedByTime(
  appointments: readonly Appointment[],
  now: number,
): { upcoming: Appointment[]; past: Appointment[] } {
  const isUpcoming = ({ status, endsAt, fee }: Appointment) =>
    (UPCOMING.has(status) && Date.parse(endsAt) > now) || fee === 'returning'
  const byStart = appointments.toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
  return {
    upcoming: byStart.filter(isUpcoming),
    past: byStart.filter((one) => !isUpcoming(one)).toReversed(),
  }
}
