import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'

import type { Payment, Refund } from '../../../contract/client.ts'
import type { Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'

/** Words: statuses.<status>. */
export const LOOK_OF_STATUS: Record<Payment['status'], { tone: Tone; icon: IconName }> = {
  quoted: { tone: 'plain', icon: 'clock' },
  charging: { tone: 'held', icon: 'clock' },
  settling: { tone: 'held', icon: 'refresh' },
  succeeded: { tone: 'good', icon: 'check' },
  compensating: { tone: 'held', icon: 'undo' },
  failed: { tone: 'plain', icon: 'undo' },
  closed: { tone: 'plain', icon: 'cross' },
}

const TAIL_LETTERS = 10

/** Enough of our 30 letters to tell the rows of a list apart; the page of the thing has all of them. */
export const shortNo = (tradeNo: string): string =>
  tradeNo.length > TAIL_LETTERS + 2 ? `…${tradeNo.slice(-TAIL_LETTERS)}` : tradeNo

/** What of a payment, or of a refund of it, waits for a person; null for nothing. */
export const attentionOf = ({ attention, refunds }: Pick<Payment, 'attention' | 'refunds'>) =>
  attention ??
  refunds.find((refund) => refund.attention !== null && isRefundRunning(refund))?.attention ??
  null

export const isRefundRunning = ({ status }: Pick<Refund, 'status'>): boolean =>
  status !== 'succeeded' && status !== 'refused'

const IS_CODE = /^[a-z_]+$/

/** Why something stands or failed, from the hub's code; a provider's own code is shown as it is. */
export function useReasonText(): (code: string | null) => string {
  const { t } = useTranslation()
  return (code) => reasonTextOf(t, code)
}

export function reasonTextOf(t: TFunction, code: string | null): string {
  if (code === null) return ''
  return IS_CODE.test(code) ? t(`reasons.${code}`, { defaultValue: code }) : code
}
