import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { CopyText } from '../list/CopyText.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { announce } from '../shell/announce.ts'
import { useEndpoints } from './EndpointsCard.tsx'
import {
  type ApplicationDetail,
  type Attempt,
  type Delivery,
  LOOK_OF_DELIVERY,
  wordOf,
} from './model.ts'
import { useKeeper } from './use-keeper.ts'
import { answeredBy, useLastError } from './words.ts'

type DeliveryDialogProps = {
  application: ApplicationDetail
  deliveryId: string
  onClose: () => void
}

/** One delivery with every try of it, what the receiver answered, and the way to send it again. */
export function DeliveryDialog({ application, deliveryId, onClose }: DeliveryDialogProps) {
  const { t } = useTranslation()
  const { hospitalId } = useKeeper(application)
  const path = { hospitalId, id: application.id, deliveryId }
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/deliveries/{deliveryId}',
    { params: { path } },
    { refetchInterval: ({ state }) => (state.data?.delivery.status === 'pending' ? 3_000 : false) },
  )
  return (
    <Modal
      open
      title={t('partners.delivery.one')}
      footer={null}
      width="52rem"
      destroyOnHidden
      onCancel={onClose}
    >
      <div className="partner-form">
        {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
        {!data && error === null && <Skeleton active />}
        {data && (
          <>
            <Facts applicationId={application.id} delivery={data.delivery} />
            <Attempts attempts={data.attempts} />
            <Replay application={application} delivery={data.delivery} />
          </>
        )}
      </div>
    </Modal>
  )
}

function Facts({ applicationId, delivery }: { applicationId: string; delivery: Delivery }) {
  const { t } = useTranslation()
  const endpoints = useEndpoints(applicationId).data?.items ?? []
  const endpoint = endpoints.find(({ id }) => id === delivery.endpointId)
  const { eventType, eventId, status, dueAt, createdAt, endedAt } = delivery
  return (
    <dl className="facts">
      <div>
        <dt>{t('partners.delivery.event')}</dt>
        <dd>
          {t(`partners.events.${wordOf(eventType)}`)} <code className="fine">{eventType}</code>
        </dd>
      </div>
      <div>
        <dt>{t('partners.endpoint.title')}</dt>
        <dd className="partner-url">{endpoint?.url ?? t('partners.endpoint.statuses.removed')}</dd>
      </div>
      <div>
        <dt>{t('partners.delivery.eventId')}</dt>
        <dd>
          <CopyText text={eventId} />
        </dd>
      </div>
      <div>
        <dt>{t('payments.status')}</dt>
        <dd>
          <StatusChip
            {...LOOK_OF_DELIVERY[status]}
            text={t(`partners.delivery.statuses.${status}`)}
          />
        </dd>
      </div>
      <div>
        <dt>{t('payments.createdAt')}</dt>
        <dd>
          <Moment at={createdAt} form="exact" />
        </dd>
      </div>
      <div>
        <dt>{t(dueAt ? 'partners.delivery.next' : 'partners.delivery.endedAt')}</dt>
        <dd>
          <Moment at={dueAt ?? endedAt} form="exact" />
        </dd>
      </div>
    </dl>
  )
}

function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  const { t } = useTranslation()
  const lastError = useLastError()
  if (attempts.length === 0) return <p className="fine">{t('partners.delivery.noTries')}</p>
  return (
    <div className="table-frame">
      <table className="data-table">
        <caption className="visually-hidden">{t('partners.delivery.tries')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('partners.delivery.round')}</th>
            <th scope="col">{t('moves.at')}</th>
            <th scope="col">{t('partners.delivery.answer')}</th>
            <th scope="col" className="is-number">
              {t('partners.request.duration')}
            </th>
          </tr>
        </thead>
        <tbody>
          {attempts.toReversed().map((attempt) => (
            <tr key={`${attempt.round} ${attempt.attemptNo}`}>
              <td>
                {attempt.round}.{attempt.attemptNo}
              </td>
              <td>
                <Moment at={attempt.at} form="exact" />
              </td>
              <td>
                {lastError(answeredBy(attempt))}
                {attempt.responseBody && (
                  <code className="partner-answer fine">{attempt.responseBody}</code>
                )}
              </td>
              <td className="is-number">{t('partners.request.ms', { ms: attempt.durationMs })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Replay({ application, delivery }: { application: ApplicationDetail; delivery: Delivery }) {
  const { t } = useTranslation()
  const { hospitalId, isKeeper } = useKeeper(application)
  const queryClient = useQueryClient()
  const replay = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/deliveries/{deliveryId}/replay',
    {
      onSuccess: async () => {
        announce(t('partners.replay.started', { count: 1 }))
        await queryClient.invalidateQueries()
      },
    },
  )
  if (!isKeeper) return null
  const path = { hospitalId, id: application.id, deliveryId: delivery.id }
  return (
    <>
      {replay.error !== null && <Fault error={replay.error} />}
      <footer className="partner-foot">
        {delivery.status === 'held' && <p className="fine">{t('partners.replay.held')}</p>}
        <Button
          type="primary"
          loading={replay.isPending}
          disabled={delivery.status === 'held'}
          onClick={() => replay.mutate({ params: { path } })}
        >
          {t('partners.replay.one')}
        </Button>
      </footer>
    </>
  )
}
