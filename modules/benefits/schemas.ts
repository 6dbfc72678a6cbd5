import Type from 'typebox'

import { Day, Instant, nullable, strict, Uuid } from '../../platform/http/schemas.ts'
import { POINT_EVENTS, PROGRAMME_KINDS } from './programme.ts'

// What the routes of benefits take and give, as JSON Schema.

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const Code = Type.String({ pattern: '^[A-Za-z0-9._-]{1,40}$' })
const Fen = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 100_000_000_000, description: `Fen. ${description}` })

const HospitalParam = Type.Integer({ minimum: 1, maximum: 900_000 })
export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfHospitalAndId = Type.Object({ hospitalId: HospitalParam, id: Uuid })

const Page = {
  before: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
}
export const PageQuery = Type.Object(Page)
const PROGRAMME_STATUSES = ['proposed', 'active', 'refused', 'ended'] as const

export const ProgrammesQuery = Type.Object({
  ...Page,
  kind: Type.Optional(Type.Enum([...PROGRAMME_KINDS])),
  status: Type.Optional(Type.Enum([...PROGRAMME_STATUSES])),
})

const STATUSES = ['proposed', 'active', 'refused', 'revoked', 'expired'] as const

export const EntitlementsQuery = Type.Object({
  ...Page,
  status: Type.Optional(Type.Enum([...STATUSES])),
  programmeId: Type.Optional(Uuid),
})

const Starts = Type.Array(Text(20), { minItems: 1, maxItems: 200 })
const Age = Type.Optional(Type.Integer({ minimum: 0, maximum: 150 }))
const Condition = Type.Union([
  Type.Object({ fact: Type.Literal('ageYears'), atLeast: Age, atMost: Age }, strict),
  Type.Object(
    { fact: Type.Union([Type.Literal('inNeed'), Type.Literal('insured')]), is: Type.Boolean() },
    strict,
  ),
  Type.Object(
    {
      fact: Type.Union([Type.Literal('diagnosis'), Type.Literal('residence')]),
      startsWith: Starts,
    },
    strict,
  ),
])
const Rule = Type.Object(
  {
    anyOf: Type.Array(Type.Array(Condition, { maxItems: 10 }), {
      minItems: 1,
      maxItems: 10,
      description: 'Groups of conditions, one of which must hold whole; an empty one always holds',
    }),
  },
  strict,
)
const Categories = Type.Array(Text(20), { maxItems: 50, description: 'None: all charges' })
const Days = Type.Integer({ minimum: 1, maximum: 3660 })
const Count = Type.Integer({ minimum: 1, maximum: 1000 })
const Points = Type.Integer({ minimum: 1, maximum: 1_000_000 })

const TermsView = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('subsidy'),
      rule: Rule,
      byGrant: Type.Boolean(),
      sharePpm: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      perVisitMostFen: nullable(Fen('Most in one visit.')),
      perYearMostFen: nullable(Fen('Most in one year.')),
      categories: Categories,
      combines: Type.Boolean(),
      position: Type.Integer({ minimum: 0, maximum: 1000 }),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('voucher'),
      leastBillFen: Fen('What must be left of a bill.'),
      validDays: Days,
      categories: Categories,
      offers: Type.Array(
        Type.Object(
          {
            code: Code,
            points: Points,
            amountFen: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
          },
          strict,
        ),
        { maxItems: 50 },
      ),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('package'),
      rule: Rule,
      priceFen: Fen('For all its days.'),
      validDays: Days,
      items: Type.Array(Type.Object({ code: Code, name: Text(60), most: Count }, strict), {
        minItems: 1,
        maxItems: 100,
      }),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('points'),
      earn: Type.Array(
        Type.Object(
          { event: Type.Enum([...POINT_EVENTS]), points: Points, perYearMost: Points },
          strict,
        ),
        { minItems: 1, maxItems: 10 },
      ),
    },
    strict,
  ),
])

const ProgrammeParts = {
  name: Type.Object({ zh: Text(60), en: Text(60) }, strict),
  funder: Type.Object(
    { kind: Type.Enum(['hospital', 'region']), code: Text(30), name: Text(60) },
    strict,
  ),
  terms: TermsView,
  startsOn: Day,
  endsOn: Day,
}

export const NewProgramme = Type.Object(ProgrammeParts, strict)

export const ProgrammeView = Type.Object(
  {
    id: Uuid,
    ...ProgrammeParts,
    status: Type.Enum([...PROGRAMME_STATUSES]),
    proposedBy: Type.String(),
    proposedAt: Instant,
    decidedBy: nullable(Type.String()),
    decidedAt: nullable(Instant),
    endedBy: nullable(Type.String()),
    endedAt: nullable(Instant),
    endReason: nullable(
      Type.String({ description: 'Why it was ended, or why the second person refused it' }),
    ),
    budget: nullable(
      Type.Object({
        allottedFen: Fen('Given by the funder.'),
        issuedFen: Fen('In vouchers that nobody has used yet.'),
        heldFen: Fen('Promised to payments under way.'),
        usedFen: Fen('Paid.'),
        freeFen: Fen('Can be promised.'),
      }),
    ),
  },
  { $id: 'BenefitProgramme' },
)

