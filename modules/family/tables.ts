import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { CareScope } from '../../platform/principal.ts'
import type { Decision, Ending, Evidence, Ground, LinkId, PersonId, Relation } from './link.ts'

/** Rows of the schema "family". Held against the migrated database by tests/tables.types.ts. */
export type FamilyTables = {
  'family.consent_text': {
    version: string
    zh: string
    en: string
    sha256: string
    from_at: Date
  }
  'family.link': {
    person_id: PersonId
    id: LinkId
    member_id: PersonId
    relation: Relation
    ground: Ground
    scopes: CareScope[]
    most_fen: Fen | null
    text_version: string
    asked_at: Date
    expires_at: Date
    verdict: Decision['verdict'] | null
    decided_at: Date | null
    desk_id: HospitalId | null
    evidence: Evidence | null
    ended_at: Date | null
    ended_by: Ending['by'] | null
  }
  'family.ask': { person_id: PersonId; id: Id<'FamilyAsk'>; at: Date }
}
