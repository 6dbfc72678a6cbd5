import { inHospital } from '../../platform/db.ts'
import type { ProviderCall } from '../payments/index.ts'
import { type Dependencies, msgidsOf } from './claim-work.ts'
import { canMoveSettlement, infnoOf, moveSettlement } from './claim.ts'
import { insuranceErrors } from './errors.ts'
import { findSettlement, updateSettlement } from './settlement-store.ts'
import { claimById } from './store.ts'

export type ReversalAnswer =
  | { outcome: 'reversed' }
  /** The centre has no such message in force: there is nothing to reverse any more. */
  | { outcome: 'nothing_there' }
  | { outcome: 'refused'; reason: string }
  | { outcome: 'unknown'; reason: string }

/**
 * 2601 for a settlement that only the centre has: how a 中心多 of the comparison is closed, by the msgid
 * it names.
 *
 * Errors: throws insurance.message_unknown for a msgid that is not ours (another system of the hospital
 * may have sent it), insurance.settlement_stands for one that is in our books, insurance.not_connected.
 */
export const createReversal =
  (deps: Dependencies) =>
  async (call: ProviderCall, msgid: string): Promise<ReversalAnswer> => {
    const { db, clock, centreOf } = deps
    const { hospitalId, trace } = call
    const centre = await centreOf(hospitalId)
    if (!centre) throw insuranceErrors.not_connected({ hospitalId })
    const { settlement, claim } = await inHospital(db, hospitalId, async (tx) => {
      const found = await findSettlement(tx, hospitalId, msgid)
      if (!found) throw insuranceErrors.message_unknown({ msgid })
      return { settlement: found, claim: await claimById(tx, hospitalId, found.claimId) }
    })
    if (settlement.status === 'done') throw insuranceErrors.settlement_stands({ msgid })

    const answer = await centre.reverse(
      {
        msgid: await msgidsOf(db, clock, hospitalId, centre)(),
        insuredRegion: claim?.insuredRegion ?? null,
        trace,
        signal: null,
      },
      { psnNo: settlement.psnNo, msgid, infno: infnoOf(settlement) },
    )
    if (answer.outcome === 'refused') return { outcome: 'refused', reason: answer.message }
    if (answer.outcome === 'unknown') return answer
    if (!answer.data.reversed) return { outcome: 'nothing_there' }
    await inHospital(db, hospitalId, async (tx) => {
      const now = await findSettlement(tx, hospitalId, msgid)
      // One that is still in doubt stays so: whoever works on its claim finds it void by the same question.
      if (now && now.status !== 'sent' && canMoveSettlement(now, 'reversed')) {
        await updateSettlement(tx, moveSettlement(now, 'reversed'))
      }
    })
    return { outcome: 'reversed' }
  }
