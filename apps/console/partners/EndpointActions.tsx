import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import type { NewSecret } from './EndpointSecret.tsx'
import type { ApplicationDetail, Endpoint } from './model.ts'
import { useKeeper } from './use-keeper.ts'

type EndpointActionsProps = {
  application: ApplicationDetail
  endpoint: Endpoint
  onSecret: (secret: NewSecret) => void
  onDone: () => void
}

/** Off and on, a new secret, and the end of it: the last is asked once more. */
export function EndpointActions(props: EndpointActionsProps) {
  const { endpoint } = props
  const { t } = useTranslation()
  const { setStatus, rotate, remove } = useEndpointChanges(props)
  const [isAsking, setAsking] = useState(false)
  const isActive = endpoint.status === 'active'
  const error = setStatus.error ?? rotate.error ?? remove.error
  return (
    <section className="partner-form" aria-labelledby="endpoint-more">
      <h3 id="endpoint-more">{t('partners.endpoint.more')}</h3>
      <div className="actions">
        <Button
          loading={setStatus.isPending}
          onClick={() => setStatus.run(isActive ? 'disabled' : 'active')}
        >
          {t(isActive ? 'partners.endpoint.off' : 'partners.endpoint.on')}
        </Button>
        <Button loading={rotate.isPending} onClick={rotate.run}>
          {t('partners.endpoint.rotate')}
        </Button>
        {!isAsking && (
          <Button danger onClick={() => setAsking(true)}>
            {t('partners.endpoint.remove')}
          </Button>
        )}
      </div>
      {isAsking && (
        <div className="actions" role="alert">
          <span>{t('partners.endpoint.askRemove')}</span>
          <Button danger type="primary" loading={remove.isPending} onClick={remove.run}>
            {t('partners.endpoint.removeNow')}
          </Button>
          <Button onClick={() => setAsking(false)}>{t('partners.cancel')}</Button>
        </div>
      )}
      {error !== null && <Fault error={error} />}
    </section>
  )
}

const ONE = '/v1/hospitals/{hospitalId}/partner-applications/{id}/endpoints/{endpointId}'

function useEndpointChanges({ application, endpoint, onSecret, onDone }: EndpointActionsProps) {
  const { t } = useTranslation()
  const { hospitalId } = useKeeper(application)
  const queryClient = useQueryClient()
  const path = { hospitalId, id: application.id, endpointId: endpoint.id }
  const done = async (words: string) => {
    announce(t(words))
    onDone()
    await queryClient.invalidateQueries()
  }
  const setStatus = api.query.useMutation('patch', ONE, {
    onSuccess: ({ status }) =>
      done(status === 'active' ? 'partners.endpoint.isOn' : 'partners.endpoint.isOff'),
  })
  const remove = api.query.useMutation('delete', ONE, {
    onSuccess: () => done('partners.endpoint.removed'),
  })
  const rotate = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/endpoints/{endpointId}/secret',
    { onSuccess: onSecret },
  )
  return {
    setStatus: {
      ...stateOf(setStatus),
      run: (status: 'active' | 'disabled') =>
        setStatus.mutate({ params: { path }, body: { status } }),
    },
    rotate: { ...stateOf(rotate), run: () => rotate.mutate({ params: { path } }) },
    remove: { ...stateOf(remove), run: () => remove.mutate({ params: { path } }) },
  }
}

const stateOf = ({ isPending, error }: { isPending: boolean; error: unknown }) => ({
  isPending,
  error,
})
