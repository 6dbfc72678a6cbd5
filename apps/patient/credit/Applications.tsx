import { useTranslation } from 'react-i18next'

import type { CreditApplication } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Moment } from '../../web/Moment.tsx'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Icon } from '../parts/Icon.tsx'
import { useApplications, useLenderName } from './use-credit.ts'

/** What was applied for, the newest first. Nothing where nobody applied yet. */
export function Applications() {
  const { t } = useTranslation()
  const { data, error, refetch } = useApplications()
  if (error) return <FailureBox error={error} onRetry={() => void refetch()} />
  if (!data || data.items.length === 0) return null
  const items = data.items.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
  return (
    <section className="card" aria-labelledby="applications">
      <h2 id="applications">{t('credit:applications')}</h2>
      <ul className="rows">
        {items.map((application) => (
          <li key={application.id}>
            <ApplicationRow application={application} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function ApplicationRow({ application }: { application: CreditApplication }) {
  const { t, i18n } = useTranslation()
  const nameOf = useLenderName()
  const { lenderId, id, status, limitFen, reviews, createdAt } = application
  const isReviewed = reviews.some((review) => review.status === 'open')
  return (
    <Go place={places.creditApplication(lenderId, id)} className="row">
      <span className="row-words">
        <span className="row-line">
          <strong>{nameOf(lenderId, i18n.language)}</strong>
          {status === 'granted' && <span className="amount">{amountText(limitFen)}</span>}
        </span>
        <span className="note">
          {t(isReviewed ? 'credit:review.open' : `credit:application.${status}`)} ·{' '}
          <Moment at={createdAt} form="day" />
        </span>
      </span>
      <Icon name="forward" />
    </Go>
  )
}
