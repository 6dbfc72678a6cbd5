import Type from 'typebox'

import { Fen, Instant, nullable, Uuid } from '../../platform/http/schemas.ts'
import { LenderParam } from './schemas.ts'
import { PRODUCT_KINDS, REPAYMENT_WAYS } from './terms.ts'

// What a lender's staff are shown of its book. Of a person there is the number of the account; of an illness, nothing.

const Title = Type.Object({ zh: Type.String(), en: Type.String() })
const Way = Type.Enum([...REPAYMENT_WAYS])
const LineStatus = Type.Enum(['active', 'suspended', 'ended'])
const ApplicationStatus = Type.Enum(['asking', 'granted', 'refused'])

export const Limit = Type.Integer({ minimum: 1, maximum: 200, default: 50 })
export const AccountEnd = Type.String({
  minLength: 4,
  maxLength: 64,
  description: 'An account number, or its last four letters or more',
})

export const LinesQuery = Type.Object({
  status: Type.Optional(LineStatus),
  accountNo: Type.Optional(AccountEnd),
  before: Type.Optional(Type.String({ format: 'uuid', description: 'The last line seen' })),
  limit: Type.Optional(Limit),
})

export const ApplicationsQuery = Type.Object({
  status: Type.Optional(ApplicationStatus),
  before: Type.Optional(Type.String({ format: 'uuid', description: 'The last one seen' })),
  limit: Type.Optional(Limit),
})

export const ReviewsQuery = Type.Object({
  state: Type.Optional(
    Type.Enum(['open', 'decided'], {
      default: 'open',
      description: 'Open: the oldest first; decided: the newest first',
    }),
  ),
  after: Type.Optional(Type.String({ format: 'uuid', description: 'The last one seen' })),
  limit: Type.Optional(Limit),
})

export const LenderView = Type.Object(
  {
    lenderId: LenderParam,
    name: Title,
    form: Type.Enum(['built_in', 'bank_api']),
    status: Type.Enum(['active', 'suspended']),
  },
  { $id: 'Lender' },
)

export const DeskLineView = Type.Object(
  {
    lineId: Uuid,
    accountNo: Type.String({ description: 'The lender’s own number of the account' }),
    productId: Type.String(),
    way: Way,
    status: LineStatus,
    limitFen: Fen('What the lender grants.'),
    reservedFen: Fen('Promised to visits and to payments under way.'),
    drawnFen: Fen('Lent and not repaid.'),
    freeFen: Fen('What can be promised anew.'),
    createdAt: Instant,
    updatedAt: Instant,
  },
  { $id: 'LenderLine' },
)

export const LineChangeView = Type.Object({
  kind: Type.Enum(['opened', 'limit', 'suspended', 'resumed', 'ended']),
  limitBeforeFen: Fen('Before.'),
  limitAfterFen: Fen('After.'),
  reason: Type.String(),
  actor: Type.String({ examples: ['staff:0190b3a0-0000-7000-8000-00000000000f'] }),
  at: Instant,
})

const LineSums = {
  lines: Type.Integer(),
  limitFen: Fen('What was granted.'),
  reservedFen: Fen('Promised.'),
  drawnFen: Fen('Lent and not repaid.'),
}

export const LineUseView = Type.Object(
  {
    all: Type.Object(LineSums, { description: 'Lines that have not ended' }),
    byStatus: Type.Array(Type.Object({ status: LineStatus, ...LineSums })),
  },
  { $id: 'LenderLineUse' },
)

export const LenderHospitalView = Type.Object(
  {
    hospitalId: Type.Integer(),
    limitFen: Fen('May be in use of all people together.'),
    usedFen: Fen('Is promised or lent.'),
    freeFen: Fen('May be promised anew.'),
    updatedAt: Instant,
  },
  { $id: 'LenderHospitalLimit' },
)

export const LimitChangeView = Type.Object({
  limitFen: Fen('From then on.'),
  reason: nullable(Type.String()),
  actor: Type.String(),
  at: Instant,
})

const Reason = Type.Object({
  code: Type.String(),
  points: Type.Integer({ description: 'What it added to the score; 0 where it decides by itself' }),
  params: Type.Record(Type.String(), Type.Number()),
})

const ApplicationParts = {
  id: Uuid,
  productId: Type.String(),
  way: Way,
  status: ApplicationStatus,
  limitFen: Fen('Granted.'),
  refusal: nullable(
    Type.String({ description: "'by_score' by our decision; else the lender's code" }),
  ),
  outcome: Type.Enum(['granted', 'refused'], { description: 'What the scorecard said' }),
  score: Type.Integer(),
  scorecard: Type.String(),
  reasons: Type.Array(Reason),
  createdAt: Instant,
}

export const DeskApplicationView = Type.Object(ApplicationParts, { $id: 'LenderApplication' })

export const DeskReviewView = Type.Object(
  {
    id: Uuid,
    status: Type.Enum(['open', 'upheld', 'changed']),
    statement: Type.String({ description: 'What the applicant says, in their own words' }),
    askedAt: Instant,
    decidedBy: nullable(Type.String()),
    decidedAt: nullable(Instant),
    reason: nullable(Type.String()),
    limitFen: nullable(Fen('Granted by the review.')),
    obstacle: nullable(
      Type.Enum(['asked', 'decided_before'], {
        description: 'Why whoever reads this may not decide it: somebody else has to',
      }),
    ),
    application: Type.Object(ApplicationParts),
  },
  { $id: 'CreditReview' },
)

const WayOnDesk = Type.Object({
  way: Way,
  periods: Type.Integer(),
  yearlyRatePpm: Type.Integer(),
  feePpm: Type.Integer({ description: 'Of the whole principal, with each period' }),
  aprPpm: nullable(Type.Integer({ description: 'As it is shown to people' })),
  aprSimplePpm: nullable(Type.Integer()),
  aprCompoundPpm: nullable(Type.Integer()),
  refusedBy: nullable(Type.String({ description: 'Why this way cannot be offered' })),
  example: nullable(
    Type.Object({
      principalFen: Fen('Lent.'),
      costFen: Fen('All interest and fees.'),
      totalFen: Fen('To be repaid.'),
    }),
  ),
})

export const DeskProductView = Type.Object(
  {
    productId: Type.String(),
    kind: Type.Enum([...PRODUCT_KINDS]),
    name: Title,
    status: Type.Enum(['offered', 'withdrawn']),
    leastFen: Fen('The lowest limit.'),
    mostFen: Fen('The highest limit.'),
    freeDays: Type.Integer(),
    penaltyPpm: Type.Integer({ description: 'Of the yearly rate, on what is overdue' }),
    aprCapPpm: Type.Integer({ description: 'The most that the yearly rate may come to' }),
    minAgeYears: Type.Integer(),
    maxAgeYears: Type.Integer(),
    bands: Type.Array(
      Type.Object({ fromScore: Type.Integer(), limitFen: Fen('At this score or above.') }),
    ),
    ways: Type.Array(WayOnDesk),
    consentVersion: Type.String(),
  },
  { $id: 'LenderProduct' },
)
