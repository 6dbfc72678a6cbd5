import Type from 'typebox'

import { HospitalParam, Instant, nullable } from '../../../platform/http/schemas.ts'
import { DIFFERENCE_CLASSES } from '../day.ts'
import { DayText } from '../schemas.ts'
import { CHECKS } from './checklist.ts'

// What the routes of closing take and give, as JSON Schema.

const Figure = Type.Object({ count: Type.Integer(), amountFen: Type.Integer() })
const Kind = Type.Enum(['charge', 'return'])

export const OfDay = Type.Object({ hospitalId: HospitalParam, date: DayText })
export const OfVersion = Type.Object({
  hospitalId: HospitalParam,
  date: DayText,
  version: Type.Integer({ minimum: 1, maximum: 10_000 }),
})

export const NewClosing = Type.Object({
  note: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Why it is closed with cases still open; needed then',
    }),
  ),
})
export const NewReopening = Type.Object({ reason: Type.String({ minLength: 2, maxLength: 500 }) })

const CheckView = Type.Object({
  name: Type.Enum([...CHECKS]),
  outcome: Type.Enum(['passed', 'open', 'warned'], {
    description: 'open: the day cannot be closed. warned: it can, with a note',
  }),
  count: Type.Integer({ minimum: 0, description: 'How many are still in the way' }),
})

const ChangeView = Type.Object({
  source: Type.String(),
  kind: Kind,
  side: Type.Enum(['ours', 'theirs']),
  before: Figure,
  after: Figure,
  deltaFen: Type.Integer(),
})

const closingFields = {
  version: Type.Integer({ minimum: 1 }),
  digest: Type.String({ description: 'SHA-256 of every figure of the report' }),
  note: nullable(Type.String()),
  closedBy: Type.String(),
  closedAt: Instant,
  reopened: nullable(Type.Object({ at: Instant, by: Type.String(), reason: Type.String() })),
}

export const ClosingStandingView = Type.Object(
  {
    date: DayText,
    checklist: Type.Array(CheckView),
    isLocked: Type.Boolean(),
    closings: Type.Array(Type.Object(closingFields), { description: 'The newest first' }),
    changedSince: Type.Array(ChangeView, {
      description: 'Figures that came out otherwise since the newest closing',
    }),
  },
  { $id: 'ReconciliationClosingStanding' },
)

export const ClosingView = Type.Object(
  {
    ...closingFields,
    changes: Type.Array(ChangeView, { description: 'From the version before' }),
    sources: Type.Array(
      Type.Object({
        source: Type.String(),
        statement: nullable(
          Type.Object({
            version: Type.Integer(),
            sha256: Type.String(),
            lineCount: Type.Integer(),
            feeFen: nullable(Type.Integer()),
          }),
        ),
        identity: Type.Array(
          Type.Object({
            kind: Kind,
            ours: Figure,
            gaps: Type.Array(
              Type.Object({
                class: Type.Enum([...DIFFERENCE_CLASSES]),
                count: Type.Integer(),
                amountFen: Type.Integer(),
              }),
            ),
            theirs: Figure,
          }),
        ),
      }),
    ),
  },
  { $id: 'ReconciliationClosing' },
)
