import type { RefundRequest } from '../../../../contract/client.ts'
import type { Tone } from '../../list/StatusChip.tsx'
import type { IconName } from '../../shell/Icon.tsx'
import { may, type Staff } from '../../shell/staff.ts'

/** Words: approvals.statuses.<status>. */
export const LOOK_OF_REQUEST: Record<RefundRequest['status'], { tone: Tone; icon: IconName }> = {
  waiting: { tone: 'held', icon: 'clock' },
  approved: { tone: 'good', icon: 'check' },
  declined: { tone: 'bad', icon: 'cross' },
  withdrawn: { tone: 'plain', icon: 'undo' },
}

/** What somebody can do about a wish that waits. Words: approvals.acts.<act>. */
export type Act = 'decide' | 'withdraw' | 'look'

/** The hub has the last word; this only keeps people from trying in vain. */
export function actOf({ status, requestedBy }: RefundRequest, staff: Staff): Act {
  if (status !== 'waiting') return 'look'
  if (requestedBy === `staff:${staff.staffId}`) return 'withdraw'
  return may(staff, 'approveRefund') ? 'decide' : 'look'
}
