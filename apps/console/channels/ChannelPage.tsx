import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AlertList } from './AlertList.tsx'
import { ChannelState } from './ChannelState.tsx'
import { DocumentsCard } from './DocumentsCard.tsx'
import { Fee, ResponseTime, Share, SuccessRate, Today } from './figures.tsx'
import type { Channel } from './model.ts'
import { ReportCard } from './ReportCard.tsx'
import { StripCard } from './StripCard.tsx'
import { SwitchChannel } from './SwitchChannel.tsx'
import { newDraft } from './terms-draft.ts'
import { TermsCard } from './TermsCard.tsx'
import { TermsForm } from './TermsForm.tsx'
import { TierCard } from './TierCard.tsx'
import { useChannelName, useChannels, useOpenAlerts } from './use-channels.ts'

/** One channel: how it fares, on which terms, and what it was admitted by. One that is only connected is taken in here. */
export function ChannelPage() {
  const { t } = useTranslation()
  const { name } = getRouteApi('/office/channels/$name').useParams()
  const { data, error, refetch } = useChannels()
  const nameOf = useChannelName()
  usePageTitle(nameOf(name))
  const channel = data?.items.find((known) => known.name === name)
  const unregistered = data?.unregistered.find((known) => known.name === name)
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/channels">{t('menu.channels')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 10 }} />}
      {channel && <OneChannel channel={channel} />}
      {unregistered && <Register key={name} {...unregistered} />}
      {data && !channel && !unregistered && <Empty text={t('channels.notThere', { name })} />}
    </div>
  )
}

function OneChannel({ channel }: { channel: Channel }) {
  const { name } = channel
  return (
    <>
      <Head channel={channel} />
      <OpenAlerts name={name} />
      <Figures channel={channel} />
      <div className="object">
        <div className="object-main">
          <StripCard name={name} />
          <ReportCard name={name} />
        </div>
        <div className="object-side">
          <TermsCard channel={channel} />
          <TierCard channel={channel} />
          <DocumentsCard name={name} />
        </div>
      </div>
    </>
  )
}

function Head({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const nameOf = useChannelName()
  return (
    <header className="object-head">
      <div>
        <h1>
          {nameOf(channel.name)} <ChannelState channel={channel} />
        </h1>
        <ul className="object-facts">
          <li>
            {t('channels.columns.tier')} {t(`channels.tiers.${channel.tier ?? 'none'}`)}
          </li>
          <li>
            {t('channels.code')} <code>{channel.name}</code>
          </li>
          <li>{t(channel.isConnected ? 'channels.connected' : 'channels.states.not_connected')}</li>
        </ul>
      </div>
      <SwitchChannel channel={channel} />
    </header>
  )
}

function OpenAlerts({ name }: { name: string }) {
  const { t } = useTranslation()
  const alerts = useOpenAlerts().data?.items.filter(({ channel }) => channel === name) ?? []
  if (alerts.length === 0) return null
  return (
    <section className="card why-alert" aria-labelledby="alerts-title">
      <div className="card-head">
        <h2 id="alerts-title">{t('channels.alerts.open')}</h2>
        <Link to="/channels/alerts" search={{ channel: name, state: 'any' }}>
          {t('channels.alerts.history')}
        </Link>
      </div>
      <AlertList alerts={alerts} />
    </section>
  )
}

function Figures({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const { health } = channel
  const tiles = [
    ['success', <SuccessRate key="v" health={health} />],
    ['p99', <ResponseTime key="v" p99Ms={health.p99Ms} />],
    ['calls', health.calls.toLocaleString('en-US')],
    ['today', <Today key="v" {...channel} />],
    ['fee', <Fee key="v" {...channel} />],
    ['share', <Share key="v" {...channel} />],
  ] as const
  return (
    <ul className="strip channel-tiles" aria-label={t('channels.figures.label')}>
      {tiles.map(([key, value]) => (
        <li key={key} className="tile">
          <div>
            <span className="tile-name">{t(`channels.columns.${key}`)}</span>
            <strong>{value}</strong>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Register({ name, methods }: Pick<Channel, 'name' | 'methods'>) {
  const { t } = useTranslation()
  const staff = useStaff()
  const nameOf = useChannelName()
  const navigate = getRouteApi('/office/channels/$name').useNavigate()
  return (
    <>
      <header className="page-head">
        <h1>{t('channels.registerTitle', { channel: nameOf(name) })}</h1>
      </header>
      <section className="card" aria-label={t('channels.terms.title')}>
        <p className="fine">{t('channels.registerHint')}</p>
        {may(staff, 'keepChannels') ? (
          <TermsForm
            name={name}
            enabled={false}
            start={newDraft(nameOf(name), methods)}
            connectedMethods={methods}
            onDone={() => void navigate({ to: '/channels' })}
          />
        ) : (
          <p className="fine">{t('channels.notAllowed')}</p>
        )}
      </section>
    </>
  )
}
