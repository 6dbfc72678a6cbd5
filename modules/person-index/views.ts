import type { Role } from '../../platform/principal.ts'
import type { PersonId } from '../identity/index.ts'
import type { ActRow, CandidateRow } from './act-store.ts'
import { fieldsOf, type Found, millibitsOf } from './find.ts'
import type { PersonPicture } from './trail.ts'
import { type MaskedFacts, maskedFacts } from './work-list.ts'

// What the routes show, as the schemas have it.

export const viewOfMatch = (found: Found, roles: readonly Role[]) => ({
  person: maskedFacts(found.candidate, roles),
  grade: found.grade,
  score: found.probability,
  millibits: millibitsOf(found),
  doubts: found.doubts,
  fields: fieldsOf(found),
})

type NameOf = (id: PersonId) => string

export const viewOfCandidate = (row: CandidateRow, nameOf: NameOf) => ({
  names: [nameOf(row.low_id), nameOf(row.high_id)],
  id: row.id,
  lowId: row.low_id,
  highId: row.high_id,
  millibits: row.millibits,
  grade: row.grade,
  doubts: row.doubts,
  status: row.status,
  raisedBy: row.raised_by,
  raisedAt: row.raised_at.toISOString(),
})

export const viewOfAct = (row: ActRow, nameOf: NameOf) => ({
  names: [nameOf(row.person_id), nameOf(row.survivor_id)],
  id: row.id,
  kind: row.kind,
  personId: row.person_id,
  survivorId: row.survivor_id,
  reason: row.reason,
  facts: row.facts,
  reassign: row.reassign,
  status: row.status,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at.toISOString(),
  decidedBy: row.decided_by,
  decidedAt: row.decided_at?.toISOString() ?? null,
  decisionReason: row.decision_reason,
})

export const viewOfPicture = (
  { payments, acts, ...picture }: PersonPicture,
  people: MaskedFacts[],
  nameOf: NameOf,
) => ({
  ...picture,
  people,
  payments:
    payments?.map(({ createdAt, ...payment }) => ({
      ...payment,
      createdAt: createdAt.toISOString(),
    })) ?? null,
  acts: acts.map((act) => viewOfAct(act, nameOf)),
})
