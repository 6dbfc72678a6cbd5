import Type from 'typebox'

import { Fen, Instant, nullable, Uuid } from '../../platform/http/schemas.ts'
import { AGES } from './ageing.ts'
import {
  ARRIVAL_STATUSES,
  DAY_STATUSES,
  DIFFERENCE_CLASSES,
  DIFFERENCE_STATUSES,
  REPAIRS,
} from './day.ts'
import { CASE_CLASSES, RESOLUTIONS } from './work-case.ts'

// What the routes of reconciliation take and give, as JSON Schema.

export const DayText = Type.String({ format: 'date', examples: ['2026-11-21'] })
const SourceName = Type.String({
  minLength: 1,
  maxLength: 30,
  description: 'A provider by its name, or "his" for the hospital’s own system',
  examples: ['wechat', 'insurance', 'his'],
})
const Kind = Type.Enum(['charge', 'return'])
const Class = Type.Enum([...DIFFERENCE_CLASSES])
const Count = Type.Integer({ minimum: 0 })

const ListRef = Type.String({
  description: 'The query, relative to the hospital, whose rows add up to the figure',
})

const Figure = (description: string) =>
  Type.Object(
    {
      count: Type.Integer(),
      amountFen: Fen('Sum.'),
      list: nullable(ListRef),
    },
    { description },
  )

const VERDICTS = ['incomplete', 'in_progress', 'in_case', 'balanced'] as const

const Verdict = Type.Enum([...VERDICTS], {
  description:
    'incomplete: a list is not there. in_progress: differences are being worked off. in_case: closed, and a person has some of them. balanced: closed, with nothing left',
})

const ClassCount = Type.Object({
  class: Class,
  found: Count,
  repairing: Count,
  repaired: Count,
  explained: Count,
  inCase: Count,
})

const ArrivalView = Type.Object({
  source: SourceName,
  status: Type.Enum([...ARRIVAL_STATUSES]),
  version: Type.Integer({ description: 'Of the newest list; 0 for none yet' }),
  receivedAt: nullable(Instant),
  nextTryAt: nullable(Instant),
  reason: nullable(Type.String({ description: 'Why the last try brought no list' })),
  refusalCode: nullable(Type.String()),
})

const dayFields = {
  date: DayText,
  status: Type.Enum([...DAY_STATUSES]),
  verdict: Verdict,
  dueAt: nullable(Instant),
  closedAt: nullable(Instant),
  lastError: nullable(Type.String()),
  arrivals: Type.Array(ArrivalView),
  classes: Type.Array(ClassCount),
}

export const DayView = Type.Object(dayFields, { $id: 'ReconciliationDay' })

const IdentityView = Type.Object({
  kind: Kind,
  ours: Figure('What we have.'),
  gaps: Type.Array(
    Type.Object({
      class: Class,
      count: Type.Integer({ description: 'Theirs less ours' }),
      amountFen: Fen('Theirs less ours.'),
      list: ListRef,
    }),
  ),
  theirs: Figure('What their list has: ours and all gaps.'),
})

const StatementView = Type.Object({
  version: Type.Integer(),
  form: Type.Enum(['lines', 'compared']),
  sha256: Type.String(),
  lineCount: Count,
  chargeFen: Fen('Of its charges.'),
  returnFen: Fen('Of its returns.'),
  feeFen: nullable(Fen('As the list states it.')),
  receivedAt: Instant,
})

const SourceView = Type.Object({
  source: SourceName,
  arrival: ArrivalView,
  statements: Type.Array(StatementView, { description: 'All versions, the newest first' }),
  comparison: nullable(
    Type.Object({
      version: Type.Integer(),
      statementVersion: Type.Integer(),
      comparedAt: Instant,
      identity: Type.Array(IdentityView),
    }),
  ),
})

export const DayDetailView = Type.Object(
  {
    ...dayFields,
    sources: Type.Array(SourceView),
    bridge: nullable(
      Type.Object(
        {
          providersFen: Fen('What the providers’ lists say they took, less what they gave back.'),
          oursFen: Fen('What we have of that.'),
          keptHereFen: Fen(
            'Of ours, fees of numbers that the hub keeps: the hospital’s system knows nothing of them.',
          ),
          settledFen: Fen('What our bills and refunds say the hospital has received.'),
          hospitalFen: Fen('What the hospital’s list says.'),
          inBetweenFen: Fen(
            'Ours less those and settled: taken and not delivered that day, or delivered and given back on another.',
          ),
        },
        { description: 'All three sides of the day; null until each has been compared' },
      ),
    ),
  },
  { $id: 'ReconciliationDayDetail' },
)

