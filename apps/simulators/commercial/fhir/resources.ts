import { addFen, type Fen, toYuanText } from '../../../../kernel/money.ts'
import { type BusinessDate, toShanghaiIso } from '../../../../kernel/time.ts'
import type { StatementRow } from '../core/books.ts'
import { type Claim, NotCovered, type Order } from '../core/claims.ts'
import { type Refusal, type RefusalKind, WRONG_BY_FEN } from '../core/context.ts'
import type { ClaimFile } from '../core/papers.ts'
import type { PolicyView } from '../core/policies.ts'
import type { Refund } from '../core/refunds.ts'
import type { Answer } from '../core/run-call.ts'
import { CS, EXT, SID } from './systems.ts'

// The resources this insurer gives out.

export const found = (resources: readonly object[]): Answer => ({
  status: 200,
  body: {
    resourceType: 'Bundle',
    type: 'searchset',
    total: resources.length,
    entry: resources.map((resource) => ({ resource, search: { mode: 'match' } })),
  },
})

export const done = (body: object, status = 200): Answer => ({ status, body })

/** An OperationOutcome: what went wrong as one of this insurer's codes. */
export function refuse(refusal: Refusal): Answer {
  const code = refusal instanceof NotCovered ? refusal.reason : refusal.kind
  const [status, type] = PROBLEMS[refusal.kind]
  return { status, body: operationOutcome(type, code, refusal.message) }
}

export const operationOutcome = (type: string, code: string, message: string): object => ({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'error',
      code: type,
      details: { coding: [{ system: CS.problem, code }], text: message },
    },
  ],
})

/** The same answer with a yuan more in every sum and payment. */
export function spoil({ status, body }: Answer): Answer {
  const sums = body as { total?: Sum[]; payment?: Sum }
  for (const sum of [...(sums.total ?? []), ...(sums.payment ? [sums.payment] : [])]) {
    sum.amount.value += WRONG_BY_FEN / 100
  }
  return { status, body }
}

export const coverage = (policy: PolicyView, idCardNo: string): object => ({
  resourceType: 'Coverage',
  id: policy.policyNo,
  extension: [{ url: EXT.waitingUntil, valueDate: policy.paysFrom }],
  identifier: [{ system: SID.policy, value: policy.policyNo }],
  status: policy.state === 'in_force' ? 'active' : COVERAGE_STATUS[policy.state],
  beneficiary: { identifier: { system: SID.residentId, value: idCardNo } },
  period: { start: policy.beginsOn, end: policy.endsOn },
  payor: [INSURER],
  class: [
    {
      type: { coding: [{ system: CS.product, code: 'plan' }] },
      value: policy.product.code,
      name: policy.product.name,
    },
  ],
})

/** R4 has no status for a policy that rests: a draft pays nothing now and may later. */
const COVERAGE_STATUS = { suspended: 'draft', lapsed: 'cancelled' } as const

export function eligibility(policies: readonly PolicyView[], at: Date): object {
  return {
    resourceType: 'CoverageEligibilityResponse',
    status: 'active',
    purpose: ['benefits'],
    created: toShanghaiIso(at),
    insurer: INSURER,
    outcome: 'complete',
    insurance: policies.map((policy) => ({
      coverage: { identifier: { system: SID.policy, value: policy.policyNo } },
      inforce: policy.state === 'in_force',
      item: [
        {
          extension: [{ url: EXT.ratioPpm, valueUnsignedInt: policy.product.ratioPpm }],
          excluded: false,
          benefit: [
            limit('deductible', policy.product.deductibleFen, policy.deductibleUsedFen),
            limit('benefit', policy.product.capFen, policy.benefitUsedFen),
          ],
        },
        ...policy.product.excludedCategories.map((code) => ({
          category: { coding: [{ system: CS.chargeCategory, code }] },
          excluded: true,
        })),
        ...(policy.product.outsideRatioPpm === 0
          ? [{ category: { coding: [{ system: CS.catalogueClass, code: 'C' }] }, excluded: true }]
          : []),
      ],
    })),
  }
}

/** An order as it stands: a preauthorization until it is settled, a claim with its payment from then on. */
export function claimResponse(order: Order, at: Date): object {
  const head = {
    resourceType: 'ClaimResponse',
    id: order.claimNo,
    identifier: [{ system: SID.claim, value: order.claimNo }],
    type: { coding: [{ system: CS.claimType, code: 'professional' }] },
    patient: { type: 'Patient' },
    insurer: INSURER,
    request: { identifier: { system: SID.order, value: order.requestNo } },
  }
  if (order.benefitFen === null) {
    const barred = { status: 'cancelled', use: 'preauthorization', created: toShanghaiIso(at) }
    return { ...head, ...barred, outcome: 'complete' }
  }
  return order.settledAt === null
    ? { ...head, ...preauthorization(order) }
    : { ...head, ...settlement(order, order.settledAt) }
}

function preauthorization(claim: Claim): object {
  const failed = claim.state === 'failed'
  return {
    status: claim.state === 'cancelled' ? 'cancelled' : 'active',
    use: 'preauthorization',
    created: toShanghaiIso(claim.createdAt),
    outcome: failed ? 'error' : 'complete',
    disposition: claim.reason || REMARKS[claim.figures.remark ?? 'none'],
    ...(failed ? { error: [{ code: { text: claim.reason } }] } : {}),
    preAuthRef: claim.claimNo,
    preAuthPeriod: { start: toShanghaiIso(claim.createdAt), end: toShanghaiIso(claim.expiresAt) },
    item: itemsOf(claim),
    total: totalsOf(claim),
  }
}

