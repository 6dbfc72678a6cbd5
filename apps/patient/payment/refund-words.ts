import type { TFunction } from 'i18next'

import type { Payment, Refund } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { isLate } from './promise.ts'
import { sharesOfAll } from './refund-parts.ts'
import { doneRefundsOf, runningRefundsOf, type StoryName } from './story.ts'

/**
 * Which of a story's words are true of how the money goes back, and the amounts in them: what comes to the payer and
 * what goes to the others are two things, and neither is said before it is known.
 */
export function refundWordsOf(
  t: TFunction,
  payment: Payment,
  name: StoryName,
  nowMs: number | null,
): { lead: string | null; charged: string; isStuck: boolean; params: Record<string, string> } {
  const running = runningRefundsOf(payment)
  const shares = sharesOfAll(name === 'refunding' ? running : doneRefundsOf(payment))
  const isStuck = BACK.has(name) && running.some(needsThePayer)
  const division = DIVIDED.has(name) ? divisionOf(shares) : null
  const isOverdue = payment.refunds.some((refund) => isLate(refund, nowMs))
  return {
    lead: isStuck ? 'leadStuck' : (division ?? (isOverdue ? 'leadLate' : null)),
    charged: CHARGED[division ?? (shares?.othersFen === 0 ? 'own' : 'both')],
    isStuck,
    params: {
      own: amountText(shares?.ownFen ?? 0),
      others: amountText(shares?.othersFen ?? 0),
      payers: othersName(t, payment),
    },
  }
}

/** Waits for a person of the hospital, and not only longer than it should. */
export const needsThePayer = ({ attention, status }: Refund): boolean =>
  attention !== null && attention !== 'overdue' && status !== 'succeeded' && status !== 'refused'

const BACK = new Set<StoryName>(['refunding', 'returning', 'undoing'])

const DIVIDED = new Set<StoryName>(['refunding', 'part_refunded', 'refunded'])

const CHARGED = {
  leadSizing: 'chargedSizing',
  leadOthers: 'chargedOthers',
  own: 'chargedOwn',
  both: 'charged',
} as const

function divisionOf(shares: { ownFen: number; othersFen: number } | null) {
  if (shares === null) return 'leadSizing'
  return shares.ownFen === 0 && shares.othersFen > 0 ? 'leadOthers' : null
}

const othersName = (t: TFunction, { tenders }: Payment): string =>
  t(tenders.some(({ provider }) => provider === 'insurance') ? 'refund.insurers' : 'refund.others')
