import { getRouteApi, Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { DeliveryDialog } from './DeliveryDialog.tsx'
import { useEndpoints } from './EndpointsCard.tsx'
import {
  type ApplicationDetail,
  type Delivery,
  DELIVERY_STATUSES,
  LOOK_OF_DELIVERY,
  wordOf,
} from './model.ts'
import { ReplayDialog } from './ReplayDialog.tsx'
import type { ApplicationSearch } from './search.ts'
import { useKeeper } from './use-keeper.ts'
import { useLastError } from './words.ts'

const PAGE_ROWS = 30
const REFRESH_MS = 10_000
const route = getRouteApi('/office/partners/$applicationId')

/** What the application was told or is still to be told, and the ways to tell it again. */
export function DeliveriesCard({ application }: { application: ApplicationDetail }) {
  const { t } = useTranslation()
  const { hospitalId, isKeeper } = useKeeper(application)
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const [isReplaying, setReplaying] = useState(false)
  const { delivery, ...filter } = search
  const { id } = application
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/partner-applications/{id}/deliveries',
    { params: { path: { hospitalId, id }, query: { ...filter, limit: PAGE_ROWS } } },
    { refetchInterval: REFRESH_MS },
  )
  const show = (next: ApplicationSearch) =>
    void navigate({ search: next, resetScroll: false, replace: next.delivery !== undefined })
  const rows = list.data?.items
  const last = rows?.at(-1)
  const { before: _before, ...first } = filter
  return (
    <section className="card" aria-labelledby="deliveries-title">
      <header className="card-head">
        <h2 id="deliveries-title">{t('partners.delivery.title')}</h2>
        {isKeeper && (
          <Button size="small" onClick={() => setReplaying(true)}>
            {t('partners.replay.range')}
          </Button>
        )}
      </header>
      <DeliveryFilters applicationId={id} search={first} onChange={show} />
      <DataTable
        label={t('partners.delivery.title')}
        columns={useColumns(id, search)}
        rows={rows}
        rowKey={(row) => row.id}
        query={list}
        isMarked={({ status }) => status === 'given_up'}
        empty={
          <Empty
            text={t('partners.delivery.none')}
            onClear={Object.keys(first).length > 0 ? () => show({}) : undefined}
          />
        }
      />
      <Pager
        shown={rows?.length}
        hasMore={rows?.length === PAGE_ROWS}
        isFirst={filter.before === undefined}
        onFirst={() => show(first)}
        onNext={() => last && show({ ...first, before: last.id })}
      />
      {delivery !== undefined && (
        <DeliveryDialog
          application={application}
          deliveryId={delivery}
          onClose={() => show(filter)}
        />
      )}
      <ReplayDialog
        application={application}
        isOpen={isReplaying}
        onClose={() => setReplaying(false)}
      />
    </section>
  )
}

type DeliveryFiltersProps = {
  applicationId: string
  search: ApplicationSearch
  onChange: (search: ApplicationSearch) => void
}

function DeliveryFilters({ applicationId, search, onChange }: DeliveryFiltersProps) {
  const { t } = useTranslation()
  const endpoints = useEndpoints(applicationId).data?.items ?? []
  const { status, endpointId } = search
  const withEndpoint = endpointId === undefined ? {} : { endpointId }
  const withStatus = status === undefined ? {} : { status }
  return (
    <div className="filters" role="group" aria-label={t('filters.label')}>
      <div className="choices" role="group" aria-label={t('payments.status')}>
        {DELIVERY_STATUSES.map((each) => (
          <button
            key={each}
            type="button"
            className="chip"
            aria-pressed={each === status}
            onClick={() =>
              onChange({ ...withEndpoint, ...(each === status ? {} : { status: each }) })
            }
          >
            {t(`partners.delivery.statuses.${each}`)}
          </button>
        ))}
      </div>
      <select
        aria-label={t('partners.endpoint.title')}
        value={endpointId ?? ''}
        onChange={({ target: { value } }) =>
          onChange({ ...withStatus, ...(value === '' ? {} : { endpointId: value }) })
        }
      >
        <option value="">{t('partners.endpoint.all')}</option>
        {endpoints.map(({ id, url }) => (
          <option key={id} value={id}>
            {url}
          </option>
        ))}
      </select>
    </div>
  )
}

function useColumns(applicationId: string, search: ApplicationSearch): Column<Delivery>[] {
  const { t } = useTranslation()
  const lastError = useLastError()
  const endpoints = useEndpoints(applicationId).data?.items ?? []
  const urlOf = (id: string) => endpoints.find((endpoint) => endpoint.id === id)?.url
  return [
    {
      key: 'event',
      title: t('partners.delivery.event'),
      cell: ({ id, eventType, endpointId, createdAt }) => (
        <span className="two-lines">
          <Link
            to="/partners/$applicationId"
            params={{ applicationId }}
            search={{ ...search, delivery: id }}
            resetScroll={false}
          >
            {t(`partners.events.${wordOf(eventType)}`)}
          </Link>
          <span className="fine">
            <Moment at={createdAt} form="exact" />
          </span>
          <span className="fine partner-url">{urlOf(endpointId)}</span>
        </span>
      ),
    },
    {
      key: 'status',
      title: t('payments.status'),
      cell: ({ status }) => (
        <StatusChip
          {...LOOK_OF_DELIVERY[status]}
          text={t(`partners.delivery.statuses.${status}`)}
        />
      ),
    },
    {
      key: 'attempts',
      title: t('partners.delivery.attempts'),
      isNumber: true,
      cell: ({ attempts }) => attempts,
    },
    {
      key: 'next',
      title: t('partners.delivery.next'),
      cell: ({ dueAt }) => <Moment at={dueAt} form="exact" />,
    },
    {
      key: 'error',
      title: t('partners.delivery.lastAnswer'),
      cell: (row) => <span className="remark">{lastError(row)}</span>,
    },
  ]
}
