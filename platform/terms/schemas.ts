import Type from 'typebox'

import { Day, Instant, nullable, strict, Uuid } from '../http/schemas.ts'
import type { TermsRow } from './terms-store.ts'

// What routes for terms take and give, as JSON Schema.

export const Decision = Type.Object(
  { agrees: Type.Boolean(), reason: Type.String({ minLength: 1, maxLength: 200 }) },
  strict,
)

/** `$id` names them in the contract: 'SettlementTerms'. */
export const termsView = <Kind extends Type.TSchema>($id: string, kind: Kind) =>
  Type.Object(
    {
      id: Uuid,
      kind,
      name: Type.String(),
      validFrom: Day,
      content: Type.Unsafe<object>(Type.Object({}, { additionalProperties: true })),
      status: Type.Enum(['proposed', 'agreed', 'refused']),
      proposedBy: Type.String(),
      proposedAt: Instant,
      decidedBy: nullable(Type.String()),
      decidedAt: nullable(Instant),
      reason: nullable(Type.String()),
    },
    { $id },
  )

export const viewOfTerms = <Kind extends string>(row: TermsRow<string, Kind>) => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  validFrom: row.valid_from,
  content: row.content,
  status: row.status,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at.toISOString(),
  decidedBy: row.decided_by,
  decidedAt: row.decided_at?.toISOString() ?? null,
  reason: row.reason,
})
