import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { businessDate, toShanghaiIso } from '../../../kernel/time.ts'
import {
  type Appointment,
  type AppointmentId,
  type AppointmentStatus,
  type BookingSession,
  type BookingSlot,
  type SessionId,
  slotIdOf,
} from '../../booking/index.ts'
import { extensionUrl, patientReference } from '../elements.ts'
import { idOf } from '../ids.ts'
import { moneyOf } from '../json.ts'
import { written } from '../search/dates.ts'
import { date, type Parameter, reference, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'
import { departmentOf, practitionerOf } from './schedule.ts'

export type AppointmentSource = {
  appointment: Appointment
  /** The doctor and the department; null where the session is not there any more. */
  session: BookingSession | null
}

export const toAppointment = ({ appointment, session }: AppointmentSource) => {
  const { status, reason, slotId, bill } = appointment
  const invoice = bill && idOf(bill.billNo)
  return {
    resourceType: 'Appointment' as const,
    id: appointment.id,
    meta: { lastUpdated: appointment.updatedAt.toISOString() },
    extension: [
      { url: extensionUrl('fee'), valueMoney: moneyOf(appointment.feeFen) },
      { url: extensionUrl('fee-state'), valueCode: appointment.fee },
      ...(status === 'held' && appointment.expiresAt
        ? [{ url: extensionUrl('held-until'), valueInstant: appointment.expiresAt.toISOString() }]
        : []),
    ],
    status: STATUS[status],
    ...(STATUS[status] === 'cancelled' ? { cancelationReason: { text: reason ?? status } } : {}),
    ...(session ? { specialty: [departmentOf(session)] } : {}),
    ...(invoice ? { supportingInformation: [{ reference: `Invoice/${invoice}` }] } : {}),
    start: toShanghaiIso(appointment.startsAt),
    end: toShanghaiIso(appointment.endsAt),
    ...(slotId === null ? {} : { slot: [{ reference: `Slot/${slotId}` }] }),
    created: toShanghaiIso(appointment.createdAt),
    participant: [
      { actor: patientReference(appointment.personId), status: 'accepted' },
      ...(session ? [{ actor: practitionerOf(session), status: 'accepted' }] : []),
    ],
  }
}

const STATUS: Record<AppointmentStatus, string> = {
  held: 'pending',
  booked: 'booked',
  checked_in: 'checked-in',
  finished: 'fulfilled',
  no_show: 'noshow',
  cancelled: 'cancelled',
  expired: 'cancelled',
  stopped: 'cancelled',
}

/** A free number as IHE's $find offers it: its id is the slot's, until it is somebody's. */
export const toProposed = (session: BookingSession, slot: BookingSlot) => ({
  resourceType: 'Appointment' as const,
  id: slot.id,
  extension: [{ url: extensionUrl('fee'), valueMoney: moneyOf(session.feeFen) }],
  status: 'proposed',
  serviceType: [{ text: session.clinic }],
  specialty: [departmentOf(session)],
  start: toShanghaiIso(slot.startsAt),
  end: toShanghaiIso(slot.endsAt),
  slot: [{ reference: `Slot/${slot.id}` }],
  participant: [
    { actor: practitionerOf(session), status: 'accepted' },
    ...(session.location === ''
      ? []
      : [{ actor: { type: 'Location', display: session.location }, status: 'accepted' }]),
  ],
})

type AppointmentResource = ReturnType<typeof toAppointment>

const parameters: Parameter<AppointmentResource>[] = [
  reference('patient', 'Whose it is', ({ participant }) => participant.map(({ actor }) => actor)),
  token('status', 'pending, booked, checked-in, fulfilled, cancelled, noshow', ({ status }) => [
    status,
  ]),
  date('date', 'When it begins', ({ start }) => written(start)),
  reference('slot', 'Slot/<id>', ({ slot }) => slot ?? []),
  reference('actor', 'The patient, or the doctor by code', ({ participant }) =>
    participant.map(({ actor }) => actor),
  ),
  token('specialty', 'The department, by the hospital’s code', ({ specialty }) => specialty ?? []),
  date('_lastUpdated', 'When it last changed', ({ meta }) => written(meta.lastUpdated)),
]

export const appointmentType: FhirType<AppointmentSource, AppointmentResource> = {
  type: 'Appointment',
  documentation: 'Who has which number, from the hold to the end of the visit',
  toResource: toAppointment,
  parameters,
  example: {
    session: null,
    appointment: {
      hospitalId: 1 as HospitalId,
      id: '0190b3a0-0000-7000-8000-00000000000b' as AppointmentId,
      personId: '0190b3a0-0000-7000-8000-000000000001' as Appointment['personId'],
      sessionId: '0190b3a0-0000-7000-8000-00000000000a' as SessionId,
      slotNumber: 7,
      slotId: slotIdOf('0190b3a0-0000-7000-8000-00000000000a' as SessionId, 7),
      businessDate: businessDate('2026-11-24'),
      departmentCode: 'NK01',
      startsAt: new Date('2026-11-24T01:10:00Z'),
      endsAt: new Date('2026-11-24T01:20:00Z'),
      source: 'online',
      status: 'held',
      hisStep: 'none',
      feeFen: fen(5_050),
      fee: 'due',
      bill: { billNo: 'GH20261124-7', version: 1 },
      paymentId: null,
      expiresAt: new Date('2026-11-23T02:15:00Z'),
      cancelUntil: new Date('2026-11-23T16:00:00Z'),
      chooseUntil: null,
      reason: null,
      createdBy: 'person:0190b3a0-0000-7000-8000-000000000001',
      createdAt: new Date('2026-11-23T02:00:00Z'),
      updatedAt: new Date('2026-11-23T02:00:00Z'),
    },
  },
}
