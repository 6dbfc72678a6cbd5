import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { HoldId } from '../ledger/index.ts'
import type { TenderPart } from '../payments/index.ts'
import type { NeedKind } from './need.ts'
import type { PlannedUse } from './plan.ts'
import type {
  BenefitKind,
  EntitlementId,
  EntitlementStatus,
  PersonId,
  PointEvent,
  ProgrammeId,
  ProgrammeStatus,
  Terms,
} from './programme.ts'

export type QuoteId = Id<'BenefitQuote'>

/** Rows of the schema "benefits". Held against the migrated database by tests/tables.types.ts. */
export type BenefitTables = {
  'benefits.programme': {
    hospital_id: HospitalId
    id: ProgrammeId
    kind: Terms['kind']
    name_zh: string
    name_en: string
    funder_kind: 'hospital' | 'region'
    funder_code: string
    funder_name: string
    terms: Json<Terms>
    starts_on: BusinessDate
    ends_on: BusinessDate
    status: ProgrammeStatus
    needs_second: boolean
    created_by: string
    created_at: Date
    decided_by: string | null
    decided_at: Date | null
    ended_by: string | null
    ended_at: Date | null
    end_reason: string | null
  }
  'benefits.budget': {
    hospital_id: HospitalId
    programme_id: ProgrammeId
    allotted_fen: Fen
    issued_fen: Fen
    held_fen: Fen
    used_fen: Fen
  }
  'benefits.allotment': {
    hospital_id: HospitalId
    id: Id<'Allotment'>
    programme_id: ProgrammeId
    amount_fen: Fen
    document: string
    decided_by: string
    by_two: boolean
    at: Date
  }
  'benefits.allotment_proposal': AllotmentProposal
  'benefits.entitlement': {
    hospital_id: HospitalId
    id: EntitlementId
    programme_id: ProgrammeId
    person_id: PersonId
    kind: BenefitKind
    origin: string
    amount_fen: Fen | null
    used_fen: Fen
    valid_from: BusinessDate
    valid_until: BusinessDate
    document: string
    grounds: string
    status: EntitlementStatus
    proposed_by: string
    proposed_at: Date
    needs_second: boolean
    decided_by: string | null
    decided_at: Date | null
    ended_by: string | null
    ended_at: Date | null
    end_reason: string | null
  }
  'benefits.entitlement_item': {
    hospital_id: HospitalId
    entitlement_id: EntitlementId
    code: string
    most: number
    used: number
  }
  'benefits.cap': {
    hospital_id: HospitalId
    programme_id: ProgrammeId
    person_id: PersonId
    scope: string
    used_fen: Fen
    most_fen: Fen
  }
  'benefits.quote': {
    hospital_id: HospitalId
    id: QuoteId
    payment_id: Id<'Payment'>
    person_id: PersonId
    uses: Json<readonly PlannedUse[]>
    created_at: Date
  }
  'benefits.tender': {
    hospital_id: HospitalId
    trade_no: string
    payment_id: Id<'Payment'>
    person_id: PersonId
    amount_fen: Fen
    status: TenderStatus
    refusal: string | null
    returned_fen: Fen
    requested_at: Date
    taken_at: Date | null
    updated_at: Date
  }
  'benefits.use': {
    hospital_id: HospitalId
    trade_no: string
    no: number
    kind: BenefitKind
    programme_id: ProgrammeId
    entitlement_id: EntitlementId | null
    amount_fen: Fen
    returned_fen: Fen
    hold_id: HoldId
    items: Json<PlannedUse['items']>
    items_returned: ColumnType<PlannedUse['items'] | null, string | null | undefined, string | null>
    caps: Json<PlannedUse['caps']>
    grounds: Json<PlannedUse['grounds']>
  }
  'benefits.giving_back': {
    hospital_id: HospitalId
    refund_no: string
    trade_no: string
    amount_fen: Fen
    parts: Json<readonly TenderPart[]>
    at: Date
    asked_fen: Fen | null
  }
  'benefits.points_lot': {
    person_id: PersonId
    year: number
    expires_on: BusinessDate
    earned: number
    spent: number
    expired: number
  }
  'benefits.giver': { hospital_id: HospitalId; name: string }
  'benefits.need': NeedRow
  'benefits.points_entry': {
    person_id: PersonId
    id: Id<'PointsEntry'>
    cause: string
    year: number
    kind: 'earned' | 'spent' | 'expired'
    event: PointEvent | null
    points: number
    care_hospital_id: HospitalId | null
    programme_id: ProgrammeId | null
    at: Date
  }
}

/** held: promised. taken: paid. released: it will not happen. refused: something was used up. */
export type TenderStatus = 'held' | 'taken' | 'released' | 'refused'

/** A jsonb column: read as what it holds, written as its text. */
type Json<T> = ColumnType<T, string, string>

/** A large allotment that a second person decides on, or has decided on. */
export type AllotmentProposal = {
  hospital_id: HospitalId
  id: Id<'Allotment'>
  programme_id: ProgrammeId
  amount_fen: Fen
  document: string
  proposed_by: string
  proposed_at: Date
  status: 'proposed' | 'agreed' | 'refused'
  decided_by: string | null
  decided_at: Date | null
  reason: string | null
}

export type NeedRow = {
  person_id: PersonId
  id: Id<'Need'>
  kind: NeedKind
  found_by: 'civil_affairs' | 'hospital'
  document: string
  valid_from: BusinessDate
  valid_until: BusinessDate
  care_hospital_id: HospitalId
  entered_by: string
  entered_at: Date
  ended_by: string | null
  ended_at: Date | null
  end_reason: string | null
}
