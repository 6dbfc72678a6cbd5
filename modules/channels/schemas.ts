import Type from 'typebox'

import { Fen, Instant, nullable, Uuid } from '../../platform/http/schemas.ts'
import { DIMENSIONS, DOCUMENT_KINDS, FINDING_CODES, VERDICTS } from './admission.ts'
import { ALERT_CLASSES } from './alert.ts'
import { BREAKER_STATES } from './breaker.ts'
import { METHODS, SCENES, TIERS } from './channel.ts'

// What the routes of channels take and give, as JSON Schema. The rules are in rule-schemas.ts.

export const Ppm = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 1_000_000, description: `Parts per million. ${description}` })
const Day = Type.String({ format: 'date', examples: ['2026-11-21'] })
const Count = Type.Integer({ minimum: 0 })
const HospitalParam = Type.Integer({ minimum: 1, maximum: 1_679_615 })
const NO_NUL = '^[^\\u0000]*$'
export const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: NO_NUL })
const MOST_FEN = 1_000_000_000_000

export const ChannelName = Type.String({
  pattern: '^[a-z][a-z0-9_-]{0,29}$',
  description: 'The provider’s, as in tenders',
  examples: ['wechat'],
})
export const Method = Type.Enum([...METHODS])
export const Scene = Type.Enum([...SCENES])
export const Tier = Type.Enum([...TIERS])
export const Department = Type.String({ minLength: 1, maxLength: 30, pattern: NO_NUL })

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfChannel = Type.Object({ hospitalId: HospitalParam, name: ChannelName })
export const OfDocument = Type.Object({
  hospitalId: HospitalParam,
  name: ChannelName,
  kind: Type.Enum([...DOCUMENT_KINDS]),
})
export const OfAlert = Type.Object({ hospitalId: HospitalParam, id: Uuid })

export const Words = Type.Object(
  { zh: Text(40), en: Text(40) },
  { additionalProperties: false, description: 'In Chinese and in English' },
)

const terms = {
  title: Words,
  methods: Type.Array(Method, {
    minItems: 1,
    maxItems: 10,
    description: 'Switched on, the usual one first',
  }),
  scenes: Type.Array(Scene, { maxItems: 20, description: 'What it is on for' }),
  departments: nullable(
    Type.Array(Department, { maxItems: 500, description: 'Their codes; null for all' }),
  ),
  paymentLimitFen: nullable(Type.Integer({ minimum: 1, maximum: MOST_FEN })),
  dayLimitFen: nullable(Type.Integer({ minimum: 1, maximum: MOST_FEN })),
  feePpm: Ppm('Of each payment.'),
  feeFixedFen: Type.Integer({ minimum: 0, maximum: 100_000_000, description: 'For each payment' }),
  settlementDays: Type.Integer({ minimum: 0, maximum: 60, description: 'T+n by contract' }),
  sharePpm: nullable(Ppm('Of all payments, by contract; null where none was agreed.')),
  enabled: Type.Boolean(),
  order: Type.Integer({
    minimum: 0,
    maximum: 10_000,
    description: 'Between equals, the smaller one is first',
  }),
}

export const NewTerms = Type.Object(terms, { additionalProperties: false })

const HealthView = Type.Object(
  {
    state: Type.Enum([...BREAKER_STATES], {
      description:
        'open: new charges are kept from it; half_open: a few try whether it works again',
    }),
    openedAt: nullable(Instant),
    retryAt: nullable(Instant),
    calls: Count,
    answered: Count,
    declined: Count,
    unknown: Count,
    failed: Count,
    availabilityPpm: nullable(Ppm('Calls that brought an answer.')),
    charges: Count,
    chargesAnswered: Count,
    chargesDeclined: Count,
    p50Ms: nullable(Count),
    p99Ms: nullable(Count),
  },
  { description: 'Of the last five minutes, statements left out' },
)

const TakingsView = Type.Object(
  {
    todayFen: Fen('Charges of the business date.'),
    todayCount: Count,
    windowFen: Fen('Charges of the days over which shares are measured, today with them.'),
    windowCount: Count,
    windowDays: Type.Integer({ minimum: 1 }),
    shareBy: Type.Enum(['amount', 'count']),
    sharePpm: nullable(Ppm('Of what all registered channels took; null while none took anything.')),
  },
  { description: 'By the books, as of at most half a minute ago' },
)

