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
import { type Appointment, clinicOf, type Session } from './sessions.ts'
import { useAppointments } from './use-appointments.ts'
import { useHold, useSession, useSlots, useWait, useWaiting } from './use-booking.ts'

/** One session: a number of it, or the place among those who wait for one. */
export function SessionPage({ hospitalId, sessionId }: SessionPageProps) {
  const { t } = useTranslation('booking')
  const { data, error, refetch } = useSession(hospitalId, sessionId)
  const back = places.bookAt({
    at: String(hospitalId),
    ...(data ? { day: data.businessDate, department: data.department.code } : {}),
  })
  return (
    <Page title={data?.doctor.name ?? t('title')} back={back}>
      <ForWhom hospitalId={hospitalId} />
      {data && <Facts session={data} />}
      {data && <Ways hospitalId={hospitalId} session={data} />}
      {error && !data ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={5} />}
      <Go place={places.appointments} className="button">
        {t('mine')}
      </Go>
    </Page>
  )
}

type SessionPageProps = { hospitalId: number; sessionId: string }

function Facts({ session }: { session: Session }) {
  const { t } = useTranslation('booking')
  const { department, location, startsAt, period, feeFen, left, total } = session
  return (
    <section className="card" aria-label={t('session')}>
      <h2>
        {department.name} · {clinicOf(session)}
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
  const [percent, setPercent] = useState<number | null>(null)
  const hold = useHold(hospitalId, session.id, setPercent)
  const [mine] = useAppointments([{ id: hospitalId }])
  const own = mine?.data?.items.find(
    (one) => one.sessionId === session.id && HAS_IT.has(one.status),
  )
  const { releasesAt, status, left } = session
  if (now === null || mine?.isPending) return <Waiting rows={2} />
  if (own && !hold.isPending) return <HasOne isHeld={own.status === 'held'} />
  if (status === 'stopped') return <p className="note">{t('stoppedWords')}</p>
  if (Date.parse(session.endsAt) <= now) return <p className="note">{t('over')}</p>
  if (Date.parse(releasesAt) > now) {
    const at = momentText(releasesAt, 'moment', i18n.language)
    return <p className="note">{t('releases', { at })}</p>
  }
  return (
    <>
      {hold.error && <FailureBox error={hold.error} />}
      {left > 0 || hold.isPending ? (
        <Numbers hospitalId={hospitalId} session={session} hold={hold} percent={percent} />
      ) : (
        <SoldOut hospitalId={hospitalId} session={session} />
      )}
    </>
  )
}

type WaysProps = { hospitalId: number; session: Session }

const HAS_IT: ReadonlySet<Appointment['status']> = new Set(['held', 'booked', 'checked_in'])

/** The number that was chosen or, through the waiting list, came by itself. */
function HasOne({ isHeld }: { isHeld: boolean }) {
  const { t } = useTranslation('booking')
  return (
    <p className="held-row" role="status">
      <Icon name={isHeld ? 'clock' : 'done'} />
      {t(isHeld ? 'offered' : 'hasOne')}
    </p>
  )
}

function Numbers({ hospitalId, session, hold, percent }: NumbersProps) {
  const { t, i18n } = useTranslation('booking')
  const go = useGo()
  const [chosen, setNumber] = useState<number | null>(null)
  const slots = useSlots(hospitalId, session.id)
  const free = slots.data?.items.filter(({ status }) => status === 'free') ?? []
  const number = free.some((slot) => slot.number === chosen) ? chosen : null
  const take = async () => {
    const held = await hold.mutateAsync(number).catch(() => null)
    if (held) await go(held.bill ? places.pay(hospitalId, [held.bill]) : places.appointments)
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
      {session.feeFen > 0 && <p className="fine-print">{t('holdNote')}</p>}
    </section>
  )
}

type NumbersProps = WaysProps & { hold: ReturnType<typeof useHold>; percent: number | null }

/** The hub keeps a waiting list for its own numbers only. */
function SoldOut({ hospitalId, session }: WaysProps) {
  const { t } = useTranslation('booking')
  if (session.origin === 'pool') return <WaitFor hospitalId={hospitalId} session={session} />
  return (
    <section className="card" aria-label={t('soldOut')}>
      <h2>{t('soldOut')}</h2>
      <p className="note">{t('soldOutElsewhere')}</p>
    </section>
  )
}

function WaitFor({ hospitalId, session }: WaysProps) {
  const { t } = useTranslation('booking')
  const wait = useWait(hospitalId, session.id)
  const waiting = useWaiting(hospitalId)
  const isWaiting = waiting.data?.items.some(
    ({ sessionId, status }) => sessionId === session.id && status === 'waiting',
  )
  return (
    <section className="card" aria-label={t('soldOut')}>
      <h2>{t('soldOut')}</h2>
      {isWaiting ? (
        <p className="held-row" role="status">
          <Icon name="clock" />
          {t('waiting')}
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
