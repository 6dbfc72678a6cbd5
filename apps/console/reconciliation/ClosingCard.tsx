import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { components } from '../../../contract/hub.d.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { useActorName } from '../cases/words.ts'
import { Download } from '../list/Download.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip, type Tone } from '../list/StatusChip.tsx'
import { Icon, type IconName } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { useClosing } from './use-closing.ts'

type Standing = components['schemas']['ReconciliationClosingStanding']
type Check = Standing['checklist'][number]
type Closing = Standing['closings'][number]

const MOST_LETTERS = 500

/** What stands between a day and its closing; closing it, its report, and opening it again. */
export function ClosingCard({ date }: { date: string }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const standing = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/days/{date}/closing',
    { params: { path: { hospitalId, date } } },
  )
  const { data, error } = standing
  return (
    <section className="card closing" aria-labelledby="closing">
      <div className="card-head">
        <h2 id="closing">{t('closing.title')}</h2>
        {data && <LockChip isLocked={data.isLocked} />}
      </div>
      {error !== null && <Fault error={error} onRetry={() => void standing.refetch()} />}
      {data && !data.isLocked && <Checklist date={date} checks={data.checklist} />}
      {data && data.changedSince.length > 0 && <Changes changes={data.changedSince} />}
      {data && <Act standing={data} />}
      {data && data.closings.length > 0 && <Versions date={date} closings={data.closings} />}
    </section>
  )
}

export function LockChip({ isLocked }: { isLocked: boolean }) {
  const { t } = useTranslation()
  return (
    <StatusChip
      tone={isLocked ? 'good' : 'plain'}
      icon={isLocked ? 'lock' : 'clock'}
      text={t(isLocked ? 'closing.locked' : 'closing.open')}
    />
  )
}

const LOOKS: Record<Check['outcome'], { tone: Tone; icon: IconName }> = {
  passed: { tone: 'good', icon: 'check' },
  open: { tone: 'bad', icon: 'clock' },
  warned: { tone: 'held', icon: 'cases' },
}

/** What has to be done before a day is closed, each with how much of it is left and the way there. */
export function Checklist({ date, checks }: { date: string; checks: readonly Check[] }) {
  const { t } = useTranslation()
  return (
    <ol className="checklist">
      {checks.map(({ name, outcome, count }) => (
        <li key={name}>
          <span>
            {t(`closing.checks.${name}`)} {outcome !== 'passed' && <ToDo name={name} date={date} />}
          </span>
          <StatusChip
            {...LOOKS[outcome]}
            text={outcome === 'passed' ? t('closing.passed') : t('closing.left', { count })}
          />
        </li>
      ))}
    </ol>
  )
}

/** Where what is left of a check is worked off. */
function ToDo({ name, date }: { name: Check['name']; date: string }) {
  const { t } = useTranslation()
  const words = t('closing.look')
  const label = `${words} ${t(`closing.checks.${name}`)}`
  const search = { date: date as BusinessDate }
  switch (name) {
    case 'lists_received':
      return (
        <Link to="/statements" search={search} aria-label={label}>
          {words}
        </Link>
      )
    case 'differences_worked_off':
      return (
        <Link
          to="/reconciliation/day"
          search={{ ...search, view: 'differences', status: 'repairing' }}
          hash="day-lists"
          aria-label={label}
        >
          {words}
        </Link>
      )
    case 'cases_resolved':
      return (
        <Link to="/cases" search={search} aria-label={label}>
          {words}
        </Link>
      )
    case 'lists_compared':
    case 'books_complete':
      return null
  }
}

/** Figures that came out otherwise since it was closed: what is kept is not touched by them. */
function Changes({ changes }: { changes: Standing['changedSince'] }) {
  const { t } = useTranslation()
  return (
    <div className="notice" role="status">
      <p>
        <Icon name="cases" /> {t('closing.changed')}
      </p>
      <ul>
        {changes.map(({ source, kind, side, deltaFen }) => (
          <li key={`${source} ${kind} ${side}`}>
            {t(`reconciliation.short.${source}`, { defaultValue: source })}{' '}
            {t(`closing.kinds.${kind}`)} {t(`reconciliation.${side}`)} <Amount fen={deltaFen} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Closes the day, or opens it again: each with the words that it needs. */
function Act({ standing: { date, isLocked, checklist } }: { standing: Standing }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const [words, setWords] = useState('')
  const act = useClosing({ hospitalId: staff.hospitalId, date }, isLocked, () => setWords(''))
  const isBlocked = !isLocked && checklist.some(({ outcome }) => outcome === 'open')
  const isNeeded = isLocked || checklist.some(({ outcome }) => outcome === 'warned')
  if (!may(staff, 'reconcile')) return <p className="fine">{t('closing.notYours')}</p>
  if (isBlocked) return <p className="fine">{t('closing.blocked')}</p>
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isNeeded || words.trim() !== '') act.run(words.trim())
  }
  return (
    <form className="note-form" onSubmit={submit}>
      {isNeeded && (
        <label>
          {t(isLocked ? 'closing.reason' : 'closing.note')}
          <textarea
            rows={2}
            required
            minLength={2}
            maxLength={MOST_LETTERS}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
      )}
      {act.error !== null && <Fault error={act.error} />}
      <Button
        type={isLocked ? 'default' : 'primary'}
        htmlType="submit"
        icon={<Icon name="lock" />}
        loading={act.isPending}
        disabled={isNeeded && words.trim().length < 2}
      >
        {t(isLocked ? 'closing.reopen' : 'closing.close')}
      </Button>
    </form>
  )
}

function Versions({ date, closings }: { date: string; closings: readonly Closing[] }) {
  const { t } = useTranslation()
  const actorName = useActorName()
  const { hospitalId } = useStaff()
  const path = `/v1/hospitals/${hospitalId}/reconciliation/days/${date}/closings`
  return (
    <ol className="versions">
      {closings.map(({ version, closedAt, closedBy, note, digest, reopened }) => (
        <li key={version}>
          <p>
            <strong>{t('closing.version', { version })}</strong> ·{' '}
            <Moment at={closedAt} form="exact" /> · {actorName(closedBy)}
          </p>
          {note !== null && <p>{t('closing.with', { note })}</p>}
          {reopened && (
            <p className="tone-held">
              {t('closing.reopened', { reason: reopened.reason })} ·{' '}
              <Moment at={reopened.at} form="exact" /> · {actorName(reopened.by)}
            </p>
          )}
          <p className="fine">
            {t('closing.digest')} <code>{digest.slice(0, 16)}</code>
          </p>
          <p className="reports">
            <Download path={`${path}/${version}/report.pdf`}>
              {t('closing.pdf', { version })}
            </Download>
            <Download path={`${path}/${version}/report.xlsx`}>
              {t('closing.xlsx', { version })}
            </Download>
          </p>
        </li>
      ))}
    </ol>
  )
}
