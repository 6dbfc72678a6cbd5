import Type from 'typebox'

import {
  Day,
  Fen,
  HospitalParam,
  Instant,
  nullable,
  strict,
} from '../../../platform/http/schemas.ts'
import { termsView } from '../../../platform/terms/schemas.ts'
import { MATCHING_CLASSES, type MatchingClass, PROPOSED_REPAIRS } from '../matching/classes.ts'
import { ROW_KINDS } from '../matching/row.ts'
import { CrossCheckPlan } from './plan.ts'

// What the routes of cross-checks take and give, as JSON Schema.

const Name = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,29}$' })
const RunId = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Class = Type.Enum(Object.keys(MATCHING_CLASSES) as MatchingClass[])
const RowKind = Type.Enum([...ROW_KINDS])
const Repair = Type.Enum([...PROPOSED_REPAIRS], { description: 'What is proposed' })
const Count = Type.Integer({ minimum: 0 })
const Figure = Type.Object({ lines: Type.Integer(), amountFen: Fen('Sum.') })

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfNamedDate = Type.Object({ hospitalId: HospitalParam, name: Name, date: Day })
export const OfRun = Type.Object({ hospitalId: HospitalParam, runId: RunId })

export const RangeQuery = Type.Object({ from: Day, to: Day })
export const DifferencesQuery = Type.Object({
  class: Type.Optional(Class),
  after: Type.Integer({ minimum: 0, default: 0, description: 'The number of the last one seen' }),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
})

export const NewPlan = Type.Object({ name: Name, validFrom: Day, content: CrossCheckPlan }, strict)

export const PlanView = termsView('CrossCheckPlan', Type.Literal('cross_check'))

export const CrossCheckView = Type.Object(
  {
    name: Name,
    date: Day,
    status: Type.Enum(['waiting', 'complete', 'failed'], {
      description: 'waiting: a list is not there, or is not compared yet',
    }),
    isDue: Type.Boolean({ description: 'It will be compared anew: something has changed' }),
    reason: nullable(Type.String({ description: 'What is waited for, or why it failed' })),
    runId: nullable(RunId),
    differences: nullable(Type.Integer({ minimum: 0, description: 'How many the run has found' })),
    updatedAt: Instant,
  },
  { $id: 'CrossCheck' },
)

export const RunView = Type.Object(
  {
    runId: RunId,
    date: Day,
    digest: nullable(Type.String({ description: 'The same for the same result' })),
    startedAt: Instant,
    completedAt: nullable(Instant),
    rules: Type.Array(
      Type.Object({
        relation: Type.String(),
        rule: Type.String(),
        matches: Count,
        amountFen: Fen('Of all that this rule matched.'),
      }),
    ),
    closures: Type.Array(
      Type.Object({
        relation: Type.String(),
        ours: Type.String(),
        theirs: Type.String(),
        kind: RowKind,
        oursTotal: Figure,
        gaps: Type.Array(Type.Object({ cause: Type.String(), ...Figure.properties })),
        theirsTotal: Figure,
      }),
      { description: 'For every two sides: ours and all gaps are theirs, to the fen' },
    ),
    classes: Type.Array(
      Type.Object({ class: Class, count: Count, atStakeFen: Fen('At stake.'), repair: Repair }),
    ),
    carried: Count,
  },
  { $id: 'CrossCheckRun' },
)

const Row = Type.Object({
  side: Type.String(),
  lines: Count,
  lineNo: Count,
  ourNo: nullable(Type.String()),
  providerNo: nullable(Type.String()),
  amountFen: Fen('Of the row.'),
  feeFen: nullable(Fen('Of the row.')),
  occurredAt: nullable(Type.String()),
  businessDate: nullable(Type.String()),
  account: nullable(Type.String()),
  memo: nullable(Type.String()),
})

export const FoundView = Type.Object(
  {
    no: Count,
    relation: Type.String(),
    class: Class,
    kind: RowKind,
    key: nullable(Type.String()),
    sides: Type.Array(Type.Object({ side: Type.String(), ...Figure.properties })),
    atStakeFen: Fen('At stake.'),
    repair: Repair,
    rule: Type.String({ description: 'That brought the rows together, or nearly matched them' }),
    because: nullable(Type.Enum(['amount', 'several'])),
    rows: Type.Array(Row, { description: 'At most twenty of them' }),
    near: Type.Array(Row),
  },
  { $id: 'CrossCheckDifference' },
)
