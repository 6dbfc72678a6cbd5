import Type from 'typebox'

import { Day, Fen, Instant, nullable, Uuid } from '../../platform/http/schemas.ts'

// What the routes of the ledger take and give, as JSON Schema.

const HospitalParam = Type.Integer({ minimum: 1, maximum: 1_679_615 })
const Amount = Type.Integer({ description: 'Fen' })
const Kind = Type.Enum(['asset', 'liability', 'equity', 'income', 'expense'])
const Code = Type.String({ minLength: 1, maxLength: 80, examples: ['receivable/wechat/self_pay'] })

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfEntry = Type.Object({ hospitalId: HospitalParam, entryId: Uuid })

const MOST_ACCOUNTS = 500
const MOST_LINES = 500

export const ChartQuery = Type.Object({
  date: Type.Optional(Day),
  instant: Type.Optional(Instant),
  kind: Type.Optional(Kind),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 40,
      description: 'Stands in the code, in a name in Chinese or English, or in the subject',
    }),
  ),
  after: Type.Optional(Code),
  limit: Type.Integer({ minimum: 1, maximum: MOST_ACCOUNTS, default: 200 }),
})

export const DateQuery = Type.Object({ date: Type.Optional(Day) })

export const RangeQuery = Type.Object({ account: Code, from: Day, to: Day })

export const StatementQuery = Type.Object({
  account: Code,
  from: Day,
  to: Day,
  order: Type.Enum(['oldest', 'newest'], { default: 'newest' }),
  after: Type.Optional(
    Type.String({ maxLength: 80, description: 'The cursor of the page before' }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: MOST_LINES, default: 100 }),
})

const NameFields = Type.Object({
  code: Code,
  zh: nullable(Type.String({ description: 'Null for an account that the chart does not know' })),
  en: nullable(Type.String()),
  subjectCode: nullable(Type.String({ description: 'Of the Government Accounting System' })),
  subjectName: nullable(Type.String()),
  purpose: nullable(
    Type.String({
      description: 'The line of the chart',
      examples: ['receivable/{provider}/{part}'],
    }),
  ),
  owner: nullable(
    Type.String({ description: 'What stands for the braces', examples: ['wechat/self_pay'] }),
  ),
})

export const AccountNameView = Type.Object(NameFields.properties, { $id: 'LedgerAccountName' })
const NameRef = Type.Unsafe<Type.Static<typeof AccountNameView>>(Type.Ref('LedgerAccountName'))

export const AccountView = Type.Object(
  {
    ...NameFields.properties,
    kind: Kind,
    debitFen: Amount,
    creditFen: Amount,
    balanceFen: Fen('On the account’s own side: below zero it stands on the other'),
    heldFen: nullable(Fen('What is promised of it; null of the past')),
  },
  { $id: 'LedgerAccount' },
)

export const ChartView = Type.Object({
  items: Type.Array(Type.Unsafe<Type.Static<typeof AccountView>>(Type.Ref('LedgerAccount'))),
  next: nullable(Code),
})

const TrialFields = {
  accounts: Type.Integer(),
  debitFen: Amount,
  creditFen: Amount,
  debitBalanceFen: Amount,
  creditBalanceFen: Amount,
}

export const TrialBalanceView = Type.Object(
  {
    date: nullable(Day),
    kinds: Type.Array(Type.Object({ kind: Kind, ...TrialFields })),
    ...TrialFields,
    isBalanced: Type.Boolean({
      description: 'Debits are credits, in what moved and in what stands',
    }),
  },
  { $id: 'LedgerTrialBalance' },
)

const LineView = Type.Object({
  entryId: Uuid,
  lineNo: Type.Integer(),
  businessDate: Day,
  postedAt: Instant,
  cause: Type.String(),
  subject: Type.String(),
  memo: Type.String(),
  side: Type.Enum(['debit', 'credit']),
  counter: NameRef,
  amountFen: Amount,
  balanceFen: Fen('After this line, on the account’s own side'),
})

export const StatementView = Type.Object(
  {
    account: NameRef,
    kind: Kind,
    openingFen: Fen('Before the first date'),
    closingFen: Fen('At the end of the last date'),
    items: Type.Array(LineView),
    next: nullable(Type.String()),
  },
  { $id: 'LedgerStatement' },
)

export const BalancesView = Type.Object(
  {
    openingFen: Amount,
    items: Type.Array(
      Type.Object({ date: Day, debitFen: Amount, creditFen: Amount, balanceFen: Amount }),
      { description: 'The dates on which anything moved' },
    ),
  },
  { $id: 'LedgerBalances' },
)

export const EntryView = Type.Object(
  {
    id: Uuid,
    businessDate: Day,
    intendedDate: nullable(Day),
    postedAt: Instant,
    cause: Type.String({ description: 'The fact behind it, once in the hospital' }),
    subject: Type.String({ description: 'What it is about', examples: ['payment:0190…'] }),
    memo: Type.String(),
    transfers: Type.Array(
      Type.Object({ lineNo: Type.Integer(), debit: NameRef, credit: NameRef, amountFen: Amount }),
    ),
    holds: Type.Array(
      Type.Object({
        id: Uuid,
        cause: Type.String(),
        debit: NameRef,
        credit: NameRef,
        promisedFen: Amount,
        takenFen: Amount,
        heldAt: Instant,
        expiresAt: nullable(Instant),
        isEnded: Type.Boolean(),
      }),
    ),
  },
  { $id: 'LedgerEntry' },
)
