import { AppError } from '../../../kernel/error.ts'
import { type Id, isId } from '../../../kernel/id.ts'
import { type Appointment, type AppointmentId, readSlotId } from '../../booking/index.ts'
import type { PersonId } from '../../identity/index.ts'
import type { Viewer } from '../access.ts'
import type { FhirDependencies } from '../dependencies.ts'
import type { Resource } from '../elements.ts'
import { fhirErrors } from '../errors.ts'
import { appointmentOf, maySeeAppointment } from '../readers/clinic.ts'
import { bookFor, orNull } from '../readers/reader.ts'
import { idInReference } from '../search/query.ts'
import { type Given, needed, textIn, wrong } from './parameters.ts'

/**
 * Appointment/$hold (IHE ITI-116): a number that $find offered is the patient's for some minutes. Sent again, it is the
 * same hold. Errors: those of booking's hold; throws fhir.parameter_missing, parameter_wrong, body_wrong.
 */
export async function holdAppointment(
  deps: FhirDependencies,
  viewer: Viewer,
  given: Given,
): Promise<Resource> {
  const id = offeredId(given)
  const slot = readSlotId(id)
  if (!slot) throw fhirErrors.parameter_wrong({ parameter: REFERENCE, rule: 'proposed' })
  const held = await holdSlot(deps, viewer, slot, await patientIn(deps, viewer, given))
  return appointmentOf(deps.booking, held)
}

/**
 * Appointment/$book (IHE ITI-117): makes a hold an appointment, or holds and books a number that was offered; with an
 * appointment-resource whose status is cancelled, lets go of either. A fee is paid as every bill is: until then it is
 * pending. Errors: those of booking's book and cancel; throws as holdAppointment, and fhir.resource_not_found.
 */
export async function bookAppointment(
  deps: FhirDependencies,
  viewer: Viewer,
  given: Given,
): Promise<Resource> {
  const { booking } = deps
  const { actor, hospitalId } = viewer
  const asked = given.resources.get('appointment-resource')
  if (asked) return appointmentOf(booking, await cancelAsked(deps, viewer, asked))
  const id = offeredId(given)
  const slot = readSlotId(id)
  const appointment = slot
    ? await holdSlot(deps, viewer, slot, await patientIn(deps, viewer, given))
    : await ownAppointment(deps, viewer, id)
  const key = { hospitalId, id: appointment.id }
  return appointmentOf(booking, await booking.book(key, appointment.personId, actor))
}

const REFERENCE = 'appointment-reference'

function offeredId(given: Given): string {
  const id = idInReference(needed(given, REFERENCE), 'Appointment')
  if (id === null) throw fhirErrors.parameter_wrong({ parameter: REFERENCE, rule: 'reference' })
  return id
}

/**
 * A person books for themself; the staff say for whom, and an application, of people who allow it. Errors: throws
 * fhir.parameter_missing, parameter_wrong, scope_missing, and for one that the application may not name.
 */
async function patientIn(deps: FhirDependencies, viewer: Viewer, given: Given): Promise<PersonId> {
  const named = given.pairs.findLast(([name]) => name === 'patient-reference')?.[1]
  if (viewer.kind === 'person' && named === undefined) return viewer.personId
  const id = idInReference(needed(given, 'patient-reference'), 'Patient')
  if (id === null || !isId(id)) {
    throw fhirErrors.parameter_wrong({ parameter: 'patient-reference', rule: 'reference' })
  }
  const isOther = viewer.kind === 'person' && id !== viewer.personId
  if (isOther) throw fhirErrors.scope_missing({ scope: 'Appointment.c' })
  const personId = id as PersonId
  return viewer.kind === 'application' ? bookFor(deps, viewer, personId) : personId
}

type Slot = NonNullable<ReturnType<typeof readSlotId>>

/** The same wish again finds what it made: clients send again what they have heard no answer of. */
async function holdSlot(
  deps: FhirDependencies,
  viewer: Viewer,
  slot: Slot,
  personId: PersonId,
): Promise<Appointment> {
  const { booking, newId } = deps
  const { hospitalId, actor } = viewer
  const known = await liveOf(deps, viewer, slot, personId)
  if (known) return known
  const wish = {
    hospitalId,
    id: newId<'Appointment'>() as AppointmentId,
    personId,
    sessionId: slot.sessionId,
    slotNumber: slot.number,
    source: SOURCE_OF[viewer.kind],
  }
  try {
    return await booking.hold(wish, actor)
  } catch (error) {
    // Another try of the same wish may have been quicker.
    const made = error instanceof AppError ? await liveOf(deps, viewer, slot, personId) : null
    if (made) return made
    throw error
  }
}

const SOURCE_OF = { person: 'online', staff: 'window', application: 'partner' } as const
const MOST_OF_A_SESSION = 20

async function liveOf(
  { booking }: FhirDependencies,
  viewer: Viewer,
  { sessionId, number }: Slot,
  personId: PersonId,
): Promise<Appointment | null> {
  const createdBy = viewer.kind === 'application' ? viewer.actor.name : undefined
  const filter = { sessionId, personId, createdBy }
  const page = { limit: MOST_OF_A_SESSION }
  const { items } = await booking.appointmentsOfHospital(viewer.hospitalId, filter, page)
  const isLive = ({ status }: Appointment) => status === 'held' || status === 'booked'
  return items.find((one) => one.slotNumber === number && isLive(one)) ?? null
}

async function ownAppointment(
  deps: FhirDependencies,
  viewer: Viewer,
  id: string,
): Promise<Appointment> {
  const { hospitalId } = viewer
  const key = { hospitalId, id: id as Id<'Appointment'> }
  const found = isId(id) ? await orNull(deps.booking.appointment(key)) : null
  if (!found || !(await maySeeAppointment(deps, viewer, found))) {
    throw fhirErrors.resource_not_found({ type: 'Appointment' })
  }
  return found
}

/** Nothing but its end can be asked for: another time is another appointment. Errors: throws fhir.body_wrong. */
async function cancelAsked(
  deps: FhirDependencies,
  viewer: Viewer,
  asked: Parameters<typeof textIn>[0],
): Promise<Appointment> {
  if (textIn(asked, 'resourceType') !== 'Appointment') throw wrong('appointment-resource')
  if (textIn(asked, 'status') !== 'cancelled') throw wrong('Appointment.status')
  const appointment = await ownAppointment(deps, viewer, textIn(asked, 'id') ?? '')
  const key = { hospitalId: viewer.hospitalId, id: appointment.id }
  return deps.booking.cancel(key, appointment.personId, viewer.actor)
}
