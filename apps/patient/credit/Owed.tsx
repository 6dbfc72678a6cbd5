import { useTranslation } from 'react-i18next'

import type { Loan } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { Go, places } from '../navigation.tsx'
import { dayText } from '../parts/day.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Fold } from '../parts/Fold.tsx'
import { useHospitalName } from '../parts/hospitals.ts'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { nextDueOf, scheduledFenOf } from './schedule.ts'
import { useLoans, useToday } from './use-credit.ts'

/** What is to be repaid, the soonest first, and behind a fold what was. */
export function Owed() {
  const { t } = useTranslation()
  const { data, error, refetch } = useLoans()
  const open = (data?.items ?? [])
    .filter(({ status }) => status === 'open')
    .toSorted((a, b) => (nextDueOf(a)?.dueOn ?? '').localeCompare(nextDueOf(b)?.dueOn ?? ''))
  const over = (data?.items ?? []).filter(({ status }) => status !== 'open')
  return (
    <section className="card" aria-labelledby="owed">
      <h2 id="owed">{t('credit:owed')}</h2>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={2} />}
      {data && open.length === 0 && (
        <p className="empty">
          <Icon name="done" /> {t('credit:nothingOwed')}
        </p>
      )}
      {open.length > 0 && <LoanList loans={open} />}
      {over.length > 0 && (
        <Fold title={t('credit:repaid', { count: over.length })}>
          <LoanList loans={over} />
        </Fold>
      )}
    </section>
  )
}

const LoanList = ({ loans }: { loans: readonly Loan[] }) => (
  <ul className="rows">
    {loans.map((loan) => (
      <li key={loan.loanId}>
        <LoanRow loan={loan} />
      </li>
    ))}
  </ul>
)

function LoanRow({ loan }: { loan: Loan }) {
  const { t, i18n } = useTranslation()
  const hospital = useHospitalName(loan.hospitalId, 'shortName')
  const today = useToday()
  const next = nextDueOf(loan)
  const isLate = next !== null && today !== null && next.dueOn < today
  const words = isLate ? 'credit:overdueBy' : 'credit:nextDue'
  return (
    <Go place={places.loan(loan.lenderId, loan.loanId)} className="row">
      <span className="row-words">
        <span className="row-line">
          <strong>{hospital}</strong>
          <Amount fen={next ? scheduledFenOf(next) : loan.principalFen} />
        </span>
        <span className={isLate ? 'chip tone-held' : 'note'}>
          {isLate && <Icon name="clock" />}
          {next ? t(words, { day: dayText(next.dueOn, i18n.language) }) : stateWords(t, loan)}
        </span>
      </span>
      <Icon name="forward" />
    </Go>
  )
}

const stateWords = (t: ReturnType<typeof useTranslation>['t'], { status }: Loan): string =>
  t(status === 'written_off' ? 'credit:loan.written_off' : 'credit:loan.settled')
