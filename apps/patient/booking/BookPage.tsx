import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { amountText } from '../../web/amount.ts'
import { Moment } from '../../web/Moment.tsx'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { departmentsOf, type Session } from './sessions.ts'
import { useSessions } from './use-booking.ts'

/** 预约挂号: a hospital, then a doctor found by name or by department, with what is left of each session. */
export function BookPage() {
  const { t } = useTranslation('booking')
  const { data, error, refetch } = useHospitals()
  const [chosen, setChosen] = useState<number | null>(null)
  const hospitals = data?.items ?? []
  const hospitalId = chosen ?? hospitals[0]?.id
  return (
    <Page title={t('title')} back={places.home}>
      {hospitals.length > 1 && (
        <label className="booking-field">
          {t('hospital')}
          <select
            className="booking-input"
            value={hospitalId}
            onChange={({ target }) => setChosen(Number(target.value))}
          >
            {hospitals.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {hospitalId !== undefined && <Sessions key={hospitalId} hospitalId={hospitalId} />}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={4} />}
    </Page>
  )
}

function Sessions({ hospitalId }: { hospitalId: number }) {
  const { t } = useTranslation('booking')
  const [text, setText] = useState('')
  const { data, error, refetch } = useSessions(hospitalId)
  const departments = departmentsOf(data?.items ?? [], text)
  return (
    <>
      <label className="booking-field">
        {t('search')}
        <input
          type="search"
          className="booking-input"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      {departments.map(({ code, name, sessions }) => (
        <section key={code} className="card" aria-label={name}>
          <h2>{name}</h2>
          <ul className="rows">
            {sessions.map((session) => (
              <SessionRow key={session.id} hospitalId={hospitalId} session={session} />
            ))}
          </ul>
        </section>
      ))}
      {data && departments.length === 0 && (
        <p className="note" role="status">
          {t(text.trim() === '' ? 'noSessions' : 'notFound')}
        </p>
      )}
      {data?.next && <p className="note">{t('more')}</p>}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={4} />}
    </>
  )
}

function SessionRow({ hospitalId, session }: { hospitalId: number; session: Session }) {
  const { t } = useTranslation('booking')
  const { id, doctor, clinic, startsAt, period, businessDate, department, feeFen, stale } = session
  return (
    <li>
      <Go
        place={places.session(hospitalId, businessDate, department.code, id)}
        className="row booking-row"
      >
        <span>
          <span className="visit-title">
            {doctor.name} · {clinic}
          </span>
          <span className="fine-print pieces">
            <Moment at={startsAt} form="day" />
            <span>{t(`periods.${period}`)}</span>
            <span>{feeFen === 0 ? t('free') : amountText(feeFen)}</span>
          </span>
          {stale && <span className="fine-print">{t('stale')}</span>}
        </span>
        <span className={session.left > 0 ? 'booking-left' : 'note'}>
          <StateWord session={session} />
        </span>
        <Icon name="forward" />
      </Go>
    </li>
  )
}

function StateWord({ session: { status, left } }: { session: Session }) {
  const { t } = useTranslation('booking')
  if (status === 'stopped') return t('stopped')
  return left > 0 ? t('left', { count: left }) : t('soldOut')
}
