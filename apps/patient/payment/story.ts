import type { Payment } from '../../../contract/client.ts'
import type { IconName } from '../parts/Icon.tsx'

/**
 * What the payer is told about a payment. Three questions are always answered: 钱扣了吗, 现在该做什么, 找谁.
 * The words stand in patient.json under stories.<name>.
 */
export type Story = {
  name: StoryName
  tone: Tone
  icon: IconName
  /** True while it will move on by itself. */
  isMoving: boolean
}

export type Tone = 'good' | 'held' | 'back' | 'plain'

/**
 * The payment in the payer's eyes. `isFromWallet` says that the payer has just been at the wallet: then an order
 * that is still open is one whose outcome is not known, and must not be called unpaid.
 */
export function storyOf(payment: Payment, isFromWallet: boolean): Story {
  const name = nameOf(payment, isFromWallet)
  return { name, ...LOOKS[name] }
}

function nameOf(payment: Payment, isFromWallet: boolean): StoryName {
  const { payerState } = payment
  // By an agreement the provider takes it by itself: there is nothing for the payer to do.
  if (payerState === 'to_pay' && payerTenderOf(payment)?.method === 'agreement') return 'processing'
  if (payerState === 'to_pay' && isFromWallet) return 'checking'
  if (payerState === 'returning' && payment.status === 'succeeded') return 'refunding'
  if (payerState === 'succeeded' && payFenOf(payment) === 0) return 'covered'
  if (payerState === 'confirming' && payFenOf(payment) === 0) return 'settling'
  return payerState
}

const LOOKS = {
  to_confirm: { tone: 'held', icon: 'clock', isMoving: true },
  to_pay: { tone: 'held', icon: 'clock', isMoving: true },
  checking: { tone: 'held', icon: 'clock', isMoving: true },
  processing: { tone: 'held', icon: 'clock', isMoving: true },
  confirming: { tone: 'held', icon: 'clock', isMoving: true },
  settling: { tone: 'held', icon: 'clock', isMoving: true },
  succeeded: { tone: 'good', icon: 'done', isMoving: false },
  covered: { tone: 'good', icon: 'done', isMoving: false },
  returning: { tone: 'back', icon: 'returned', isMoving: true },
  refunding: { tone: 'back', icon: 'returned', isMoving: true },
  returned: { tone: 'plain', icon: 'returned', isMoving: false },
  part_refunded: { tone: 'plain', icon: 'returned', isMoving: false },
  refunded: { tone: 'plain', icon: 'returned', isMoving: false },
  not_charged: { tone: 'plain', icon: 'none', isMoving: false },
  closed: { tone: 'plain', icon: 'still', isMoving: false },
} as const satisfies Record<string, Omit<Story, 'name'>>

export type StoryName = keyof typeof LOOKS

export const STORY_NAMES = Object.keys(LOOKS) as StoryName[]

/** What the payer's own channel is to take: the amount on the button. */
export const payFenOf = (payment: Payment): number =>
  sumFen(payerTenders(payment).map((tender) => tender.amountFen))

/** What the payer's channel took and has not given back; where it took nothing, what the others did. */
export function keptFenOf(payment: Payment): number {
  const kept = (tenders: Payment['tenders']) =>
    sumFen(tenders.map((tender) => tender.takenFen - tender.returnedFen))
  const ownFen = kept(payerTenders(payment))
  return ownFen > 0 ? ownFen : kept(payment.tenders)
}

/** What went back, over all refunds that have come to their end. */
export const refundedFenOf = (payment: Payment): number =>
  sumFen(
    payment.refunds
      .filter((refund) => refund.status === 'succeeded')
      .map((refund) => refund.amountFen),
  )

/** What is on its way back. */
export const refundingFenOf = (payment: Payment): number =>
  sumFen(payment.refunds.filter(isOnItsWay).map((refund) => refund.amountFen))

const isOnItsWay = (refund: Payment['refunds'][number]): boolean =>
  refund.status === 'returning' || refund.status === 'completing'

/** What the payer's channel takes; undefined where nothing is left to pay. */
export const payerTenderOf = (payment: Payment): Payment['tenders'][number] | undefined =>
  payerTenders(payment)[0]

const payerTenders = (payment: Payment) =>
  payment.tenders.filter((tender) => tender.phase === 'payer')

const sumFen = (amounts: readonly number[]): number => amounts.reduce((sum, a) => sum + a, 0)
