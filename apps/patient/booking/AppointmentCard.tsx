import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { MINUTE_MS } from '../../../kernel/time.ts'
import { amountText } from '../../web/amount.ts'
import { momentText } from '../../web/moment.ts'
import { Go, places } from '../navigation.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Icon } from '../parts/Icon.tsx'
import { ReadAloud } from '../parts/ReadAloud.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { type Appointment, equalTo, stateOf } from './sessions.ts'
import { useAct, useMove, useSession, useSessions } from './use-booking.ts'

/** One number: when and where, how it stands, where the money is, and what can be done now. */
export function AppointmentCard({ hospitalId, appointment, now }: CardProps) {
  const { t, i18n } = useTranslation('booking')
  const { sessionId, slotNumber, startsAt } = appointment
  const session = useSession(hospitalId, sessionId).data
  const when = momentText(startsAt, 'moment', i18n.language)
  const where = session ? `${session.department.name} · ${session.doctor.name}` : t('appointment')
  const state = t(stateOf(appointment))
  const number = slotNumber === null ? '' : t('number', { number: slotNumber })
  return (
    <article className="card" aria-label={`${where} ${when}`}>
      <div className="card-head">
        <h3>{where}</h3>
        <ReadAloud words={[where, when, number, state].filter(Boolean).join('。')} />
      </div>
      <p>
        {when} {number && <strong>{number}</strong>}
      </p>
      {session && <p className="fine-print">{session.location}</p>}
      <p className="queue-state" role="status">
        {state}
      </p>
      {appointment.status === 'stopped' && <WhyStopped reason={appointment.reason} />}
      <Money appointment={appointment} />
      <ToDo hospitalId={hospitalId} appointment={appointment} now={now} />
    </article>
  )
}

type CardProps = { hospitalId: number; appointment: Appointment; now: number }

// Where nobody gave a reason in words.
const NO_REASONS = new Set(['stopped', 'hospital'])

function WhyStopped({ reason }: { reason: string | null }) {
  const { t } = useTranslation('booking')
  if (reason === null || NO_REASONS.has(reason)) return null
  return <p>{t('why', { reason })}</p>
}

/** Nothing is to be paid any more of what has ended. */
function Money({ appointment: { status, fee, feeFen, paymentId } }: { appointment: Appointment }) {
  const { t } = useTranslation('booking')
  if (fee === 'none' || (fee === 'due' && status !== 'held')) return null
  return (
    <p>
      {t(`fees.${fee}`, { amount: amountText(feeFen) })}{' '}
      {paymentId !== null && (fee === 'returning' || fee === 'returned') && (
        <Go place={places.refunds} className="text-link">
          {t('seeRefund')}
        </Go>
      )}
    </p>
  )
}

function ToDo({ hospitalId, appointment, now }: CardProps) {
  const { t } = useTranslation('booking')
  const { id, status, fee, bill, waitsForHospital, expiresAt, cancelUntil, chooseUntil } =
    appointment
  const act = useAct(hospitalId, id)
  const mayChoose = status === 'stopped' && fee === 'paid' && Date.parse(chooseUntil ?? '') > now
  const isHeld = status === 'held' && !waitsForHospital && Date.parse(expiresAt ?? '') > now
  const canCancel = isHeld || (status === 'booked' && Date.parse(cancelUntil) > now)
  return (
    <>
      {isHeld && <Countdown untilMs={Date.parse(expiresAt ?? '') - now} />}
      {act.error && <FailureBox error={act.error} />}
      {isHeld && bill && (
        <Go place={places.pay(hospitalId, [bill])} className="button button-primary">
          {t('goPay', { amount: amountText(appointment.feeFen) })}
        </Go>
      )}
      {isHeld && !bill && (
        <button
          type="button"
          className="button button-primary"
          disabled={act.isPending}
          onClick={() => act.mutate('booking')}
        >
          {t('take')}
        </button>
      )}
      {isHeld && bill && Date.parse(cancelUntil) <= now && (
        <p className="fine-print">{t('noCancelOncePaid')}</p>
      )}
      {canCancel && (
        <Cancel
          appointment={appointment}
          isBusy={act.isPending}
          onYes={() => act.mutate('cancellation')}
        />
      )}
      {status === 'booked' && !canCancel && <p className="fine-print">{t('cancelOver')}</p>}
      {status === 'stopped' && !mayChoose && fee !== 'moved' && (
        <p className="note">{t('bookAnother')}</p>
      )}
      {mayChoose && (
        <Stopped
          hospitalId={hospitalId}
          appointment={appointment}
          now={now}
          isBusy={act.isPending}
          onMoney={() => act.mutate('money-back')}
        />
      )}
    </>
  )
}

