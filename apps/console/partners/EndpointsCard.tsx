import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useStaff } from '../shell/staff.ts'
import { EndpointDialog } from './EndpointDialog.tsx'
import { type ApplicationDetail, type Endpoint, LOOK_OF_ENDPOINT, wordOf } from './model.ts'
import { useKeeper } from './use-keeper.ts'

/** The endpoints of an application at this hospital. */
export function useEndpoints(applicationId: string) {
  const { hospitalId } = useStaff()
  return api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/endpoints',
    { params: { path: { hospitalId, id: applicationId } } },
  )
}

/** Where the application is told of events: as it says itself over the interface, or IT says here. */
export function EndpointsCard({ application }: { application: ApplicationDetail }) {
  const { t } = useTranslation()
  const { isKeeper } = useKeeper(application)
  const list = useEndpoints(application.id)
  const [open, setOpen] = useState<Endpoint | 'new' | null>(null)
  const columns = useColumns(application.id)
  const changeable = isKeeper ? [...columns, changeColumn(t, setOpen)] : columns
  return (
    <section className="card" aria-labelledby="endpoints-title">
      <header className="card-head">
        <h2 id="endpoints-title">{t('partners.endpoint.title')}</h2>
        {isKeeper && (
          <Button size="small" onClick={() => setOpen('new')}>
            {t('partners.endpoint.add')}
          </Button>
        )}
      </header>
      <DataTable
        label={t('partners.endpoint.title')}
        columns={changeable}
        rows={list.data?.items}
        rowKey={({ id }) => id}
        query={list}
        isMarked={({ status, failingSince }) => status === 'disabled' || failingSince !== null}
        empty={<Empty text={t('partners.endpoint.none')} />}
      />
      {open !== null && (
        <EndpointDialog
          application={application}
          endpoint={open === 'new' ? null : open}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  )
}

const changeColumn = (t: TFunction, onChange: (endpoint: Endpoint) => void): Column<Endpoint> => ({
  key: 'change',
  title: t('partners.endpoint.manage'),
  cell: (endpoint) =>
    endpoint.status !== 'removed' && (
      <Button
        size="small"
        aria-label={t('partners.endpoint.changeOne', { url: endpoint.url })}
        onClick={() => onChange(endpoint)}
      >
        {t('partners.change')}
      </Button>
    ),
})

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
