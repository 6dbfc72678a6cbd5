import { assert } from '../../kernel/assert.ts'
import { addFen, type Fen, fen, minFen, subtractFen, ZERO } from '../../kernel/money.ts'
import type { AccountPart, Policy, PolicyTerms, YearSoFar } from './policy.ts'
import { type LineSplit, shareHalfUp, sumOf } from './split.ts'

export const STEP_REASONS = [
  'own_expense',
  'over_limit',
  'first_share',
  'in_scope',
  'unmatched',
  'deductible',
  'deductible_left',
  'segment',
  'cap_reached',
  'cap_left',
  'large_sum',
  'account',
  'cash',
] as const

/** Why an amount is what it is: a code with figures, worded by the web. Shares in parts per million. */
export type StepReason = {
  code: (typeof STEP_REASONS)[number]
  params: Record<string, string | number>
}

/**
 * What the insurance would pay of a bill by a policy's mechanics. Always an estimate: the insurer's own figures win.
 * Total = funds + person; person = account + cash; total = own + over limit + first share + in scope.
 */
export type Estimate = {
  isEstimate: true
  totalFen: Fen
  ownFen: Fen
  overLimitFen: Fen
  firstShareFen: Fen
  inScopeFen: Fen
  unmatchedFen: Fen // a part of ownFen: what nobody has matched to the catalogue yet
  deductibleFen: Fen
  poolFen: Fen
  largeSumFen: Fen
  fundFen: Fen
  personalFen: Fen
  accountFen: Fen
  cashFen: Fen
  lines: readonly LineSplit[]
  steps: readonly StepReason[]
}

/** Errors: asserts on terms that are not sound and on a year below zero, as both are checked when they come in. */
export function estimate(
  lines: readonly LineSplit[],
  { terms }: Pick<Policy, 'terms'>,
  year: YearSoFar,
): Estimate {
  const totalFen = sumOf(lines, 'amountFen')
  const [ownFen, overLimitFen] = [sumOf(lines, 'ownFen'), sumOf(lines, 'overLimitFen')]
  const [firstShareFen, inScopeFen] = [sumOf(lines, 'firstShareFen'), sumOf(lines, 'inScopeFen')]
  const unmatchedFen = addFen(
    ...lines.filter((line) => line.entryCode === null).map((line) => line.amountFen),
  )
  const deductible = deductibleOf(inScopeFen, terms, year)
  const shared = subtractFen(inScopeFen, deductible.usedFen)
  const pool = poolOf(shared, terms, year)
  const leftInScopeFen = subtractFen(inScopeFen, pool.paidFen)
  const large = largeSumOf({ leftInScopeFen, cutOffFen: pool.cutOffFen }, terms, year)
  const fundFen = addFen(pool.paidFen, large.paidFen)
  const personalFen = subtractFen(totalFen, fundFen)
  const ofPerson: Record<AccountPart, Fen> = {
    own: ownFen,
    over_limit: overLimitFen,
    first_share: firstShareFen,
    in_scope: subtractFen(leftInScopeFen, large.paidFen),
  }
  const accountFen = accountOf(ofPerson, terms, year)
  const cashFen = subtractFen(personalFen, accountFen)
  return {
    isEstimate: true,
    totalFen,
    ownFen,
    overLimitFen,
    firstShareFen,
    inScopeFen,
    unmatchedFen,
    deductibleFen: deductible.usedFen,
    poolFen: pool.paidFen,
    largeSumFen: large.paidFen,
    fundFen,
    personalFen,
    accountFen,
    cashFen,
    lines,
    steps: [
      ...step('own_expense', { amountFen: ownFen }),
      ...step('unmatched', { amountFen: unmatchedFen }),
      ...step('over_limit', { amountFen: overLimitFen }),
      ...step('first_share', { amountFen: firstShareFen }),
      ...step('in_scope', { amountFen: inScopeFen }),
      ...deductible.steps,
      ...pool.steps,
      ...large.steps,
      ...step('account', {
        amountFen: accountFen,
        leftFen: subtractFen(year.accountFen, accountFen),
      }),
      ...step('cash', { amountFen: cashFen }),
    ],
  }
}

type Step<Amounts> = Amounts & { steps: StepReason[] }

/** Borne by the person before anything is shared. */
function deductibleOf(
  inScopeFen: Fen,
  terms: PolicyTerms,
  year: YearSoFar,
): Step<{ usedFen: Fen }> {
  const { per, firstFen, laterFen } = terms.deductible
  const whole = per === 'admission' && year.admissions > 0 ? laterFen : firstFen
  const used = per === 'admission' ? ZERO : year.deductibleUsedFen
  const left = fen(Math.max(0, whole - used))
  const usedFen = minFen(inScopeFen, left)
  const leftFen = subtractFen(left, usedFen)
  return {
    usedFen,
    steps: [
      ...step('deductible', { amountFen: usedFen, wholeFen: whole }),
      ...step('deductible_left', { amountFen: leftFen }),
    ],
  }
}

