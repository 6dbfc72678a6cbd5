import Type from 'typebox'

import { Fen, HospitalParam, Instant, nullable, strict, Uuid } from '../../platform/http/schemas.ts'
import { CARE_SCOPES, END_REASONS, EVIDENCE, RELATIONS } from './link.ts'

// What the routes of the family take and give, as JSON Schema.

const Relation = Type.Enum([...RELATIONS], { description: 'What the member is to the carer' })
const Ground = Type.Enum(['consent', 'proof'], {
  description: 'By the member’s own word, or by documents that a desk sees',
})
const Scopes = Type.Array(Type.Enum([...CARE_SCOPES]), {
  minItems: 1,
  maxItems: CARE_SCOPES.length,
  uniqueItems: true,
})
const Verdict = Type.Enum(['agreed', 'refused'])

export const OfId = Type.Object({ id: Uuid })
export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfHospitalAndId = Type.Object({ hospitalId: HospitalParam, id: Uuid })
export const PageQuery = Type.Object(
  {
    after: Type.Optional(Uuid),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  strict,
)

export const LinkView = Type.Object(
  {
    id: Uuid,
    memberId: Uuid,
    memberName: Type.String({ description: 'Masked for the carer until the link stands' }),
    carerName: Type.String(),
    relation: Relation,
    ground: Ground,
    scopes: Scopes,
    mostFen: nullable(Fen('The most of one payment; null: no such limit')),
    standing: Type.Enum([
      'waiting',
      'unanswered',
      'in_force',
      'refused',
      'ended',
      'expired',
      'came_of_age',
    ]),
    askedAt: Instant,
    expiresAt: Instant,
    decidedAt: nullable(Instant),
    decidedBy: nullable(Type.Enum(['member', 'desk'])),
    endedAt: nullable(Instant),
  },
  { $id: 'FamilyLink' },
)

export const TextView = Type.Object({
  text: nullable(Type.Object({ version: Type.String(), zh: Type.String(), en: Type.String() })),
})

export const AskBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 50 }),
    idKind: Type.Enum(
      ['id_card', 'passport', 'hk_macao_permit', 'taiwan_permit', 'foreign_residence'],
      { default: 'id_card' },
    ),
    idNumber: Type.String({ minLength: 1, maxLength: 30 }),
    relation: Relation,
    ground: Ground,
    scopes: Scopes,
    mostFen: nullable(Type.Integer({ minimum: 1, maximum: 100_000_000 })),
    expiresAt: Instant,
    textVersion: Type.String({ minLength: 1, maxLength: 40 }),
  },
  strict,
)

export const MemberDecisionBody = Type.Object(
  { verdict: Verdict, textVersion: Type.String({ minLength: 1, maxLength: 40 }) },
  strict,
)

export const DeskLookUpBody = Type.Object(
  {
    kind: Type.Enum(['id_card', 'social_card', 'hospital_card', 'passport']),
    value: Type.String({ minLength: 1, maxLength: 200 }),
  },
  strict,
)

export const DeskDecisionBody = Type.Object(
  { verdict: Verdict, evidence: Type.Enum([...EVIDENCE]) },
  strict,
)

export const DeskEndBody = Type.Object({ reason: Type.Enum([...END_REASONS]) }, strict)
