import Type from 'typebox'

import { RUN_KINDS, RUN_STATUSES } from '../../../modules/channels/index.ts'
import { PARAMETER_FORMATS } from '../../../platform/descriptor/params.ts'
import { Instant, nullable, Uuid } from '../../../platform/http/schemas.ts'

// What the routes of channel drafts take and give, as JSON Schema.

const NO_NUL = '^[^\\u0000]*$'
const MOST_TEXT = 262_144
const MOST_VALUE = 16_384

const HospitalParam = Type.Integer({ minimum: 1, maximum: 1_679_615 })
const Version = Type.Integer({ minimum: 1, description: 'Of text and parameters together' })
const Words = Type.Object({ zh: Type.String(), en: Type.String() })
const DescriptorText = Type.String({ maxLength: MOST_TEXT, pattern: NO_NUL })

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfDraft = Type.Object({ hospitalId: HospitalParam, id: Uuid })
export const OfRun = Type.Object({ hospitalId: HospitalParam, id: Uuid, runId: Uuid })
export const OfCheck = Type.Object({
  hospitalId: HospitalParam,
  id: Uuid,
  runId: Uuid,
  position: Type.Integer({ minimum: 1, maximum: 1_000 }),
})

export const ProblemView = Type.Object(
  {
    pointer: Type.String({ description: 'JSON pointer into the descriptor; empty for all of it' }),
    code: Type.String(),
    zh: Type.String(),
    en: Type.String(),
    line: nullable(Type.Integer({ description: 'Counts from 1' })),
    column: nullable(Type.Integer()),
  },
  { $id: 'DescriptorProblem' },
)

export const TemplateView = Type.Object(
  {
    name: Type.String(),
    title: Words,
    provider: Type.String(),
    specimen: nullable(Words),
  },
  { $id: 'ChannelTemplate' },
)

const ParamView = Type.Object({
  name: Type.String(),
  title: Words,
  format: Type.Enum([...PARAMETER_FORMATS]),
  pattern: nullable(Type.String()),
  example: nullable(Type.String()),
  isOptional: Type.Boolean(),
  isSecret: Type.Boolean(),
  isSet: Type.Boolean(),
  value: nullable(Type.String({ description: 'Null for a secret, which never leaves the hub' })),
  problem: nullable(Type.Object({ code: Type.Enum(['missing', 'wrong']), reason: Type.String() })),
})

export const RunView = Type.Object(
  {
    id: Uuid,
    version: Version,
    kind: Type.Enum([...RUN_KINDS], {
      description: 'walk: each operation once. suite: every check a channel must pass',
    }),
    sandboxUrl: Type.String(),
    method: nullable(Type.String()),
    count: Type.Integer({ description: 'Checks there will be' }),
    status: Type.Enum([...RUN_STATUSES], {
      description: 'broken: it could not be brought to its end',
    }),
    reason: nullable(Type.String()),
    startedAt: Instant,
    endedAt: nullable(Instant),
  },
  { $id: 'ChannelDraftRun' },
)

const Run = Type.Unsafe<Type.Static<typeof RunView>>(Type.Ref('ChannelDraftRun'))
const Problem = Type.Unsafe<Type.Static<typeof ProblemView>>(Type.Ref('DescriptorProblem'))

const OBSTACLES = [
  'has_problems',
  'params_missing',
  'not_tested',
  'tested_before_a_change',
  'test_running',
  'test_failed',
] as const

const summary = {
  id: Uuid,
  name: Type.String(),
  title: Words,
  version: Version,
  live: nullable(Type.Object({ name: Type.String(), version: Version, at: Instant })),
  updatedBy: Type.String(),
  updatedAt: Instant,
}

export const DraftSummary = Type.Object(summary, { $id: 'ChannelDraftSummary' })

export const DraftView = Type.Object(
  {
    ...summary,
    descriptor: Type.String({ description: 'YAML or JSON, as it was entered' }),
    problems: Type.Array(Problem),
    specimen: nullable(Words),
    methods: Type.Array(Type.String()),
    params: Type.Array(ParamView, { description: 'Empty while the text has problems' }),
    runs: Type.Array(Run, { description: 'Newest first' }),
    obstacles: Type.Array(Type.Enum([...OBSTACLES]), {
      description: 'What keeps it from going live',
    }),
  },
  { $id: 'ChannelDraft' },
)

export const NewDraft = Type.Object(
  {
    template: Type.String({ minLength: 1, maxLength: 40 }),
    name: Type.Optional(
      Type.String({ pattern: '^[a-z][a-z0-9-]{1,29}$', description: 'Of the channel' }),
    ),
  },
  { additionalProperties: false },
)

export const NewText = Type.Object(
  { from: Version, descriptor: DescriptorText },
  { additionalProperties: false },
)

export const CheckedText = Type.Object(
  { descriptor: DescriptorText },
  { additionalProperties: false },
)

export const NewParams = Type.Object(
  {
    from: Version,
    values: Type.Record(
      Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,39}$' }),
      nullable(Type.String({ maxLength: MOST_VALUE, pattern: NO_NUL })),
      { maxProperties: 40, description: 'A text sets, null takes away, what is not named stays' },
    ),
  },
  { additionalProperties: false },
)

export const NewRun = Type.Object(
  {
    version: Version,
    kind: Type.Enum([...RUN_KINDS]),
    sandboxUrl: Type.String({ minLength: 1, maxLength: 300, description: 'Scheme and host' }),
    method: Type.Optional(Type.String({ minLength: 1, maxLength: 20 })),
  },
  { additionalProperties: false },
)

export const LiveWish = Type.Object(
  {
    version: Version,
    acceptSpecimen: Type.Optional(
      Type.Boolean({ description: 'Its facts are not certain, and that is known' }),
    ),
  },
  { additionalProperties: false },
)

const CheckView = Type.Object({
  position: Type.Integer(),
  id: Type.String(),
  title: Words,
  outcome: Type.Enum(['passed', 'failed', 'not_applicable']),
  what: nullable(Type.String()),
  expected: nullable(Type.String()),
  found: nullable(Type.String()),
  reason: nullable(Words),
  stepCount: Type.Integer(),
})

export const RunChecksView = Type.Object(
  { run: Run, checks: Type.Array(CheckView) },
  { $id: 'ChannelDraftRunChecks' },
)

export const StepsView = Type.Object(
  {
    steps: Type.Array(
      Type.Object({
        operation: Type.String({ examples: ['charge.qr_code'] }),
        step: Type.String({
          description:
            'mapping, seal, envelope, signature, request, response, proof, open, reading or result',
        }),
        fields: Type.Record(Type.String(), Type.String()),
      }),
    ),
  },
  { $id: 'ChannelDraftSteps' },
)