/** What anybody may see of a programme, and where they stand themselves. */
export const OfferedProgrammeView = Type.Object(
  {
    id: Uuid,
    ...ProgrammeParts,
    budget: nullable(
      Type.Object({ allottedFen: Fen('Given by the funder.'), freeFen: Fen('Can be promised.') }),
    ),
    standing: nullable(
      Type.Object(
        {
          met: Type.Boolean(),
          fact: nullable(Type.Enum(['ageYears', 'inNeed', 'insured', 'diagnosis', 'residence'])),
          known: Type.Boolean({ description: 'False: nobody knows the fact yet' }),
        },
        { description: 'Null for a programme without a rule' },
      ),
    ),
  },
  { $id: 'OfferedBenefitProgramme' },
)

export const NewAllotment = Type.Object(
  {
    amountFen: Type.Integer({
      minimum: -100_000_000_000,
      maximum: 100_000_000_000,
      description: 'Fen. Below zero: taken back, of what is free',
    }),
    document: Text(100),
  },
  strict,
)

export const AllotmentView = Type.Object(
  {
    id: Uuid,
    amountFen: Type.Integer(),
    document: Type.String(),
    decidedBy: Type.String(),
    byTwo: Type.Boolean({ description: 'A second person agreed to it' }),
    at: Instant,
  },
  { $id: 'BenefitAllotment' },
)

export const AllotmentProposalView = Type.Object(
  {
    id: Uuid,
    programmeId: Uuid,
    amountFen: Fen('To be put into the budget.'),
    document: Type.String(),
    proposedBy: Type.String(),
    proposedAt: Instant,
  },
  { $id: 'BenefitAllotmentProposal' },
)

export const Reason = Type.Object({ reason: Text(200) }, strict)

export const NewEntitlement = Type.Object(
  {
    programmeId: Uuid,
    personId: Uuid,
    amountFen: nullable(Type.Integer({ minimum: 1, maximum: 100_000_000, description: 'Fen' })),
    validUntil: Day,
    document: Text(80),
    grounds: Text(500),
  },
  strict,
)

export const NewSale = Type.Object(
  { programmeId: Uuid, personId: Uuid, receiptNo: Text(80) },
  strict,
)

export const BenefitDecision = Type.Object({ agrees: Type.Boolean(), reason: Text(200) }, strict)

const EntitlementParts = {
  id: Uuid,
  programmeId: Uuid,
  kind: Type.Enum(['package', 'voucher', 'subsidy']),
  amountFen: nullable(Fen('Null: as much as the programme gives.')),
  usedFen: Fen('Promised or used.'),
  validFrom: Day,
  validUntil: Day,
  status: Type.Enum([...STATUSES]),
  items: Type.Array(
    Type.Object({ code: Type.String(), most: Type.Integer(), used: Type.Integer() }),
  ),
}

/** What its person sees. */
export const MyEntitlementView = Type.Object(
  {
    ...EntitlementParts,
    name: Type.Object({ zh: Type.String(), en: Type.String() }),
    document: Type.String({ description: 'The paper it rests on' }),
    grounds: Type.String(),
  },
  { $id: 'MyBenefit' },
)

/** What the staff sees: also on which evidence, and by whom. */
export const EntitlementView = Type.Object(
  {
    ...EntitlementParts,
    personId: Uuid,
    document: Type.String(),
    grounds: Type.String(),
    needsSecond: Type.Boolean(),
    proposedBy: Type.String(),
    proposedAt: Instant,
    decidedBy: nullable(Type.String()),
    endReason: nullable(Type.String()),
  },
  { $id: 'BenefitEntitlement' },
)

export const NewExchange = Type.Object({ programmeId: Uuid, offerCode: Code }, strict)

export const PointsView = Type.Object(
  {
    points: Type.Integer({ description: 'Can be spent today' }),
    lots: Type.Array(Type.Object({ year: Type.Integer(), rest: Type.Integer(), expiresOn: Day })),
    entries: Type.Array(
      Type.Object({
        id: Uuid,
        kind: Type.Enum(['earned', 'spent', 'expired']),
        event: nullable(Type.Enum([...POINT_EVENTS])),
        points: Type.Integer(),
        at: Instant,
      }),
    ),
  },
  { $id: 'BenefitPoints' },
)

export const OfferView = Type.Object(
  {
    programmeId: Uuid,
    name: Type.Object({ zh: Type.String(), en: Type.String() }),
    code: Type.String(),
    points: Type.Integer(),
    amountFen: Fen('What the voucher is worth.'),
    validDays: Type.Integer(),
  },
  { $id: 'VoucherOffer' },
)
