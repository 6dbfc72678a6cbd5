import { addFen, type Fen, fen, minFen, shareFen, subtractFen, ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { PayableLine, QuoteReason } from '../payments/index.ts'
import {
  type BenefitKind,
  type Entitlement,
  type EntitlementId,
  isRunning,
  type PackageTerms,
  type Programme,
  type ProgrammeId,
  type SubsidyTerms,
  type VoucherTerms,
} from './programme.ts'
import { type Facts, judge } from './rule.ts'

/** All that the plan of one payment depends on. */
export type Situation = {
  today: BusinessDate
  visitNo: string
  leftFen: Fen
  lines: readonly PlanLine[]
  facts: Facts
  programmes: readonly Programme[]
  /** The person's, active and valid today. */
  entitlements: readonly PlanEntitlement[]
  /** What the budgets have free, by programme. */
  freeFen: ReadonlyMap<ProgrammeId, Fen>
  /** What the person used, by `capKey`. */
  usedFen: ReadonlyMap<string, Fen>
}

export type PlanEntitlement = Pick<
  Entitlement,
  'id' | 'programmeId' | 'amountFen' | 'usedFen' | 'validUntil' | 'document' | 'items'
>

export type PlanLine = Pick<PayableLine, 'code' | 'chargeCategory' | 'quantity' | 'amountFen'>

export type Cap = { scope: string; mostFen: Fen }

/** What a payment takes of one programme, and what that rests on. */
export type PlannedUse = {
  kind: BenefitKind
  programmeId: ProgrammeId
  entitlementId: EntitlementId | null
  amountFen: Fen
  items: readonly { code: string; count: number }[]
  caps: readonly Cap[]
  grounds: { document: string | null; facts: Facts; by: string }
}

export type Plan = { uses: PlannedUse[]; reasons: QuoteReason[] }

export const capKey = (programmeId: ProgrammeId, scope: string) => `${programmeId} ${scope}`

/**
 * Pure: which benefits pay how much of what others leave. Packages first, then vouchers, the soonest to expire first,
 * then subsidies by position; of the subsidies that combine with no other, the one that pays most. What is left of a
 * bill is taken to be spread over its lines evenly, since insurers do not say of which lines they pay.
 */
export function planBenefits(situation: Situation): Plan {
  const plan: Plan = { uses: [], reasons: [] }
  const covered: CoveredUnits = new Map()
  for (const entitlement of situation.entitlements) {
    const programme = programmeOf(situation, entitlement)
    if (programme?.terms.kind === 'package') {
      usePackage(plan, situation, covered, { programme, terms: programme.terms, entitlement })
    }
  }
  const vouchers = situation.entitlements.toSorted(
    (a, b) => compare(a.validUntil, b.validUntil) || compare(a.id, b.id),
  )
  for (const entitlement of vouchers) {
    const programme = programmeOf(situation, entitlement)
    if (programme?.terms.kind === 'voucher') {
      useVoucher(plan, situation, { programme, terms: programme.terms, entitlement })
    }
  }
  useSubsidies(plan, situation)
  return plan
}

/** How many units of each line some package covers already. */
type CoveredUnits = Map<PlanLine, number>

type Of<Terms> = { programme: Programme; terms: Terms; entitlement: PlanEntitlement }

const leftAfter = (plan: Plan, { leftFen }: Situation): Fen =>
  subtractFen(leftFen, addFen(ZERO, ...plan.uses.map(({ amountFen }) => amountFen)))

function programmeOf({ programmes, today }: Situation, { programmeId }: PlanEntitlement) {
  return programmes.find((one) => one.id === programmeId && isRunning(one, today)) ?? null
}

function usePackage(
  plan: Plan,
  situation: Situation,
  units: CoveredUnits,
  { programme, terms, entitlement }: Of<PackageTerms>,
): void {
  const verdict = judge(terms.rule, situation.facts)
  if (!verdict.met) return void plan.reasons.push(unmet(programme, verdict))
  const covered = entitlement.items.map((item) => coverItem(item, situation.lines, units))
  const coveredFen = addFen(ZERO, ...covered.map(({ amountFen }) => amountFen))
  const items = covered.filter(({ count }) => count > 0).map(({ code, count }) => ({ code, count }))
  if (items.length === 0) return
  const leftFen = leftAfter(plan, situation)
  const amountFen = minFen(
    partOf(leftFen, coveredFen, situation.lines),
    freeOf(plan, situation, programme),
  )
  take(plan, situation, { programme, entitlement, amountFen, items, caps: [] })
}

/** How many of the bill's units of an item the package still covers, and what they cost. */
function coverItem(
  { code, most, used }: Entitlement['items'][number],
  lines: readonly PlanLine[],
  coveredUnits: CoveredUnits,
) {
  let count = 0
  let amountFen = ZERO
  for (const line of lines) {
    if (line.code !== code) continue
    // Half a unit begun is a unit used.
    const units = Math.ceil(line.quantity)
    const before = coveredUnits.get(line) ?? 0
    const covered = Math.min(units - before, most - used - count)
    if (covered <= 0) continue
    coveredUnits.set(line, before + covered)
    count += covered
    const share = (BigInt(line.amountFen) * BigInt(covered)) / BigInt(units)
    amountFen = addFen(amountFen, fen(Number(share)))
  }
  return { code, count, amountFen }
}

function useVoucher(
  plan: Plan,
  situation: Situation,
  { programme, terms, entitlement }: Of<VoucherTerms>,
) {
  const leftFen = leftAfter(plan, situation)
  if (leftFen < terms.leastBillFen) {
    const params = { ...named(programme), leastBillFen: terms.leastBillFen }
    return void plan.reasons.push({ code: 'benefit_bill_too_small', params })
  }
  const restFen = subtractFen(entitlement.amountFen ?? ZERO, entitlement.usedFen)
  const amountFen = minFen(restFen, coveredBy(terms.categories, leftFen, situation.lines))
  take(plan, situation, { programme, entitlement, amountFen, items: [], caps: [] })
}

function useSubsidies(plan: Plan, situation: Situation): void {
  const { programmes, today } = situation
  const candidates = programmes
    .flatMap((programme) => {
      const { terms } = programme
      return terms.kind === 'subsidy' && isRunning(programme, today) ? [{ programme, terms }] : []
    })
    .toSorted(
      (a, b) => a.terms.position - b.terms.position || compare(a.programme.id, b.programme.id),
    )
    .flatMap((one) => entitledTo(plan, situation, one))
  const [best] = candidates
    .filter(({ terms }) => !terms.combines)
    .toSorted((a, b) => payable(plan, situation, b) - payable(plan, situation, a))
  for (const candidate of candidates) {
    if (!candidate.terms.combines && candidate !== best) {
      plan.reasons.push({ code: 'benefit_not_combined', params: named(candidate.programme) })
      continue
    }
    const amountFen = payable(plan, situation, candidate)
    const isCapped = amountFen === 0 && leftAfter(plan, situation) > 0
    if (isCapped)
      plan.reasons.push({
        code: whyNothing(plan, situation, candidate),
        params: named(candidate.programme),
      })
    take(plan, situation, {
      ...candidate,
      amountFen,
      items: [],
      caps: capsOf(candidate.terms, situation),
    })
  }
}

type Candidate = { programme: Programme; terms: SubsidyTerms; entitlement: PlanEntitlement | null }

/** The programme with what entitles the person to it; nothing, and the reason in the plan, when they are not. */
function entitledTo(
  plan: Plan,
  { facts, entitlements }: Situation,
  { programme, terms }: Omit<Candidate, 'entitlement'>,
): Candidate[] {
  const verdict = judge(terms.rule, facts)
  if (!verdict.met) {
    plan.reasons.push(unmet(programme, verdict))
    return []
  }
  if (!terms.byGrant) return [{ programme, terms, entitlement: null }]
  const entitlement = entitlements.find(({ programmeId }) => programmeId === programme.id)
  if (entitlement) return [{ programme, terms, entitlement }]
  plan.reasons.push({ code: 'benefit_not_granted', params: named(programme) })
  return []
}

function payable(
  plan: Plan,
  situation: Situation,
  { programme, terms, entitlement }: Candidate,
): Fen {
  const baseFen = coveredBy(terms.categories, leftAfter(plan, situation), situation.lines)
  const restFen = entitlement?.amountFen
    ? [subtractFen(entitlement.amountFen, entitlement.usedFen)]
    : []
  const underCaps = capsOf(terms, situation).map(({ scope, mostFen }) =>
    subtractFen(mostFen, situation.usedFen.get(capKey(programme.id, scope)) ?? ZERO),
  )
  const limits = [...restFen, ...underCaps, freeOf(plan, situation, programme)]
  return fen(Math.max(0, Math.min(shareFen(baseFen, terms.sharePpm), ...limits)))
}

const whyNothing = (plan: Plan, situation: Situation, { programme }: Candidate): string =>
  freeOf(plan, situation, programme) <= 0 ? 'benefit_budget_used_up' : 'benefit_cap_reached'

const capsOf = (terms: SubsidyTerms, { today, visitNo }: Situation): Cap[] => [
  ...(terms.perVisitMostFen === null
    ? []
    : [{ scope: `visit:${visitNo}`, mostFen: terms.perVisitMostFen }]),
  ...(terms.perYearMostFen === null
    ? []
    : [{ scope: `year:${today.slice(0, 4)}`, mostFen: terms.perYearMostFen }]),
]

type Taking = Pick<PlannedUse, 'amountFen' | 'items' | 'caps'> & {
  programme: Programme
  entitlement: PlanEntitlement | null
}

function take(
  plan: Plan,
  { facts }: Situation,
  { programme, entitlement, amountFen, items, caps }: Taking,
) {
  if (amountFen <= 0 || programme.terms.kind === 'points') return
  const { kind } = programme.terms
  const grounds = {
    document: entitlement?.document ?? null,
    facts,
    by: entitlement ? `entitlement:${entitlement.id}` : 'rule',
  }
  const uses = { programmeId: programme.id, entitlementId: entitlement?.id ?? null, items, caps }
  plan.uses.push({ kind, ...uses, amountFen, grounds })
  plan.reasons.push({ code: `benefit_${kind}`, params: { ...named(programme), amountFen } })
}

/** Of a budget only what this very plan has not yet used; vouchers have theirs set aside. */
function freeOf(plan: Plan, { freeFen }: Situation, { id }: Programme): Fen {
  const here = plan.uses
    .filter(({ programmeId }) => programmeId === id)
    .map(({ amountFen }) => amountFen)
  return subtractFen(freeFen.get(id) ?? ZERO, addFen(ZERO, ...here))
}

function coveredBy(categories: readonly string[], leftFen: Fen, lines: readonly PlanLine[]): Fen {
  if (categories.length === 0) return leftFen
  const covered = lines.filter(({ chargeCategory }) => categories.includes(chargeCategory))
  return partOf(leftFen, addFen(ZERO, ...covered.map(({ amountFen }) => amountFen)), lines)
}

function partOf(leftFen: Fen, coveredFen: Fen, lines: readonly PlanLine[]): Fen {
  const allFen = addFen(ZERO, ...lines.map(({ amountFen }) => amountFen))
  if (allFen <= 0) return ZERO
  return minFen(leftFen, fen(Number((BigInt(leftFen) * BigInt(coveredFen)) / BigInt(allFen))))
}

/** As many whole units as this part of an amount is. */
export const wholeShare = (count: number, partFen: Fen, amountFen: Fen): number =>
  Number((BigInt(count) * BigInt(partFen)) / BigInt(amountFen))

const unmet = (
  programme: Programme,
  { fact, known }: { fact: string; known: boolean },
): QuoteReason => ({
  code: known ? 'benefit_not_eligible' : 'benefit_fact_unknown',
  params: { ...named(programme), fact },
})

const named = ({ id, name }: Programme) => ({ programmeId: id, zh: name.zh, en: name.en })

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
