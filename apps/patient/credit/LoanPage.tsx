import { useTranslation } from 'react-i18next'

import type { Loan } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { Go, places } from '../navigation.tsx'
import { dayText } from '../parts/day.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { ForWhom } from '../parts/ForWhom.tsx'
import { Icon } from '../parts/Icon.tsx'
import { percentText } from '../parts/percent.ts'
import { ReadAloud } from '../parts/ReadAloud.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { AskFamily } from './AskFamily.tsx'
import { Rate } from './Rate.tsx'
import { nextDueOf } from './schedule.ts'
import { Schedule } from './Schedule.tsx'
import { runningOf, useLoan, useToday } from './use-credit.ts'

/** One loan: what is left, when each part is due and at which rate, and how to repay it. */
export function LoanPage({ lenderId, id }: { lenderId: number; id: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useLoan(lenderId, id)
  const left = data ? amountText(data.owedInFullFen) : ''
  return (
    <Page
      title={t('credit:loan.title')}
      back={places.credit}
      aside={data && <ReadAloud words={`${t('credit:loan.remaining')} ${left}`} />}
      foot={data && canRepay(data) && !runningOf(data) && <RepayFoot loan={data} />}
    >
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {data && <LoanBody loan={data} />}
      {!data && !error && (
        <section className="card">
          <Waiting rows={6} />
        </section>
      )}
    </Page>
  )
}

const canRepay = (loan: Loan): boolean => loan.status === 'open' && loan.owedInFullFen > 0

const RepayFoot = ({ loan }: { loan: Loan }) => {
  const { t } = useTranslation()
  return (
    <Go place={places.repay(loan.lenderId, loan.loanId)} className="button button-primary">
      {t('credit:loan.repay')}
    </Go>
  )
}

function LoanBody({ loan }: { loan: Loan }) {
  const { t } = useTranslation()
  const today = useToday()
  return (
    <>
      <ForWhom hospitalId={loan.hospitalId} />
      <Remaining loan={loan} today={today} />
      <ChangeWay loan={loan} today={today} />
      <section className="card" aria-labelledby="schedule">
        <h2 id="schedule">{t('credit:loan.schedule')}</h2>
        <Schedule instalments={loan.instalments} today={today} />
        {loan.status === 'open' && <p className="note">{t('credit:loan.autoDebit')}</p>}
      </section>
      {canRepay(loan) && <AskFamily loan={loan} />}
      <History loan={loan} />
    </>
  )
}

function Remaining({ loan, today }: { loan: Loan; today: string | null }) {
  const { t, i18n } = useTranslation()
  const next = nextDueOf(loan)
  const isLate = next !== null && today !== null && next.dueOn < today
  return (
    <section className="card">
      {loan.status === 'open' ? (
        <p className="total">
          <span>{t('credit:loan.remaining')}</span>
          <Amount fen={loan.owedInFullFen} />
        </p>
      ) : (
        <p role="status" className="chip tone-good">
          <Icon name="done" />
          {t(`credit:loan.${loan.status}`)}
        </p>
      )}
      {isLate && (
        <p className="held-row" role="status">
          <Icon name="question" />
          <span>{t('credit:loan.overdueNote')}</span>
        </p>
      )}
      {runningOf(loan) && (
        <p className="held-row" role="status">
          <Icon name="clock" />
          <span>
            {t('credit:repay.asking')} {amountText(runningOf(loan)?.amountFen ?? 0)}
            <br />
            {t('credit:repay.askingLead')}
          </span>
        </p>
      )}
      <Rate ppm={loan.aprPpm} disclosure={loan.disclosure} />
      <dl className="facts">
        <Fact name={t('credit:loan.way')} value={t(`credit:ways.${loan.way}`)} />
        <Fact name={t('credit:loan.openedOn')} value={dayText(loan.openedOn, i18n.language)} />
        <Fact name={t('credit:loan.freeUntil')} value={dayText(loan.freeUntil, i18n.language)} />
      </dl>
      <p className="note">
        {t('credit:loan.ofPrincipal', { amount: amountText(loan.principalFen) })}
        {'。'}
        {loan.penaltyRatePpm > 0 &&
          t('credit:loan.penalty', { rate: percentText(loan.penaltyRatePpm) })}
      </p>
    </section>
  )
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

/** Until the last free day a loan may be turned into instalments. */
function ChangeWay({ loan, today }: { loan: Loan; today: string | null }) {
  const { t, i18n } = useTranslation()
  const isOpen = loan.status === 'open' && loan.way === 'next_month'
  if (!isOpen || today === null || today > loan.freeUntil) return null
  return (
    <section className="card">
      <p>{t('credit:loan.changeUntil', { day: dayText(loan.freeUntil, i18n.language) })}</p>
      <Go place={places.loanWays(loan.lenderId, loan.loanId)} className="button">
        {t('credit:loan.change')}
      </Go>
    </section>
  )
}

function History({ loan }: { loan: Loan }) {
  const { t } = useTranslation()
  if (loan.repayments.length === 0) return null
  return (
    <section className="card" aria-labelledby="repayments">
      <h2 id="repayments">{t('credit:loan.history')}</h2>
      <ul className="rows">
        {loan.repayments.map((repayment) => (
          <li key={repayment.repaymentNo} className="draw">
            <span className="row-line">
              <span>{t(`credit:loan.sources.${repayment.source}`)}</span>
              <Amount fen={repayment.amountFen} />
            </span>
            <span className="note">
              {t(`credit:loan.repaymentStatuses.${repayment.status}`)} ·{' '}
              <Moment at={repayment.requestedAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
