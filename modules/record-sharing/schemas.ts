import Type from 'typebox'

import { HospitalParam, Instant, nullable, strict, Uuid } from '../../platform/http/schemas.ts'
import { GLASS_REASONS, PURPOSES, RECORD_KINDS } from './consent.ts'

// What the routes of shared records take and give, as JSON Schema.

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const Purpose = Type.Enum([...PURPOSES])
const Kind = Type.Enum([...RECORD_KINDS])

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfHospitalAndId = Type.Object({ hospitalId: HospitalParam, id: Uuid })
export const OfId = Type.Object({ id: Uuid })

const limit = Type.Integer({ minimum: 1, maximum: 100, default: 20 })
export const PageQuery = Type.Object({ after: Type.Optional(Uuid), limit }, strict)
export const ReviewsQuery = Type.Object(
  {
    status: Type.Enum(['open', 'done'], { default: 'open' }),
    after: Type.Optional(Uuid),
    limit,
  },
  strict,
)

export const ConsentView = Type.Object(
  {
    id: Uuid,
    holderId: Type.Integer({ description: 'The hospital whose records they are' }),
    readerId: Type.Integer({ description: 'The hospital that may read them' }),
    purpose: Purpose,
    kinds: Type.Array(Kind),
    textVersion: Type.String(),
    state: Type.Enum(['in_force', 'ended', 'withdrawn']),
    givenAt: Instant,
    expiresAt: Instant,
    withdrawnAt: nullable(Instant),
  },
  { $id: 'RecordConsent' },
)

export const NewConsentBody = Type.Object(
  {
    holderId: HospitalParam,
    readerId: HospitalParam,
    purpose: Purpose,
    kinds: Type.Array(Kind, { minItems: 1, maxItems: RECORD_KINDS.length, uniqueItems: true }),
    textVersion: Text(40),
    expiresAt: Instant,
  },
  strict,
)

export const ConsentsView = Type.Object(
  {
    items: Type.Array(Type.Unsafe<Type.Static<typeof ConsentView>>(Type.Ref('RecordConsent'))),
    next: nullable(Uuid),
    text: nullable(Type.Object({ version: Type.String(), zh: Type.String(), en: Type.String() })),
  },
  { $id: 'RecordConsents' },
)

export const AccessView = Type.Object(
  {
    id: Uuid,
    holderId: Type.Integer(),
    readerId: Type.Integer(),
    purpose: Purpose,
    kind: Kind,
    recordNo: nullable(Type.String({ description: 'Null for the list of them' })),
    allowed: Type.Boolean(),
    ground: Type.Enum(
      [
        'own_hospital',
        'consent',
        'break_glass',
        'none',
        'withdrawn',
        'expired',
        'other_purpose',
        'other_kind',
      ],
      { description: 'By what it was allowed, or what was lacking' },
    ),
    at: Instant,
    question: nullable(
      Type.Object({
        askedAt: Instant,
        answer: nullable(Type.String()),
        answeredAt: nullable(Instant),
      }),
    ),
  },
  { $id: 'RecordAccess' },
)

export const AlertView = Type.Object(
  {
    id: Uuid,
    holderId: Type.Integer(),
    readerId: Type.Integer(),
    reason: Type.Enum([...GLASS_REASONS]),
    at: Instant,
  },
  { $id: 'RecordAlert' },
)

export const QuestionBody = Type.Object({ words: Text(300) }, strict)
export const AnswerBody = Type.Object({ answer: Text(500) }, strict)

const PersonsMedium = Type.Object(
  {
    kind: Type.Enum(['id_card', 'passport', 'social_card', 'insurance_voucher', 'health_code']),
    value: Text(200),
  },
  { ...strict, description: 'In the body, so that no number of a person stands in an address' },
)

export const ReadingBody = Type.Object(
  {
    medium: PersonsMedium,
    holderId: HospitalParam,
    purpose: Purpose,
    kind: Kind,
    recordNo: Type.Optional(Text(40)),
  },
  strict,
)

const ReportHead = Type.Object({
  reportNo: Type.String(),
  kind: Type.Enum(['laboratory', 'imaging', 'pathology', 'other']),
  name: Type.String(),
  orderedAt: Instant,
  status: Type.Enum(['ordered', 'in_progress', 'ready', 'withdrawn']),
  readyAt: nullable(Instant),
})

export const ReadView = Type.Object(
  {
    personId: Uuid,
    name: Type.String(),
    ground: Type.Enum(['own_hospital', 'consent', 'break_glass']),
    reports: Type.Array(ReportHead),
    report: nullable(
      Type.Object({
        head: ReportHead,
        findings: Type.Array(
          Type.Object({
            code: Type.String(),
            name: Type.String(),
            value: Type.String(),
            unit: Type.String(),
            reference: Type.String(),
            flag: Type.Enum(['normal', 'high', 'low', 'abnormal', 'critical', 'none']),
          }),
        ),
        conclusion: Type.String(),
        reportedBy: Type.String(),
      }),
    ),
    visits: Type.Array(
      Type.Object({
        startsAt: Instant,
        department: Type.String(),
        doctor: Type.String(),
        status: Type.String(),
      }),
    ),
  },
  { $id: 'SharedRecords' },
)

export const GlassBody = Type.Object(
  {
    medium: PersonsMedium,
    holderId: HospitalParam,
    reason: Type.Enum([...GLASS_REASONS]),
    words: Text(300),
  },
  strict,
)

export const GlassView = Type.Object(
  {
    id: Uuid,
    name: Type.String({ description: 'Masked' }),
    readerId: Type.Integer(),
    reason: Type.Enum([...GLASS_REASONS]),
    words: Type.String(),
    openedAt: Instant,
    until: Instant,
    dueAt: Type.String({ format: 'date-time', description: 'To be judged by then' }),
    review: nullable(
      Type.Object({
        verdict: Type.Enum(['justified', 'abuse']),
        note: nullable(Type.String()),
        reviewedAt: Instant,
      }),
    ),
  },
  { $id: 'BreakGlass' },
)

export const ReviewBody = Type.Object(
  { verdict: Type.Enum(['justified', 'abuse']), note: Type.Optional(Text(500)) },
  strict,
)

export const QuestionView = Type.Object(
  {
    id: Uuid,
    name: Type.String({ description: 'Masked' }),
    words: Type.String(),
    askedAt: Instant,
    dueAt: Instant,
    answer: nullable(Type.String()),
    answeredAt: nullable(Instant),
    access: nullable(Type.Unsafe<Type.Static<typeof AccessView>>(Type.Ref('RecordAccess'))),
  },
  { $id: 'RecordQuestion' },
)