function Countdown({ untilMs }: { untilMs: number }) {
  const { t } = useTranslation('booking')
  return (
    <p className="held-row">
      <Icon name="clock" />
      {t('heldFor', { count: Math.max(1, Math.ceil(untilMs / MINUTE_MS)) })}
    </p>
  )
}

function Cancel({ appointment, isBusy, onYes }: CancelProps) {
  const { t, i18n } = useTranslation('booking')
  const [isAsked, setAsked] = useState(false)
  const { status, fee, feeFen, cancelUntil } = appointment
  const until = momentText(cancelUntil, 'moment', i18n.language)
  const isBooked = status === 'booked'
  return (
    <>
      {isBooked && <p className="fine-print">{t('cancelUntil', { until })}</p>}
      <button type="button" className="button" disabled={isBusy} onClick={() => setAsked(true)}>
        {t(isBusy ? 'cancelling' : isBooked ? 'cancel' : 'letGo')}
      </button>
      {isAsked && (
        <Confirm
          title={t('cancelTitle')}
          yes={t('cancelYes')}
          no={t('keep')}
          onYes={() => {
            setAsked(false)
            onYes()
          }}
          onNo={() => setAsked(false)}
        >
          {fee === 'paid' || fee === 'moved'
            ? t('cancelPaid', { amount: amountText(feeFen) })
            : t('cancelUnpaid')}
        </Confirm>
      )}
    </>
  )
}

type CancelProps = { appointment: Appointment; isBusy: boolean; onYes: () => void }

const MOST_OFFERED = 5

/** The clinic does not take place: an equal number with the fee, or the money. */
function Stopped({ hospitalId, appointment, now, isBusy, onMoney }: StoppedProps) {
  const { t, i18n } = useTranslation('booking')
  const { departmentCode, chooseUntil, feeFen } = appointment
  const { data, error } = useSessions(hospitalId, { departmentCode })
  const move = useMove(hospitalId, appointment.id)
  const equal = equalTo(appointment, data?.items ?? [], now)
  const until = momentText(chooseUntil ?? '', 'moment', i18n.language)
  return (
    <>
      <p className="note">{t('chooseUntil', { until })}</p>
      {move.error && <FailureBox error={move.error} />}
      {error ? <FailureBox error={error} /> : null}
      {!data && !error && <Waiting rows={2} />}
      {equal.slice(0, MOST_OFFERED).map(({ id, doctor, startsAt }) => (
        <button
          key={id}
          type="button"
          className="button"
          disabled={move.isPending || isBusy}
          onClick={() => move.mutate(id)}
        >
          {t('moveTo', {
            doctor: doctor.name,
            when: momentText(startsAt, 'moment', i18n.language),
          })}
        </button>
      ))}
      <button
        type="button"
        className="button"
        disabled={move.isPending || isBusy}
        onClick={onMoney}
      >
        {t('moneyBack', { amount: amountText(feeFen) })}
      </button>
    </>
  )
}

type StoppedProps = CardProps & {
  isBusy: boolean
  onMoney: () => void
}
