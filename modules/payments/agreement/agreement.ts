import type { HospitalId, Id } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { PersonId } from '../payment.ts'
import type { AgreementLimits } from '../provider.ts'

export type AgreementId = Id<'Agreement'>

/** 免密: a payer lets small amounts be charged at one channel of one hospital without acting each time. */
export type Agreement = {
  readonly hospitalId: HospitalId
  readonly id: AgreementId
  readonly personId: PersonId
  readonly channel: string
  readonly status: AgreementStatus
  readonly limits: AgreementLimits
  readonly agreementNo: string | null
  readonly endReason: AgreementEnd | null
  readonly signedAt: Date | null
  readonly validUntil: Date | null
  readonly revokeRequestedAt: Date | null
  readonly revokedAt: Date | null
  /** When the signing that was begun counts as given up. */
  readonly expiresAt: Date
  readonly version: number
  readonly callNo: number
  readonly inCallUntil: Date | null
  readonly attempts: number
  readonly dueAt: Date | null
  readonly createdAt: Date
}

/**
 * signing: the payer was shown the way. active: the only one that is charged. unknown: whether it holds at the provider
 * is not known, and asked about until it is. revoked: it holds nowhere.
 */
export type AgreementStatus = 'signing' | 'active' | 'unknown' | 'revoked'

export type AgreementEnd = 'by_payer' | 'by_provider' | 'not_signed'

/** What stands in the way of charging so much by it; null when nothing does. `usedFen`: on that day, before this. */
export function obstacleTo(
  agreement: Agreement,
  { amountFen, usedFen, now }: { amountFen: Fen; usedFen: Fen; now: Date },
): 'not_active' | 'over_payment_limit' | 'over_day_limit' | null {
  const { limits } = agreement
  if (!isChargeable(agreement, now)) return 'not_active'
  if (amountFen > limits.perPaymentFen) return 'over_payment_limit'
  return usedFen + amountFen > limits.perDayFen ? 'over_day_limit' : null
}

export const isChargeable = (
  { status, agreementNo, revokeRequestedAt, validUntil }: Agreement,
  now: Date,
): boolean =>
  status === 'active' &&
  agreementNo !== null &&
  revokeRequestedAt === null &&
  (validUntil === null || now < validUntil)

/** Whether a payer may choose these limits: what one payment may be is within a day's, and both within the contract's. */
export const isWithin = (limits: AgreementLimits, most: AgreementLimits): boolean =>
  limits.perPaymentFen > 0 &&
  limits.perPaymentFen <= limits.perDayFen &&
  limits.perPaymentFen <= most.perPaymentFen &&
  limits.perDayFen <= most.perDayFen
