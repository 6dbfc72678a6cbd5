import { getRouteApi } from '@tanstack/react-router'
import { Segmented, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { Pager } from '../list/Pager.tsx'
import { given, oneOf } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ALERT_VIEWS, type AlertsSearch } from './alert-search.ts'
import { AlertList } from './AlertList.tsx'
import { ChannelTabs } from './ChannelTabs.tsx'
import { REFRESH_MS, useChannelName, useChannels } from './use-channels.ts'

const PAGE_ROWS = 50

const route = getRouteApi('/office/channels/alerts')

/** What is wrong with a channel and waits for somebody, and what was. */
export function AlertsPage() {
  const { t } = useTranslation()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  usePageTitle(t('channels.alerts.title'))
  const show = (next: AlertsSearch) => void navigate({ search: next })
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/channels/alerts',
    { params: { path: { hospitalId }, query: queryOf(search) } },
    { refetchInterval: REFRESH_MS },
  )
  const alerts = data?.items
  const last = alerts?.at(-1)
  const { before: _before, ...filter } = search
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('channels.alerts.title')}</h1>
      </header>
      <ChannelTabs at="alerts" />
      <AlertFilters search={filter} onChange={show} />
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!alerts && error === null && <Skeleton active paragraph={{ rows: 6 }} />}
      {alerts && (
        <section className="card" aria-label={t('channels.alerts.title')}>
          {alerts.length === 0 ? (
            <Empty text={t(`channels.alerts.none.${search.state ?? 'open'}`)} />
          ) : (
            <AlertList alerts={alerts} />
          )}
        </section>
      )}
      {(search.before !== undefined || alerts?.length === PAGE_ROWS) && (
        <Pager
          shown={alerts?.length}
          hasMore={alerts?.length === PAGE_ROWS}
          isFirst={search.before === undefined}
          onFirst={() => show(filter)}
          onNext={() => last && show({ ...search, before: last.id })}
        />
      )}
    </div>
  )
}

function queryOf({ state = 'open', ...search }: AlertsSearch) {
  return { ...search, ...(state === 'any' ? {} : { state }), limit: PAGE_ROWS }
}

type AlertFiltersProps = { search: AlertsSearch; onChange: (search: AlertsSearch) => void }

function AlertFilters({ search, onChange }: AlertFiltersProps) {
  const { t } = useTranslation()
  const nameOf = useChannelName()
  const channels = useChannels().data?.items ?? []
  const change = (changes: { state?: string; channel?: string }) => {
    const { state, channel } = { ...search, ...changes }
    const view = oneOf(ALERT_VIEWS, state)
    onChange(given({ state: view === 'open' ? undefined : view, channel: channel || undefined }))
  }
  return (
    <div className="filters" role="group" aria-label={t('filters.label')}>
      <Segmented
        aria-label={t('channels.columns.state')}
        value={search.state ?? 'open'}
        options={ALERT_VIEWS.map((value) => ({
          value,
          label: t(`channels.alerts.views.${value}`),
        }))}
        onChange={(state) => change({ state })}
      />
      <label className="inline-field">
        {t('channels.columns.name')}
        <select
          value={search.channel ?? ''}
          onChange={(event) => change({ channel: event.target.value })}
        >
          <option value="">{t('filters.any')}</option>
          {channels.map(({ name }) => (
            <option key={name} value={name}>
              {nameOf(name)}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