export const DifferenceView = Type.Object(
  {
    id: Uuid,
    date: DayText,
    source: SourceName,
    class: Class,
    kind: Kind,
    ourNo: Type.String(),
    providerNo: nullable(Type.String()),
    oursFen: Fen('0 where we have none.'),
    theirsFen: Fen('0 where they have none.'),
    oursLines: Count,
    theirsLines: Count,
    otherDate: nullable(DayText),
    paymentId: nullable(Uuid),
    refundId: nullable(Uuid),
    present: Type.Boolean({ description: 'The newest comparison still shows it' }),
    status: Type.Enum([...DIFFERENCE_STATUSES]),
    repair: nullable(Type.Enum([...REPAIRS])),
    repairOutcome: nullable(Type.Enum(['done', 'running', 'refused', 'unknown'])),
    repairDetail: nullable(Type.String()),
    caseId: nullable(Uuid),
    foundAt: Instant,
    resolvedAt: nullable(Instant),
  },
  { $id: 'Difference' },
)

export const StatementLineView = Type.Object(
  {
    lineNo: Type.Integer(),
    kind: Kind,
    ourNo: Type.String(),
    providerNo: Type.String(),
    amountFen: Fen('Of the line.'),
    at: nullable(Instant),
    basis: Type.Enum(['stated', 'agreed'], {
      description: 'agreed: ours, to which a party that compares by itself agreed',
    }),
    feeFen: nullable(Fen('As billed for the line, below zero when it is given back.')),
  },
  { $id: 'StatementLineView' },
)

export const OwnRowView = Type.Object(
  {
    kind: Kind,
    ourNo: Type.String(),
    amountFen: Fen('Of the row.'),
    at: Instant,
    paymentId: Uuid,
    refundId: nullable(Uuid),
  },
  { $id: 'OwnRow' },
)

export const OwnRowsQuery = Type.Object({
  source: SourceName,
  kind: Type.Optional(Kind),
  after: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
})

const NoteView = Type.Object({ at: Instant, actor: Type.String(), text: Type.String() })

export const CaseView = Type.Object(
  {
    id: Uuid,
    class: Type.Enum([...CASE_CLASSES]),
    subject: Type.String({ examples: ['payment:0190b3a0-0000-7000-8000-000000000001'] }),
    date: DayText,
    source: nullable(SourceName),
    amountFen: Fen('At stake.'),
    reason: Type.String(),
    status: Type.Enum(['open', 'resolved']),
    owner: nullable(Type.String()),
    openedAt: Instant,
    dueAt: Instant,
    isOverdue: Type.Boolean(),
    resolution: nullable(Type.String()),
    resolvedAt: nullable(Instant),
    differences: Type.Array(
      Type.Unsafe<Type.Static<typeof DifferenceView>>(Type.Ref('Difference')),
      { description: 'What it is about; only where one case is asked for' },
    ),
    notes: Type.Array(NoteView, { description: 'Only where one case is asked for' }),
  },
  { $id: 'Case' },
)

export const AgeingView = Type.Object({
  items: Type.Array(
    Type.Object({
      age: Type.Enum([...AGES]),
      count: Count,
      amountFen: Fen('At stake.'),
      overdue: Type.Integer({ minimum: 0, description: 'Of them, past their deadline' }),
    }),
  ),
})

export const DaysQuery = Type.Object({ from: DayText, to: DayText })

export const DifferencesQuery = Type.Object({
  source: Type.Optional(SourceName),
  class: Type.Optional(Class),
  kind: Type.Optional(Kind),
  status: Type.Optional(Type.Enum([...DIFFERENCE_STATUSES])),
  present: Type.Optional(Type.Boolean()),
  after: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
})

export const LinesQuery = Type.Object({
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  kind: Type.Optional(Kind),
  after: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
})

export const CasesQuery = Type.Object({
  status: Type.Optional(Type.Enum(['open', 'resolved'])),
  class: Type.Optional(Type.Enum([...CASE_CLASSES])),
  age: Type.Optional(
    Type.Enum([...AGES], {
      description: 'Opened so long ago at most, and longer than the age before',
    }),
  ),
  before: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

const NoteText = Type.String({ minLength: 1, maxLength: 2_000, pattern: '^[^\\u0000]*$' })

export const NewNote = Type.Object({ text: NoteText }, { additionalProperties: false })

export const NewResolution = Type.Object(
  { resolution: Type.Enum([...RESOLUTIONS]), note: NoteText },
  { additionalProperties: false },
)
