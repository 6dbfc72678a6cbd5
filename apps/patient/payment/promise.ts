import { addMs, DAY_MS } from '../../../kernel/time.ts'

/**
 * Within how many days money that goes back has arrived, as the payer is told. WeChat Pay returns to a bank card
 * within 3 working days, and two days of a weekend may lie between.
 */
export const RETURN_WITHIN_DAYS = 5

/** The day by which money that goes back has arrived. */
export const promisedAt = (refund: { createdAt: string }): Date =>
  addMs(new Date(refund.createdAt), RETURN_WITHIN_DAYS * DAY_MS)

/** True when the day has passed and the money is not back: then somebody must say sorry. */
export const isLate = (
  refund: { createdAt: string; returnedAt: string | null; status: string },
  nowMs: number | null,
): boolean =>
  refund.returnedAt === null &&
  refund.status !== 'refused' &&
  nowMs !== null &&
  nowMs > promisedAt(refund).getTime()
