import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { Deadline } from '../cases/Deadline.tsx'
import { useActorName } from '../cases/words.ts'
import { StatusChip } from '../list/StatusChip.tsx'
import { Acknowledge } from './Acknowledge.tsx'
import type { ChannelAlert } from './model.ts'
import { useChannelName } from './use-channels.ts'
import { useReadable } from './use-params-text.ts'

/** Alerts, each with what was measured, the time that is left to answer it, and who did. */
export function AlertList({ alerts }: { alerts: readonly ChannelAlert[] }) {
  return (
    <ul className="alert-list">
      {alerts.map((alert) => (
        <li key={alert.id}>
          <About alert={alert} />
          <Standing alert={alert} />
        </li>
      ))}
    </ul>
  )
}

function About({ alert }: { alert: ChannelAlert }) {
  const { t } = useTranslation()
  const nameOf = useChannelName()
  const readable = useReadable()
  const { channel, closedAt } = alert
  const tone = closedAt ? 'plain' : alert.class === 'down' ? 'bad' : 'held'
  return (
    <div>
      <p className="alert-head">
        <StatusChip
          tone={tone}
          icon={closedAt ? 'check' : 'alert'}
          text={t(`channels.alertClasses.${alert.class}`)}
        />
        <Link to="/channels/$name" params={{ name: channel }}>
          {nameOf(channel)}
        </Link>
      </p>
      <p>{t(`channels.alertFigures.${alert.class}`, readable(alert.figures))}</p>
      <p className="fine">
        {t('channels.alerts.openedAt')} <Moment at={alert.openedAt} form="exact" /> ·{' '}
        {t(closedAt ? 'channels.alerts.closedAt' : 'channels.alerts.seenAt')}{' '}
        <Moment at={closedAt ?? alert.seenAt} form="exact" />
      </p>
    </div>
  )
}

function Standing({ alert }: { alert: ChannelAlert }) {
  const { t } = useTranslation()
  const actorName = useActorName()
  const { acknowledgedBy, acknowledgedAt, closedAt, note, answerBy, isOverdue } = alert
  return (
    <div className="alert-standing">
      {acknowledgedBy && acknowledgedAt && (
        <p>
          {t('channels.alerts.acknowledgedBy', { who: actorName(acknowledgedBy) })}{' '}
          <Moment at={acknowledgedAt} form="exact" />
        </p>
      )}
      {note && <p className="note-text">{note}</p>}
      {isOverdue && acknowledgedAt && <p className="tone-bad">{t('channels.alerts.tooLate')}</p>}
      {!acknowledgedAt && closedAt && (
        <p className={isOverdue ? 'tone-bad' : 'fine'}>
          {t(isOverdue ? 'channels.alerts.neverAnswered' : 'channels.alerts.passed')}
        </p>
      )}
      {!acknowledgedAt && !closedAt && (
        <>
          <Deadline dueAt={answerBy} status="open" />
          <Acknowledge alert={alert} />
        </>
      )}
    </div>
  )
}
