import { addFen, type Fen, fen } from '../../../kernel/money.ts'
import { addMs, DAY_MS } from '../../../kernel/time.ts'

/** What a hospital wants a second person for; null where it does not mind. */
export type RefundRule = {
  /** Of one payment, together with what one person alone has given back of it before: no limit is passed in slices. */
  readonly aboveFen: Fen | null
  /** Of a payment that succeeded longer ago than this. */
  readonly lateAfterDays: number | null
  /** Refunds that one person has begun on one day, before this one. */
  readonly mostADay: number | null
  /** Of one payment, by the hospital's own system, together with all that was given back without a second person. */
  readonly hisAboveFen: Fen | null
}

/** Holds until the hospital says otherwise. */
export const USUAL_RULE: RefundRule = {
  aboveFen: fen(500_000),
  lateAfterDays: 90,
  mostADay: 50,
  hisAboveFen: fen(2_000_000),
}

export const REVIEW_REASONS = ['amount', 'late', 'often'] as const

/** amount: more than one person may give back. late: of an old payment. often: one person asks for many. */
export type ReviewReason = (typeof REVIEW_REASONS)[number]

export const REFUND_REQUEST_STATUSES = ['waiting', 'approved', 'declined', 'withdrawn'] as const

/** waiting ─▶ approved (it is a refund now), declined by a second person, or withdrawn by who asked. */
export type RefundRequestStatus = (typeof REFUND_REQUEST_STATUSES)[number]

export type WishFacts = {
  amountFen: Fen
  /** What was given back of the payment, or is on its way, without a second person. */
  aloneFen: Fen
  succeededAt: Date
  /** How many refunds the asker has begun today. */
  begunToday: number
}

/** Pure: why a wish needs a second person, by the hospital's rule. None: it does not. */
export function reviewReasonsOf(rule: RefundRule, wish: WishFacts, now: Date): ReviewReason[] {
  const { aboveFen, lateAfterDays, mostADay } = rule
  const isOf: Record<ReviewReason, boolean> = {
    amount: aboveFen !== null && addFen(wish.aloneFen, wish.amountFen) > aboveFen,
    late: lateAfterDays !== null && now > addMs(wish.succeededAt, lateAfterDays * DAY_MS),
    often: mostADay !== null && wish.begunToday >= mostADay,
  }
  return REVIEW_REASONS.filter((reason) => isOf[reason])
}

/** Pure: whether a wish of the hospital's system is more than it may give back without a person. */
export const isTooMuchForHis = (
  { hisAboveFen }: RefundRule,
  { amountFen, aloneFen }: Pick<WishFacts, 'amountFen' | 'aloneFen'>,
): boolean => hisAboveFen !== null && addFen(aloneFen, amountFen) > hisAboveFen

/** Pure: whether a rule lets one person, or the hospital's system, do anything that the other does not. */
export const isLooser = (rule: RefundRule, than: RefundRule): boolean =>
  (['aboveFen', 'lateAfterDays', 'mostADay', 'hisAboveFen'] as const).some((limit) => {
    const [wanted, known] = [rule[limit], than[limit]]
    return known !== null && (wanted === null || wanted > known)
  })
