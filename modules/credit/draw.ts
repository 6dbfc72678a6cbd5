import type { HospitalId, Id } from '../../kernel/id.ts'
import { type Fen, subtractFen } from '../../kernel/money.ts'
import type { CreditVisitId, LenderId, LineId, LoanId, PersonId, Scene } from './terms.ts'

/**
 *   held ──charge──▶ drawing ──▶ drawn      the lender has lent it; nothing undoes this but a reversal
 *     │                 │
 *     └──▶ released ◀───┤                   it will not be drawn any more
 *                       └──▶ refused        by the lender, or by a limit already when it was to be held
 */
export type DrawStatus = 'held' | 'drawing' | 'drawn' | 'released' | 'refused'

/** One charge by credit. */
export type Draw = {
  lenderId: LenderId
  /** The payment's own number for the charge. */
  drawNo: string
  lineId: LineId
  visitId: CreditVisitId | null
  personId: PersonId
  careHospitalId: HospitalId
  paymentId: Id<'Payment'>
  scene: Scene
  description: string
  amountFen: Fen
  /** How much of it the visit had promised to it: with the draw given up, the promise is the visit's again. */
  ofVisitFen: Fen
  status: DrawStatus
  refusal: string | null
  returnedFen: Fen
  lenderNo: string | null
  loanId: LoanId | null
  requestedAt: Date
  drawnAt: Date | null
}

/** What of a draw is still lent. */
export const standingFen = ({ amountFen, returnedFen }: Draw): Fen =>
  subtractFen(amountFen, returnedFen)

/** A part of a draw, or all of it, given back. Its number is the refund's. */
export type Reversal = {
  lenderId: LenderId
  reversalNo: string
  drawNo: string
  careHospitalId: HospitalId
  amountFen: Fen
  status: 'asking' | 'done' | 'refused'
  refusal: string | null
  lenderNo: string | null
  requestedAt: Date
  doneAt: Date | null
}
