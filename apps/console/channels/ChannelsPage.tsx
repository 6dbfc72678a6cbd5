import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AlertList } from './AlertList.tsx'
import { ChannelState } from './ChannelState.tsx'
import { ChannelTabs } from './ChannelTabs.tsx'
import { Fee, ResponseTime, Share, SuccessRate, Today } from './figures.tsx'
import type { Channel } from './model.ts'
import { useChannelName, useChannels, useOpenAlerts } from './use-channels.ts'

/** Every way to pay that the hospital has, and how each fares; it refreshes by itself. */
export function ChannelsPage() {
  const { t } = useTranslation()
  const staff = useStaff()
  const list = useChannels()
  const alerts = useOpenAlerts()
  const unanswered = alerts.data?.items.filter(({ acknowledgedAt }) => acknowledgedAt === null)
  usePageTitle(t('menu.channels'))
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('menu.channels')}</h1>
        <p className="fine">
          {t('today.asOf')}{' '}
          <Moment
            at={list.dataUpdatedAt ? new Date(list.dataUpdatedAt).toISOString() : null}
            form="exact"
          />
        </p>
        <Button
          size="small"
          icon={<Icon name="refresh" />}
          loading={list.isFetching}
          onClick={() => void list.refetch()}
        >
          {t('refresh')}
        </Button>
        {may(staff, 'describeChannels') && (
          <Link to="/channels/new">{t('channels.describeNew')}</Link>
        )}
      </header>
      <ChannelTabs at="list" />
      {unanswered && unanswered.length > 0 && (
        <section className="card why-alert" aria-labelledby="unanswered-title">
          <h2 id="unanswered-title">{t('channels.alerts.unanswered')}</h2>
          <AlertList alerts={unanswered} />
        </section>
      )}
      <DataTable
        label={t('menu.channels')}
        columns={useColumns()}
        rows={list.data?.items}
        rowKey={({ name }) => name}
        query={list}
        isMarked={({ health }) => health.state !== 'closed'}
        empty={<Empty text={t('channels.none')} />}
      />
      <p className="fine">{t('channels.listHint')}</p>
      <Unregistered channels={list.data?.unregistered ?? []} />
    </div>
  )
}

function useColumns(): Column<Channel>[] {
  const { t } = useTranslation()
  const nameOf = useChannelName()
  const alerts = useOpenAlerts().data?.items ?? []
  const alertsOf = (name: string) => alerts.filter(({ channel }) => channel === name).length
  return [
    {
      key: 'name',
      title: t('channels.columns.name'),
      cell: ({ name }) => (
        <Link to="/channels/$name" params={{ name }}>
          {nameOf(name)}
        </Link>
      ),
    },
    {
      key: 'tier',
      title: t('channels.columns.tier'),
      cell: ({ tier }) => <span className="nowrap">{t(`channels.tiers.${tier ?? 'none'}`)}</span>,
    },
    {
      key: 'state',
      title: t('channels.columns.state'),
      cell: (channel) => <ChannelState channel={channel} />,
    },
    ...useFigureColumns(),
    {
      key: 'alerts',
      title: t('channels.columns.alerts'),
      isNumber: true,
      cell: ({ name }) =>
        alertsOf(name) === 0 ? (
          '0'
        ) : (
          <Link
            to="/channels/alerts"
            search={{ channel: name }}
            aria-label={t('channels.alertsOf', { count: alertsOf(name), channel: nameOf(name) })}
          >
            {alertsOf(name)}
          </Link>
        ),
    },
  ]
}

function useFigureColumns(): Column<Channel>[] {
  const { t } = useTranslation()
  const title = (key: string) => ({ key, title: t(`channels.columns.${key}`), isNumber: true })
  return [
    { ...title('success'), cell: ({ health }) => <SuccessRate health={health} /> },
    { ...title('p99'), cell: ({ health }) => <ResponseTime p99Ms={health.p99Ms} /> },
    { ...title('calls'), cell: ({ health }) => health.calls.toLocaleString('en-US') },
    { ...title('today'), cell: ({ taken }) => <Today taken={taken} /> },
    { ...title('fee'), cell: (channel) => <Fee {...channel} /> },
    { ...title('share'), cell: (channel) => <Share {...channel} /> },
  ]
}

/** What the hospital is connected to and has not registered is never chosen; here it is taken in. */
function Unregistered({ channels }: { channels: readonly { name: string }[] }) {
  const { t } = useTranslation()
  const nameOf = useChannelName()
  if (channels.length === 0) return null
  return (
    <section className="card" aria-labelledby="unregistered-title">
      <h2 id="unregistered-title">{t('channels.unregistered')}</h2>
      <p className="fine">{t('channels.unregisteredHint')}</p>
      <ul className="mini-list">
        {channels.map(({ name }) => (
          <li key={name}>
            <span>{nameOf(name)}</span>
            <Link to="/channels/$name" params={{ name }}>
              {t('channels.register')}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
