import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { AppointmentId, BookingSession } from '../booking/index.ts'
import type { PersonId } from '../identity/index.ts'
import type { LineId, LineKind, ScreenId, Via, Visit } from './lines.ts'
import type { PriorityClass, TicketId, TicketState } from './queue.ts'
import type { HospitalQueueRules } from './rules.ts'

/** Rows of the schema "queue". Held against the migrated database by tests/tables.types.ts. */
export type QueueTables = {
  'queue.rule': {
    hospital_id: HospitalId
    version: number
    content: ColumnType<HospitalQueueRules, string, string>
    actor: string
    at: Date
  }
  'queue.line': {
    hospital_id: HospitalId
    id: LineId
    business_date: BusinessDate
    kind: LineKind
    session_id: BookingSession['id'] | null
    department_code: string
    department_name: string
    doctor_code: string
    doctor_name: string
    location: string
    starts_at: Date
    begun_at: Date | null
    last_number: number
    calls_by_turn: number
    actual_ms: number
    expected_ms: number
    revision: number
    created_at: Date
  }
  'queue.ticket': {
    hospital_id: HospitalId
    id: TicketId
    line_id: LineId
    person_id: PersonId
    appointment_id: AppointmentId | null
    number: number
    priority: PriorityClass
    visit: Visit
    state: TicketState
    turn_at: Date
    by_priority: boolean
    turns_before: number
    checked_in_at: Date
    via: Via
    call_id: Id<'QueueCall'> | null
    room: string | null
    called_at: Date | null
    began_at: Date | null
    ended_at: Date | null
    told_low_ms: number
    told_median_ms: number
    told_high_ms: number
    naive_ms: number
    waited_ms: number | null
    moved_to: TicketId | null
  }
  'queue.learnt': {
    hospital_id: HospitalId
    department_code: string
    doctor_code: string
    visit: Visit
    count: number
    sum_ms: number
    sum_squares_ms2: number
    compared: number
    doubt: number
  }
  'queue.screen': {
    hospital_id: HospitalId
    id: ScreenId
    name: string
    line_kind: LineKind
    department_code: string
    token_digest: string
    created_by: string
    created_at: Date
    revoked_at: Date | null
  }
}
