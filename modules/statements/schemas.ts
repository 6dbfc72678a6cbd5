import Type from 'typebox'

import { REFUSAL_CODES } from './refusal.ts'

export const HospitalParam = Type.Integer({ minimum: 1, maximum: 999_999_999 })
const DayText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
export const SourceName = Type.String({ pattern: '^[a-z][a-z0-9-]{0,29}$' })
export const LayoutName = Type.String({ pattern: '^[a-z][a-z0-9-]{1,39}$' })
const TimeText = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', examples: ['10:00'] })
const Count = Type.Integer({ minimum: 0 })
const Moment = Type.String({ format: 'date-time' })
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const TotalsView = Type.Object({
  rows: Count,
  chargeCount: Count,
  chargeFen: Type.Integer(),
  returnCount: Count,
  returnFen: Type.Integer(),
  feeFen: Type.Integer(),
  payoutCount: Count,
  payoutFen: Type.Integer(),
})

const TakenView = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  encoding: Type.String(),
  totals: TotalsView,
  otherColumns: Type.Array(Type.String()),
  changes: orNull(Type.Object({ added: Count, removed: Count, changed: Count })),
})

const RefusalView = Type.Object({
  code: Type.Enum([...REFUSAL_CODES]),
  reason: Type.String(),
  lineNo: orNull(Type.Integer({ minimum: 1 })),
})

export const StatementFileView = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    source: Type.String(),
    businessDate: orNull(DayText),
    name: Type.String(),
    way: Type.Enum(['upload', 'folder', 'fetched']),
    sha256: Type.String(),
    bytes: Count,
    layout: Type.String(),
    layoutVersion: Type.Integer(),
    status: Type.Enum(['taken', 'superseded', 'refused']),
    takenBy: Type.String(),
    takenAt: Moment,
    taken: orNull(TakenView),
    refusal: orNull(RefusalView),
  },
  { $id: 'StatementFile' },
)

export const StatementArrivalView = Type.Object(
  {
    source: Type.String(),
    businessDate: DayText,
    state: Type.Enum(['waiting', 'late', 'missing', 'refused', 'arrived', 'reissued']),
    expectedAt: Moment,
    lateAt: Moment,
    missingAt: Moment,
    tries: Count,
    lastError: orNull(Type.String()),
    fileId: orNull(Type.String({ format: 'uuid' })),
  },
  { $id: 'StatementArrival' },
)

const ScheduleFields = {
  layout: LayoutName,
  account: orNull(Type.String({ minLength: 1, maxLength: 40 })),
  namePattern: orNull(Type.String({ minLength: 1, maxLength: 300 })),
  firstDate: DayText,
  dayOffset: Type.Integer({ minimum: 0, maximum: 15 }),
  expectedAt: TimeText,
  lateAt: TimeText,
  missingAt: TimeText,
  calendar: Type.Enum(['every_day', 'weekdays']),
  daysOff: Type.Array(DayText, { maxItems: 400 }),
  daysOn: Type.Array(DayText, { maxItems: 400 }),
  isActive: Type.Boolean(),
}

export const ScheduleBody = Type.Object(ScheduleFields, { additionalProperties: false })

export const StatementScheduleView = Type.Object(
  { source: Type.String(), ...ScheduleFields },
  { $id: 'StatementSchedule' },
)

const SecretName = Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,39}$' })
const FetchingFields = {
  adapter: Type.Enum(['https']),
  plan: Type.Record(Type.String(), Type.Unknown(), {
    description: 'As docs/interface/statement-files.md explains',
  }),
  isActive: Type.Boolean(),
}

/** Secrets go in and never come out: those that are not named stay, and null takes one away. */
export const FetchingBody = Type.Object(
  {
    ...FetchingFields,
    secrets: Type.Record(
      SecretName,
      orNull(Type.String({ minLength: 1, maxLength: 4_000, pattern: '^[\\t\\x20-\\x7e]*$' })),
      { maxProperties: 20 },
    ),
  },
  { additionalProperties: false },
)

export const StatementFetchingView = Type.Object(
  { source: Type.String(), ...FetchingFields, secretNames: Type.Array(Type.String()) },
  { $id: 'StatementFetching' },
)

export const UploadQuery = Type.Object({
  source: SourceName,
  name: Type.String({ minLength: 1, maxLength: 200 }),
  date: Type.Optional(DayText),
  layout: Type.Optional(LayoutName),
})

export const FilesQuery = Type.Object({
  source: Type.Optional(SourceName),
  date: Type.Optional(DayText),
  status: Type.Optional(Type.Enum(['taken', 'superseded', 'refused'])),
  before: Type.Optional(Type.String({ format: 'uuid' })),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

export const StatementRowView = Type.Object(
  {
    no: Type.Integer({ minimum: 1, description: 'Counts the rows; the cursor of the next page' }),
    lineNo: Type.Integer({ description: 'The line of the file as it came' }),
    change: orNull(
      Type.Enum(['added', 'removed', 'before', 'after'], {
        description: 'Only of changes: a row that was changed stands twice, before and after',
      }),
    ),
    kind: Type.Enum(['charge', 'return', 'fee', 'payout']),
    ourNo: orNull(Type.String()),
    providerNo: orNull(Type.String()),
    amountFen: Type.Integer(),
    feeFen: orNull(Type.Integer()),
    occurredAt: orNull(Moment),
    businessDate: orNull(DayText),
    account: orNull(Type.String()),
    memo: orNull(Type.String()),
  },
  { $id: 'StatementRow' },
)

export const RowsQuery = Type.Object({
  after: Type.Integer({ minimum: 0, maximum: 20_000_000, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
})

export const DaysQuery = Type.Object({ from: DayText, to: DayText })
