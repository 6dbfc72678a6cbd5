import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { BookingActing } from './acting.ts'
import type { Appointment, AppointmentId, PersonId, Session, Slot } from './booking.ts'
import type { Booking } from './bookings.ts'
import {
  ClinicView,
  StoppedPersonView,
  StopPreviewView,
  StopProgressView,
} from './clinic-schemas.ts'
import type { MessageRow } from './message-store.ts'
import {
  AppointmentView,
  MessageView,
  ProofTaskView,
  SessionView,
  SlotView,
  StopView,
  WaitingView,
} from './schemas.ts'
import type { StopRow } from './stop-store.ts'
import type { WaitingRow } from './waiting-store.ts'

// What the routes of booking share.

export type App = Parameters<FastifyPluginAsyncTypebox>[0]

export type BookingRouteContext = {
  booking: Booking
  platform: { db: Db; clock: Clock; newId: NewId }
  /** The phone a person is known by, for the limit of one phone; nobody has one without it. */
  phoneOf?: (personId: PersonId) => Promise<string | null>
  /** Full names, which are masked; none without it. */
  namesOf?: (personIds: readonly PersonId[]) => Promise<Map<PersonId, string>>
  /** Whom applications may book for; nobody without it. */
  acting?: BookingActing
}

export const tags = ['booking']

const named = <View extends Type.TSchema>(_view: View, id: string) =>
  Type.Unsafe<Type.Static<View>>(Type.Ref(id))

export const SessionRef = named(SessionView, 'BookingSession')
export const SlotRef = named(SlotView, 'BookingSlot')
export const AppointmentRef = named(AppointmentView, 'BookingAppointment')
export const MessageRef = named(MessageView, 'BookingMessage')
export const WaitingRef = named(WaitingView, 'BookingWaiting')
export const StopRef = named(StopView, 'SessionStop')
export const ProofTaskRef = named(ProofTaskView, 'ProofTask')
export const ClinicRef = named(ClinicView, 'Clinic')
export const StopPreviewRef = named(StopPreviewView, 'SessionStopPreview')
export const StopProgressRef = named(StopProgressView, 'SessionStopProgress')
export const StoppedPersonRef = named(StoppedPersonView, 'StoppedPerson')

export const VIEWS = [
  SessionView,
  SlotView,
  AppointmentView,
  MessageView,
  WaitingView,
  StopView,
  ProofTaskView,
  ClinicView,
  StopPreviewView,
  StopProgressView,
  StoppedPersonView,
]

export const Items = <T extends Type.TSchema>(schema: T) =>
  Type.Object({ items: Type.Array(schema) })

export const ItemsAndNext = <T extends Type.TSchema, C extends Type.TSchema>(schema: T, next: C) =>
  Type.Object({ items: Type.Array(schema), next: Type.Union([next, Type.Null()]) })

export const hospitalIn = ({ hospitalId }: { hospitalId: number }): HospitalId =>
  hospitalId as HospitalId

export const keyIn = (params: { hospitalId: number; id: string }) => ({
  hospitalId: params.hospitalId as HospitalId,
  id: params.id as AppointmentId,
})

export const viewOfSession = ({
  hospitalId: _hospital,
  startsAt,
  endsAt,
  releasesAt,
  fetchedAt,
  ...session
}: Session): Type.Static<typeof SessionView> => ({
  ...session,
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
  releasesAt: releasesAt.toISOString(),
  fetchedAt: fetchedAt?.toISOString() ?? null,
})

export const viewOfSlot = ({
  id,
  number,
  startsAt,
  endsAt,
  status,
}: Slot): Type.Static<typeof SlotView> => ({
  id,
  number,
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
  status,
})

const AT_REST = new Set(['none', 'locked', 'registered', 'ended'])

export const viewOf = ({
  hospitalId: _hospital,
  slotId: _slot,
  hisStep,
  startsAt,
  endsAt,
  expiresAt,
  cancelUntil,
  chooseUntil,
  createdAt,
  createdBy: _creator,
  updatedAt: _updated,
  ...appointment
}: Appointment): Type.Static<typeof AppointmentView> => ({
  ...appointment,
  waitsForHospital: !AT_REST.has(hisStep),
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
  expiresAt: expiresAt?.toISOString() ?? null,
  cancelUntil: cancelUntil.toISOString(),
  chooseUntil: chooseUntil?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
})

export const viewOfMessage = (row: MessageRow): Type.Static<typeof MessageView> => ({
  id: row.id,
  appointmentId: row.appointment_id,
  kind: row.kind,
  params: row.params,
  at: row.at.toISOString(),
})

export const viewOfWaiting = (row: WaitingRow): Type.Static<typeof WaitingView> => ({
  id: row.id,
  sessionId: row.session_id,
  status: row.status,
  appointmentId: row.appointment_id,
  createdAt: row.created_at.toISOString(),
})

export const viewOfStop = (row: StopRow): Type.Static<typeof StopView> => ({
  id: row.id,
  sessionId: row.session_id,
  slotNumber: row.slot_number,
  reason: row.reason,
  status: row.status,
  impact: row.impact,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at.toISOString(),
  decidedBy: row.decided_by,
  decidedAt: row.decided_at?.toISOString() ?? null,
})
