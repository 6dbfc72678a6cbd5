import { AppError } from '../../kernel/error.ts'
import { ZERO } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import type { Billing } from '../../modules/billing/index.ts'
import type { CreditVisit } from '../../modules/credit/index.ts'
import type { Payable, PaymentId, Payments } from '../../modules/payments/index.ts'
import type { Platform } from '../../platform/context.ts'
import { systemActor } from '../../platform/principal.ts'

/** For whom the hub pays: a person who agreed to it for this visit. */
const ACTOR = systemActor('credit-visit')
const MOST_KEPT = 100_000

/**
 * Pays the bills of a visit that is agreed on credit, without a tap of the person: the insurance its part, the line the
 * rest. Bills of which something would be left to the payer stay open for them to see, and are not planned again until
 * they change.
 */
export function createVisitBills({ newId }: Pick<Platform, 'newId'>, hub: Parts) {
  const leftAlone = new Map<string, string>()
  return { payBillsOf }

  /** Returns how many payments were begun. Errors: throws what billing and payments throw; nothing is lost by it. */
  async function payBillsOf(visit: CreditVisit): Promise<number> {
    const { bills, stale } = await hub.billing.openBills(visit.careHospitalId, visit.personId)
    if (stale) return 0
    const own = bills.filter((bill) => isOf(visit, bill))
    let begun = 0
    for (const group of byVisitNo(own)) if (await payTogether(visit, group)) begun += 1
    return begun
  }

  async function payTogether(visit: CreditVisit, bills: readonly Payable[]): Promise<boolean> {
    const what = bills.map(({ billNo, version }) => `${billNo}@${version}`).join(' ')
    // An agreement for a day may have several visits of the hospital's, each with bills of its own.
    const whose = `${visit.id} ${bills[0]?.visitNo}`
    if (leftAlone.get(whose) === what) return false
    const planned = await plan(visit, bills)
    if (planned) return agree(visit, planned)
    if (leftAlone.size >= MOST_KEPT) leftAlone.clear()
    leftAlone.set(whose, what)
    return false
  }

  /** Null when something would be left to the payer. */
  async function plan(visit: CreditVisit, bills: readonly Payable[]): Promise<PaymentId | null> {
    const { careHospitalId: hospitalId, personId } = visit
    const paymentId = newId<'Payment'>()
    const references = bills.map(({ billNo, version }) => ({ billNo, version }))
    // What the person has in their account is used before they owe somebody.
    const wish = { hospitalId, personId, paymentId, bills: references, useAccount: true }
    try {
      await hub.payments.quote(wish, ACTOR)
    } catch (error) {
      // As when what is left could be paid by no channel.
      if (error instanceof AppError) return null
      throw error
    }
    const tenders = await hub.payments.tendersOf(hospitalId, paymentId)
    return tenders.every(({ phase }) => phase !== 'payer') ? paymentId : null
  }

  async function agree(visit: CreditVisit, paymentId: PaymentId): Promise<boolean> {
    const { careHospitalId, personId } = visit
    const consent = { payFen: ZERO, presence: null }
    try {
      await hub.payments.confirm(careHospitalId, personId, paymentId, consent, ACTOR)
      return true
    } catch (error) {
      // The person was faster, or the bill has changed: it is looked at again.
      if (error instanceof AppError) return false
      throw error
    }
  }
}

/** An agreement for all visits of a day is for what was billed on it, and not for older debts. */
const isOf = ({ visitNo, day }: CreditVisit, bill: Payable): boolean =>
  visitNo === null ? businessDateOf(bill.billedAt) === day : bill.visitNo === visitNo

function byVisitNo(bills: readonly Payable[]): Payable[][] {
  const groups = new Map<string, Payable[]>()
  for (const bill of bills) groups.set(bill.visitNo, [...(groups.get(bill.visitNo) ?? []), bill])
  return [...groups.values()].map((group) => group.slice(0, MOST_BILLS))
}

// As many as a payment may have; the rest has its turn after them.
const MOST_BILLS = 20

type Parts = {
  billing: Pick<Billing, 'openBills'>
  payments: Pick<Payments, 'quote' | 'confirm' | 'tendersOf'>
}
