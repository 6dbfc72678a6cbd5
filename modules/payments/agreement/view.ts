import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import type { MachineDependencies } from '../dependencies.ts'
import { paymentErrors } from '../errors.ts'
import type { PersonId } from '../payment.ts'
import { type Agreement, type AgreementId, isChargeable } from './agreement.ts'
import { agreementsOf, findOwnAgreement, usedFenOn } from './store.ts'

/** What the payer is shown of one. The provider's number is masked: nobody needs more of it than to recognise it. */
function viewOfAgreement(agreement: Agreement, usedFen: Fen, now: Date) {
  const { limits, agreementNo } = agreement
  const leftFen = Math.max(0, limits.perDayFen - usedFen)
  return {
    id: agreement.id,
    hospitalId: agreement.hospitalId,
    channel: agreement.channel,
    state: stateOf(agreement),
    limitPerPaymentFen: limits.perPaymentFen,
    limitPerDayFen: limits.perDayFen,
    usedTodayFen: usedFen,
    leftTodayFen: isChargeable(agreement, now) ? fen(leftFen) : fen(0),
    agreementNo: agreementNo && `****${agreementNo.slice(-SHOWN_DIGITS)}`,
    endReason: agreement.endReason,
    createdAt: agreement.createdAt.toISOString(),
    signedAt: agreement.signedAt?.toISOString() ?? null,
    validUntil: agreement.validUntil?.toISOString() ?? null,
    revokedAt: agreement.revokedAt?.toISOString() ?? null,
  }
}

export function agreementView(
  { db, clock }: Pick<MachineDependencies, 'db' | 'clock'>,
  hospitalId: HospitalId,
  personId: PersonId,
  id: AgreementId,
) {
  return inHospital(db, hospitalId, async (tx) => {
    const agreement = await findOwnAgreement(tx, hospitalId, personId, id)
    if (!agreement) throw paymentErrors.agreement_not_found({ id })
    const now = clock.now()
    return viewOfAgreement(agreement, await usedFenOn(tx, agreement, now), now)
  })
}

/** Those of the person at the hospital, the newest first. */
export function listAgreements(
  { db, clock }: { db: Db; clock: MachineDependencies['clock'] },
  hospitalId: HospitalId,
  personId: PersonId,
) {
  return inHospital(db, hospitalId, async (tx) => {
    const now = clock.now()
    const views = []
    // A person has a few at a hospital, and each is looked up by its key.
    for (const agreement of await agreementsOf(tx, hospitalId, personId)) {
      views.push(viewOfAgreement(agreement, await usedFenOn(tx, agreement, now), now))
    }
    return views
  })
}

const SHOWN_DIGITS = 4

const stateOf = ({ status, revokeRequestedAt }: Agreement) =>
  status === 'unknown' && revokeRequestedAt !== null ? ('revoking' as const) : status
