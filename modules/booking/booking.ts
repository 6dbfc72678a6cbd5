import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Actor } from '../../platform/principal.ts'

// The words of booking: a session of a doctor (出诊), its numbered slots (号), and who has one (预约).

export type PersonId = Id<'Person'>
/** A UUID of 36 letters, digits and hyphens. */
export type SessionId = Id<'BookingSession'>
/** The same, from the hold on to the end of the visit. */
export type AppointmentId = Id<'Appointment'>

export type Period = 'morning' | 'noon' | 'afternoon' | 'evening'

/** pool: the hub keeps the numbers; his: the hospital's system does, and the hub keeps what it said. */
export type Origin = 'pool' | 'his'

/** Who asks for a number: a person, an institution's application, the window, the doctor. */
export type Source = 'online' | 'partner' | 'window' | 'doctor'

/** A doctor's half day with numbered slots. */
export type Session = {
  hospitalId: HospitalId
  id: SessionId
  origin: Origin
  department: { code: string; name: string }
  doctor: { code: string; name: string }
  clinic: string // 普通, 专家, 特需
  location: string
  businessDate: BusinessDate
  period: Period
  startsAt: Date
  endsAt: Date
  feeFen: Fen
  status: 'open' | 'stopped'
  /** Numbers can be had from this moment on. */
  releasesAt: Date
  total: number
  /** Of what can be had now. Of a hospital's own numbers: when they were last read. */
  left: number
  /** When the hospital's system said so; null for the hub's own. */
  fetchedAt: Date | null
  /** The hospital's system did not answer: this is what it said at fetchedAt. */
  stale: boolean
}

/** resting: not to be had online now, as it was just given back or is kept for another source. */
export type SlotStatus = 'free' | 'held' | 'taken' | 'stopped' | 'resting'

export type Slot = {
  hospitalId: HospitalId
  sessionId: SessionId
  number: number
  /** '<session>-<number>': letters, digits and hyphens, 46 at most. */
  id: string
  startsAt: Date
  endsAt: Date
  status: SlotStatus
}

/**
 * held: the slot is the person's until expiresAt; booked: paid, or free of charge. The other states are ends, but that
 * who checked in is to be finished. Of `stopped`, the person chooses another slot or the money.
 */
export type AppointmentStatus =
  | 'held'
  | 'booked'
  | 'checked_in'
  | 'finished'
  | 'no_show'
  | 'cancelled'
  | 'expired'
  | 'stopped'

/** due: waits to be paid; returning: is being given back; moved: has gone over to another appointment. */
export type FeeState = 'none' | 'due' | 'paid' | 'returning' | 'returned' | 'moved'

/** Where it stands with the hospital's system; the ones with -ing are asked about until somebody answers. */
export type HisStep =
  | 'none'
  | 'locking'
  | 'locked'
  | 'registering'
  | 'registered'
  | 'unlocking'
  | 'cancelling'
  | 'ended'

export type Appointment = {
  hospitalId: HospitalId
  id: AppointmentId
  personId: PersonId
  sessionId: SessionId
  /** Null while the hospital's system has not said which. */
  slotNumber: number | null
  slotId: string | null
  businessDate: BusinessDate
  departmentCode: string
  startsAt: Date
  endsAt: Date
  source: Source
  status: AppointmentStatus
  hisStep: HisStep
  feeFen: Fen
  fee: FeeState
  /** What is to be paid, by the ordinary way of payments; null before `book`, and where nothing is. */
  bill: { billNo: string; version: number } | null
  paymentId: Id<'Payment'> | null
  /** Of a hold: until then. */
  expiresAt: Date | null
  /** Until then it can be cancelled. */
  cancelUntil: Date
  /** Of a stopped one whose fee is paid: until then another slot can be chosen; afterwards the money goes back. */
  chooseUntil: Date | null
  /** Why it ended: 'person', 'expired', 'stopped', 'unpaid', 'refused'. */
  reason: string | null
  /** The name of whoever held it first, as the audit has it. */
  createdBy: string
  createdAt: Date
  updatedAt: Date
}

