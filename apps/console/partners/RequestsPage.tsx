import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { addDays, type BusinessDate, instantAt } from '../../../kernel/time.ts'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { lookOfAnswer, type PartnerRequest } from './model.ts'
import { PartnerTabs } from './PartnerTabs.tsx'
import { RequestFilters } from './RequestFilters.tsx'
import { RequestPane } from './RequestPane.tsx'
import type { RequestsSearch } from './search.ts'
import { useApplications } from './use-applications.ts'

const PAGE_ROWS = 50
const REFRESH_MS = 10_000
const route = getRouteApi('/office/partners/requests')

/** Every call of every application at this hospital: where one looks when a partner says that it does not work. */
export function RequestsPage() {
  const { t } = useTranslation()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const date = useBusinessDate()
  const { hospitalId } = useStaff()
  usePageTitle(t('partners.tabs.requests'))
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/partner-requests',
    { params: { path: { hospitalId }, query: { ...queryOf(search, date), limit: PAGE_ROWS } } },
    { refetchInterval: search.before === undefined ? REFRESH_MS : false },
  )
  const show = (next: RequestsSearch) => void navigate({ search: next })
  const columns = useColumns(search)
  const rows = list.data?.items
  const last = rows?.at(-1)
  const { request, ...view } = search
  const { before: _before, ...filter } = view
  return (
    <div className="page page-list">
      <header className="page-head">
        <h1>{t('menu.partners')}</h1>
      </header>
      <PartnerTabs at="requests" />
      <RequestFilters search={filter} onChange={show} />
      <div className={request === undefined ? 'request-log' : 'request-log has-pane'}>
        <DataTable
          label={t('partners.tabs.requests')}
          columns={columns.filter(({ onWideOnly }) => request === undefined || !onWideOnly)}
          rows={rows}
          rowKey={({ id }) => id}
          query={list}
          isMarked={({ status }) => status >= 400}
          empty={
            <Empty
              text={t('partners.request.none')}
              onClear={Object.keys(filter).length > 0 ? () => show({}) : undefined}
            />
          }
        />
        {request !== undefined && (
          <RequestPane key={request} id={request} onClose={() => show(view)} />
        )}
      </div>
      <Pager
        shown={rows?.length}
        hasMore={rows?.length === PAGE_ROWS}
        isFirst={search.before === undefined}
        onFirst={() => show(filter)}
        onNext={() => last && show({ ...filter, before: last.id })}
      />
    </div>
  )
}

const DAY_START = '00:00'

/** The filter of the URL as the hub wants it: times of a day as moments. The end of a day is the start of the next. */
export function queryOf(
  { applicationId, status, requestId, onDay, from = DAY_START, to, before }: RequestsSearch,
  date: BusinessDate,
) {
  const until = to === undefined ? instantAt(addDays(date, 1)) : instantAt(date, `${to}:00`)
  const times = { since: instantAt(date, `${from}:00`).toISOString(), until: until.toISOString() }
  return {
    ...(applicationId === undefined ? {} : { applicationId }),
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(before === undefined ? {} : { before }),
    ...(onDay ? times : {}),
  }
}

function useColumns(search: RequestsSearch): Column<PartnerRequest>[] {
  const { t } = useTranslation()
  const applications = useApplications().data?.items ?? []
  const nameOf = (id: string) => applications.find((one) => one.id === id)?.name ?? '—'
  return [
    {
      key: 'at',
      title: t('moves.at'),
      cell: ({ id, at }) => (
        <Link to="/partners/requests" search={{ ...search, request: id }}>
          <Moment at={at} form="exact" />
        </Link>
      ),
    },
    {
      key: 'who',
      title: t('partners.request.who'),
      cell: ({ applicationId }) => <span className="partner-line">{nameOf(applicationId)}</span>,
    },
    {
      key: 'path',
      title: t('partners.request.call'),
      cell: ({ method, path }) => (
        <code className="partner-path">
          <strong>{method}</strong> {path}
        </code>
      ),
    },
    {
      key: 'status',
      title: t('payments.status'),
      cell: ({ status }) => <StatusChip {...lookOfAnswer(status)} text={String(status)} />,
    },
    {
      key: 'error',
      title: t('partners.request.error'),
      onWideOnly: true,
      cell: ({ errorCode }) => (errorCode === null ? '—' : <code>{errorCode}</code>),
    },
    {
      key: 'duration',
      title: t('partners.request.duration'),
      isNumber: true,
      cell: ({ durationMs }) => t('partners.request.ms', { ms: durationMs }),
    },
    {
      key: 'requestId',
      title: t('partners.request.id'),
      onWideOnly: true,
      cell: ({ requestId }) => (
        <code className="partner-line" title={requestId}>
          …{requestId.slice(-8)}
        </code>
      ),
    },
  ]
}
