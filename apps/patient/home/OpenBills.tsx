import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { momentText } from '../../web/moment.ts'
import { Moment } from '../../web/Moment.tsx'
import { failureText, readFailure } from '../../web/problem.ts'
import type { OpenBillsAnswer } from '../bill/open-bills.ts'
import { totalFenOf, type Visit, visitsOf } from '../bill/visits.ts'
import { Go, places } from '../navigation.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'

/**
 * What is owed, hospital by hospital. They are asked side by side, and each has its own fate: one that is slow
 * or away says so in its own row and holds up nobody.
 */
export function OpenBills({ hospitals, answers }: OpenBillsProps) {
  const { t } = useTranslation()
  const bills = answers.flatMap((answer) => answer.data?.bills ?? [])
  const isSettled = answers.every((answer) => !answer.isPending)
  const isNothing = isSettled && answers.every(isEmpty)
  return (
    <section className="card open-bills" id="open-bills" aria-labelledby="open-bills-title">
      <div className="card-head">
        <h2 id="open-bills-title">{t('home.openBills')}</h2>
        {bills.length > 0 && (
          <p>
            {t('home.billCount', { count: bills.length })}{' '}
            <strong>
              <Amount fen={totalFenOf(bills)} />
            </strong>
          </p>
        )}
      </div>
      {isNothing && (
        <p className="empty">
          <Icon name="done" /> {t('home.nothingOwed')}
        </p>
      )}
      <ul className="hospitals">
        {hospitals.map((hospital, i) => {
          const answer = answers[i]
          return answer && <HospitalBills key={hospital.id} hospital={hospital} answer={answer} />
        })}
      </ul>
    </section>
  )
}

type OpenBillsProps = { hospitals: readonly Hospital[]; answers: readonly Answer[] }
type Answer = OpenBillsAnswer

/** A hospital that has never seen the person has nothing to say to them. */
const isStranger = (answer: Answer) =>
  answer.error !== null && readFailure(answer.error).code === 'identity.patient_not_found'

const isEmpty = (answer: Answer) =>
  isStranger(answer) || (answer.data?.bills.length === 0 && !answer.data.stale)

function HospitalBills({ hospital, answer }: { hospital: Hospital; answer: Answer }) {
  const { t, i18n } = useTranslation()
  const { data, error, isPending, isFetching, refetch } = answer
  if (isPending) {
    return (
      <li>
        <h3 className="hospital-name">{hospital.shortName}</h3>
        <Waiting rows={1} words={t('home.asking')} />
      </li>
    )
  }
  if (isEmpty(answer)) return null
  const readAt = data ? momentText(data.readAt, 'moment', i18n.language) : null
  return (
    <li>
      <h3 className="hospital-name">{hospital.shortName}</h3>
      {(error || data?.stale) && (
        <div className="held-row" role="status">
          <p>
            <Icon name="clock" />
            <span>
              {error ? failureText(i18n, readFailure(error)) : t('home.hospitalSilent')}
              {readAt && (
                <>
                  <br />
                  {t('home.asOf', { at: readAt })}
                </>
              )}
            </span>
          </p>
          <button
            type="button"
            className="button"
            disabled={isFetching}
            onClick={() => void refetch()}
          >
            {isFetching ? t('home.asking') : t('common:problem.retry')}
          </button>
        </div>
      )}
      {data && (
        <ul className="visits">
          {visitsOf(data.bills).map((visit) => (
            <VisitRow key={visit.visitNo} hospitalId={hospital.id} visit={visit} />
          ))}
        </ul>
      )}
    </li>
  )
}

function VisitRow({ hospitalId, visit }: { hospitalId: number; visit: Visit }) {
  const { t } = useTranslation()
  return (
    <li className="visit">
      <Go place={places.visit(hospitalId, visit.visitNo)} className="visit-link">
        <span>
          <span className="visit-title">{visit.title}</span>
          <span className="fine-print pieces">
            <Moment at={visit.billedAt} />
            <span>{t('home.billCount', { count: visit.bills.length })}</span>
          </span>
        </span>
        <Icon name="forward" />
      </Go>
      <Go place={places.pay(hospitalId, visit.bills)} className="button button-primary">
        {t('bill.goPay', { amount: amountText(visit.totalFen) })}
      </Go>
    </li>
  )
}
