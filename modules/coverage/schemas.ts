import Type from 'typebox'

import { Day, Fen, Instant, nullable, Uuid } from '../../platform/http/schemas.ts'
import { CLAIM_ATTENTIONS, CLAIM_STATUSES } from './claim.ts'
import { CONSENT_PURPOSES, CONSENT_SCOPES } from './consent.ts'
import { DOCUMENT_KINDS } from './insurer.ts'
import { PRODUCT_KINDS } from './product.ts'

// What the routes of coverage take and give, as JSON Schema.

const HospitalParam = Type.Integer({ minimum: 1, maximum: 1_679_615 })
const NO_NUL = '^[^\\u0000]*$'
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: NO_NUL })
const InsurerCode = Text(32)
const PolicyNo = Text(64)
const Purpose = Type.Enum([...CONSENT_PURPOSES])
const Scope = Type.Array(Type.Enum([...CONSENT_SCOPES]), { maxItems: 10, uniqueItems: true })

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfHospitalAndId = Type.Object({ hospitalId: HospitalParam, id: Uuid })
export const OfInsurer = Type.Object({ hospitalId: HospitalParam, insurerCode: InsurerCode })
export const OfPolicy = Type.Object({
  hospitalId: HospitalParam,
  insurerCode: InsurerCode,
  policyNo: PolicyNo,
})

export const NewBinding = Type.Object(
  { insurerCode: InsurerCode, policyNo: PolicyNo },
  { additionalProperties: false },
)

export const NewConsent = Type.Object(
  {
    insurerCode: InsurerCode,
    purpose: Purpose,
    version: Text(40),
    scope: Scope,
    expiresAt: Instant,
  },
  { additionalProperties: false },
)

export const NewResolution = Type.Object({ note: Text(1_000) }, { additionalProperties: false })

const described = {
  insurerCode: InsurerCode,
  policyNo: Type.String({ description: 'In full: it is their own' }),
  productCode: Type.String(),
  productName: Type.String(),
  productKind: Type.Enum([...PRODUCT_KINDS]),
  state: Type.Enum(['in_force', 'suspended', 'lapsed']),
  validFrom: Day,
  validUntil: Day,
  waitingUntil: nullable(Day),
  deductibleFen: Fen('Borne by the person in a policy year.'),
  deductibleUsedFen: Fen('Of that, used up.'),
  ratioPpm: Type.Integer({ description: 'Parts per million of what is above the deductible' }),
  capFen: Fen('The most it pays in a policy year.'),
  paidFen: Fen('Of that, paid.'),
}

export const PolicyView = Type.Object(
  { ...described, verifiedAt: nullable(Instant), bound: Type.Boolean() },
  { $id: 'CoveragePolicy' },
)

export const ConsentView = Type.Object(
  {
    id: Uuid,
    insurerCode: InsurerCode,
    purpose: Purpose,
    version: Type.String(),
    scope: Scope,
    givenAt: Instant,
    expiresAt: Instant,
    withdrawnAt: nullable(Instant),
    inForce: Type.Boolean(),
  },
  { $id: 'CoverageConsent' },
)

export const CoverView = Type.Object({
  insurers: Type.Array(Type.Object({ code: Type.String(), name: Type.String() })),
  policies: Type.Array(Type.Unsafe<Type.Static<typeof PolicyView>>(Type.Ref('CoveragePolicy'))),
  consents: Type.Array(Type.Unsafe<Type.Static<typeof ConsentView>>(Type.Ref('CoverageConsent'))),
  texts: Type.Array(
    Type.Object({
      purpose: Purpose,
      version: Type.String(),
      zh: Type.String(),
      en: Type.String(),
    }),
  ),
})

export const ClaimView = Type.Object(
  {
    id: Uuid,
    paymentId: Uuid,
    insurerCode: InsurerCode,
    policyNo: Type.String({ description: 'For staff its last four characters' }),
    payFen: Fen('What the insurer paid.'),
    owedFen: Fen('What the patient owes instead, after a refusal; else 0.'),
    status: Type.Enum([...CLAIM_STATUSES]),
    dueBy: Instant,
    claimNo: nullable(Type.String()),
    sentKinds: Type.Array(Type.Enum([...DOCUMENT_KINDS])),
    wanted: Type.Array(Type.Enum([...DOCUMENT_KINDS])),
    reason: nullable(Type.String()),
    submittedAt: nullable(Instant),
    decidedAt: nullable(Instant),
    attention: nullable(Type.Enum([...CLAIM_ATTENTIONS])),
    resolution: nullable(Type.String()),
    resolvedAt: nullable(Instant),
    createdAt: Instant,
  },
  { $id: 'CoverageClaim' },
)

export const ClaimsQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum([...CLAIM_STATUSES])),
    open: Type.Optional(Type.Boolean({ description: 'Only those that a person is to look at' })),
    before: Type.Optional(Uuid),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
)
