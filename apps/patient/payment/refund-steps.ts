import type { Refund } from '../../../contract/client.ts'

export type RefundStep = {
  code: 'asked' | 'begun' | 'approved' | 'approving' | 'refused' | 'returning' | 'arrived'
  state: 'done' | 'now' | 'open' | 'refused'
  at: string | null
}

/** 申请 → 医院同意 → 原路退回中 → 已到账. What goes back because a payment came to nothing needs nobody's consent. */
export function refundStepsOf(refund: Refund): RefundStep[] {
  const { status, createdAt, returnedAt } = refund
  const isBack = status === 'completing' || status === 'succeeded'
  const way: RefundStep[] = [
    { code: 'returning', state: stateOf(isBack, status === 'returning'), at: null },
    { code: 'arrived', state: isBack ? 'done' : 'open', at: returnedAt },
  ]
  if (refund.cause !== 'requested') {
    return [{ code: 'begun', state: 'done', at: createdAt }, ...way]
  }
  const asked: RefundStep = { code: 'asked', state: 'done', at: createdAt }
  if (status === 'refused') return [asked, { code: 'refused', state: 'refused', at: null }]
  if (status === 'approving') return [asked, { code: 'approving', state: 'now', at: null }, ...way]
  return [asked, { code: 'approved', state: 'done', at: null }, ...way]
}

const stateOf = (isDone: boolean, isNow: boolean) => (isDone ? 'done' : isNow ? 'now' : 'open')
