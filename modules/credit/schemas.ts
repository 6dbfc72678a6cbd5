import Type from 'typebox'

import { Day, Fen, Instant, nullable, Uuid } from '../../platform/http/schemas.ts'
import { PRODUCT_KINDS, REPAYMENT_WAYS, SCENES } from './terms.ts'
import { END_CAUSES, VISIT_STATUSES } from './visit.ts'

// What the routes of credit take and give, as JSON Schema.

const Title = Type.Object({ zh: Type.String(), en: Type.String() })
const Way = Type.Enum([...REPAYMENT_WAYS])
const HospitalNo = Type.Integer({ minimum: 1, maximum: 900_000 })
const Version = Type.String({ pattern: '^[a-z0-9.-]{1,40}$' })
/** A lender's book: hospitals have the numbers below. */
export const LenderParam = Type.Integer({ minimum: 900_001, maximum: 1_679_615 })

export const OfLender = Type.Object({ lenderId: LenderParam })
export const OfLenderAndId = Type.Object({ lenderId: LenderParam, id: Uuid })

export const LineView = Type.Object(
  {
    lenderId: LenderParam,
    lender: Title,
    lineId: Uuid,
    productId: Type.String(),
    way: Way,
    status: Type.Enum(['active', 'suspended', 'ended']),
    limitFen: Fen('What the lender grants.'),
    reservedFen: Fen('Promised to visits and to payments under way.'),
    drawnFen: Fen('Lent and not repaid.'),
    freeFen: Fen('What can be promised anew.'),
  },
  { $id: 'CreditLine' },
)

const WayOffer = Type.Object(
  {
    way: Way,
    periods: Type.Integer(),
    example: Type.Object(
      {
        principalFen: Fen('Lent.'),
        costFen: Fen('All interest and fees.'),
        totalFen: Fen('To be repaid.'),
      },
      { description: 'What the least limit of the product costs' },
    ),
    aprPpm: Type.Integer({
      description: 'Parts per million a year over what is in use, shown beside every offer',
    }),
    disclosure: Type.String({ description: 'Says whether the rate is simple or compound' }),
  },
  { description: 'One way of repayment' },
)

export const OfferView = Type.Object(
  {
    lenderId: LenderParam,
    lender: Title,
    productId: Type.String(),
    kind: Type.Enum([...PRODUCT_KINDS]),
    name: Title,
    mostFen: Fen('The highest limit.'),
    leastFen: Fen('The lowest limit.'),
    freeDays: Type.Integer(),
    scenes: Type.Array(Type.Enum([...SCENES])),
    ways: Type.Array(WayOffer),
    consent: Type.Object({
      version: Version,
      text: Title,
    }),
  },
  { $id: 'CreditOffer' },
)

const Reason = Type.Object({
  code: Type.String(),
  points: Type.Integer({ description: 'What it added to the score; 0 where it decides by itself' }),
  params: Type.Record(Type.String(), Type.Number()),
})

const ReviewParts = {
  id: Uuid,
  status: Type.Enum(['open', 'upheld', 'changed']),
  statement: Type.String(),
  askedAt: Instant,
  decidedAt: nullable(Instant),
  reason: nullable(Type.String()),
  limitFen: nullable(Fen('Granted by the review.')),
}

export const ApplicationView = Type.Object(
  {
    lenderId: LenderParam,
    id: Uuid,
    productId: Type.String(),
    way: Way,
    status: Type.Enum(['asking', 'granted', 'refused']),
    limitFen: Fen('Granted.'),
    refusal: nullable(
      Type.String({ description: "'by_score' by our decision; else the lender's code" }),
    ),
    score: Type.Integer(),
    scorecard: Type.String(),
    reasons: Type.Array(Reason),
    createdAt: Instant,
    reviews: Type.Array(Type.Object(ReviewParts)),
  },
  { $id: 'CreditApplication' },
)

export const NewApplication = Type.Object(
  {
    productId: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
    way: Way,
    consentVersion: Version,
  },
  { additionalProperties: false },
)

export const NewReview = Type.Object(
  { statement: Type.String({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
)

export const ReviewVerdict = Type.Object(
  {
    reason: Type.String({ minLength: 1, maxLength: 500 }),
    limitFen: nullable(
      Type.Integer({
        minimum: 1,
        maximum: 100_000_000,
        description: 'Fen. Null: the decision stands',
      }),
    ),
  },
  { additionalProperties: false },
)

export const VisitView = Type.Object(
  {
    lenderId: LenderParam,
    id: Uuid,
    hospitalId: HospitalNo,
    visitNo: nullable(Type.String()),
    day: Day,
    way: Way,
    status: Type.Enum([...VISIT_STATUSES]),
    endCause: nullable(Type.Enum([...END_CAUSES])),
    reservedFen: Fen('Kept for the visit when it was agreed.'),
    drawnFen: Fen('Drawn, less what was given back.'),
    isStay: Type.Boolean({ description: 'It ends by discharge, or on its last day' }),
    endsAt: Instant,
    settledFen: nullable(Fen('What it came to.')),
    settledAt: nullable(Instant),
    loanId: nullable(Uuid),
    draws: Type.Array(
      Type.Object({
        drawNo: Type.String(),
        description: Type.String(),
        status: Type.Enum(['held', 'drawing', 'drawn', 'released', 'refused']),
        amountFen: Fen('Drawn.'),
        returnedFen: Fen('Given back.'),
        drawnAt: nullable(Instant),
      }),
    ),
  },
  { $id: 'CreditVisit' },
)

export const NewVisit = Type.Object(
  {
    hospitalId: HospitalNo,
    visitNo: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 30,
        description: 'Without it, all visits at the hospital today',
      }),
    ),
    isStay: Type.Optional(
      Type.Boolean({ description: 'Only false: what is a stay is told by the hospital' }),
    ),
    reserveFen: Type.Integer({
      minimum: 1,
      maximum: 100_000_000,
      description: 'Fen. Kept for the visit',
    }),
    way: Type.Optional(Way),
    consentVersion: Version,
  },
  { additionalProperties: false },
)

export const HospitalLimitView = Type.Object(
  {
    lenderId: LenderParam,
    hospitalId: HospitalNo,
    limitFen: Fen('May be in use of all people together.'),
    usedFen: Fen('Is promised or lent.'),
  },
  { $id: 'CreditHospitalLimit' },
)

export const NewHospitalLimit = Type.Object(
  {
    limitFen: Type.Integer({ minimum: 0, maximum: 100_000_000_000, description: 'Fen' }),
    reason: Type.String({ minLength: 1, maxLength: 200, description: 'Why it changes' }),
  },
  { additionalProperties: false },
)

export const HospitalParam = HospitalNo
