import { assert } from '../../kernel/assert.ts'
import { addFen, type Fen, subtractFen } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Ledger, Transfer } from '../ledger/index.ts'
import {
  COLLECTED,
  drawsAt,
  LOAN_PRINCIPAL,
  OWED_TO_PAYERS,
  owedToHospital,
  RECOVERED,
} from './books.ts'
import type { Draw, Reversal } from './draw.ts'
import type { LenderId } from './terms.ts'
import type { CreditVisit } from './visit.ts'

// An entry of the lender's book for every step: a draw, its reversal, a settlement, an early payment.

/** The lender owes the hospital what somebody drew there. */
export const postDraw = (ledger: Ledger, tx: Tx, draw: Draw): Promise<void> =>
  post(ledger, tx, {
    ...factOf(draw, draw.drawnAt),
    cause: `draw:${draw.drawNo}`,
    memo: `drawn ${draw.drawNo}`,
    transfers: [
      {
        debit: drawsAt(draw.careHospitalId),
        credit: owedToHospital(draw.careHospitalId),
        amountFen: draw.amountFen,
      },
    ],
  })

/** Draws become one loan. */
export const postSettlement = (ledger: Ledger, tx: Tx, settled: SettledDraws): Promise<void> =>
  post(ledger, tx, {
    lenderId: settled.lenderId,
    at: settled.at,
    subject: settled.subject,
    cause: `settlement:${settled.subject}`,
    memo: 'settled into one loan',
    transfers: [
      {
        debit: LOAN_PRINCIPAL,
        credit: drawsAt(settled.careHospitalId),
        amountFen: settled.amountFen,
      },
    ],
  })

type SettledDraws = Pick<Draw, 'lenderId' | 'careHospitalId' | 'amountFen'> & {
  subject: string
  at: Date
}

/** The draws of the visit were paid before they became a loan. */
export const postEarlyPayment = (
  ledger: Ledger,
  tx: Tx,
  visit: CreditVisit,
  { amountFen, at }: { amountFen: Fen; at: Date },
): Promise<void> =>
  post(ledger, tx, {
    lenderId: visit.lenderId,
    at,
    subject: `visit:${visit.id}`,
    cause: `settlement:visit:${visit.id}`,
    memo: 'paid by the payer before the settlement',
    transfers: [{ debit: COLLECTED, credit: drawsAt(visit.careHospitalId), amountFen }],
  })

/** What a reversal comes off: draws not settled, a loan's principal, one given up, or what the payer had repaid. */
export type ReversalShares = { drawsFen: Fen; principalFen: Fen; recoveredFen: Fen }

/** What the payer had repaid before it was given back. */
export const payersShareOf = (
  { amountFen }: Reversal,
  { drawsFen, principalFen, recoveredFen }: ReversalShares,
): Fen => subtractFen(amountFen, addFen(drawsFen, principalFen, recoveredFen))

export async function postReversal(
  ledger: Ledger,
  tx: Tx,
  reversal: Reversal,
  shares: ReversalShares,
): Promise<void> {
  const { drawsFen, principalFen, recoveredFen } = shares
  const debit = owedToHospital(reversal.careHospitalId)
  const transfers: Transfer[] = [
    { debit, credit: drawsAt(reversal.careHospitalId), amountFen: drawsFen },
    { debit, credit: LOAN_PRINCIPAL, amountFen: principalFen },
    { debit, credit: RECOVERED, amountFen: recoveredFen },
    { debit, credit: OWED_TO_PAYERS, amountFen: payersShareOf(reversal, shares) },
  ]
  await post(ledger, tx, {
    ...factOf(reversal, reversal.doneAt),
    cause: `reversal:${reversal.reversalNo}`,
    memo: `returned ${reversal.reversalNo}`,
    transfers: transfers.filter(({ amountFen }) => amountFen > 0),
  })
}

function factOf({ lenderId, drawNo }: { lenderId: LenderId; drawNo: string }, at: Date | null) {
  assert(at, `draw ${drawNo} has a moment`)
  return { lenderId, at, subject: `draw:${drawNo}` }
}

async function post(ledger: Ledger, tx: Tx, fact: Fact): Promise<void> {
  const { lenderId, at, ...entry } = fact
  const businessDate = businessDateOf(at)
  const posted = await ledger.post(tx, { hospitalId: lenderId, businessDate, ...entry })
  assert(posted.outcome !== 'exists_with_different', `"${fact.cause}" is posted once`)
}

type Fact = {
  lenderId: LenderId
  at: Date
  subject: string
  cause: string
  memo: string
  transfers: Transfer[]
}
