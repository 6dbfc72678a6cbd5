import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type {
  AppointmentId,
  AppointmentStatus,
  FeeState,
  HisStep,
  Origin,
  Period,
  PersonId,
  SessionId,
  Source,
} from './booking.ts'
import type { BookingRules } from './rules.ts'
import type { StopImpact } from './stop.ts'

/** What goes in as text of JSON and comes out read. */
type Json<T> = ColumnType<T, string, string>

/** Rows of the schema "booking". Held against the migrated database by tests/tables.types.ts. */
export type BookingTables = {
  'booking.rule': {
    hospital_id: HospitalId
    version: number
    content: Json<BookingRules>
    actor: string
    at: Date
  }
  'booking.session': {
    hospital_id: HospitalId
    id: SessionId
    origin: Origin
    external_no: string | null
    department_code: string
    department_name: string
    doctor_code: string
    doctor_name: string
    clinic: string
    location: string
    business_date: BusinessDate
    period: Period
    starts_at: Date
    ends_at: Date
    fee_fen: Fen
    status: 'open' | 'stopped'
    releases_at: Date
    told_total: number | null
    told_left: number | null
    fetched_at: Date | null
    created_at: Date
  }
  'booking.slot': {
    hospital_id: HospitalId
    session_id: SessionId
    number: number
    external_no: string | null
    starts_at: Date
    ends_at: Date
    source: Source | 'any'
    flows_back_at: Date | null
    status: 'free' | 'held' | 'taken' | 'stopped'
    available_at: Date
  }
  'booking.appointment': {
    hospital_id: HospitalId
    id: AppointmentId
    person_id: PersonId
    session_id: SessionId
    slot_number: number | null
    business_date: BusinessDate
    department_code: string
    starts_at: Date
    ends_at: Date
    source: Source
    status: AppointmentStatus
    his_step: HisStep
    patient_no: string | null
    fee_fen: Fen
    fee: FeeState
    bill_no: string | null
    bill_version: number | null
    payment_id: Id<'Payment'> | null
    payment_no: string | null
    refund_id: Id<'Refund'> | null
    refund_no: string | null
    expires_at: Date | null
    cancel_until: Date
    choose_until: Date | null
    reason: string | null
    moved_to: AppointmentId | null
    due_at: Date | null
    attempts: number
    created_by: string
    created_at: Date
    updated_at: Date
  }
  'booking.person_hour': {
    person_id: PersonId
    hour: Date
    hospital_id: HospitalId
    appointment_id: AppointmentId
    business_date: BusinessDate
    claimed_at: Date
  }
  'booking.booker': { person_id: PersonId; seen_at: Date }
  'booking.cap_use': {
    hospital_id: HospitalId
    kind: 'device' | 'phone'
    digest: string
    made_on: BusinessDate
    used: number
  }
  'booking.used_proof': { hospital_id: HospitalId; digest: string; expires_at: Date }
  'booking.waiting': {
    hospital_id: HospitalId
    id: Id<'Waiting'>
    session_id: SessionId
    person_id: PersonId
    status: 'waiting' | 'offered' | 'left'
    appointment_id: AppointmentId | null
    created_at: Date
    updated_at: Date
  }
  'booking.message': {
    hospital_id: HospitalId
    id: Id<'BookingMessage'>
    person_id: PersonId
    appointment_id: AppointmentId
    kind: string
    params: Json<Record<string, string | number>>
    at: Date
  }
  'booking.stop': {
    hospital_id: HospitalId
    id: Id<'Stop'>
    session_id: SessionId
    slot_number: number | null
    reason: string
    status: 'proposed' | 'carried_out' | 'declined'
    impact: Json<StopImpact>
    proposed_by: string
    proposed_at: Date
    decided_by: string | null
    decided_at: Date | null
  }
}
