import type { Refund } from '../../../contract/client.ts'
import type { Tone } from '../list/StatusChip.tsx'
import { useReasonText } from '../payments/words.ts'
import type { IconName } from '../shell/Icon.tsx'

/** Words: refunds.statuses.<status>. */
export const LOOK_OF_REFUND: Record<Refund['status'], { tone: Tone; icon: IconName }> = {
  approving: { tone: 'held', icon: 'clock' },
  returning: { tone: 'held', icon: 'undo' },
  completing: { tone: 'held', icon: 'hospital' },
  succeeded: { tone: 'good', icon: 'check' },
  refused: { tone: 'bad', icon: 'cross' },
}

/** Why it goes back: a person's own words where one asked for it, and else the hub's code in words. */
export function useRefundReason(): (refund: Pick<Refund, 'cause' | 'reason'>) => string {
  const reasonText = useReasonText()
  return ({ cause, reason }) => (cause === 'requested' ? reason : reasonText(reason))
}