export const ChannelView = Type.Object(
  {
    name: ChannelName,
    tier: nullable(Tier),
    ...terms,
    isConnected: Type.Boolean({ description: 'The hospital has a connection to it' }),
    connectedMethods: Type.Array(Method, { description: 'What the connection can do' }),
    health: HealthView,
    taken: TakingsView,
  },
  { $id: 'PaymentChannel' },
)

export const ChannelsView = Type.Object({
  items: Type.Array(Type.Unsafe<Type.Static<typeof ChannelView>>(Type.Ref('PaymentChannel'))),
  unregistered: Type.Array(Type.Object({ name: ChannelName, methods: Type.Array(Method) }), {
    description: 'Connected, but not registered, and so never chosen',
  }),
})

export const HealthQuery = Type.Object({
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  stepMinutes: Type.Integer({ minimum: 1, maximum: 1_440, default: 5 }),
})

export const HealthPointView = Type.Object(
  {
    at: Instant,
    calls: Count,
    answered: Count,
    declined: Count,
    unknown: Count,
    failed: Count,
    availabilityPpm: nullable(Ppm('Calls that brought an answer.')),
    p50Ms: nullable(Count),
    p99Ms: nullable(Count),
  },
  { $id: 'ChannelHealthPoint' },
)

export const NewDocument = Type.Object(
  {
    reference: Text(100),
    validUntil: nullable(Day),
    note: Type.String({ maxLength: 500, pattern: NO_NUL }),
  },
  { additionalProperties: false },
)

export const DocumentView = Type.Object(
  {
    kind: Type.Enum([...DOCUMENT_KINDS]),
    reference: Type.String(),
    validUntil: nullable(Day),
    note: Type.String(),
    enteredBy: Type.String(),
    enteredAt: Instant,
  },
  { $id: 'ChannelDocument' },
)

const Params = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))

const Verdict = Type.Enum([...VERDICTS])

export const ReportView = Type.Object(
  {
    id: Uuid,
    channel: ChannelName,
    measuredFrom: Instant,
    measuredTo: Instant,
    score: Type.Integer({ minimum: 0, maximum: 100 }),
    eligibleTier: nullable(Tier),
    dimensions: Type.Array(
      Type.Object({
        name: Type.Enum([...DIMENSIONS]),
        verdict: Verdict,
        score: nullable(Type.Integer({ minimum: 0, maximum: 100 })),
        findings: Type.Array(
          Type.Object({ code: Type.Enum([...FINDING_CODES]), params: Params, verdict: Verdict }),
        ),
      }),
    ),
    madeBy: Type.String(),
    madeAt: Instant,
  },
  { $id: 'ChannelReport' },
)

export const PageQuery = Type.Object({
  before: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

export const NewTier = Type.Object(
  {
    tier: nullable(Tier),
    reason: Text(500),
    byException: Type.Optional(
      Type.Boolean({ description: 'Grant more than the newest report allows' }),
    ),
  },
  { additionalProperties: false },
)

export const TierChangeView = Type.Object(
  {
    id: Uuid,
    channel: ChannelName,
    tier: nullable(Tier),
    reason: Type.String(),
    reportId: nullable(Uuid),
    byException: Type.Boolean(),
    changedBy: Type.String(),
    changedAt: Instant,
  },
  { $id: 'ChannelTierChange' },
)

export const AlertsQuery = Type.Object({
  state: Type.Optional(Type.Enum(['open', 'closed'])),
  channel: Type.Optional(ChannelName),
  before: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

export const AlertView = Type.Object(
  {
    id: Uuid,
    channel: ChannelName,
    class: Type.Enum([...ALERT_CLASSES]),
    figures: Params,
    openedAt: Instant,
    seenAt: Instant,
    closedAt: nullable(Instant),
    acknowledgedBy: nullable(Type.String()),
    acknowledgedAt: nullable(Instant),
    note: nullable(Type.String()),
    answerBy: Type.String({ format: 'date-time', description: 'Somebody is to answer until then' }),
    isOverdue: Type.Boolean({ description: 'Nobody answered in time' }),
  },
  { $id: 'ChannelAlert' },
)

export const NewAcknowledgement = Type.Object(
  { note: nullable(Text(500)) },
  { additionalProperties: false },
)