const settlement = (claim: Claim, settledAt: Date): object => ({
  status: 'active',
  use: 'claim',
  created: toShanghaiIso(settledAt),
  outcome: 'complete',
  preAuthRef: claim.claimNo,
  item: itemsOf(claim),
  total: totalsOf(claim),
  payment: {
    type: { coding: [{ system: CS.payment, code: 'complete' }] },
    date: toShanghaiIso(settledAt).slice(0, 10),
    amount: money(claim.benefitFen),
    adjustment: money(claim.refundedFen),
    identifier: { system: SID.claim, value: claim.claimNo },
  },
})

const REMARKS = {
  none: '',
  nothing_eligible: '本次费用均不在赔付范围内',
  below_deductible: '本次费用未超过年度免赔额',
  limited: '本次赔付按限额计算',
} as const

const itemsOf = ({ figures }: Claim): object[] =>
  figures.lines.map((line, index) => ({
    itemSequence: index + 1,
    adjudication: [
      { category: adjudication('eligible'), amount: money(line.eligibleFen) },
      { category: adjudication('benefit'), amount: money(line.benefitFen) },
    ],
  }))

const totalsOf = (claim: Claim): object[] => [
  { category: adjudication('submitted'), amount: money(claim.totalFen) },
  { category: adjudication('deductible'), amount: money(claim.deductibleFen) },
  { category: adjudication('benefit'), amount: money(claim.benefitFen) },
]

export const cancelTask = (order: Order, at: Date): object => ({
  ...taskHead('cancel', at),
  status: order.state === 'failed' ? 'failed' : 'completed',
  focus: { identifier: { system: SID.order, value: order.requestNo } },
})

export const returnTask = (made: Refund): object => ({
  ...taskHead('return', made.refundedAt),
  identifier: [{ system: SID.refund, value: made.refundNo }],
  status: 'completed',
  focus: { identifier: { system: SID.claim, value: made.claimNo } },
  input: [{ type: taskCode('amount'), valueMoney: money(made.amountFen) }],
  output: [
    { type: taskCode('return'), valueIdentifier: { system: SID.returned, value: made.returnNo } },
  ],
})

export const fileTask = (file: ClaimFile, at: Date): object => ({
  ...taskHead('claim-documents', file.decidedAt ?? at),
  identifier: [{ system: SID.file, value: file.fileNo }],
  status: FILE_STATUS[file.state],
  ...(file.reason === '' ? {} : { statusReason: { text: file.reason } }),
  focus: { identifier: { system: SID.claim, value: file.claimNo } },
  output: file.wanted.map((kind) => ({ type: taskCode('wanted'), valueCode: kind })),
})

const FILE_STATUS = {
  submitted: 'received',
  accepted: 'completed',
  more_wanted: 'on-hold',
  refused: 'rejected',
} as const

export const reconciliation = (rows: readonly StatementRow[], day: BusinessDate, at: Date) => ({
  resourceType: 'PaymentReconciliation',
  id: `day-${day}`,
  status: 'active',
  period: { start: day, end: day },
  created: toShanghaiIso(at),
  paymentIssuer: INSURER,
  outcome: 'complete',
  paymentDate: day,
  paymentAmount: money(addFen(...rows.map((row) => row.amountFen))),
  detail: rows.map((row) => ({
    identifier: { system: DETAIL[row.kind].own, value: row.businessNo },
    type: { coding: [{ system: CS.payment, code: row.kind }] },
    request: { identifier: { system: DETAIL[row.kind].theirs, value: row.ourNo } },
    date: day,
    amount: money(row.amountFen),
  })),
})

const DETAIL = {
  settlement: { own: SID.claim, theirs: SID.order },
  return: { own: SID.returned, theirs: SID.refund },
} as const

const taskHead = (code: string, at: Date) => ({
  resourceType: 'Task',
  intent: 'order',
  code: taskCode(code),
  lastModified: toShanghaiIso(at),
})

const taskCode = (code: string) => ({ coding: [{ system: CS.task, code }] })

const adjudication = (code: string) => ({ coding: [{ system: CS.adjudication, code }] })

const limit = (code: string, allowedFen: Fen, usedFen: Fen) => ({
  type: { coding: [{ system: CS.benefit, code }] },
  allowedMoney: money(allowedFen),
  usedMoney: money(usedFen),
})

/** A JSON number of at most two decimals: exact, as it is printed by its shortest digits. */
const money = (amount: Fen) => ({ value: Number(toYuanText(amount)), currency: 'CNY' })

const INSURER = { type: 'Organization', display: '安心健康保险' }

type Sum = { amount: { value: number } }

const PROBLEMS: Record<RefusalKind, readonly [status: number, type: string]> = {
  invalid: [400, 'invalid'],
  different: [409, 'conflict'],
  person_not_matched: [422, 'business-rule'],
  policy_not_found: [422, 'not-found'],
  fee_record_not_found: [422, 'not-found'],
  claim_not_found: [404, 'not-found'],
  refund_not_found: [404, 'not-found'],
  not_covered: [422, 'business-rule'],
  cancelled: [422, 'business-rule'],
  expired: [422, 'business-rule'],
  settled: [422, 'business-rule'],
  not_settled: [422, 'business-rule'],
  policy_ended: [422, 'business-rule'],
  whole_only: [422, 'business-rule'],
  amount_differs: [422, 'business-rule'],
  more_than_left: [422, 'business-rule'],
  statement_not_ready: [422, 'business-rule'],
  declined: [422, 'business-rule'],
  unavailable: [503, 'transient'],
}
