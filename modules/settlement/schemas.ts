import Type from 'typebox'

import { Day, Fen, HospitalParam, Instant, nullable, strict } from '../../platform/http/schemas.ts'
import { termsView } from '../../platform/terms/schemas.ts'
import { CalendarTerms, ContractTerms } from './contract.ts'

// What the routes of settlement take and give, as JSON Schema.

const Account = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$' })
const Provider = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,29}$' })
const BankRef = Type.String({ pattern: '^[!-~]{1,64}$' })
const SignedFen = Type.Integer({
  minimum: -10_000_000_000,
  maximum: 10_000_000_000,
  description: 'Fen, not zero; below it the bank took it from the account',
})

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfBatch = Type.Object({ hospitalId: HospitalParam, provider: Provider, date: Day })

const Kind = Type.Enum(['contract', 'calendar'])

export const TermsQuery = Type.Object({ kind: Kind })
export const RangeQuery = Type.Object({ from: Day, to: Day })
export const ReceiptsQuery = Type.Object({
  from: Day,
  to: Day,
  onlyUnexplained: Type.Boolean({ default: false, description: 'The work list' }),
})
export const BatchQuery = Type.Object({ afterLine: Type.Integer({ minimum: 0, default: 0 }) })

export const NewTerms = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('contract'),
      name: Provider,
      validFrom: Day,
      content: ContractTerms,
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('calendar'),
      name: Type.String({ pattern: '^\\d{4}$' }),
      validFrom: Day,
      content: CalendarTerms,
    },
    strict,
  ),
])

export const TermsView = termsView('SettlementTerms', Kind)

export const BatchView = Type.Object(
  {
    provider: Type.String(),
    date: Day,
    version: Type.Integer(),
    status: Type.Enum(['no_contract', 'expected', 'received', 'short', 'over', 'late']),
    payoutFen: Fen('To be paid; below zero, taken back.'),
    receivedFen: Fen('Came.'),
    feeFen: Fen('As billed.'),
    contractFeeFen: Fen('As the contract has it.'),
    account: nullable(Type.String()),
    expectedOn: nullable(Day),
    lateOn: nullable(Type.String({ format: 'date', description: 'Later than this it is late' })),
    calendarKnown: Type.Boolean({ description: 'false: holidays of its year are not entered' }),
  },
  { $id: 'SettlementBatch' },
)

export const FeeDifferenceView = Type.Object(
  {
    lineNo: Type.Integer(),
    kind: Type.Enum(['charge', 'return']),
    ourNo: Type.String(),
    amountFen: Fen('Of the transaction.'),
    billedFen: Fen('Below zero: given back.'),
    contractFen: Fen('Below zero: to be given back.'),
  },
  { $id: 'SettlementFeeDifference' },
)

export const AllocationView = Type.Object(
  {
    account: Type.String(),
    bankRef: Type.String(),
    variant: Type.Integer(),
    amountFen: Fen('Of the receipt for this batch.'),
    rule: Type.Enum(['one_to_one', 'settlement_date', 'run', 'parts', 'lone', 'person']),
    actor: Type.String(),
    at: Instant,
  },
  { $id: 'SettlementAllocation' },
)

export const ReceiptView = Type.Object(
  {
    account: Type.String(),
    bankRef: Type.String(),
    variant: Type.Integer({ description: 'From 2 on: its number came before with other contents' }),
    amountFen: Fen('Below zero: the bank took it.'),
    allocatedFen: Fen('Of it, explained.'),
    bookedOn: Day,
    payer: Type.String(),
    memo: Type.String(),
    status: Type.Enum(['unexplained', 'received']),
    dueAt: Instant,
  },
  { $id: 'SettlementReceipt' },
)

export const NewReceipts = Type.Object(
  {
    account: Account,
    rows: Type.Array(
      Type.Object(
        {
          bankRef: BankRef,
          amountFen: Type.Union([
            Type.Integer({ minimum: 1, maximum: 10_000_000_000 }),
            Type.Integer({ minimum: -10_000_000_000, maximum: -1 }),
          ]),
          bookedOn: Day,
          payer: Type.String({ maxLength: 200 }),
          memo: Type.String({ maxLength: 400 }),
        },
        strict,
      ),
      { minItems: 1, maxItems: 1_000 },
    ),
  },
  strict,
)

export const RecordedView = Type.Object({
  bankRef: Type.String(),
  variant: Type.Integer(),
  outcome: Type.Enum(['recorded', 'known', 'variant']),
})

export const NewAssignment = Type.Object(
  {
    account: Account,
    bankRef: BankRef,
    variant: Type.Integer({ minimum: 1, maximum: 1_000 }),
    provider: Provider,
    date: Day,
    amountFen: SignedFen,
  },
  strict,
)

export const StandingView = Type.Object(
  {
    expectedFen: Fen('All batches.'),
    receivedFen: Fen('Of receipts, for batches.'),
    shortFen: Fen('Still to come.'),
    overFen: Fen('Came beyond what was expected.'),
    receiptsFen: Fen('All receipts.'),
    unexplainedFen: Fen('Of them, in suspense.'),
  },
  { $id: 'SettlementStanding' },
)

export const NewCustody = Type.Object(
  {
    account: Account,
    date: Day,
    balanceFen: Type.Integer({ minimum: -10_000_000_000, maximum: 100_000_000_000_000 }),
  },
  strict,
)

export const CustodyView = Type.Object(
  {
    date: Day,
    balanceFen: Fen('As the banks say.'),
    owedFen: Fen('To depositors, as the books say.'),
    differenceFen: Fen('Above zero: the banks have more.'),
    accounts: Type.Array(
      Type.Object({
        account: Type.String(),
        balanceFen: Fen('As its bank says.'),
        toldBy: Type.String(),
        toldAt: Instant,
      }),
    ),
  },
  { $id: 'SettlementCustodyDay' },
)
