import Type from 'typebox'

import { Day, Fen, HospitalParam, Instant, nullable } from '../../platform/http/schemas.ts'
import { AllocationView, BatchView, type ReceiptView } from './schemas.ts'

// What the routes of payouts take and give, as JSON Schema.

const Count = (description: string) => Type.Integer({ minimum: 0, description })
const Provider = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,29}$' })

export const OfReceipt = Type.Object({
  hospitalId: HospitalParam,
  account: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$' }),
  bankRef: Type.String({ pattern: '^[!-~]{1,64}$' }),
  variant: Type.Integer({ minimum: 1, maximum: 1_000 }),
})

const MOST_PAYOUTS_OF_A_PAGE = 200

export const PayoutsQuery = Type.Object({
  provider: Type.Optional(Provider),
  status: Type.Optional(
    Type.Enum(['open', 'no_contract', 'expected', 'received', 'short', 'over', 'late'], {
      description: 'open: money is still to come for it, or nobody knows how much',
    }),
  ),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  expectedOn: Type.Optional(Day),
  order: Type.Enum(['due', 'date'], {
    default: 'date',
    description: 'due: what is expected first comes first; date: the newest date comes first',
  }),
  after: Type.Optional(
    Type.String({
      pattern: '^[a-z][a-z0-9_-]{0,29}/\\d{4}-\\d{2}-\\d{2}$',
      description: 'Provider and date of the last one seen',
    }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: MOST_PAYOUTS_OF_A_PAGE, default: 50 }),
})

export const PayoutView = Type.Object(
  {
    ...BatchView.properties,
    chargeFen: Fen('Charges, as on the list.'),
    returnFen: Fen('Returns, as on the list.'),
  },
  { $id: 'SettlementPayout' },
)

export const PayoutSumView = Type.Object(
  {
    count: Count('Of batches that pass the filter, on whatever page'),
    chargeFen: Fen('Charges.'),
    returnFen: Fen('Returns.'),
    feeFen: Fen('As billed.'),
    payoutFen: Fen('To be paid.'),
    receivedFen: Fen('Came.'),
  },
  { $id: 'SettlementPayoutSum' },
)

export const ProviderStandingView = Type.Object(
  {
    provider: Type.String(),
    openCount: Count('Batches for which money is to come still'),
    openFen: Fen('Still to come.'),
    lateCount: Count('Of them, late'),
    lateFen: Fen('Of it, late.'),
    withoutContract: Count('Batches that no contract covers: what they come to is not known'),
    overFen: Fen('Came beyond what was expected.'),
    nextExpectedOn: nullable(Day),
  },
  { $id: 'SettlementProviderStanding' },
)

export const PayoutDayView = Type.Object(
  {
    expectedOn: Day,
    provider: Type.String(),
    count: Count('Batches'),
    openFen: Fen('Still to come.'),
    payoutFen: Fen('To be paid.'),
  },
  { $id: 'SettlementPayoutDay' },
)

export const BatchVersionView = Type.Object(
  {
    version: Type.Integer(),
    at: Instant,
    digest: Type.String({ description: 'Of the list and the contract, in hexadecimal' }),
    chargeFen: Fen('Charges, as on the list.'),
    returnFen: Fen('Returns, as on the list.'),
    feeFen: Fen('As billed.'),
    contractFeeFen: Fen('As the contract has it.'),
    payoutFen: Fen('To be paid.'),
    moves: Type.Array(
      Type.Object({
        name: Type.String({ description: 'part/<part>, fee/net, fee/gross or share/<party>' }),
        amountFen: Fen('Below zero the other way round.'),
      }),
      { description: 'What of it stands in the books' },
    ),
  },
  { $id: 'SettlementBatchVersion' },
)

export const ReceiptUseView = Type.Object(
  { ...AllocationView.properties, provider: Type.String(), date: Day },
  { $id: 'SettlementReceiptUse' },
)

export const ReceiptDetail = Type.Object({
  receipt: Type.Unsafe<Type.Static<typeof ReceiptView>>(Type.Ref('SettlementReceipt')),
  uses: Type.Array(
    Type.Unsafe<Type.Static<typeof ReceiptUseView>>(Type.Ref('SettlementReceiptUse')),
  ),
})
