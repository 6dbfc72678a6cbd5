import { addFen, fen, negateFen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type {
  ClaimState,
  DayStatement,
  InsuranceClass,
  Insurer,
  InsurerAnswer,
  Policy,
  PolicyState,
  StatementEntry,
  UnreadableStatement,
} from '../../../modules/coverage/index.ts'
import {
  amountOf,
  Coverage,
  dayOf,
  Eligibility,
  fenOf,
  hasCode,
  identifierIn,
  momentOf,
  Reconciliation,
  SearchSet,
  Task,
  TransactionResponse,
} from './answers.ts'
import { ok, refused, unknown } from './client.ts'
import { type Parts, readFound, search } from './orders.ts'
import type { Systems } from './systems.ts'

type DeskVerbs = Pick<Insurer, 'policiesOf' | 'submitClaim' | 'claimState' | 'statement'>

/** Coverage, papers, and the day's reconciliation. */
export const createDesk = ({ ask, systems, resources }: Parts): DeskVerbs => ({
  async policiesOf(call, { idCardNo, name }) {
    const coverages = await ask(call, {
      path: '/fhir/Coverage/_search',
      sent: {
        form: {
          'beneficiary.identifier': `${systems.id('resident-id')}|${idCardNo}`,
          'beneficiary.name': name,
        },
      },
      secrets: [idCardNo, name],
      read: (resource) => readCoverages(systems, resource),
    })
    if (coverages.outcome !== 'ok') return coverages
    if (coverages.data.length === 0) return ok([])
    return ask(call, {
      path: '/fhir/CoverageEligibilityRequest/$submit',
      sent: { resource: resources.eligibilityRequest(coverages.data.map((c) => c.policyNo)) },
      read: (resource) => readTerms(systems, resource, coverages.data),
    })
  },
  submitClaim: (call, submission) =>
    ask(call, {
      path: '/fhir',
      sent: { resource: resources.papers(submission) },
      withPapers: true,
      read: (resource) => readSubmitted(systems, resource, submission),
    }),
  async claimState(call, { claimNo }) {
    const found = await ask(call, {
      path: search('Task', 'identifier', systems.id('claim-file'), claimNo),
      sent: null,
      read: (resource) => readFound(resource, (task) => readClaim(systems, task, claimNo)),
    })
    if (found.outcome !== 'ok') return found
    return found.data === null ? refused('order_unknown', 'there is no such claim') : ok(found.data)
  },
  async statement(call, { date }) {
    // What came and cannot be trusted is no yes and no silence.
    let unreadable: UnreadableStatement | null = null
    const answer = await ask<DayStatement | null>(call, {
      path: `/fhir/PaymentReconciliation?created=${date}`,
      sent: null,
      read: (resource) =>
        readFound(resource, (found) => {
          const reading = readStatement(systems, found, date)
          if (reading.outcome === 'ok') return reading
          unreadable = reading
          return unknown(`unreadable: ${reading.reason}`)
        }),
    })
    if (unreadable !== null) return unreadable
    if (answer.outcome !== 'ok') return answer
    return answer.data === null ? unknown('there is no list of the day') : ok(answer.data)
  },
})

type CoverageFound = Omit<Policy, 'terms'> & { waitingUntil: BusinessDate | null }

const STATES: Record<'active' | 'draft' | 'cancelled', PolicyState> = {
  active: 'in_force',
  draft: 'suspended', // R4 has no word for a policy that rests
  cancelled: 'lapsed',
}

function readCoverages(systems: Systems, resource: unknown): InsurerAnswer<CoverageFound[]> | null {
  if (!SearchSet.Check(resource)) return null
  const { total, entry = [] } = resource
  if (total !== entry.length) return unknown(`${total} found, ${entry.length} told`)
  const coverages = entry.map((one) => readCoverage(systems, one.resource))
  const read = coverages.filter((coverage) => coverage !== null)
  return read.length === coverages.length ? ok(read) : null
}

function readCoverage(systems: Systems, resource: unknown): CoverageFound | null {
  if (!Coverage.Check(resource)) return null
  const { identifier, status, period, extension = [] } = resource
  const policyNo = identifierIn(identifier, systems.id('policy'))
  const [validFrom, validUntil] = [dayOf(period.start), dayOf(period.end)]
  const [plan] = resource.class
  const isComplete = policyNo !== null && validFrom !== null && validUntil !== null
  if (!isComplete || plan === undefined) return null
  const waiting = extension.find(({ url }) => url === systems.extension('waiting-until'))
  const paysFrom = dayOf(waiting?.valueDate ?? '')
  return {
    policyNo,
    product: { code: plan.value, name: plan.name },
    state: STATES[status as keyof typeof STATES],
    validFrom,
    validUntil,
    waitingUntil: paysFrom !== null && paysFrom > validFrom ? paysFrom : null,
  }
}

function readTerms(
  systems: Systems,
  resource: unknown,
  coverages: readonly CoverageFound[],
): InsurerAnswer<Policy[]> | null {
  if (!Eligibility.Check(resource)) return null
  const policies = coverages.map(({ waitingUntil, ...policy }): Policy | null => {
    const told = resource.insurance.find(
      ({ coverage }) =>
        identifierIn([coverage.identifier], systems.id('policy')) === policy.policyNo,
    )
    const items = told?.item ?? []
    const main = items.find(({ excluded }) => !excluded)
    const benefit = (code: string) => main?.benefit?.find(({ type }) => hasCode(type, code))
    const [deductible, cap] = [benefit('deductible'), benefit('benefit')]
    const ratio = main?.extension?.find(({ url }) => url === systems.extension('ratio-ppm'))
    const amounts = [deductible, cap].map((limit) => [
      amountOf(limit?.allowedMoney),
      amountOf(limit?.usedMoney),
    ])
    const [
      [deductibleFen = null, deductibleUsedFen = null] = [],
      [capFen = null, paidFen = null] = [],
    ] = amounts
    const ratioPpm = ratio?.valueUnsignedInt
    if (deductibleFen === null || deductibleUsedFen === null) return null
    if (capFen === null || paidFen === null || ratioPpm === undefined) return null
    const excluded = items.filter((item) => item.excluded).flatMap((i) => i.category?.coding ?? [])
    const codesOf = (system: string) =>
      excluded.filter((coding) => coding.system === system).map(({ code }) => code)
    return {
      ...policy,
      terms: {
        deductibleFen,
        deductibleUsedFen,
        ratioPpm,
        capFen,
        paidFen,
        waitingUntil,
        excludedCategories: codesOf(systems.code('charge-category')),
        excludedClasses: codesOf(systems.code('catalogue-class')).filter(isClass),
      },
    }
  })
  const read = policies.filter((policy) => policy !== null)
  return read.length === policies.length ? ok(read) : null
}

const isClass = (code: string): code is InsuranceClass => ['A', 'B', 'C'].includes(code)

function readSubmitted(
  systems: Systems,
  resource: unknown,
  submission: { claimNo: string | null; documents: readonly unknown[] },
): InsurerAnswer<{ claimNo: string }> | null {
  if (!TransactionResponse.Check(resource)) return null
  const isAll = resource.entry.length === submission.documents.length + 1
  if (!isAll || !resource.entry.every(({ response }) => /^20[01]/.test(response.status))) {
    return unknown('not all papers were taken')
  }
  const task = resource.entry[0]?.resource
  if (!Task.Check(task)) return null
  const claimNo = identifierIn(task.identifier, systems.id('claim-file'))
  if (claimNo === null) return null
  const isAnother = submission.claimNo !== null && submission.claimNo !== claimNo
  return isAnother ? unknown('the papers came to another claim') : ok({ claimNo })
}

function readClaim(
  systems: Systems,
  resource: unknown,
  claimNo: string,
): InsurerAnswer<ClaimState> | null {
  if (!Task.Check(resource)) return null
  if (identifierIn(resource.identifier, systems.id('claim-file')) !== claimNo) return null
  const decidedAt = momentOf(resource.lastModified)
  const reason = resource.statusReason?.text ?? ''
  const wanted = (resource.output ?? []).flatMap(({ valueCode }) => valueCode ?? [])
  if (decidedAt === null) return null
  switch (resource.status) {
    case 'received':
    case 'in-progress':
      return ok({ state: 'submitted' })
    case 'on-hold':
      return ok({ state: 'more_wanted', wanted, reason })
    case 'completed':
      return ok({ state: 'accepted', decidedAt })
    case 'rejected':
      return ok({ state: 'refused', decidedAt, reason })
    default:
      return unknown(`the task is ${resource.status}`)
  }
}

type Reading = { outcome: 'ok'; data: DayStatement } | UnreadableStatement

/** Believes a list only whole: of that day, every row readable, and adding up to its payment. */
function readStatement(systems: Systems, resource: unknown, date: BusinessDate): Reading {
  if (!Reconciliation.Check(resource)) return unreadable('layout', 'an element is out of shape')
  if (resource.paymentDate !== date) return unreadable('layout', `it is of ${resource.paymentDate}`)
  const lines = resource.detail.map((row): StatementEntry | null => {
    const isReturn = hasCode(row.type, 'return')
    if (!isReturn && !hasCode(row.type, 'settlement')) return null
    const [ours, theirs] = isReturn
      ? (['hospital-refund', 'return'] as const)
      : (['hospital-order', 'claim'] as const)
    const ourNo = identifierIn([row.request.identifier], systems.id(ours))
    const insurerNo = identifierIn([row.identifier], systems.id(theirs))
    const signed = fenOf(row.amount)
    if (ourNo === null || insurerNo === null || signed === null || row.date !== date) return null
    if (isReturn ? signed > 0 : signed < 0) return null
    const kind = isReturn ? 'return' : 'charge'
    return { kind, ourNo, insurerNo, amountFen: fen(Math.abs(signed)), at: null }
  })
  const read = lines.filter((line) => line !== null)
  if (read.length !== lines.length) return unreadable('layout', 'a row is out of shape')
  const netFen = addFen(
    ...read.map(({ kind, amountFen }) => (kind === 'charge' ? amountFen : negateFen(amountFen))),
  )
  if (netFen !== fenOf(resource.paymentAmount)) {
    return unreadable('sums', 'its rows do not add up to its payment')
  }
  const moved = read.filter((line) => line.amountFen > 0)
  return { outcome: 'ok', data: { date, lines: moved, content: JSON.stringify(resource) } }
}

const unreadable = (code: UnreadableStatement['code'], reason: string): UnreadableStatement => ({
  outcome: 'unreadable',
  code,
  reason,
})
