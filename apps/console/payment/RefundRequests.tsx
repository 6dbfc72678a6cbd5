import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { useActorName } from '../cases/words.ts'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { RequestAction } from '../refunds/approvals/RequestAction.tsx'
import { useRefundRequests } from '../refunds/approvals/use-requests.ts'
import { LOOK_OF_REQUEST } from '../refunds/approvals/words.ts'

const MOST_SHOWN = 20

/** Refunds of the payment that were put before a second person. Those that were approved stand among its refunds. */
export function RefundRequests({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const actorName = useActorName()
  const { data, error, refetch } = useRefundRequests({ paymentId: payment.id, limit: MOST_SHOWN })
  if (error !== null) return <Fault error={error} onRetry={() => void refetch()} />
  const shown = data?.items.filter(({ status }) => status !== 'approved') ?? []
  if (shown.length === 0) return null
  return (
    <section className="card" aria-labelledby="requests-title">
      <h2 id="requests-title">{t('approvals.title')}</h2>
      <ul className="request-list">
        {shown.map((request) => (
          <li key={request.id}>
            <StatusChip
              {...LOOK_OF_REQUEST[request.status]}
              text={t(`approvals.statuses.${request.status}`)}
            />
            <span>
              <Amount fen={request.amountFen} flow="out" /> {request.reason}{' '}
              <span className="fine">
                {actorName(request.requestedBy)} <Moment at={request.createdAt} form="exact" />{' '}
                {request.decisionNote}
              </span>
            </span>
            <RequestAction request={request} />
          </li>
        ))}
      </ul>
    </section>
  )
}
