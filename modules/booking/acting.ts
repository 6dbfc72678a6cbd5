import type { FastifyRequest } from 'fastify'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { httpErrors } from '../../platform/http/errors.ts'
import { type Actor, principalName } from '../../platform/principal.ts'
import type { AppointmentKey, BookingDesk, PersonId } from './booking.ts'
import { bookingErrors } from './errors.ts'

// For whom an institution's application books: people who allowed it this at the hospital. It sees and changes the
// appointments that it began itself, for as long as they allow it.

type Naming = { hospitalId: HospitalId; applicationId: Id<'Application'>; patientId: string }

export type BookingActing = {
  /** The person it names. Errors: throws for one it may not book for. */
  bookFor: (naming: Naming, actor: Actor) => Promise<PersonId>
}

/** Where there are no applications. */
export const nobodyBooks: BookingActing = {
  bookFor: async () => {
    throw httpErrors.forbidden()
  },
}

/** Who a number is for: the person who asks, or whom an application names. Errors: throws booking.patient_missing. */
export async function bookedForIn(
  acting: BookingActing,
  request: FastifyRequest,
  hospitalId: HospitalId,
  patientId: string | undefined,
): Promise<PersonId> {
  const principal = principalOf(request, 'person', 'application')
  if (principal.kind === 'person') {
    if (patientId !== undefined && patientId !== principal.personId) throw httpErrors.forbidden()
    return principal.personId
  }
  if (patientId === undefined) throw bookingErrors.patient_missing()
  const { applicationId } = principal
  return acting.bookFor({ hospitalId, applicationId, patientId }, requestActor(request))
}

/**
 * Whose the appointment is, for whoever may do something with it: the person, or the application that began it.
 * Errors: throws booking.appointment_not_found.
 */
export async function ownerIn(
  acting: BookingActing,
  booking: Pick<BookingDesk, 'appointment'>,
  request: FastifyRequest,
  key: AppointmentKey,
): Promise<PersonId> {
  const principal = principalOf(request, 'person', 'application')
  // What is not theirs is not found by what they ask to be done with it.
  if (principal.kind === 'person') return principal.personId
  const { personId, createdBy } = await booking.appointment(key)
  if (createdBy !== principalName(principal)) {
    throw bookingErrors.appointment_not_found({ id: key.id })
  }
  return bookedForIn(acting, request, key.hospitalId, personId)
}
