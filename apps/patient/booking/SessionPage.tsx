import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { amountText } from '../../web/amount.ts'
import { momentText } from '../../web/moment.ts'
import { Moment } from '../../web/Moment.tsx'
import { Go, places, useGo } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { ForWhom } from '../parts/ForWhom.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import type { Session } from './sessions.ts'
import { useHold, useSessions, useSlots, useWait, useWaiting } from './use-booking.ts'

/** One session: a number of it, or the place among those who wait for one. */
export function SessionPage({ hospitalId, day, departmentCode, sessionId }: SessionPageProps) {
  const { t } = useTranslation('booking')
  const { data, error, refetch } = useSessions(hospitalId, { day, departmentCode })
  const session = data?.items.find(({ id }) => id === sessionId)
  return (
    <Page title={session?.doctor.name ?? t('title')} back={places.book}>
      <ForWhom hospitalId={hospitalId} />
      {session && <Facts session={session} />}
      {session && <Ways hospitalId={hospitalId} session={session} />}
      {data && !session && <p className="note">{t('gone')}</p>}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={5} />}
      <Go place={places.appointments} className="button">
        {t('mine')}
      </Go>
    </Page>
  )
}

type SessionPageProps = {
  hospitalId: number
  day: string
  departmentCode: string
  sessionId: string
}

function Facts({ session }: { session: Session }) {
  const { t } = useTranslation('booking')
  const { department, clinic, location, startsAt, period, feeFen, left, total } = session
  return (
    <section className="card">
      <h2>
        {department.name} · {clinic}
      </h2>
      <p>
        <Moment at={startsAt} form="day" /> {t(`periods.${period}`)}
      </p>
      <p className="fine-print">{location}</p>
      <p>
        {t('fee')} <strong>{feeFen === 0 ? t('free') : amountText(feeFen)}</strong>
      </p>
      <p role="status">{t('leftOf', { left, total })}</p>
    </section>
  )
}

function Ways({ hospitalId, session }: WaysProps) {
  const { t, i18n } = useTranslation('booking')
  const now = useHubNow()
  const { releasesAt, status, left } = session
  if (now === null) return <Waiting rows={2} />
  if (status === 'stopped') return <p className="note">{t('stoppedWords')}</p>
  if (Date.parse(releasesAt) > now) {
    const at = momentText(releasesAt, 'moment', i18n.language)
    return <p className="note">{t('releases', { at })}</p>
  }
  return left > 0 ? (
    <Numbers hospitalId={hospitalId} session={session} />
  ) : (
    <SoldOut hospitalId={hospitalId} session={session} />
  )
}

type WaysProps = { hospitalId: number; session: Session }

function Numbers({ hospitalId, session }: WaysProps) {
  const { t, i18n } = useTranslation('booking')
  const go = useGo()
  const [number, setNumber] = useState<number | null>(null)
  const [percent, setPercent] = useState<number | null>(null)
  const slots = useSlots(hospitalId, session.id)
  const hold = useHold(hospitalId, session.id, setPercent)
  const free = slots.data?.items.filter(({ status }) => status === 'free') ?? []
  const take = async () => {
    const held = await hold.mutateAsync(number).catch(() => null)
    if (!held) return setPercent(null)
    await go(held.bill ? places.pay(hospitalId, [held.bill]) : places.appointments)
  }
  return (
    <section className="card" aria-label={t('choose')}>
      <h2>{t('choose')}</h2>
      <p className="note">{t('chooseNote')}</p>
      <div className="booking-numbers" role="group" aria-label={t('choose')}>
        {free.map((slot) => (
          <button
            key={slot.id}
            type="button"
            className="button"
            aria-pressed={slot.number === number}
            onClick={() => setNumber(slot.number === number ? null : slot.number)}
          >
            {t('slot', {
              number: slot.number,
              time: momentText(slot.startsAt, 'time', i18n.language),
            })}
          </button>
        ))}
      </div>
      {slots.isPending && <Waiting rows={2} />}
      {hold.error && <FailureBox error={hold.error} />}
      <p role="status" className="note">
        {hold.isPending && t(percent === null ? 'holding' : 'working', { percent })}
      </p>
      <button
        type="button"
        className="button button-primary button-pay"
        disabled={hold.isPending}
        onClick={() => void take()}
      >
        {session.feeFen === 0 ? t('take') : t('takeAndPay', { amount: amountText(session.feeFen) })}
      </button>
      <p className="fine-print">{t('holdNote')}</p>
    </section>
  )
}

function SoldOut({ hospitalId, session }: WaysProps) {
  const { t } = useTranslation('booking')
  const wait = useWait(hospitalId, session.id)
  const waiting = useWaiting(hospitalId)
  const mine = waiting.data?.items.find(
    ({ sessionId, status }) => sessionId === session.id && status !== 'left',
  )
  return (
    <section className="card" aria-label={t('soldOut')}>
      <h2>{t('soldOut')}</h2>
      {mine ? (
        <p className="held-row" role="status">
          <Icon name="clock" />
          {t(mine.status === 'offered' ? 'offered' : 'waiting')}
        </p>
      ) : (
        <>
          <p className="note">{t('waitNote')}</p>
          {wait.error && <FailureBox error={wait.error} />}
          <button
            type="button"
            className="button button-primary"
            disabled={wait.isPending || waiting.isPending}
            onClick={() => wait.mutate()}
          >
            {t('wait')}
          </button>
        </>
      )}
    </section>
  )
}
