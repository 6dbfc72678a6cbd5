import { useTranslation } from 'react-i18next'

import type { CreditVisit } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { Go, places } from '../navigation.tsx'
import { dayText } from '../parts/day.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Fold } from '../parts/Fold.tsx'
import { useHospitalName } from '../parts/hospitals.ts'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { useVisits } from './use-credit.ts'

/** The visits that are paid by credit: those under way first, and behind a fold those that are over. */
export function Visits() {
  const { t } = useTranslation()
  const { data, error, refetch } = useVisits()
  const live = (data?.items ?? []).filter(isLive)
  const over = (data?.items ?? []).filter((visit) => !isLive(visit))
  return (
    <section className="card" aria-labelledby="credit-visits">
      <h2 id="credit-visits">{t('credit:visits')}</h2>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={2} />}
      {data && live.length === 0 && <p className="note">{t('credit:noVisits')}</p>}
      {live.length > 0 && <VisitList visits={live} />}
      {over.length > 0 && (
        <Fold title={t('credit:earlierVisits', { count: over.length })}>
          <VisitList visits={over} />
        </Fold>
      )}
    </section>
  )
}

const isLive = ({ status }: CreditVisit): boolean =>
  status === 'open' || status === 'closing' || status === 'paying'

const VisitList = ({ visits }: { visits: readonly CreditVisit[] }) => (
  <ul className="rows">
    {visits.map((visit) => (
      <li key={visit.id}>
        <VisitRow visit={visit} />
      </li>
    ))}
  </ul>
)

function VisitRow({ visit }: { visit: CreditVisit }) {
  const { t, i18n } = useTranslation()
  const hospital = useHospitalName(visit.hospitalId, 'shortName')
  return (
    <Go place={places.creditVisitOf(visit.lenderId, visit.id)} className="row">
      <span className="row-words">
        <span className="row-line">
          <strong>{hospital}</strong>
          <Amount fen={visit.settledFen ?? visit.drawnFen} />
        </span>
        <span className="note">
          {dayText(visit.day, i18n.language)} · {t(`credit:visit.statuses.${visit.status}`)}
        </span>
      </span>
      <Icon name="forward" />
    </Go>
  )
}
