import Type from 'typebox'

import {
  Day,
  Fen,
  HospitalParam,
  Instant,
  nullable,
  strict,
  Uuid,
} from '../../platform/http/schemas.ts'
import { termsView } from '../../platform/terms/schemas.ts'
import { LayoutTerms } from './layout.ts'
import { TemplateTerms } from './template.ts'

// What the routes of accounting take and give, as JSON Schema.

const Name = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,29}$' })
const BookName = Type.Enum(['financial', 'budget'])

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfHospitalAndId = Type.Object({ hospitalId: HospitalParam, id: Uuid })
export const OfDate = Type.Object({ hospitalId: HospitalParam, date: Day })
export const OfLine = Type.Object({
  hospitalId: HospitalParam,
  id: Uuid,
  book: BookName,
  lineNo: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
})

const Kind = Type.Enum(['template', 'layout'])

export const TermsQuery = Type.Object({ kind: Kind })
export const RangeQuery = Type.Object({ from: Day, to: Day })
export const LinesQuery = Type.Object({
  book: BookName,
  after: Type.Integer({ minimum: 0, default: 0, description: 'The number of the last line seen' }),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 200 }),
})
export const SourcesQuery = Type.Object({
  after: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f-]{36}/\\d{1,9}/\\d{1,9}$',
      description: 'The key of the last one seen',
    }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 200 }),
})

export const NewTerms = Type.Union([
  Type.Object({ kind: Type.Literal('template'), validFrom: Day, content: TemplateTerms }, strict),
  Type.Object(
    { kind: Type.Literal('layout'), name: Name, validFrom: Day, content: LayoutTerms },
    strict,
  ),
])

export const TermsView = termsView('AccountingTerms', Kind)

const FindingView = Type.Object(
  {
    code: Type.Enum([
      'account_unmapped',
      'transfer_unruled',
      'category_unmapped',
      'category_unknown',
    ]),
    about: Type.String({ description: 'The account, the two accounts, or the category' }),
    count: Type.Integer(),
    amountFen: Fen('Of all of them.'),
    example: Type.String({ description: 'The cause of one of them' }),
  },
  { $id: 'AccountingFinding' },
)

export const DayView = Type.Object(
  {
    date: Day,
    status: Type.Enum(['open', 'complete', 'uncovered']),
    version: Type.Integer({ description: 'Of its newest vouchers; 0 for none' }),
    transfers: Type.Integer({ description: 'In vouchers, or left out by a rule' }),
    findings: Type.Array(FindingView, { description: 'Why the date is uncovered' }),
    madeAt: nullable(Instant),
  },
  { $id: 'AccountingDay' },
)

export const VoucherView = Type.Object(
  {
    id: Uuid,
    date: Day,
    type: Type.String({ description: 'As the accounting system names it: 收, 付, 转' }),
    month: Type.String(),
    no: Type.Integer({ description: 'Without gaps in the month and type' }),
    version: Type.Integer({ description: 'From 2 on: what came to the date afterwards' }),
    financialFen: Fen('Debits of the financial book, and its credits.'),
    budgetFen: Fen('The same of the budget book.'),
    erpNo: nullable(Type.String({ description: 'Its number in the accounting system' })),
    madeAt: Instant,
  },
  { $id: 'Voucher' },
)

export const LineView = Type.Object(
  {
    lineNo: Type.Integer(),
    subject: Type.String(),
    aux: Type.Record(Type.String(), Type.String()),
    summary: Type.String(),
    debitFen: Fen('Zero on a credit line.'),
    creditFen: Fen('Zero on a debit line.'),
  },
  { $id: 'VoucherLine' },
)

export const SourceView = Type.Object(
  {
    key: Type.String({ description: 'For the next page' }),
    entryId: Uuid,
    transferNo: Type.Integer(),
    amountFen: Fen('Of the transfer, in this line.'),
    cause: Type.String(),
    subject: Type.String({ description: 'What it is about: payment:<id>' }),
  },
  { $id: 'VoucherSource' },
)

export const NewExport = Type.Object(
  {
    layout: Type.String({
      pattern: '^[a-z][a-z0-9_-]{0,29}$',
      description: 'json, u8, kingdee, or one of the hospital’s own',
    }),
    from: Day,
    to: Day,
    onlyUnacknowledged: Type.Boolean({ default: false }),
  },
  strict,
)

export const ExportView = Type.Object(
  {
    id: Uuid,
    layout: Type.String(),
    from: Day,
    to: Day,
    vouchers: Type.Integer(),
    digest: Type.String({ description: 'SHA-256 of the file, in hexadecimal' }),
    bytes: Type.Integer(),
    madeBy: Type.String(),
    madeAt: Instant,
  },
  { $id: 'VoucherExport' },
)

export const NewAcknowledgements = Type.Object(
  {
    vouchers: Type.Array(
      Type.Object({ voucherId: Uuid, erpNo: Type.String({ minLength: 1, maxLength: 60 }) }, strict),
      { minItems: 1, maxItems: 1_000 },
    ),
  },
  strict,
)
