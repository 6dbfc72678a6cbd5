import Type from 'typebox'

import { Instant, nullable, Uuid } from '../../../platform/http/schemas.ts'
import type { CollectionRow, ReceivedRow } from '../tables.ts'

const Amount = Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Fen, 1/100 yuan' })
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })

export const Number30 = Type.String({ pattern: '^[0-9A-Z]{30}$' })

export const CollectionView = Type.Object(
  {
    number: Number30,
    loanId: nullable(Uuid),
    visitId: nullable(Type.String({ format: 'uuid', description: 'Paid before it is settled' })),
    personId: Type.String({ format: 'uuid', description: 'Who pays' }),
    source: Type.Enum(['debit', 'payer', 'family', 'recovery']),
    amountFen: Amount,
    requestedAt: Instant,
    expiresAt: nullable(
      Type.String({ format: 'date-time', description: 'Taken back if nothing is heard by then' }),
    ),
  },
  { $id: 'CreditCollection' },
)

export const ReceivedView = Type.Object(
  {
    reference: Type.String(),
    bookedAs: Type.Enum(['announced', 'repayment', 'owed_to_payer'], {
      description: 'owed_to_payer: nobody owes it any more',
    }),
    amountFen: Amount,
    loanId: nullable(Uuid),
    receivedAt: Instant,
  },
  { $id: 'CreditReceived' },
)

export const NewReceived = Type.Object(
  {
    reference: Type.String({
      minLength: 1,
      maxLength: 50,
      pattern: '^[!-~]+$',
      description: 'The lender’s own number of it: told again, it is the same money',
    }),
    number: Type.Optional(Number30),
    loanId: Type.Optional(Uuid),
    amountFen: Amount,
    receivedAt: Instant,
    payer: Type.Enum(['self', 'family']),
  },
  { additionalProperties: false },
)

export const Refusal = Type.Object({ reason: Text(200) }, { additionalProperties: false })

export const viewOfCollection = (row: CollectionRow): Type.Static<typeof CollectionView> => ({
  number: row.number,
  loanId: row.loan_id,
  visitId: row.visit_id,
  personId: row.payer_id,
  source: row.source,
  amountFen: row.amount_fen,
  requestedAt: row.requested_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
})

export const viewOfReceived = (row: ReceivedRow): Type.Static<typeof ReceivedView> => ({
  reference: row.reference,
  bookedAs: row.booked_as,
  amountFen: row.amount_fen,
  loanId: row.loan_id,
  receivedAt: row.received_at.toISOString(),
})
