import type { HospitalId } from '../../../kernel/id.ts'
import { inHospital } from '../../../platform/db.ts'
import type { BookingDesk, BookingSession, BookingSlot } from '../../booking/index.ts'
import type { Viewer } from '../access.ts'
import type { FhirDependencies } from '../dependencies.ts'
import { fhirErrors } from '../errors.ts'
import { daysOf } from '../readers/clinic.ts'
import { orNull } from '../readers/reader.ts'
import { toProposed } from '../resources/appointment.ts'
import { departmentOf, practitionerOf } from '../resources/schedule.ts'
import type { Found } from '../search/bundle.ts'
import { fits } from '../search/fits.ts'
import type { Parameter } from '../search/parameter.ts'
import { codeOf, datesOf, type SearchQuery } from '../search/query.ts'

/** What $find is asked by, beside _count. The others of IHE's are named in the answer as not used. */
export const FIND_PARAMETERS: readonly Parameter[] = [
  {
    name: 'start',
    type: 'date',
    documentation: 'From when on',
    values: null,
    isNeeded: true,
  },
  {
    name: 'end',
    type: 'date',
    documentation: 'Until when; at most 31 days after the start',
    values: null,
    isNeeded: true,
  },
  {
    name: 'specialty',
    type: 'token',
    documentation: 'The department, by the hospital’s code',
    values: (proposed) => ({
      type: 'token',
      of: (proposed as Proposed).specialty.flatMap(({ coding }) => coding),
    }),
  },
  {
    name: 'practitioner',
    type: 'reference',
    documentation: 'The doctor, by the hospital’s code',
    values: (proposed) => ({
      type: 'reference',
      of: (proposed as Proposed).participant.map(({ actor }) => actor),
    }),
  },
]

type Proposed = Pick<ReturnType<typeof toProposed>, 'resourceType' | 'specialty' | 'participant'>

/** Looked through for one answer; where there are more, it says so. */
const MOST_SESSIONS = 30
const MOST_SLOTS = 500
const SESSIONS_AT_ONCE = 100

/**
 * Appointment/$find (IHE ITI-115): numbers that are free now, by time. The total is of all that was looked through.
 * Errors: throws fhir.parameter_wrong, range_too_long.
 */
export async function findAppointments(
  { booking, clock, audit, db }: Pick<FhirDependencies, 'booking' | 'clock' | 'audit' | 'db'>,
  { hospitalId, actor }: Viewer,
  query: SearchQuery,
): Promise<{ found: Found[]; next: string | null; total: number; notes: string[] }> {
  const now = clock.now()
  const [start] = datesOf(query, 'start')
  const [end] = datesOf(query, 'end')
  if (!start || !end || end.to <= start.from) {
    throw fhirErrors.parameter_wrong({ parameter: 'end', rule: 'range' })
  }
  const range = { from: start.from > now ? start.from : now, to: end.to }
  if (range.to <= range.from) return { found: [], next: null, total: 0, notes: [] }
  const days = daysOf(
    { wishes: new Map([['start', [within(range.from, range.to)]]]) },
    'start',
    now,
  )
  const departmentCode = codeOf(query, 'specialty') ?? undefined
  const sessions = await openSessions(booking, hospitalId, { ...days, departmentCode }, now)
  const proposed = await freeIn(booking, sessions.slice(0, MOST_SESSIONS), range, query)
  await inHospital(db, hospitalId, (tx) =>
    audit(tx, hospitalId, actor, {
      action: 'fhir.find_appointments',
      subject: 'slots',
      detail: { found: proposed.length },
    }),
  )
  const { cursor, count } = query
  const rest = cursor === null ? proposed : proposed.filter((one) => placeOf(one) > cursor)
  const page = rest.slice(0, count)
  const last = page.at(-1)
  return {
    found: page.map((resource) => ({ resource })),
    next: last && page.length < rest.length ? placeOf(last) : null,
    total: proposed.length,
    notes:
      sessions.length > MOST_SESSIONS
        ? [`looked through the first ${MOST_SESSIONS} sessions: ask for less time, or a specialty`]
        : [],
  }
}

const within = (from: Date, to: Date) =>
  ({ type: 'date', any: [{ prefix: 'eq', from, to }] }) as const

type Days = Parameters<BookingDesk['sessions']>[1]

/** Those of which a number can be had now, by time; one more than are looked through. */
async function openSessions(
  booking: BookingDesk,
  hospitalId: HospitalId,
  filter: Days,
  now: Date,
): Promise<BookingSession[]> {
  const open: BookingSession[] = []
  let after: BookingSession['id'] | undefined
  while (open.length <= MOST_SESSIONS) {
    const page = await booking.sessions(hospitalId, filter, { after, limit: SESSIONS_AT_ONCE })
    open.push(
      ...page.items.filter(
        (session) => session.status === 'open' && session.releasesAt <= now && session.left > 0,
      ),
    )
    if (page.next === null) break
    after = page.next
  }
  return open
}

async function freeIn(
  booking: BookingDesk,
  sessions: readonly BookingSession[],
  range: { from: Date; to: Date },
  query: SearchQuery,
) {
  const proposed: ReturnType<typeof toProposed>[] = []
  for (const session of sessions) {
    if (!fits(FIND_PARAMETERS, named(session), query)) continue
    for (const slot of await freeSlots(booking, session)) {
      if (slot.startsAt < range.from || slot.startsAt >= range.to) continue
      proposed.push(toProposed(session, slot))
    }
  }
  return proposed.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
}

/** A session by its doctor and department, so that no slots are asked for of one that is not meant. */
const named = (session: BookingSession) => ({
  resourceType: 'Appointment',
  specialty: [departmentOf(session)],
  participant: [{ actor: practitionerOf(session) }],
})

async function freeSlots(booking: BookingDesk, session: BookingSession): Promise<BookingSlot[]> {
  const { hospitalId, id } = session
  const page = await orNull(booking.slots(hospitalId, id, { limit: MOST_SLOTS }), [
    'not_found',
    'unavailable',
  ])
  return (page?.items ?? []).filter(({ status }) => status === 'free')
}

/** By time, and then by number: a place that stays where it is when its number is taken. */
const placeOf = ({ start, id }: { start: string; id: string }): string => {
  const [, session = '', number = ''] = /^(.+)-(\d+)$/.exec(id) ?? []
  return `${new Date(start).getTime()}~${session}~${number.padStart(NUMBER_DIGITS, '0')}`
}

const NUMBER_DIGITS = 6
