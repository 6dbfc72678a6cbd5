import { Link } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { CopyText } from '../list/CopyText.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useShortcut } from '../shell/shortcuts.ts'
import { useStaff } from '../shell/staff.ts'
import { lookOfAnswer, type PartnerRequest } from './model.ts'
import { useApplications } from './use-applications.ts'

/** Everything known of one call, beside the list; Escape closes it. */
export function RequestPane({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const head = useRef<HTMLHeadingElement>(null)
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/partner-requests/{id}',
    { params: { path: { hospitalId, id } } },
    { staleTime: Infinity },
  )
  useShortcut('Escape', onClose)
  useEffect(() => head.current?.focus(), [])
  return (
    <aside className="card request-pane" aria-labelledby="request-title">
      <header className="card-head">
        <h2 id="request-title" tabIndex={-1} ref={head}>
          {t('partners.request.one')}
        </h2>
        <Button
          type="text"
          size="small"
          icon={<Icon name="cross" />}
          aria-label={t('partners.request.close')}
          onClick={onClose}
        />
      </header>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active />}
      {data && <Facts request={data} />}
    </aside>
  )
}

function Facts({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation()
  const { method, path, status, requestId, address, proof, durationMs, at, hospitalId } = request
  return (
    <dl className="facts">
      <Fact name={t('moves.at')}>
        <Moment at={at} form="exact" />
      </Fact>
      <Fact name={t('partners.request.who')}>
        <Who request={request} />
      </Fact>
      <Fact name={t('partners.request.call')}>
        <code className="partner-path">
          <strong>{method}</strong> {path}
        </code>
      </Fact>
      <Fact name={t('payments.status')}>
        <StatusChip {...lookOfAnswer(status)} text={String(status)} />
      </Fact>
      {request.errorCode !== null && (
        <Fact name={t('partners.request.error')}>
          <ErrorWords code={request.errorCode} />
        </Fact>
      )}
      <Fact name={t('partners.request.duration')}>
        {t('partners.request.ms', { ms: durationMs })}
      </Fact>
      <Fact name={t('partners.request.id')}>
        <CopyText text={requestId} />
      </Fact>
      <Fact name={t('partners.request.proof')}>{t(`partners.proofs.${proof}`)}</Fact>
      <Fact name={t('partners.request.address')}>
        <CopyText text={address} />
      </Fact>
      <Fact name={t('partners.request.hospital')}>
        {hospitalId === null
          ? t('partners.request.noHospital')
          : t('shell.hospital', { no: hospitalId })}
      </Fact>
    </dl>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

function Who({ request: { applicationId } }: { request: PartnerRequest }) {
  const applications = useApplications().data?.items ?? []
  const application = applications.find(({ id }) => id === applicationId)
  return (
    <Link to="/partners/$applicationId" params={{ applicationId }}>
      {application?.name ?? applicationId}
    </Link>
  )
}

/** The code as the application got it, and what it means where there are words for it. */
function ErrorWords({ code }: { code: string }) {
  const { t, i18n } = useTranslation()
  const key = `errors:${code}`
  return (
    <span className="two-lines">
      <code>{code}</code>
      {i18n.exists(key) && <span className="fine">{t(key)}</span>}
    </span>
  )
}
