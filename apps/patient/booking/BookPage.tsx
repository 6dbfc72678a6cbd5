import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { addDays, businessDateOf, instantAt } from '../../../kernel/time.ts'
import { amountText } from '../../web/amount.ts'
import { momentText } from '../../web/moment.ts'
import { type BookSearch, Go, places, useGo } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { useHubNow } from '../parts/hub-clock.ts'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { clinicOf, firstDay, groupsOf, type Session } from './sessions.ts'
import { DAYS_AHEAD, useSessions } from './use-booking.ts'

/** 预约挂号: a hospital and a day, then a doctor found by name or by department, with what is left of each session. */
export function BookPage({ search }: { search: BookSearch }) {
  const { t } = useTranslation('booking')
  const { data, error, refetch } = useHospitals()
  const now = useHubNow()
  const hospitals = data?.items ?? []
  const hospital = hospitals.find(({ id }) => String(id) === search.at) ?? hospitals[0]
  return (
    <Page title={t('title')} back={places.home}>
      {hospital && now !== null && (
        <Sessions
          key={hospital.id}
          hospital={hospital}
          hospitals={hospitals}
          search={search}
          now={now}
        />
      )}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {(!data || now === null) && !error && <Waiting rows={4} />}
    </Page>
  )
}

const EVERY_DAY = 'all'

function Sessions({ hospital, hospitals, search, now }: SessionsProps) {
  const { t } = useTranslation('booking')
  const go = useGo()
  const { day = firstDay(now), department, find = '' } = search
  const isEveryDay = department !== undefined && search.day === undefined
  const wish = { ...(isEveryDay ? {} : { day }), departmentCode: department }
  const { data, error, refetch } = useSessions(hospital.id, wish)
  const show = (change: BookSearch) => void go(places.bookAt({ ...search, ...change }), REPLACED)
  const groups = groupsOf(data?.items ?? [], { find, by: isEveryDay ? 'day' : 'department', now })
  return (
    <>
      <div className="card booking-wish">
        {hospitals.length > 1 && (
          <label className="booking-field">
            {t('hospital')}
            <select
              aria-label={t('hospital')}
              className="booking-input"
              value={hospital.id}
              onChange={({ target }) => void go(places.bookAt({ at: target.value }), REPLACED)}
            >
              {hospitals.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <DepartmentChoice
          hospitalId={hospital.id}
          day={day}
          chosen={department}
          onChoose={(code) => show({ department: code, ...(code ? { day: undefined } : {}) })}
        />
        <FindField text={find} onFind={(text) => show({ find: text === '' ? undefined : text })} />
      </div>
      <Days
        now={now}
        chosen={isEveryDay ? EVERY_DAY : day}
        hasEvery={department !== undefined}
        onChoose={(one) => show({ day: one === EVERY_DAY ? undefined : one })}
      />
      {groups.map(({ key, name, sessions }) => (
        <Group key={key} name={isEveryDay ? null : name} sessions={sessions}>
          {sessions.map((session) => (
            <SessionRow key={session.id} hospitalId={hospital.id} session={session} />
          ))}
        </Group>
      ))}
      {data && groups.length === 0 && (
        <p className="note" role="status">
          {t(find.trim() === '' ? 'noSessions' : 'notFound')}
        </p>
      )}
      {data?.next && <p className="note">{t('more')}</p>}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={6} />}
    </>
  )
}

type SessionsProps = {
  hospital: Hospital
  hospitals: readonly Hospital[]
  search: BookSearch
  now: number
}

const REPLACED = { replace: true }

/** A department by its name, or the day of its own sessions. */
function Group({ name, sessions, children }: GroupProps) {
  const { i18n } = useTranslation('booking')
  const title = name ?? momentText(sessions[0]?.startsAt ?? '', 'day', i18n.language)
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <ul className="rows">{children}</ul>
    </section>
  )
}

type GroupProps = { name: string | null; sessions: readonly Session[]; children: ReactNode }

function FindField({ text, onFind }: { text: string; onFind: (text: string) => void }) {
  const { t } = useTranslation('booking')
  const [typed, setTyped] = useState(text)
  return (
    <label className="booking-field">
      {t('search')}
      <input
        type="search"
        className="booking-input"
        maxLength={30}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value)
          onFind(target.value.trim())
        }}
      />
    </label>
  )
}

function DepartmentChoice({ hospitalId, day, chosen, onChoose }: DepartmentProps) {
  const { t } = useTranslation('booking')
  const { data } = useSessions(hospitalId, { day })
  const own = useSessions(hospitalId, { departmentCode: chosen })
  const known = chosen === undefined ? [] : (own.data?.items ?? [])
  const all = [...(data?.items ?? []), ...known].map(({ department }) => department)
  const departments = [...new Map(all.map((one) => [one.code, one])).values()]
  return (
    <label className="booking-field">
      {t('department')}
      <select
        aria-label={t('department')}
        className="booking-input"
        value={chosen ?? ''}
        onChange={({ target }) => onChoose(target.value === '' ? undefined : target.value)}
      >
        <option value="">{t('everyDepartment')}</option>
        {departments.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

type DepartmentProps = {
  hospitalId: number
  day: string
  chosen: string | undefined
  onChoose: (code: string | undefined) => void
}

/** The days side by side; more of them than a phone is wide are scrolled within their row. */
function Days({ now, chosen, hasEvery, onChoose }: DaysProps) {
  const { t, i18n } = useTranslation('booking')
  const today = businessDateOf(new Date(now))
  const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, i) => addDays(today, i))
  return (
    <div className="booking-days" role="group" aria-label={t('day')}>
      {hasEvery && (
        <button
          type="button"
          className="booking-day"
          aria-pressed={chosen === EVERY_DAY}
          onClick={() => onChoose(EVERY_DAY)}
        >
          {t('everyDay')}
        </button>
      )}
      {days.map((day) => (
        <button
          key={day}
          type="button"
          className="booking-day"
          aria-pressed={chosen === day}
          onClick={() => onChoose(day)}
        >
          {day === today
            ? t('today')
            : momentText(instantAt(day, '12:00:00'), 'day', i18n.language)}
        </button>
      ))}
    </div>
  )
}

type DaysProps = {
  now: number
  chosen: string
  hasEvery: boolean
  onChoose: (day: string) => void
}

function SessionRow({ hospitalId, session }: { hospitalId: number; session: Session }) {
  const { t } = useTranslation('booking')
  const { id, doctor, period, feeFen, stale } = session
  return (
    <li>
      <Go place={places.session(hospitalId, id)} className="row booking-row">
        <span>
          <span className="visit-title">{doctor.name}</span>
          <span className="fine-print pieces">
            <span>{clinicOf(session)}</span>
            <span>{t(`periods.${period}`)}</span>
            <span>{feeFen === 0 ? t('free') : amountText(feeFen)}</span>
          </span>
          {stale && <span className="fine-print">{t('stale')}</span>}
        </span>
        <StateWord session={session} />
        <Icon name="forward" />
      </Go>
    </li>
  )
}

function StateWord({ session: { status, left, releasesAt } }: { session: Session }) {
  const { t } = useTranslation('booking')
  const now = useHubNow()
  if (status === 'stopped') return <span className="note">{t('stopped')}</span>
  if (now !== null && Date.parse(releasesAt) > now) {
    return <span className="note">{t('notYet')}</span>
  }
  if (left === 0) return <span className="note">{t('soldOut')}</span>
  return <span className="booking-left">{t('left', { count: left })}</span>
}
