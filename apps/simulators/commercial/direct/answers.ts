import { toShanghaiText } from '../../../../kernel/time.ts'
import type { Figures } from '../core/benefit.ts'
import type { Order } from '../core/claims.ts'
import { NotCovered } from '../core/claims.ts'
import { type Refusal, type RefusalKind, WRONG_BY_FEN } from '../core/context.ts'
import type { Answer } from '../core/run-call.ts'

/** status: 0 待理赔 1 已理赔 2 已退款 3 已取消 4 失败. */
const STATUS = { reserved: 0, settled: 1, refunded: 2, cancelled: 3, failed: 4 } as const

export const done = (data: object): Answer => ({
  status: 200,
  body: { code: '0000', message: '成功', data },
})

export function refuse(refusal: Refusal): Answer {
  const code = refusal instanceof NotCovered ? NO_COVER_CODES[refusal.reason] : CODES[refusal.kind]
  return { status: 200, body: { code, message: refusal.message } }
}

/** The same answer with a yuan more in it. */
export function spoil(answer: Answer): Answer {
  const text = JSON.stringify(answer.body, (name, value: unknown) =>
    name === 'directPayAmount' && typeof value === 'number' ? value + WRONG_BY_FEN : value,
  )
  return { ...answer, body: JSON.parse(text) as object }
}

/** An order as every order interface answers it. */
export function orderData(order: Order): object {
  const head = { requireCode: order.requestNo, directPayNo: order.claimNo }
  if (order.benefitFen === null) return { ...head, status: STATUS.cancelled }
  const data = {
    ...head,
    status: STATUS[order.state],
    directPayAmount: order.benefitFen,
    refundedAmount: order.refundedFen,
    reason: order.reason,
  }
  return order.settledAt === null
    ? data
    : { ...data, settlementNo: order.claimNo, settleTime: toShanghaiText(order.settledAt) }
}

export const shareList = ({ lines }: Figures): object[] => {
  const categories = new Map<string, number>()
  for (const { category, benefitFen } of lines) {
    if (benefitFen > 0) categories.set(category, (categories.get(category) ?? 0) + benefitFen)
  }
  return [...categories].map(([category, amount]) => ({ category, amount }))
}

export const REMARKS = {
  nothing_eligible: '本次费用均不在赔付范围内',
  below_deductible: '本次费用未超过年度免赔额',
  limited: '本次赔付按限额计算',
} as const

const CODES: Record<RefusalKind, string> = {
  invalid: '1001',
  different: '1002',
  declined: '1999',
  policy_not_found: '3001',
  person_not_matched: '3002',
  not_covered: '3005',
  policy_ended: '3003',
  claim_not_found: '4001',
  cancelled: '4002',
  expired: '4003',
  settled: '4004',
  not_settled: '4005',
  amount_differs: '4006',
  more_than_left: '4007',
  refund_not_found: '4008',
  whole_only: '4009',
  fee_record_not_found: '4010',
  statement_not_ready: '5001',
  unavailable: '9999',
}

const NO_COVER_CODES: Record<NotCovered['reason'], string> = {
  not_in_force: '3003',
  waiting_period: '3004',
  visit_kind_not_covered: '3005',
  diagnosis_excluded: '3005',
  cap_used_up: '3006',
}
