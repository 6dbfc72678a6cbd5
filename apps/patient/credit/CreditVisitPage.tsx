import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { CreditVisit } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { Go, type Place, places } from '../navigation.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { dayText } from '../parts/day.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { ForWhom } from '../parts/ForWhom.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { NotFoundPage } from '../shell/NotFoundPage.tsx'
import { Page } from '../shell/Page.tsx'
import { useLenderName, usePayEarly, useVisits } from './use-credit.ts'

/** One visit that is paid by credit: what was kept and drawn, when it ends, and how to pay it off before. */
export function CreditVisitPage({ lenderId, id }: { lenderId: number; id: string }) {
  const { t } = useTranslation()
  const { data, error, refetch, isFetching } = useVisits()
  const visit = data?.items.find((each) => each.lenderId === lenderId && each.id === id)
  // One that was agreed a moment ago may be on its way.
  if (data && !visit && !isFetching) return <NotFoundPage />
  return (
    <Page title={t('credit:visit.title')} back={places.credit} foot={visit && footOf(visit)}>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {visit && <VisitFacts visit={visit} />}
      {visit && <Draws visit={visit} />}
      {!visit && !error && (
        <section className="card">
          <Waiting rows={5} />
        </section>
      )}
    </Page>
  )
}

const TONES: Record<CreditVisit['status'], { tone: string; icon: 'clock' | 'done' | 'still' }> = {
  open: { tone: 'good', icon: 'done' },
  closing: { tone: 'held', icon: 'clock' },
  paying: { tone: 'held', icon: 'clock' },
  settled: { tone: 'held', icon: 'clock' },
  repaid: { tone: 'good', icon: 'done' },
  empty: { tone: 'plain', icon: 'still' },
}

function VisitFacts({ visit }: { visit: CreditVisit }) {
  const { t, i18n } = useTranslation()
  const { tone, icon } = TONES[visit.status]
  return (
    <>
      <ForWhom hospitalId={visit.hospitalId} />
      <section className="card">
        <p role="status" className={`chip tone-${tone}`}>
          <Icon name={icon} />
          {t(`credit:visit.statuses.${visit.status}`)}
        </p>
        {visit.status === 'paying' && <PayingNote visit={visit} />}
        <p className="total">
          <span>{t(visit.settledFen === null ? 'credit:visit.drawnFen' : SETTLED)}</span>
          <Amount fen={visit.settledFen ?? visit.drawnFen} />
        </p>
        <dl className="facts">
          <div>
            <dt>{t('credit:visit.reservedFen')}</dt>
            <dd>
              <Amount fen={visit.reservedFen} />
            </dd>
          </div>
          <div>
            <dt>{t('credit:visit.endsAt')}</dt>
            <dd>
              {visit.isStay && !visit.settledAt ? (
                t('credit:visit.onDischarge')
              ) : (
                <Moment at={visit.settledAt ?? visit.endsAt} />
              )}
            </dd>
          </div>
          <div>
            <dt>{t('credit:visit.way')}</dt>
            <dd>{t(`credit:ways.${visit.way}`)}</dd>
          </div>
        </dl>
        {visit.status === 'open' && (
          <p>{t(visit.isStay ? 'credit:visit.stayEnds' : 'credit:visit.todayEnds')}</p>
        )}
        <p className="note">
          {dayText(visit.day, i18n.language)}
          {visit.endCause && ` · ${t(`credit:visit.endCauses.${visit.endCause}`)}`}
        </p>
      </section>
    </>
  )
}

const SETTLED = 'credit:visit.settledFen'

/** How the bank comes by the money of an early payment, and what happens when it does not. */
function PayingNote({ visit }: { visit: CreditVisit }) {
  const { t, i18n } = useTranslation()
  const lender = useLenderName()(visit.lenderId, i18n.language)
  return <p>{t('credit:visit.payingNote', { amount: amountText(visit.drawnFen), lender })}</p>
}

function Draws({ visit }: { visit: CreditVisit }) {
  const { t } = useTranslation()
  return (
    <section className="card" aria-labelledby="draws">
      <h2 id="draws">{t('credit:visit.draws')}</h2>
      {visit.draws.length === 0 && <p className="note">{t('credit:visit.noDraws')}</p>}
      <ul className="rows">
        {visit.draws.map((draw) => (
          <li key={draw.drawNo} className="draw">
            <span className="row-line">
              <span>{draw.description}</span>
              <Amount fen={draw.amountFen} />
            </span>
            <span className="note">
              {t(`credit:visit.drawStatuses.${draw.status}`)}
              {draw.drawnAt && ' · '}
              {draw.drawnAt && <Moment at={draw.drawnAt} form="time" />}
              {draw.returnedFen > 0 &&
                ` · ${t('credit:visit.returned', { amount: amountText(draw.returnedFen) })}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Null where there is nothing to do but to wait. */
function footOf(visit: CreditVisit): ReactNode {
  if (visit.loanId !== null) return <SeeLoan place={places.loan(visit.lenderId, visit.loanId)} />
  return visit.status === 'open' && visit.drawnFen > 0 ? <PayEarly visit={visit} /> : null
}

const SeeLoan = ({ place }: { place: Place }) => {
  const { t } = useTranslation()
  return (
    <Go place={place} className="button button-primary">
      {t('credit:visit.seeLoan')}
    </Go>
  )
}

function PayEarly({ visit }: { visit: CreditVisit }) {
  const { t, i18n } = useTranslation()
  const [isAsking, setAsking] = useState(false)
  const pay = usePayEarly(visit)
  const lender = useLenderName()(visit.lenderId, i18n.language)
  const amount = amountText(visit.drawnFen)
  return (
    <>
      {pay.error && <FailureBox error={pay.error} />}
      <button
        type="button"
        className="button button-primary"
        disabled={pay.isPending}
        onClick={() => setAsking(true)}
      >
        {pay.isPending ? t('credit:visit.paying') : t('credit:visit.payEarly', { amount })}
      </button>
      {isAsking && (
        <Confirm
          title={t('credit:visit.payEarlyTitle', { amount })}
          yes={t('credit:visit.payEarlyYes')}
          no={t('credit:repay.no')}
          onYes={() => {
            setAsking(false)
            pay.mutate()
          }}
          onNo={() => setAsking(false)}
        >
          {t('credit:visit.payEarlyNote', { amount, lender })}
        </Confirm>
      )}
    </>
  )
}
