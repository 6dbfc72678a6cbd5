import { type HospitalId, isId } from '../../../kernel/id.ts'
import { addDays, addMs, type BusinessDate, businessDateOf } from '../../../kernel/time.ts'
import {
  type Appointment,
  type AppointmentId,
  type AppointmentStatus,
  type BookingDesk,
  type BookingSession,
  readSlotId,
  type SessionId,
} from '../../booking/index.ts'
import type { PersonId } from '../../identity/index.ts'
import type { Viewer } from '../access.ts'
import type { FhirDependencies } from '../dependencies.ts'
import { fhirErrors } from '../errors.ts'
import { toAppointment } from '../resources/appointment.ts'
import { toSchedule } from '../resources/schedule.ts'
import { toSlot } from '../resources/slot.ts'
import { boundsOf } from '../search/dates.ts'
import { codeOf, datesOf, referredId, type SearchQuery } from '../search/query.ts'
import { bookFor, maySee, orNull, personIn, placeOf, type Reader } from './reader.ts'

// Sessions, their numbers, and who has which.

const MOST_DAYS = 31

export function scheduleReader({ booking, clock }: FhirDependencies): Reader {
  return {
    async read({ hospitalId }, id) {
      if (!isId(id)) return null
      const session = await orNull(booking.session(hospitalId, id as SessionId))
      return session && toSchedule(session)
    },
    async page({ hospitalId }, query, after, limit) {
      const days = daysOf(query, 'date', clock.now())
      const filter = { ...days, departmentCode: codeOf(query, 'specialty') ?? undefined }
      const page = { after: placeOf<SessionId>(after), limit }
      const { items } = await booking.sessions(hospitalId, filter, page)
      return items.map((session) => ({ resource: toSchedule(session), cursor: session.id }))
    },
  }
}

/** The days a search is of: from today on where it does not say. Errors: throws fhir.range_too_long. */
export function daysOf(
  query: Pick<SearchQuery, 'wishes'>,
  name: string,
  now: Date,
): { from: BusinessDate; to: BusinessDate } {
  const bounds = boundsOf(datesOf(query, name))
  const from = businessDateOf(bounds.from ?? now)
  const latest = addDays(from, MOST_DAYS - 1)
  // The bound is the first instant that is not meant any more.
  const to = bounds.to ? businessDateOf(addMs(bounds.to, -1)) : latest
  if (to > latest) throw fhirErrors.range_too_long({ parameter: name, days: MOST_DAYS })
  return { from, to: to < from ? from : to }
}

export function slotReader({ booking }: FhirDependencies): Reader {
  return {
    async read({ hospitalId }, id) {
      if (!readSlotId(id)) return null
      const slot = await orNull(booking.slot(hospitalId, id))
      return slot && toSlot(slot)
    },
    async page({ hospitalId }, query, after, limit) {
      const sessionId = referredId(query, 'schedule', 'Schedule')
      if (sessionId === null || !isId(sessionId)) return []
      const page = { after: after === null ? undefined : numberAt(after), limit }
      const listed = await orNull(booking.slots(hospitalId, sessionId as SessionId, page))
      return (listed?.items ?? []).map((slot) => ({
        resource: toSlot(slot),
        cursor: String(slot.number),
      }))
    },
  }
}

function numberAt(after: string): number {
  if (!/^\d{1,6}$/.test(after)) {
    throw fhirErrors.parameter_wrong({ parameter: '_cursor', rule: 'cursor' })
  }
  return Number(after)
}

export function appointmentReader(deps: FhirDependencies): Reader {
  const { booking } = deps
  return {
    async read(viewer, id) {
      if (!isId(id)) return null
      const key = { hospitalId: viewer.hospitalId, id: id as AppointmentId }
      const appointment = await orNull(booking.appointment(key))
      if (!appointment || !(await maySeeAppointment(deps, viewer, appointment))) return null
      return appointmentOf(booking, appointment)
    },
    async page(viewer, query, after, limit) {
      const personId = await personIn(deps, viewer, query, { names: ['patient'], nameFor: bookFor })
      if (personId === 'nobody') return []
      const page = { after: placeOf<AppointmentId>(after), limit }
      const createdBy = viewer.kind === 'application' ? viewer.actor.name : undefined
      const filter = { ...filterOf(query, personId), createdBy }
      const { hospitalId } = viewer
      const { items } = await booking.appointmentsOfHospital(hospitalId, filter, page)
      const sessions = await sessionsOf(booking, hospitalId, items)
      return items.map((appointment) => ({
        resource: toAppointment({
          appointment,
          session: sessions.get(appointment.sessionId) ?? null,
        }),
        cursor: appointment.id,
      }))
    },
  }
}

/** Its own for a person; for an application those it began, of people who allow it to book for them. */
export const maySeeAppointment = async (
  deps: FhirDependencies,
  viewer: Viewer,
  { personId, createdBy }: Appointment,
): Promise<boolean> =>
  (viewer.kind !== 'application' || createdBy === viewer.actor.name) &&
  (await maySee(deps, viewer, personId, bookFor))

function filterOf(query: SearchQuery, personId: PersonId | null) {
  const status = codeOf(query, 'status')
  const { from } = boundsOf(datesOf(query, 'date'))
  return {
    personId: personId ?? undefined,
    status: STATUS_OF.get(status ?? ''),
    from: from ? businessDateOf(from) : undefined,
  }
}

/** Those that say the same in both; the others are looked for among all. */
const STATUS_OF: ReadonlyMap<string, AppointmentStatus> = new Map([
  ['pending', 'held'],
  ['booked', 'booked'],
  ['checked-in', 'checked_in'],
  ['fulfilled', 'finished'],
  ['noshow', 'no_show'],
])

export async function appointmentOf(booking: BookingDesk, appointment: Appointment) {
  const { hospitalId, sessionId } = appointment
  const session = await orNull(booking.session(hospitalId, sessionId))
  return toAppointment({ appointment, session })
}

async function sessionsOf(
  booking: BookingDesk,
  hospitalId: HospitalId,
  appointments: readonly Appointment[],
): Promise<Map<SessionId, BookingSession>> {
  const ids = [...new Set(appointments.map(({ sessionId }) => sessionId))]
  const sessions = await Promise.all(ids.map((id) => orNull(booking.session(hospitalId, id))))
  return new Map(sessions.flatMap((session) => (session ? [[session.id, session] as const] : [])))
}
