import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { addDays, type BusinessDate, instantAt } from '../../../kernel/time.ts'
import { api } from '../api.ts'
import { today } from '../clock.ts'
import { Fault } from '../list/Fault.tsx'
import { useEndpoints } from './EndpointsCard.tsx'
import { type ApplicationDetail, REPLAYED_STATUSES } from './model.ts'
import { useKeeper } from './use-keeper.ts'

type ReplayDialogProps = { application: ApplicationDetail; isOpen: boolean; onClose: () => void }

/** Sends again all of a time in which a receiver was down. */
export function ReplayDialog({ application, isOpen, onClose }: ReplayDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      open={isOpen}
      title={t('partners.replay.range')}
      footer={null}
      destroyOnHidden
      onCancel={onClose}
    >
      <ReplayForm application={application} />
    </Modal>
  )
}

type Status = (typeof REPLAYED_STATUSES)[number]

function ReplayForm({ application }: { application: ApplicationDetail }) {
  const { t } = useTranslation()
  const { hospitalId } = useKeeper(application)
  const queryClient = useQueryClient()
  const endpoints = useEndpoints(application.id).data?.items ?? []
  const [since, setSince] = useState(`${today()}T00:00`)
  const [until, setUntil] = useState(`${addDays(today(), 1)}T00:00`)
  const [endpointId, setEndpointId] = useState('')
  const [statuses, setStatuses] = useState<ReadonlySet<Status>>(new Set(['pending', 'given_up']))
  const replay = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/replays',
    { onSuccess: () => queryClient.invalidateQueries() },
  )
  const send = (event: FormEvent) => {
    event.preventDefault()
    const body = {
      since: instantOf(since),
      until: instantOf(until),
      statuses: [...statuses],
      ...(endpointId === '' ? {} : { endpointId }),
    }
    replay.mutate({ params: { path: { hospitalId, id: application.id } }, body })
  }
  return (
    <form className="partner-form" onSubmit={send}>
      <p className="fine">{t('partners.replay.hint')}</p>
      <Times {...{ since, until }} onSince={setSince} onUntil={setUntil} />
      <label>
        {t('partners.endpoint.title')}
        <select value={endpointId} onChange={(event) => setEndpointId(event.target.value)}>
          <option value="">{t('partners.endpoint.all')}</option>
          {endpoints.map(({ id, url }) => (
            <option key={id} value={id}>
              {url}
            </option>
          ))}
        </select>
      </label>
      <StatusChoice chosen={statuses} onChange={setStatuses} />
      {replay.error !== null && <Fault error={replay.error} />}
      <p role="status">
        {replay.data && t('partners.replay.started', { count: replay.data.count })}{' '}
        {replay.data?.isWhole === false && t('partners.replay.more')}
      </p>
      <footer className="partner-foot">
        <Button
          type="primary"
          htmlType="submit"
          loading={replay.isPending}
          disabled={statuses.size === 0 || since >= until}
        >
          {t('partners.replay.send')}
        </Button>
      </footer>
    </form>
  )
}

type TimesProps = {
  since: string
  until: string
  onSince: (text: string) => void
  onUntil: (text: string) => void
}

function Times({ since, until, onSince, onUntil }: TimesProps) {
  const { t } = useTranslation()
  return (
    <div className="partner-times">
      <label>
        {t('partners.replay.since')}
        <input
          type="datetime-local"
          value={since}
          required
          onChange={(event) => onSince(event.target.value)}
        />
      </label>
      <label>
        {t('partners.replay.until')}
        <input
          type="datetime-local"
          value={until}
          required
          onChange={(event) => onUntil(event.target.value)}
        />
      </label>
    </div>
  )
}

type StatusChoiceProps = {
  chosen: ReadonlySet<Status>
  onChange: (chosen: ReadonlySet<Status>) => void
}

function StatusChoice({ chosen, onChange }: StatusChoiceProps) {
  const { t } = useTranslation()
  const flip = (status: Status) =>
    onChange(new Set(REPLAYED_STATUSES.filter((one) => chosen.has(one) !== (one === status))))
  return (
    <fieldset className="partner-choice">
      <legend>{t('partners.replay.which')}</legend>
      {REPLAYED_STATUSES.map((status) => (
        <Checkbox key={status} checked={chosen.has(status)} onChange={() => flip(status)}>
          {t(`partners.delivery.statuses.${status}`)}
        </Checkbox>
      ))}
    </fieldset>
  )
}

/** What a field for date and time gives, 2026-11-21T09:30, is Shanghai's time, wherever the browser is. */
function instantOf(text: string): string {
  const [date = '', time = ''] = text.split('T')
  return instantAt(date as BusinessDate, `${time.slice(0, 5)}:00`).toISOString()
}
