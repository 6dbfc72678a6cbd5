import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { CopyText } from '../list/CopyText.tsx'
import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AccessCard } from './AccessCard.tsx'
import { ApplicationChip } from './ApplicationChip.tsx'
import { DeliveriesCard } from './DeliveriesCard.tsx'
import { EndpointsCard } from './EndpointsCard.tsx'
import { KeysCard } from './KeysCard.tsx'
import type { ApplicationDetail } from './model.ts'
import { SecretsCard } from './SecretsCard.tsx'
import { Switch } from './Switch.tsx'

const REFRESH_MS = 15_000

/** One application: what it may do here, how it proves itself, where it is told, and what became of that. */
export function ApplicationPage() {
  const { t } = useTranslation()
  const { applicationId } = getRouteApi('/office/partners/$applicationId').useParams()
  const { hospitalId } = useStaff()
  const path = { hospitalId, id: applicationId }
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}',
    { params: { path } },
    { refetchInterval: REFRESH_MS },
  )
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/partners">{t('menu.partners')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 10 }} />}
      {data && <OneApplication application={data} />}
    </div>
  )
}

function OneApplication({ application }: { application: ApplicationDetail }) {
  return (
    <>
      <Head application={application} />
      <div className="object partner-object">
        <div className="object-main">
          <EndpointsCard application={application} />
          <DeliveriesCard application={application} />
        </div>
        <div className="object-side">
          <AccessCard application={application} />
          <SecretsCard application={application} />
          <KeysCard application={application} />
        </div>
      </div>
    </>
  )
}

function Head({ application }: { application: ApplicationDetail }) {
  const { t } = useTranslation()
  const { id, name, kind, clientId, homeHospital, createdAt } = application
  usePageTitle(name)
  return (
    <header className="object-head partner-head">
      <div>
        <h1>
          {name} <ApplicationChip application={application} />
        </h1>
        <ul className="object-facts">
          <li>{t(`partners.kinds.${kind}`)}</li>
          <li>
            {t('partners.clientId')} <CopyText text={clientId} />
          </li>
          <li>
            {t('partners.home')} {t('shell.hospital', { no: homeHospital })}
          </li>
          <li>
            {t('partners.createdAt')} <Moment at={createdAt} form="exact" />
          </li>
          <li>
            <Link to="/partners/requests" search={{ applicationId: id }}>
              {t('partners.toRequests')}
            </Link>
          </li>
        </ul>
      </div>
      <Switch application={application} />
    </header>
  )
}
