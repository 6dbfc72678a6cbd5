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
  if (payerState === 'returning' && isOthersOnly(payment)) return 'undoing'
  if (payerState === 'returned' && isOthersOnly(payment)) return 'undone'
  if (payerState === 'succeeded' && payFenOf(payment) === 0) {
    return COVERED[paidWithoutCashBy(payment)]
  }
  if (payerState === 'confirming' && payFenOf(payment) === 0) {
    return SETTLING[paidWithoutCashBy(payment)]
  }
  return payerState
}

/** Who pays all of a bill of which the payer's channel pays nothing. On credit it is the payer all the same, later. */
export function paidWithoutCashBy(payment: Payment): 'insurance' | 'credit' | 'others' {
  if (creditFenOf(payment) > 0) return 'credit'
  return payment.tenders.every(({ provider }) => provider === 'insurance') ? 'insurance' : 'others'
}

const COVERED = { insurance: 'covered', credit: 'on_credit', others: 'shared' } as const
const SETTLING = {
  insurance: 'settling',
  credit: 'credit_settling',
  others: 'shared_settling',
} as const

const LOOKS = {
  to_confirm: { tone: 'held', icon: 'clock', isMoving: true },
  to_pay: { tone: 'held', icon: 'clock', isMoving: true },
  checking: { tone: 'held', icon: 'clock', isMoving: true },
  processing: { tone: 'held', icon: 'clock', isMoving: true },
  confirming: { tone: 'held', icon: 'clock', isMoving: true },
  settling: { tone: 'held', icon: 'clock', isMoving: true },
  credit_settling: { tone: 'held', icon: 'clock', isMoving: true },
  shared_settling: { tone: 'held', icon: 'clock', isMoving: true },
  succeeded: { tone: 'good', icon: 'done', isMoving: false },
  covered: { tone: 'good', icon: 'done', isMoving: false },
  on_credit: { tone: 'good', icon: 'done', isMoving: false },
  shared: { tone: 'good', icon: 'done', isMoving: false },
  returning: { tone: 'back', icon: 'returned', isMoving: true },
  refunding: { tone: 'back', icon: 'returned', isMoving: true },
  undoing: { tone: 'held', icon: 'clock', isMoving: true },
  returned: { tone: 'plain', icon: 'returned', isMoving: false },
  undone: { tone: 'plain', icon: 'none', isMoving: false },
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

/** What is lent for it, and to be repaid later. */
export const creditFenOf = (payment: Payment): number =>
  sumFen(
    payment.tenders
      .flatMap((tender) => tender.parts)
      .filter(({ kind }) => kind === 'credit')
      .map(({ amountFen }) => amountFen),
  )

/** What the payer's channel took and has not given back; where it took nothing, what is theirs of what others took. */
export function keptFenOf(payment: Payment): number {
  const ownFen = sumFen(payerTenders(payment).map(keptOf))
  if (ownFen > 0) return ownFen
  return sumFen(payment.tenders.filter((tender) => keptOf(tender) > 0).map(ownPartsFen))
}

const keptOf = (tender: Tender): number => tender.takenFen - tender.returnedFen

/** Whether what was taken, and may have gone back, is all of others: nothing of it was the payer's own. */
function isOthersOnly({ tenders }: Payment): boolean {
  const taken = tenders.filter((tender) => tender.takenFen > 0)
  return taken.length > 0 && taken.every((tender) => ownPartsFen(tender) === 0)
}

const ownPartsFen = ({ parts }: Tender): number =>
  sumFen(parts.filter(({ kind }) => OWN_KINDS.has(kind)).map(({ amountFen }) => amountFen))

const OWN_KINDS = new Set(['self_pay', 'account', 'deposit'])

type Tender = Payment['tenders'][number]

/** The refunds that have come to their end, and those that are on their way. */
export const doneRefundsOf = ({ refunds }: Payment): Refund[] =>
  refunds.filter(({ status }) => status === 'succeeded')

export const runningRefundsOf = ({ refunds }: Payment): Refund[] =>
  refunds.filter(({ status }) => status === 'returning' || status === 'completing')

const refundFenOf = (refunds: readonly Refund[]): number =>
  sumFen(refunds.map(({ amountFen }) => amountFen))

export const refundingFenOf = (payment: Payment): number => refundFenOf(runningRefundsOf(payment))

type Refund = Payment['refunds'][number]

/** What the payer's channel takes; undefined where nothing is left to pay. */
export const payerTenderOf = (payment: Payment): Payment['tenders'][number] | undefined =>
  payerTenders(payment)[0]

const payerTenders = (payment: Payment) =>
  payment.tenders.filter((tender) => tender.phase === 'payer')

const sumFen = (amounts: readonly number[]): number => amounts.reduce((sum, a) => sum + a, 0)
