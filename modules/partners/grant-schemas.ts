import Type from 'typebox'

import { Instant, nullable, Uuid } from '../../platform/http/schemas.ts'
import { APPLICATION_KINDS } from './application.ts'
import { GRANT_SCOPES } from './person-grant.ts'

// What the routes of grants take and give, as JSON Schema.

const GrantScopes = Type.Array(Type.Enum([...GRANT_SCOPES]), {
  minItems: 1,
  maxItems: GRANT_SCOPES.length,
  description:
    'verify: whether an amount can be paid. pay: what is owed, and to begin payments. book: numbers of clinics',
})

export const GrantView = Type.Object(
  {
    id: Uuid,
    applicationId: Uuid,
    scopes: GrantScopes,
    by: Type.Enum(['person', 'institution'], {
      description: 'Who says so: the person here, or a bank with whom they signed',
    }),
    textVersion: nullable(Type.String()),
    agreementNo: nullable(Type.String({ description: "The bank's number of what was signed" })),
    state: Type.Enum(['in_force', 'ended', 'withdrawn', 'replaced']),
    givenAt: Instant,
    expiresAt: Instant,
    withdrawnAt: nullable(Instant),
  },
  { $id: 'ApplicationGrant' },
)

export const GrantsView = Type.Object(
  {
    applications: Type.Array(
      Type.Object({
        id: Uuid,
        name: Type.String(),
        kind: Type.Enum([...APPLICATION_KINDS]),
        scopes: GrantScopes,
      }),
      { description: 'Whom the hospital lets in, and what can be allowed to each' },
    ),
    grants: Type.Array(Type.Unsafe<Type.Static<typeof GrantView>>(Type.Ref('ApplicationGrant'))),
    text: nullable(Type.Object({ version: Type.String(), zh: Type.String(), en: Type.String() })),
  },
  { $id: 'ApplicationGrants' },
)

export const NewGrantBody = Type.Object(
  {
    applicationId: Uuid,
    scopes: GrantScopes,
    textVersion: Type.String({ minLength: 1, maxLength: 40 }),
    expiresAt: Instant,
  },
  { additionalProperties: false },
)

export const BroughtGrantBody = Type.Object(
  {
    patientId: Uuid,
    scopes: GrantScopes,
    expiresAt: Instant,
    agreementNo: Type.String({ minLength: 1, maxLength: 64 }),
    documentSha256: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'Of the document the customer signed, which the bank keeps and can show',
    }),
    signedAt: Instant,
  },
  { additionalProperties: false },
)
