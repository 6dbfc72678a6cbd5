import { AppError } from '../../kernel/error.ts'
import { type Fen, fen } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import type { AuditRow } from '../../platform/audit.ts'
import type {
  DeskApplication,
  DeskLine,
  DeskReview,
  LimitAtHospital,
  LinesInUse,
} from './desk-store.ts'
import { freeFen } from './line.ts'
import type { Offer } from './offer/offer.ts'
import { offerOf } from './offers.ts'
import type { Product, WayTerms } from './terms.ts'

// How a lender's staff are shown its book.

export const viewOfDeskLine = ({ id, createdAt, updatedAt, ...line }: DeskLine) => ({
  lineId: id,
  ...line,
  freeFen: freeFen(line),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

/** What has ended is counted by its status, and in no sum. */
export function viewOfLineUse(byStatus: readonly LinesInUse[]) {
  const open = byStatus.filter(({ status }) => status !== 'ended')
  const sum = (key: Exclude<keyof LinesInUse, 'status'>) =>
    open.reduce((all, row) => all + row[key], 0)
  return {
    all: {
      lines: sum('lines'),
      limitFen: sum('limitFen'),
      reservedFen: sum('reservedFen'),
      drawnFen: sum('drawnFen'),
    },
    byStatus: [...byStatus],
  }
}

export const viewOfHospital = (limit: LimitAtHospital) => ({
  hospitalId: limit.careHospitalId,
  limitFen: limit.limitFen,
  usedFen: limit.usedFen,
  freeFen: fen(Math.max(0, limit.limitFen - limit.usedFen)),
  updatedAt: limit.updatedAt.toISOString(),
})

export const viewOfLimitChange = ({ at, actor, detail }: AuditRow) => ({
  limitFen: Number(detail['limitFen'] ?? 0),
  reason: typeof detail['reason'] === 'string' ? detail['reason'] : null,
  actor,
  at: at.toISOString(),
})

export const viewOfDeskApplication = ({ decision, createdAt, ...row }: DeskApplication) => ({
  id: row.id,
  productId: row.productId,
  way: row.way,
  status: row.status,
  limitFen: row.limitFen,
  refusal: row.refusal,
  outcome: decision.outcome,
  score: decision.score,
  scorecard: decision.scorecard,
  reasons: decision.reasons,
  createdAt: createdAt.toISOString(),
})

/** `actor`: who reads it, and may not decide what they asked for or decided before. */
export function viewOfDeskReview({ review, application, deciders }: DeskReview, actor: string) {
  const obstacle =
    review.askedBy === actor ? 'asked' : deciders.includes(actor) ? 'decided_before' : null
  return {
    id: review.id,
    status: review.status,
    statement: review.statement,
    askedAt: review.askedAt.toISOString(),
    decidedBy: review.decidedBy,
    decidedAt: review.decidedAt?.toISOString() ?? null,
    reason: review.reason,
    limitFen: review.limitFen,
    obstacle: review.status === 'open' ? obstacle : null,
    application: viewOfDeskApplication(application),
  } as const
}

/** With the yearly rate of each way; a way that may not be offered says by which rule. */
export const viewOfDeskProduct = (product: Product, now: Date) => ({
  productId: product.id,
  kind: product.kind,
  name: product.name,
  status: product.status,
  leastFen: product.minLimitFen,
  mostFen: product.maxLimitFen,
  freeDays: product.freeDays,
  penaltyPpm: product.penaltyPpm,
  aprCapPpm: product.aprCapPpm,
  minAgeYears: product.minAgeYears,
  maxAgeYears: product.maxAgeYears,
  bands: product.bands.map(({ fromScore, limitFen }) => ({ fromScore, limitFen })),
  ways: product.ways.map((terms) => viewOfWay(product, terms, now)),
  consentVersion: product.consentVersion,
})

function viewOfWay(product: Product, { way, periods, yearlyRatePpm, feePpm }: WayTerms, now: Date) {
  const { offer, refusedBy } = tryOffer(product, way, product.minLimitFen, now)
  return {
    way,
    periods,
    yearlyRatePpm,
    feePpm,
    aprPpm: offer?.apr.shownPpm ?? null,
    aprSimplePpm: offer?.apr.simplePpm ?? null,
    aprCompoundPpm: offer?.apr.compoundPpm ?? null,
    refusedBy,
    example: offer && {
      principalFen: offer.principalFen,
      costFen: offer.costFen,
      totalFen: offer.totalFen,
    },
  }
}

function tryOffer(
  product: Product,
  way: WayTerms['way'],
  principalFen: Fen,
  now: Date,
): { offer: Offer | null; refusedBy: string | null } {
  try {
    return {
      offer: offerOf(product, way, { principalFen, on: businessDateOf(now) }),
      refusedBy: null,
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { offer: null, refusedBy: error.code }
  }
}
