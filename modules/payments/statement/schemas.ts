import Type from 'typebox'

import { Fen, Instant, nullable } from '../../../platform/http/schemas.ts'
import { TENDER_PARTS } from '../money.ts'
import { Day, HospitalParam } from '../schemas.ts'
import { STATEMENT_STATES } from './statement.ts'
import { MOST_DAYS, MOST_PAYMENTS } from './statements.ts'

// What the routes of the statement take and give, as JSON Schema.

const ReceiptNo = nullable(Type.String({ description: "The hospital's number for it" }))

const amounts = {
  paidFen: Fen('Taken for the bills.'),
  refundedFen: Fen('Come back since, on balance; of one source it may be below zero.'),
  netFen: Fen('What stays paid: paid less refunded.'),
}

const source = {
  provider: Type.String({ examples: ['insurance', 'wechat'] }),
  part: Type.Enum([...TENDER_PARTS], { description: 'Who bore it' }),
}

const SourceAmounts = Type.Object({ ...source, ...amounts })

const Bill = Type.Object({
  billNo: Type.String(),
  title: Type.String(),
  totalFen: Fen('Of the bill.'),
  receiptNo: ReceiptNo,
})

const Refund = Type.Object({
  billNo: nullable(Type.String({ description: 'Null where all of the payment goes back' })),
  status: Type.Enum(['approving', 'returning', 'completing', 'succeeded', 'refused']),
  reason: Type.String(),
  receiptNo: ReceiptNo,
  at: Instant,
  amountFen: Fen('Come back so far, on balance.'),
  sources: Type.Array(Type.Object({ ...source, amountFen: Fen('Come back.') })),
})

const Item = Type.Object({
  hospitalId: HospitalParam,
  hospitalName: Type.String(),
  paymentId: Type.String({ format: 'uuid' }),
  paymentNo: Type.String({ description: 'The number the hospital and its receipts know it by' }),
  visitNo: Type.String(),
  state: Type.Enum([...STATEMENT_STATES]),
  paidAt: Instant,
  ...amounts,
  sources: Type.Array(SourceAmounts),
  bills: Type.Array(Bill),
  refunds: Type.Array(Refund, { description: 'Of which money has moved, in order of time' }),
})

export const StatementView = Type.Object(
  {
    statementNo: Type.String({ description: 'Says period, moment and totals by itself' }),
    checkCode: Type.String({ description: 'Shows that the hub made the number' }),
    generatedAt: Instant,
    from: Day,
    to: Day,
    holder: Type.Object({
      name: Type.String({ description: 'In full: it is their own' }),
      idCardNo: Type.String({ description: 'Masked' }),
    }),
    totals: Type.Object({
      ...amounts,
      selfPaidFen: Fen(
        'Of what stays paid, what the person bore in cash, by deposit or on credit.',
      ),
    }),
    bySource: Type.Array(SourceAmounts),
    byHospital: Type.Array(
      Type.Object({
        hospitalId: HospitalParam,
        name: Type.String(),
        count: Type.Integer(),
        ...amounts,
      }),
    ),
    byMonth: Type.Array(
      Type.Object({
        month: Type.String({ examples: ['2026-11'] }),
        count: Type.Integer(),
        ...amounts,
      }),
    ),
    items: Type.Array(Item, { description: 'In order of time' }),
  },
  { $id: 'Statement' },
)

// Days of which the next has four digits of year, too.
const PeriodDay = { format: 'date', pattern: '^2[0-8]' }

export const PeriodQuery = Type.Object({
  from: Type.String({ ...PeriodDay, description: 'The first day', examples: ['2026-01-01'] }),
  to: Type.String({
    ...PeriodDay,
    description: `The last day: at most ${MOST_DAYS} days, and ${MOST_PAYMENTS} payments in them`,
    examples: ['2026-12-31'],
  }),
})

export const StatementNumber = Type.Object({
  number: Type.String({ minLength: 1, maxLength: 100 }),
})

export const PaperToVerify = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 40 }),
    name: Type.String({
      maxLength: 60,
      description:
        'As on the paper. Of a number that says nothing of a person, it is not looked at',
    }),
  },
  { additionalProperties: false },
)

export const VerificationView = Type.Object(
  {
    valid: Type.Boolean(),
    statement: nullable(
      Type.Object(
        {
          from: Day,
          to: Day,
          generatedAt: Instant,
          paidFen: Fen('Taken for the bills.'),
          netFen: Fen('What stayed paid when it was made.'),
          selfPaidFen: Fen(
            'Of that, what the person bore themself; without deposit and credit where `idEnds` is null.',
          ),
          idEnds: nullable(
            Type.String({
              description:
                'First and last sign of the identity number; null for a number that vouches for no name',
            }),
          ),
        },
        { description: 'What the hub vouched for; null for a number or code that is not its own' },
      ),
    ),
  },
  { $id: 'StatementVerification' },
)
