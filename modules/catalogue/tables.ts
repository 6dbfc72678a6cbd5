import type { ColumnType } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { CatalogueEntry, CoverClass, HospitalLevel, ItemKind } from './entry.ts'
import type { Candidate, MatchReason } from './match.ts'
import type { PolicyTerms, VisitKind } from './policy.ts'
import type { ItemStatus } from './standing.ts'

/** Rows of the schema "catalogue". Held against the migrated database by tests/tables.types.ts. */
export type CatalogueTables = {
  'catalogue.version': {
    region: string
    seq: number
    version: string
    effective_on: BusinessDate
    entry_count: number
    loaded_at: Date
  }
  'catalogue.entry': EntryColumns & { since_seq: number; until_seq: number | null }
  'catalogue.staged_entry': EntryColumns & { load_id: Id<'CatalogueLoad'>; staged_at: Date }
  'catalogue.policy': {
    region: string
    insutype: string
    level: HospitalLevel
    visit_kind: VisitKind
    from_on: BusinessDate
    terms: Json<PolicyTerms>
    updated_at: Date
  }
  'catalogue.hospital_setting': {
    hospital_id: HospitalId
    region: string
    level: HospitalLevel
    accept_from: number
    updated_at: Date
  }
  'catalogue.item': {
    hospital_id: HospitalId
    code: string
    name: string
    spec: string
    unit: string
    unit_price_fen: Fen
    charge_category: string
    national_code: string | null
    status: ItemStatus
    entry_code: string | null
    confidence: number
    reasons: Json<readonly MatchReason[]>
    candidates: Json<readonly Candidate[]>
    matched_region: string
    matched_seq: number
    updated_at: Date
  }
  'catalogue.decision': {
    hospital_id: HospitalId
    id: Id<'CatalogueDecision'>
    item_code: string
    entry_code: string | null
    item_name: string
    item_spec: string
    decided_by: string
    decided_at: Date
  }
  'catalogue.estimate_difference': {
    hospital_id: HospitalId
    settlement_no: string
    business_date: BusinessDate
    insutype: string
    total_fen: Fen
    estimated_scope_fen: Fen
    settled_scope_fen: Fen
    estimated_fund_fen: Fen
    settled_fund_fen: Fen
    estimated_cash_fen: Fen
    settled_cash_fen: Fen
    compared_at: Date
  }
}

type EntryColumns = {
  region: string
  code: string
  name: string
  kind: ItemKind
  cover_class: CoverClass | null
  content: Json<CatalogueEntry>
  content_hash: string
}

/** Read as it is, written as text. */
type Json<T> = ColumnType<T, string, string>
