import Type from 'typebox'

import { Day, Fen, Instant, nullable, strict, Uuid } from '../../platform/http/schemas.ts'
import { FIELDS } from './matching/compare.ts'

// What the routes of the index of persons take and give, as JSON Schema.

const HospitalParam = Type.Integer({ minimum: 1, maximum: 900_000 })
const Reason = Type.String({ minLength: 1, maxLength: 200 })
const Bits = (description: string) =>
  Type.Integer({ description: `Thousandths of a bit. ${description}` })

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfHospitalAndId = Type.Object({ hospitalId: HospitalParam, id: Uuid })

export const CandidatesQuery = Type.Object({
  after: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
})

export const MatchRequest = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 50 }),
    idNumber: nullable(Type.String({ minLength: 1, maxLength: 30 })),
    idKind: Type.Enum([
      'id_card',
      'passport',
      'hk_macao_permit',
      'taiwan_permit',
      'foreign_residence',
    ]),
    birthDate: Day,
    gender: Type.Enum(['male', 'female', 'unknown']),
    phone: nullable(Type.String({ maxLength: 30 })),
    address: nullable(Type.String({ maxLength: 200 })),
    onlyCertainMatches: Type.Boolean({ default: false }),
    count: Type.Integer({ minimum: 1, maximum: 50, default: 10 }),
  },
  strict,
)

export const NewAct = Type.Object(
  {
    kind: Type.Enum(['link', 'separate', 'unlink']),
    personId: Uuid,
    survivorId: Type.String({
      format: 'uuid',
      description: 'As whom the other is to be read, or was',
    }),
    reason: Reason,
    reassign: Type.Array(Type.Object({ paymentId: Uuid, toPersonId: Uuid }, strict), {
      maxItems: 100,
      default: [],
      description:
        'With the end of a link: payments made meanwhile that are shown with another record',
    }),
  },
  strict,
)

const Person = Type.Object({
  personId: Uuid,
  name: Type.String({ description: 'In full for who registers people, else masked' }),
  idNumber: nullable(Type.String({ description: 'Masked' })),
  idKind: Type.String(),
  birthDate: Type.String({ description: 'The year alone for who does not register people' }),
  gender: Type.Enum(['male', 'female', 'unknown']),
  phone: nullable(Type.String({ description: 'Masked' })),
  address: nullable(Type.String({ description: 'Its beginning' })),
  standing: Type.Enum(['identified', 'newborn', 'unidentified']),
})

const FieldScore = Type.Object({
  field: Type.Enum([...FIELDS]),
  level: nullable(Type.String({ description: 'How it agrees; null where one of them is missing' })),
  millibits: Bits('Above 0 it speaks for one person.'),
})

const Grade = Type.Enum(['certain', 'probable', 'possible', 'certainly-not'])
const Names = (description: string) =>
  Type.Array(Type.String(), { minItems: 2, maxItems: 2, description: `Masked. ${description}` })
const Doubts = Type.Array(Type.String(), { description: 'Why it is not linked by itself' })

export const MatchView = Type.Object(
  {
    person: Person,
    grade: Grade,
    score: Type.Number({ minimum: 0, maximum: 1, description: 'How likely they are one person' }),
    millibits: Bits('log2 of the odds.'),
    doubts: Doubts,
    fields: Type.Array(FieldScore),
  },
  { $id: 'PersonMatch' },
)

export const CandidateView = Type.Object(
  {
    id: Uuid,
    lowId: Uuid,
    highId: Uuid,
    millibits: Bits('log2 of the odds.'),
    grade: Grade,
    doubts: Doubts,
    status: Type.Enum(['open', 'linked', 'separate']),
    raisedBy: Type.String(),
    raisedAt: Instant,
    names: Names('Of the low and of the high one.'),
  },
  { $id: 'PersonCandidate' },
)

export const SideBySideView = Type.Object({
  candidate: Type.Unsafe<Type.Static<typeof CandidateView>>(Type.Ref('PersonCandidate')),
  sides: Type.Array(Person),
  fields: Type.Array(FieldScore),
})

export const ActView = Type.Object(
  {
    id: Uuid,
    kind: Type.Enum(['link', 'separate', 'unlink']),
    personId: Uuid,
    survivorId: Uuid,
    reason: Type.String(),
    facts: Type.Object({
      millibits: nullable(Type.Integer()),
      grade: nullable(Type.String()),
      doubts: Type.Array(Type.String()),
      openRefunds: nullable(Type.Integer({ description: 'They go on where they are' })),
      payments: nullable(Type.Integer()),
    }),
    reassign: Type.Array(Type.Object({ paymentId: Uuid, toPersonId: Uuid })),
    status: Type.Enum(['proposed', 'agreed', 'refused']),
    proposedBy: Type.String(),
    proposedAt: Instant,
    decidedBy: nullable(Type.String()),
    decidedAt: nullable(Instant),
    decisionReason: nullable(Type.String()),
    names: Names('Of the person and of the survivor.'),
  },
  { $id: 'PersonAct' },
)

export const PictureView = Type.Object({
  currentPersonId: Uuid,
  records: Type.Array(Uuid, { description: 'Read as one person, the current one first' }),
  people: Type.Array(Person, { description: 'The records, masked by role' }),
  charts: Type.Array(Type.Object({ personId: Uuid, patientNo: Type.String() })),
  payments: nullable(
    Type.Array(
      Type.Object({
        paymentId: Uuid,
        personId: Type.String({ format: 'uuid', description: 'Under whom it was made' }),
        shownWith: Uuid,
        amountFen: Fen('Of the payment.'),
        status: Type.String(),
        createdAt: Instant,
        openRefunds: Type.Integer(),
      }),
    ),
  ),
  acts: Type.Array(Type.Unsafe<Type.Static<typeof ActView>>(Type.Ref('PersonAct'))),
})

export const LookedView = Type.Object({
  linkedTo: nullable(Uuid),
  raised: Type.Integer({ description: 'How many pairs came on the work list' }),
})