export type SessionFilter = {
  from: BusinessDate
  /** At most 31 days after from. */
  to: BusinessDate
  departmentCode?: string | undefined
  doctorCode?: string | undefined
}

/** `after` is the id of the last one of the page before. */
export type Page<Cursor> = { after?: Cursor | undefined; limit: number }

export type HoldWish = {
  hospitalId: HospitalId
  /** The id that the hold has; the same wish under the same id is the same hold. */
  id: AppointmentId
  personId: PersonId
  sessionId: SessionId
  /** Null for the first that is free. */
  slotNumber: number | null
  source: Source
  /** What the request came from, for the limits for one device and one phone; null where it is not known. */
  device?: string | null | undefined
  phone?: string | null | undefined
}

export type AppointmentKey = { hospitalId: HospitalId; id: AppointmentId }

export type AppointmentFilter = {
  sessionId?: SessionId | undefined
  personId?: PersonId | undefined
  status?: AppointmentStatus | undefined
  from?: BusinessDate | undefined
  createdBy?: string | undefined
}

/** What others do with bookings. Errors: throws those of errors.ts. */
export interface BookingDesk {
  /** In the order of day, start and id. Not released ones are listed too, and say when they are. */
  sessions(
    hospitalId: HospitalId,
    filter: SessionFilter,
    page: Page<SessionId>,
  ): Promise<{ items: Session[]; next: SessionId | null }>
  /** Errors: session_not_found. */
  session(hospitalId: HospitalId, id: SessionId): Promise<Session>
  /** By number. Of a hospital's own numbers it is asked, and what it said last is given when it is silent. */
  slots(
    hospitalId: HospitalId,
    sessionId: SessionId,
    page: Page<number>,
  ): Promise<{ items: Slot[]; next: number | null }>
  /** Errors: slot_not_found. */
  slot(hospitalId: HospitalId, slotId: string): Promise<Slot>
  /**
   * Holds a slot for a person: status held, with its expiry. Errors: sold_out, slot_taken, session_stopped, not_released,
   * same_hour, one_a_department, too_many_a_day, too_many_a_week, too_many_a_quarter, blocked, too_many_of_device,
   * too_many_of_phone, hospital_silent (nothing is lost: the same wish under the same id goes on).
   */
  hold(wish: HoldWish, actor: Actor): Promise<Appointment>
  /**
   * Makes a hold an appointment: booked where there is no fee, else held with a bill that is to be paid before it expires.
   * Again, it answers the same. Errors: hold_expired, hospital_silent, appointment_not_found.
   */
  book(key: AppointmentKey, personId: PersonId, actor: Actor): Promise<Appointment>
  /** Lets go of a hold, or cancels until the cut-off; what is paid goes back. Errors: too_late, not_cancellable. */
  cancel(key: AppointmentKey, personId: PersonId, actor: Actor): Promise<Appointment>
  /** Errors: appointment_not_found. */
  appointment(key: AppointmentKey): Promise<Appointment>
  /** The newest first. */
  appointmentsOfPerson(
    hospitalId: HospitalId,
    personId: PersonId,
    page: Page<AppointmentId>,
  ): Promise<{ items: Appointment[]; next: AppointmentId | null }>
  /** The newest first. */
  appointmentsOfHospital(
    hospitalId: HospitalId,
    filter: AppointmentFilter,
    page: Page<AppointmentId>,
  ): Promise<{ items: Appointment[]; next: AppointmentId | null }>
}

export const slotIdOf = (sessionId: SessionId, number: number): string => `${sessionId}-${number}`

/** Null for a text that is no slot's. */
export function readSlotId(id: string): { sessionId: SessionId; number: number } | null {
  const match = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([1-9]\d{0,5})$/.exec(id)
  return match ? { sessionId: match[1] as SessionId, number: Number(match[2]) } : null
}
