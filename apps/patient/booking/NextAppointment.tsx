import { useTranslation } from 'react-i18next'

import { momentText } from '../../web/moment.ts'
import { Go, places } from '../navigation.tsx'
import { Icon } from '../parts/Icon.tsx'
import { type Appointment, stateOf } from './sessions.ts'
import { useSession } from './use-booking.ts'

/** The next thing to come, on the first page: when, with whom, and how it stands. */
export function NextAppointment({ hospital, appointment }: NextProps) {
  const { t, i18n } = useTranslation('booking')
  const { sessionId, startsAt, slotNumber } = appointment
  const session = useSession(hospital.id, sessionId).data
  return (
    <section className="card" aria-label={t('next')}>
      <Go place={places.appointments} className="row booking-row">
        <span>
          <span className="fine-print">{t('next')}</span>
          <span className="visit-title">
            {momentText(startsAt, 'moment', i18n.language)}{' '}
            {slotNumber !== null && t('number', { number: slotNumber })}
          </span>
          <span className="fine-print pieces">
            <span>{hospital.shortName}</span>
            {session && <span>{session.department.name}</span>}
            {session && <span>{session.doctor.name}</span>}
          </span>
          <span className="booking-left">{t(stateOf(appointment))}</span>
        </span>
        <Icon name="forward" />
      </Go>
    </section>
  )
}

type NextProps = { hospital: { id: number; shortName: string }; appointment: Appointment }
