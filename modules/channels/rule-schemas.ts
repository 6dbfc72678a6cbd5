import Type from 'typebox'

import { Day, Fen, Instant, nullable } from '../../platform/http/schemas.ts'
import { CHOICE_CODES, REJECTION_CODES } from './reason.ts'
import { ChannelName, Department, Method, Ppm, Scene, Text, Tier, Words } from './schemas.ts'

// The rules of the choice, and what is chosen, as JSON Schema.

const STRICT = { additionalProperties: false }
const Amount = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 })
const Time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', examples: ['08:00'] })
const Value = Type.Union([Type.String({ maxLength: 100 }), Type.Number(), Type.Boolean()])
const Names = Type.Array(ChannelName, { minItems: 1, maxItems: 100 })
const FactName = '^[a-zA-Z][a-zA-Z0-9]{0,39}$'

const Fact = Type.Union([
  Type.Object(
    { from: Type.Optional(Type.Number()), below: Type.Optional(Type.Number()) },
    { ...STRICT, minProperties: 1 },
  ),
  Type.Object({ in: Type.Array(Value, { minItems: 1, maxItems: 100 }) }, STRICT),
])

const Condition = Type.Object(
  {
    amountFen: Type.Optional(
      Type.Object(
        { from: Type.Optional(Amount), below: Type.Optional(Amount) },
        { ...STRICT, minProperties: 1 },
      ),
    ),
    scenes: Type.Optional(Type.Array(Scene, { minItems: 1, maxItems: 20 })),
    departments: Type.Optional(Type.Array(Department, { minItems: 1, maxItems: 500 })),
    methods: Type.Optional(Type.Array(Method, { minItems: 1, maxItems: 10 })),
    time: Type.Optional(
      Type.Object(
        { from: Time, below: Time },
        { ...STRICT, description: 'In Shanghai; over midnight where from is the later one' },
      ),
    ),
    dates: Type.Optional(Type.Object({ from: Day, to: Day }, STRICT)),
    weekdays: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
        minItems: 1,
        maxItems: 7,
        description: '1 is Monday',
      }),
    ),
    payer: Type.Optional(
      Type.Record(Type.String({ pattern: FactName }), Fact, {
        ...STRICT,
        maxProperties: 20,
        description: 'Facts about the payer by name; one that is not known does not hold',
        examples: [{ ageYears: { from: 65 } }],
      }),
    ),
  },
  { ...STRICT, description: 'All that is given must hold; an empty one holds always' },
)

const Effect = Type.Union([
  Type.Object(
    {
      do: Type.Literal('prefer'),
      channels: Names,
      points: Type.Integer({ minimum: 1, maximum: 1_000 }),
    },
    STRICT,
  ),
  Type.Object({ do: Type.Literal('require'), channels: Names }, STRICT),
  Type.Object({ do: Type.Literal('exclude'), channels: Names }, STRICT),
  Type.Object(
    {
      do: Type.Literal('share'),
      shares: Type.Record(
        Type.String({ pattern: '^[a-z][a-z0-9_-]{0,29}$' }),
        Ppm('Of the payments'),
        { ...STRICT, minProperties: 1, maxProperties: 100 },
      ),
    },
    STRICT,
  ),
])

const RulesBody = Type.Object(
  {
    rules: Type.Array(
      Type.Object(
        { name: Text(60), words: Words, enabled: Type.Boolean(), when: Condition, effect: Effect },
        STRICT,
      ),
      { maxItems: 200, description: 'All that apply do so together' },
    ),
    shareWindowDays: Type.Integer({
      minimum: 1,
      maximum: 366,
      description: 'Over which a contract’s share is measured',
    }),
    shareBy: Type.Enum(['amount', 'count']),
    shareTolerancePpm: Ppm('A share this close to its target is met.'),
    failureCostPpm: Ppm('What a failed charge costs, of its amount.'),
    habitPpm: Ppm('What it is worth that the payer used the channel last time.'),
    slownessPpm: Ppm('What it costs that a channel answers slowly.'),
  },
  STRICT,
)

export const NewRules = Type.Object(
  {
    version: Type.Integer({ minimum: 0, description: 'Of the rules that these were made from' }),
    rules: RulesBody,
  },
  STRICT,
)

export const RulesView = Type.Object(
  {
    version: Type.Integer({ description: '0 while nobody has set any' }),
    rules: RulesBody,
    updatedBy: nullable(Type.String()),
    updatedAt: nullable(Instant),
  },
  { $id: 'ChannelRules' },
)

const Device = Type.String({
  pattern: '^(screen|browser|sdk|scanner|card_reader|window|app:[a-z][a-z0-9_-]{0,29})$',
  examples: ['browser', 'app:wechat'],
})

const wish = {
  amountFen: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }),
  scene: Scene,
  department: nullable(Department),
  method: nullable(Method),
}

const Devices = nullable(
  Type.Array(Device, { maxItems: 20, description: 'What is where the payer is; null: not known' }),
)

export const PayersWish = Type.Object({ ...wish, devices: Devices }, STRICT)

export const TrialWish = Type.Object(
  {
    ...wish,
    payer: Type.Object(
      {
        preferred: nullable(ChannelName),
        lastUsed: nullable(ChannelName),
        devices: Devices,
        attributes: Type.Record(Type.String({ pattern: FactName }), Value, {
          ...STRICT,
          maxProperties: 20,
        }),
      },
      STRICT,
    ),
    at: Type.Optional(
      Type.String({ format: 'date-time', description: 'As if it were then; health is of now' }),
    ),
    rules: Type.Optional(RulesBody),
  },
  STRICT,
)

const Params = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))

export const ChoicesView = Type.Object(
  {
    ranked: Type.Array(
      Type.Object({
        channel: ChannelName,
        method: Method,
        tier: Tier,
        costFen: Fen('What it costs the hospital by contract.'),
        reasons: Type.Array(Type.Object({ code: Type.Enum([...CHOICE_CODES]), params: Params })),
      }),
    ),
    rejected: Type.Array(
      Type.Object({
        channel: ChannelName,
        reason: Type.Object({ code: Type.Enum([...REJECTION_CODES]), params: Params }),
      }),
    ),
  },
  { $id: 'ChannelChoices' },
)

export const OffersView = Type.Object({
  items: Type.Array(
    Type.Object({
      channel: ChannelName,
      title: Words,
      method: Method,
      reasons: Type.Array(Type.Object({ code: Type.Enum([...CHOICE_CODES]), params: Params })),
    }),
  ),
})
