import type { HospitalId, Id } from '../../kernel/id.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { ClaimLine, ClaimStatus, Settlement } from './claim.ts'
import { insuranceErrors } from './errors.ts'
import type { Figures } from './figures.ts'
import { findSettlement, settlementsOf } from './settlement-store.ts'
import { findClaim, linesOf } from './store.ts'

/** Why the insurance pays what it pays, for the payer: the whole and each line. Amounts in fen. */
export type Explanation = {
  status: ClaimStatus
  insutype: string | null
  useAccount: boolean
  /** Null until the centre has quoted. Of the settlement that stands, or else of the latest quote. */
  totals: Figures | null
  lines: Omit<ClaimLine, 'batchSeq' | 'lineId'>[]
}

/** What the centre was told and said about one payment, for the hospital's staff. */
export type ClaimRecord = {
  status: ClaimStatus
  mdtrtId: string | null
  settledMsgid: string | null
  declineReason: string | null
  settlements: Pick<
    Settlement,
    'msgid' | 'kind' | 'status' | 'setlId' | 'figures' | 'sentAt' | 'settledAt'
  >[]
}

/** A claim whose settlement stands, for holding an estimate against it. */
export type SettledClaim = {
  personId: Id<'Person'>
  insutype: string
  useAccount: boolean
  billNos: string[]
  msgid: string
  figures: Figures
  sentAt: Date
  settledAt: Date
}

/** Errors: the first two throw insurance.claim_not_found for a payment that never asked the insurance. */
export function createReads({ db }: { db: Db }) {
  return { explain, claimRecord, settledClaim }

  /** Null for a payment without a claim, or whose claim is not settled. */
  async function settledClaim(
    hospitalId: HospitalId,
    paymentId: Id<'Payment'>,
  ): Promise<SettledClaim | null> {
    return inHospital(db, hospitalId, async (tx) => {
      const claim = await findClaim(tx, hospitalId, paymentId)
      if (claim?.status !== 'settled' || claim.settledMsgid === null) return null
      const made = await findSettlement(tx, hospitalId, claim.settledMsgid)
      if (!made?.figures || made.settledAt === null) return null
      const { msgid, figures, insutype, sentAt, settledAt } = made
      const { personId, useAccount, bills } = claim
      const billNos = bills.map(({ billNo }) => billNo)
      return { personId, useAccount, billNos, msgid, figures, insutype, sentAt, settledAt }
    })
  }

  async function explain(hospitalId: HospitalId, paymentId: Id<'Payment'>): Promise<Explanation> {
    return inHospital(db, hospitalId, async (tx) => {
      const claim = await findClaim(tx, hospitalId, paymentId)
      if (!claim) throw insuranceErrors.claim_not_found({ paymentId })
      const { id, batchSeq, status, insutype, useAccount, figures } = claim
      const lines = await linesOf(tx, hospitalId, id, batchSeq)
      return {
        status,
        insutype,
        useAccount,
        totals: figures,
        lines: lines.map(({ batchSeq: _batch, lineId: _id, ...line }) => line),
      }
    })
  }

  async function claimRecord(
    hospitalId: HospitalId,
    paymentId: Id<'Payment'>,
  ): Promise<ClaimRecord> {
    return inHospital(db, hospitalId, async (tx) => {
      const claim = await findClaim(tx, hospitalId, paymentId)
      if (!claim) throw insuranceErrors.claim_not_found({ paymentId })
      const { id, status, mdtrtId, settledMsgid, declineReason } = claim
      const settlements = await settlementsOf(tx, hospitalId, id)
      return {
        status,
        mdtrtId,
        settledMsgid,
        declineReason,
        settlements: settlements.map(
          ({ msgid, kind, status: outcome, setlId, figures, sentAt, settledAt }) => ({
            msgid,
            kind,
            status: outcome,
            setlId,
            figures,
            sentAt,
            settledAt,
          }),
        ),
      }
    })
  }
}
