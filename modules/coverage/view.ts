import type Type from 'typebox'

import { ZERO } from '../../kernel/money.ts'
import type { Claim } from './claim.ts'
import { type Consent, isInForce } from './consent.ts'
import type { Policy } from './insurer.ts'
import { type Product, productOf } from './product.ts'
import type { ClaimView, ConsentView, PolicyView } from './schemas.ts'

// What the routes of coverage give, made of what the module knows.

export const viewOfPolicy = (
  insurerCode: string,
  { policyNo, product, state, validFrom, validUntil, terms }: Policy,
  { verifiedAt, bound, products }: PolicyStanding,
): Type.Static<typeof PolicyView> => ({
  insurerCode,
  policyNo,
  productCode: product.code,
  productName: product.name,
  productKind: productOf(products, insurerCode, product.code).kind,
  state,
  validFrom,
  validUntil,
  waitingUntil: terms.waitingUntil,
  deductibleFen: terms.deductibleFen,
  deductibleUsedFen: terms.deductibleUsedFen,
  ratioPpm: terms.ratioPpm,
  capFen: terms.capFen,
  paidFen: terms.paidFen,
  verifiedAt: isoOrNull(verifiedAt),
  bound,
})

export const viewOfConsent = (consent: Consent, now: Date): Type.Static<typeof ConsentView> => ({
  id: consent.id,
  insurerCode: consent.insurerCode,
  purpose: consent.purpose,
  version: consent.version,
  scope: [...consent.scope],
  givenAt: consent.givenAt.toISOString(),
  expiresAt: consent.expiresAt.toISOString(),
  withdrawnAt: isoOrNull(consent.withdrawnAt),
  inForce: isInForce(consent, now),
})

export const viewOfClaim = (
  claim: Claim,
  { forOwner }: { forOwner: boolean },
): Type.Static<typeof ClaimView> => ({
  id: claim.id,
  paymentId: claim.paymentId,
  insurerCode: claim.insurerCode,
  policyNo: forOwner ? claim.policyNo : `****${claim.policyNo.slice(-4)}`,
  payFen: claim.payFen,
  owedFen: claim.status === 'refused' && claim.resolvedAt === null ? claim.payFen : ZERO,
  status: claim.status,
  dueBy: claim.dueBy.toISOString(),
  claimNo: claim.claimNo,
  sentKinds: [...claim.sentKinds],
  wanted: [...claim.wanted],
  reason: claim.reason,
  submittedAt: isoOrNull(claim.submittedAt),
  decidedAt: isoOrNull(claim.decidedAt),
  attention: claim.attention,
  resolution: claim.resolution,
  resolvedAt: isoOrNull(claim.resolvedAt),
  createdAt: claim.createdAt.toISOString(),
})

type PolicyStanding = {
  verifiedAt: Date | null
  bound: boolean
  /** The products whose kind is known. */
  products: readonly Product[]
}

const isoOrNull = (at: Date | null) => at && at.toISOString()
