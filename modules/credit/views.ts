import { addFen } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import type { Review } from './application-store.ts'
import type { Credit, ReviewedApplication } from './credit.ts'
import { type Draw, standingFen } from './draw.ts'
import type { LenderEntry } from './lender-store.ts'
import { type CreditLine, freeFen } from './line.ts'
import { offersOf } from './offers.ts'
import type { Product } from './terms.ts'
import type { CreditVisit } from './visit.ts'

// How the routes show what is kept.

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

export const viewOfLine = (line: CreditLine, name: LenderEntry['name']) => ({
  lenderId: line.lenderId,
  lender: name,
  lineId: line.id,
  productId: line.productId,
  way: line.way,
  status: line.status,
  limitFen: line.limitFen,
  reservedFen: line.reservedFen,
  drawnFen: line.drawnFen,
  freeFen: freeFen(line),
})

/** With the yearly rate of each way beside it, as the rule of 2021 asks of whoever shows a loan. */
export function viewOfOffer(
  product: Product,
  name: LenderEntry['name'],
  text: { zh: string; en: string },
  now: Date,
) {
  const about = { principalFen: product.minLimitFen, on: businessDateOf(now) }
  return {
    lenderId: product.lenderId,
    lender: name,
    productId: product.id,
    kind: product.kind,
    name: product.name,
    mostFen: product.maxLimitFen,
    leastFen: product.minLimitFen,
    freeDays: product.freeDays,
    scenes: [...product.scenes],
    ways: offersOf(product, about).map((offer, i) => ({
      way: product.ways[i]?.way ?? 'next_month',
      periods: product.ways[i]?.periods ?? 1,
      example: {
        principalFen: offer.principalFen,
        costFen: offer.costFen,
        totalFen: offer.totalFen,
      },
      aprPpm: offer.apr.shownPpm,
      disclosure: offer.apr.disclosure,
    })),
    consent: { version: product.consentVersion, text: { zh: text.zh, en: text.en } },
  }
}

const viewOfReviewParts = (review: Review) => ({
  id: review.id,
  status: review.status,
  statement: review.statement,
  askedAt: review.askedAt.toISOString(),
  decidedAt: iso(review.decidedAt),
  reason: review.reason,
  limitFen: review.limitFen,
})

export const viewOfApplication = (application: ReviewedApplication) => ({
  lenderId: application.lenderId,
  id: application.id,
  productId: application.productId,
  way: application.way,
  status: application.status,
  limitFen: application.limitFen,
  refusal: application.refusal,
  score: application.decision.score,
  scorecard: application.decision.scorecard,
  reasons: application.decision.reasons,
  createdAt: application.createdAt.toISOString(),
  reviews: application.reviews.map(viewOfReviewParts),
})

export async function viewOfVisit(credit: Credit, visit: CreditVisit) {
  const draws = await credit.drawsOf({ lenderId: visit.lenderId, visitId: visit.id })
  const drawn = draws.filter(({ status }) => status === 'drawn')
  return {
    lenderId: visit.lenderId,
    id: visit.id,
    hospitalId: visit.careHospitalId,
    visitNo: visit.visitNo,
    day: visit.day,
    way: visit.way,
    status: visit.status,
    endCause: visit.endCause,
    reservedFen: visit.reservedFen,
    drawnFen: addFen(...drawn.map(standingFen)),
    isStay: visit.isStay,
    endsAt: visit.endsAt.toISOString(),
    settledFen: visit.settledFen,
    settledAt: iso(visit.settledAt),
    loanId: visit.loanId,
    draws: draws.map(viewOfDraw),
  }
}

const viewOfDraw = ({ drawNo, description, status, amountFen, returnedFen, drawnAt }: Draw) => ({
  drawNo,
  description,
  status,
  amountFen,
  returnedFen,
  drawnAt: iso(drawnAt),
})
