import { useTranslation } from 'react-i18next'

import { minutesOf } from '../../web/waiting.ts'
import { Icon } from '../parts/Icon.tsx'
import { ReadAloud } from '../parts/ReadAloud.tsx'
import type { MyTicket } from './use-queue.ts'

/** One place in a line: the number, who is before, how long that takes, and where to go when it is time. */
export function TicketCard({ ticket }: { ticket: MyTicket }) {
  const { t } = useTranslation('queue')
  const { number, kind, departmentName, doctorName, location, state, ahead, waiting, room } = ticket
  const about = waiting && t('about', minutesOf(waiting))
  const goTo = room !== null && state === 'called' ? t('goTo', { room }) : null
  const where = [departmentName, doctorName].filter(Boolean).join(' · ')
  const stateText = t(`states.${state}`)
  const words = [t('aloud', { number, state: stateText, about: about ?? '' }), goTo]
  return (
    <article className="card queue-card" aria-label={where}>
      <div className="card-head">
        <h3>{where}</h3>
        <ReadAloud words={words.filter(Boolean).join('。')} />
      </div>
      <p className="fine-print">{[t(`kinds.${kind}`), location].filter(Boolean).join(' · ')}</p>
      <p className="queue-number">
        <span className="visually-hidden">{t('yourNumber')} </span>
        {t('number', { number })}
      </p>
      <div aria-live="polite">
        <p className={`queue-state queue-state-${state}`}>{goTo ?? stateText}</p>
        {about && (
          <>
            <p className="queue-about">{about}</p>
            <p className="note">{ahead === 0 ? t('next') : t('aheadOf', { count: ahead })}</p>
          </>
        )}
      </div>
      {about && <p className="fine-print">{t('estimate')}</p>}
      {state === 'passed' && (
        <p className="held-row">
          <Icon name="clock" />
          {t('passedHint')}
        </p>
      )}
    </article>
  )
}
