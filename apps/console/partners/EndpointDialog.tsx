import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import { EndpointActions } from './EndpointActions.tsx'
import { EndpointSecret, type NewSecret } from './EndpointSecret.tsx'
import {
  type ApplicationDetail,
  type Endpoint,
  type EventType,
  eventTypesFor,
  wordOf,
} from './model.ts'
import { useKeeper } from './use-keeper.ts'

type EndpointDialogProps = {
  application: ApplicationDetail
  /** The one to change; null for a new one. */
  endpoint: Endpoint | null
  onClose: () => void
}

/** Where an application is told: a new place, or what becomes of one. A secret is shown this once, and must be put away first. */
export function EndpointDialog({ application, endpoint, onClose }: EndpointDialogProps) {
  const { t } = useTranslation()
  const [secret, setSecret] = useState<NewSecret | null>(null)
  return (
    <Modal
      open
      title={t(endpoint ? 'partners.endpoint.change' : 'partners.endpoint.add')}
      footer={null}
      width="44rem"
      closable={!secret}
      keyboard={!secret}
      mask={{ closable: false }}
      onCancel={onClose}
    >
      {secret ? (
        <EndpointSecret {...secret} onDone={onClose} />
      ) : (
        <div className="partner-form">
          {endpoint ? (
            <>
              <ChangeForm application={application} endpoint={endpoint} onDone={onClose} />
              <EndpointActions
                application={application}
                endpoint={endpoint}
                onSecret={setSecret}
                onDone={onClose}
              />
            </>
          ) : (
            <AddForm application={application} onSecret={setSecret} />
          )}
        </div>
      )}
    </Modal>
  )
}

function AddForm({
  application,
  onSecret,
}: {
  application: ApplicationDetail
  onSecret: (secret: NewSecret) => void
}) {
  const { t } = useTranslation()
  const { hospitalId } = useKeeper(application)
  const queryClient = useQueryClient()
  const add = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/endpoints',
    {
      async onSuccess({ secret }) {
        onSecret({ secret, earlierUntil: null })
        await queryClient.invalidateQueries()
      },
    },
  )
  const path = { hospitalId, id: application.id }
  return (
    <EndpointForm
      application={application}
      button={t('partners.endpoint.addNow')}
      isBusy={add.isPending}
      error={add.error}
      onSend={(body) => add.mutate({ params: { path }, body })}
    />
  )
}

function ChangeForm({
  application,
  endpoint,
  onDone,
}: {
  application: ApplicationDetail
  endpoint: Endpoint
  onDone: () => void
}) {
  const { t } = useTranslation()
  const { hospitalId } = useKeeper(application)
  const queryClient = useQueryClient()
  const change = api.query.useMutation(
    'patch',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/endpoints/{endpointId}',
    {
      async onSuccess() {
        announce(t('partners.changed'))
        onDone()
        await queryClient.invalidateQueries()
      },
    },
  )
  const path = { hospitalId, id: application.id, endpointId: endpoint.id }
  return (
    <EndpointForm
      application={application}
      endpoint={endpoint}
      button={t('partners.save')}
      isBusy={change.isPending}
      error={change.error}
      onSend={(body) => change.mutate({ params: { path }, body })}
    />
  )
}

type EndpointFormProps = {
  application: ApplicationDetail
  endpoint?: Endpoint
  button: string
  isBusy: boolean
  error: unknown
  onSend: (wish: { url: string; eventTypes: EventType[] }) => void
}

const MOST_LETTERS = 500

function EndpointForm({ application, endpoint, button, isBusy, error, onSend }: EndpointFormProps) {
  const { t } = useTranslation()
  const open = eventTypesFor(application.scopes)
  const [url, setUrl] = useState(endpoint?.url ?? '')
  const [chosen, setChosen] = useState<ReadonlySet<EventType>>(
    new Set(open.filter((type) => endpoint?.eventTypes.includes(type) ?? true)),
  )
  const flip = (type: EventType) =>
    setChosen(new Set(open.filter((one) => chosen.has(one) !== (one === type))))
  const send = (event: FormEvent) => {
    event.preventDefault()
    onSend({ url: url.trim(), eventTypes: [...chosen] })
  }
  if (open.length === 0) return <p className="fine">{t('partners.endpoint.noTypes')}</p>
  return (
    <form className="partner-form" onSubmit={send}>
      <label>
        {t('partners.endpoint.url')}
        <input
          type="url"
          value={url}
          required
          maxLength={MOST_LETTERS}
          spellCheck={false}
          placeholder="https://bank.example/yiqiao"
          onChange={(event) => setUrl(event.target.value)}
        />
        <span className="fine">{t('partners.endpoint.urlHint')}</span>
      </label>
      <fieldset className="partner-choice">
        <legend>{t('partners.endpoint.types')}</legend>
        {open.map((type) => (
          <Checkbox key={type} checked={chosen.has(type)} onChange={() => flip(type)}>
            {t(`partners.events.${wordOf(type)}`)} <code className="fine">{type}</code>
          </Checkbox>
        ))}
      </fieldset>
      {error !== null && <Fault error={error} />}
      <footer className="partner-foot">
        <Button
          type="primary"
          htmlType="submit"
          loading={isBusy}
          disabled={url.trim() === '' || chosen.size === 0}
        >
          {button}
        </Button>
      </footer>
    </form>
  )
}
