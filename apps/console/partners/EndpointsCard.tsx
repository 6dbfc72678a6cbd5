import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useStaff } from '../shell/staff.ts'
import { type ApplicationDetail, type Endpoint, LOOK_OF_ENDPOINT, wordOf } from './model.ts'

/** The endpoints of an application at this hospital. */
export function useEndpoints(applicationId: string) {
  const { hospitalId } = useStaff()
  return api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/endpoints',
    { params: { path: { hospitalId, id: applicationId } } },
  )
}

/** Where the application is told of events: it says so itself, over the interface. */
export function EndpointsCard({ application }: { application: ApplicationDetail }) {
  const { t } = useTranslation()
  const list = useEndpoints(application.id)
  return (
    <section className="card" aria-labelledby="endpoints-title">
      <h2 id="endpoints-title">{t('partners.endpoint.title')}</h2>
      <DataTable
        label={t('partners.endpoint.title')}
        columns={useColumns(application.id)}
        rows={list.data?.items}
        rowKey={({ id }) => id}
        query={list}
        isMarked={({ status, failingSince }) => status === 'disabled' || failingSince !== null}
        empty={<Empty text={t('partners.endpoint.none')} />}
      />
    </section>
  )
}

function useColumns(applicationId: string): Column<Endpoint>[] {
  const { t } = useTranslation()
  return [
    {
      key: 'url',
      title: t('partners.endpoint.url'),
      cell: ({ id, url }) => (
        <Link
          to="/partners/$applicationId"
          params={{ applicationId }}
          search={{ endpointId: id }}
          className="partner-url"
        >
          {url}
        </Link>
      ),
    },
    {
      key: 'status',
      title: t('payments.status'),
      cell: ({ status, disabledReason, failingSince }) => (
        <span className="two-lines">
          <StatusChip
            {...LOOK_OF_ENDPOINT[status]}
            text={t(`partners.endpoint.statuses.${disabledReason ?? status}`)}
          />
          {failingSince && (
            <span className="fine">
              {t('partners.endpoint.failingSince')} <Moment at={failingSince} form="exact" />
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'types',
      title: t('partners.endpoint.types'),
      cell: ({ eventTypes }) =>
        eventTypes.map((type) => t(`partners.events.${wordOf(type)}`)).join('、'),
    },
  ]
}
