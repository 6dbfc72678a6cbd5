import { AppError } from '../../kernel/error.ts'
import { addFen, type Fen, fen, minFen, subtractFen, ZERO } from '../../kernel/money.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type {
  Payable,
  ProviderCall,
  QuoteAnswer,
  QuoteReason,
  QuoteRequest,
} from '../payments/index.ts'
import type { CreditDependencies } from './dependencies.ts'
import { findProduct, type LenderEntry, listLenders } from './lender-store.ts'
import { findHospitalLimit, findLine } from './line-store.ts'
import { type CreditLine, freeFen } from './line.ts'
import { followAuthority } from './lines.ts'
import { offerOf } from './offers.ts'
import { referenceOf } from './reference.ts'
import type { Product, Scene } from './terms.ts'
import { findOpenVisit } from './visit-store.ts'
import type { CreditVisit } from './visit.ts'

/**
 * Offers what of the bill is left, up to what both limits have: without a word in a visit that is agreed, and else when
 * the payer wants it. Promises nothing yet.
 */
export const createQuote =
  (deps: CreditDependencies) =>
  async (call: ProviderCall, request: QuoteRequest): Promise<QuoteAnswer> => {
    if (request.wanted === false) return notAvailable('not_wanted', 'the payer does not want it')
    const found = await findCredit(deps, call, request)
    if (found === null) return notAvailable('no_line', 'the person has no line with a lender here')
    if (typeof found === 'string') return notAvailable(found, `credit is not offered: ${found}`)
    const { leftFen } = await request.left
    const amountFen = minFen(leftFen, found.availableFen)
    if (amountFen <= 0) {
      return leftFen <= 0
        ? notAvailable('nothing_left', 'others pay all of it')
        : notAvailable('limit_used', 'nothing of the limit is left')
    }
    return {
      outcome: 'quoted',
      parts: [{ kind: 'credit', amountFen }],
      quoteReference: referenceOf(found.line, found.visit?.id ?? null, sceneOf(request.payables)),
      reasons: reasonsOf(deps, found, amountFen),
    }
  }

/** With the first lender at which the person has something to draw for this bill; else why not. */
async function findCredit(
  deps: CreditDependencies,
  call: ProviderCall,
  request: QuoteRequest,
): Promise<Found | Refused | null> {
  let refused: Refused | null = null
  for (const lender of await listLenders(deps.db)) {
    if (lender.status !== 'active') continue
    const found = await lookAt(deps, call, lender, request)
    if (found === null) continue
    if (typeof found !== 'string') return found
    refused ??= found
  }
  return refused
}

async function lookAt(
  deps: CreditDependencies,
  call: ProviderCall,
  lender: LenderEntry,
  request: QuoteRequest,
): Promise<Found | Refused | null> {
  const { lenderId } = lender
  const line = await inHospital(deps.db, lenderId, (tx) =>
    findLine(tx, lenderId, { personId: request.personId }),
  )
  if (!line || line.status === 'ended') return null
  if (lender.form === 'bank_api') await followAuthority(deps, call, line)
  return inHospital(deps.db, lenderId, (tx) => availableTo(deps, tx, line, request))
}

async function availableTo(
  { clock }: CreditDependencies,
  tx: Tx,
  { lenderId, id }: CreditLine,
  { personId, hospitalId, payables, wanted }: QuoteRequest,
): Promise<Found | Refused | null> {
  const line = await findLine(tx, lenderId, { id })
  const limit = await findHospitalLimit(tx, lenderId, hospitalId)
  if (!line || !limit) return null
  const visitNo = payables[0]?.visitNo ?? ''
  const bill = { personId, careHospitalId: hospitalId, visitNo, now: clock.now() }
  const visit = await findOpenVisit(tx, lenderId, bill)
  if (!visit && wanted !== true) return 'not_agreed'
  const product = await findProduct(tx, lenderId, line.productId)
  if (!product?.scenes.includes(sceneOf(payables))) return 'scene_not_covered'
  if (!visit && line.status !== 'active') return 'line_suspended'
  const atHospitalFen = fen(Math.max(0, limit.limitFen - limit.usedFen))
  const promisedFen = visit?.unusedFen ?? ZERO
  const availableFen = addFen(promisedFen, minFen(freeFen(line), atHospitalFen))
  return { line, visit, product, availableFen }
}

/** A bill of a stay is told by the visit's being one; all other bills by their own kind. */
const sceneOf = (payables: readonly Payable[]): Scene => payables[0]?.kind ?? 'outpatient'

/** What is left of the limit, when it is to be repaid, and at which rate a year, as the rule of 2021 asks. */
function reasonsOf(
  { clock }: CreditDependencies,
  { line, visit, product, availableFen }: Found,
  amountFen: Fen,
): QuoteReason[] {
  const on = businessDateOf(clock.now())
  const way = visit?.way ?? line.way
  const dueOn = addDays(on, product.freeDays)
  const reasons: QuoteReason[] = [
    {
      code: visit ? 'credit_visit' : 'credit_single',
      params: { lenderId: line.lenderId, amountFen },
    },
    { code: 'credit_left', params: { leftFen: subtractFen(availableFen, amountFen) } },
    { code: 'credit_free_until', params: { dueOn, freeDays: product.freeDays } },
  ]
  return [...reasons, ...rateReasons(product, way, { principalFen: amountFen, on })]
}

function rateReasons(
  product: Product,
  way: CreditVisit['way'],
  about: Parameters<typeof offerOf>[2],
): QuoteReason[] {
  try {
    const offer = offerOf(product, way, about)
    if (!offer) return []
    const { disclosure, shownPpm } = offer.apr
    return [
      { code: `credit_${disclosure}`, params: { ppm: shownPpm, costFen: offer.costFen, way } },
    ]
  } catch (error) {
    // An amount too small for so many instalments is lent all the same, and settled with others of the visit.
    if (error instanceof AppError) return []
    throw error
  }
}

const notAvailable = (code: string, reason: string): QuoteAnswer => ({
  outcome: 'not_available',
  code,
  reason,
})

type Refused = 'not_agreed' | 'scene_not_covered' | 'line_suspended'

type Found = {
  line: CreditLine
  visit: CreditVisit | null
  product: Product
  availableFen: Fen
}
