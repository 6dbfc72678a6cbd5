import { addMs, DAY_MS } from '../../../kernel/time.ts'

/**
 * Within how many days money that goes back has arrived, as the payer is told. WeChat Pay returns to a bank card
 * within 3 working days, and two days of a weekend may lie between.
 */
export const RETURN_WITHIN_DAYS = 5

type Promised = { createdAt: string; approvedAt?: string | null }

type Underway = Promised & { returnedAt: string | null; status: string }

/** The day by which money that goes back has arrived, counted from when the hospital agreed to it. */
export const promisedAt = ({ createdAt, approvedAt }: Promised): Date =>
  addMs(new Date(approvedAt ?? createdAt), RETURN_WITHIN_DAYS * DAY_MS)

/** True when the day has passed and the money is not back: then somebody must say sorry. */
export const isLate = (refund: Underway, nowMs: number | null): boolean =>
  refund.returnedAt === null && !isAsked(refund) && hasPassed(refund, nowMs)

/** True when the hospital has not answered for so long: then the payer is to ask it. */
export const isUnanswered = (refund: Underway, nowMs: number | null): boolean =>
  refund.status === 'approving' && hasPassed(refund, nowMs)

const isAsked = ({ status }: Underway) => status === 'refused' || status === 'approving'

const hasPassed = (refund: Promised, nowMs: number | null): boolean =>
  nowMs !== null && nowMs > promisedAt(refund).getTime()
