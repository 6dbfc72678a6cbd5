import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { StatusChip } from '../list/StatusChip.tsx'
import { LOOK_OF_STATUS } from './words.ts'

/** Where the payment stands; one that succeeded and gives money back says that instead. */
export function PaymentChip({ payment }: { payment: Pick<Payment, 'status' | 'payerState'> }) {
  const { t } = useTranslation()
  const { status, payerState } = payment
  if (status === 'succeeded' && payerState !== 'succeeded') {
    const isRunning = payerState === 'returning'
    return (
      <StatusChip
        tone={isRunning ? 'held' : 'plain'}
        icon="undo"
        text={t(`refundedStates.${payerState}`)}
      />
    )
  }
  return <StatusChip {...LOOK_OF_STATUS[status]} text={t(`statuses.${status}`)} />
}