/** The basic fund's share by segments, up to the year's cap. `cutOffFen`: what is in scope and comes after the cap. */
function poolOf(
  sharedFen: Fen,
  { segments, capFen }: PolicyTerms,
  { status, sharedFen: before, fundPaidFen }: YearSoFar,
): Step<{ paidFen: Fen; cutOffFen: Fen }> {
  let left = capFen === null ? null : fen(Math.max(0, capFen - fundPaidFen))
  let paidFen = ZERO
  let cutOffFen = ZERO
  const steps: StepReason[] = []
  for (const { partFen, sharePpm } of within(sharedFen, before, segments, status)) {
    const due = shareHalfUp(partFen, sharePpm)
    const paid = left === null ? due : minFen(due, left)
    if (left !== null) left = subtractFen(left, paid)
    paidFen = addFen(paidFen, paid)
    // Of what the cap stopped within a segment, the part that the paid share stands for is behind us.
    if (paid < due) cutOffFen = addFen(cutOffFen, subtractFen(partFen, standsFor(paid, sharePpm)))
    steps.push(...step('segment', { amountFen: paid, partFen, sharePpm }))
  }
  return {
    paidFen,
    cutOffFen,
    steps: [
      ...steps,
      ...step('cap_reached', { amountFen: cutOffFen, capFen: capFen ?? 0 }),
      ...(cutOffFen === 0 && left !== null ? step('cap_left', { amountFen: left }) : []),
    ],
  }
}

/** What an amount paid at a share was paid of; rounded up, for the fund's favour. */
const standsFor = (paidFen: Fen, sharePpm: number): Fen =>
  fen(Number((BigInt(paidFen) * 1_000_000n + BigInt(sharePpm) - 1n) / BigInt(sharePpm)))

function largeSumOf(
  { leftInScopeFen, cutOffFen }: { leftInScopeFen: Fen; cutOffFen: Fen },
  { largeSum }: PolicyTerms,
  year: YearSoFar,
): Step<{ paidFen: Fen }> {
  if (!largeSum) return { paidFen: ZERO, steps: [] }
  const [amountFen, before] =
    largeSum.on === 'above_cap' ? [cutOffFen, year.aboveCapFen] : [leftInScopeFen, year.burdenFen]
  const shares = within(amountFen, before, largeSum.segments.map(ofAll), 'resident')
  const due = addFen(...shares.map(({ partFen, sharePpm }) => shareHalfUp(partFen, sharePpm)))
  const left =
    largeSum.capFen === null ? due : fen(Math.max(0, largeSum.capFen - year.largeSumPaidFen))
  // Each segment rounds for itself: together they may not pass what is there.
  const paidFen = minFen(minFen(due, left), leftInScopeFen)
  return { paidFen, steps: step('large_sum', { amountFen: paidFen, ofFen: amountFen }) }
}

const ofAll = ({ fromFen, sharePpm }: { fromFen: Fen; sharePpm: number }) => ({
  fromFen,
  sharePpm: { employed: sharePpm, retired: sharePpm, resident: sharePpm },
})

/** An amount that begins at `before`, cut at the beginnings of the segments. What lies below the first is in none. */
function within(
  amountFen: Fen,
  before: Fen,
  segments: PolicyTerms['segments'],
  status: YearSoFar['status'],
): { partFen: Fen; sharePpm: number }[] {
  assert(before >= 0, 'what the year has seen is not below zero')
  const end = addFen(before, amountFen)
  return segments.flatMap(({ fromFen, sharePpm }, i) => {
    const until = segments[i + 1]?.fromFen ?? end
    const part = Math.min(end, until) - Math.max(before, fromFen)
    return part > 0 ? [{ partFen: fen(part), sharePpm: sharePpm[status] }] : []
  })
}

function accountOf(ofPerson: Record<AccountPart, Fen>, terms: PolicyTerms, year: YearSoFar): Fen {
  if (!year.useAccount) return ZERO
  const payable = addFen(...Array.from(new Set(terms.accountPays), (part) => ofPerson[part]))
  return minFen(payable, year.accountFen)
}

/** What comes to nothing needs no word. */
const step = (
  code: StepReason['code'],
  params: Record<string, number> & { amountFen: number },
): StepReason[] => (params.amountFen > 0 ? [{ code, params }] : [])
