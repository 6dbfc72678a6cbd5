import type { Fen } from '../../kernel/money.ts'
import { addDays, type BusinessDate } from '../../kernel/time.ts'
import { type LoanRules, USUAL_RULES } from './loan/loan.ts'
import { makeOffer, type Offer } from './offer/offer.ts'
import { type Product, type RepaymentWay, wayOf, type WayTerms } from './terms.ts'

export type OfferRules = Pick<LoanRules, 'dueRule' | 'disclosure'>

/**
 * What an amount lent on this day costs in one way of a product, as the loan itself will be made: instalments count
 * from the last free day. Null when the product has no such way. Errors: throws offer_above_cap and schedule_does_not_close.
 */
export function offerOf(
  product: Product,
  way: RepaymentWay,
  { principalFen, on }: { principalFen: Fen; on: BusinessDate },
  rules: OfferRules = USUAL_RULES,
): Offer | null {
  const terms = wayOf(product, way)
  return terms && offerInWay(product, terms, { principalFen, on }, rules)
}

/** The same for every way of the product. */
export const offersOf = (
  product: Product,
  about: { principalFen: Fen; on: BusinessDate },
  rules: OfferRules = USUAL_RULES,
): Offer[] => product.ways.map((terms) => offerInWay(product, terms, about, rules))

function offerInWay(
  product: Product,
  terms: WayTerms,
  { principalFen, on }: { principalFen: Fen; on: BusinessDate },
  { dueRule, disclosure }: OfferRules,
): Offer {
  const freeUntil = addDays(on, product.freeDays)
  const isSingle = terms.way === 'next_month'
  const free = { days: isSingle ? product.freeDays : 0, end: 'inclusive' as const }
  return makeOffer({
    principalFen,
    startOn: isSingle ? on : freeUntil,
    dueOn: freeUntil,
    terms: { way: terms, free, dueRule, aprCapPpm: product.aprCapPpm, disclosure },
  })
}
