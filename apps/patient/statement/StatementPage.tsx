import { useTranslation } from 'react-i18next'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { readFailure } from '../../web/problem.ts'
import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { Authenticity } from './Authenticity.tsx'
import { Months } from './Months.tsx'
import { Paper } from './Paper.tsx'
import { type Days, daysOf, type PeriodChoice } from './period.ts'
import { PeriodTabs } from './PeriodTabs.tsx'
import { type FileKind, type Statement, useFile, useStatement, useToday } from './use-statement.ts'
import { WhoPaid } from './WhoPaid.tsx'

/** Everything that was paid in a period, at all hospitals: to look at, to print and to take along as a table. */
export function StatementPage({ choice }: { choice: PeriodChoice }) {
  const { t } = useTranslation()
  const health = useToday()
  const days = health.today && daysOf(choice, health.today)
  const { data: statement, error, refetch } = useStatement(days)
  const failure = error ?? health.error
  const retry = () => void (health.today === null ? health.refetch() : refetch())
  const isDefinite = failure !== null && readFailure(failure).isDefinite
  const hasItems = statement !== undefined && statement.items.length > 0
  return (
    <Page
      title={t('statement.title')}
      back={places.home}
      foot={
        hasItems && (
          <button type="button" className="button button-primary" onClick={() => window.print()}>
            <Icon name="print" /> {t('statement.print')}
          </button>
        )
      }
    >
      <div className="statement-screen">
        <p className="note">{t('statement.lead')}</p>
        <PeriodTabs choice={choice} today={health.today} />
        {failure && (
          <FailureBox
            key={days?.from}
            error={failure}
            {...(isDefinite ? {} : { onRetry: retry })}
          />
        )}
        {!failure && !statement && (days || health.today === null) && <Waiting rows={6} />}
        {!failure && health.today !== null && !days && (
          <p className="note">{t('statement.chooseDays')}</p>
        )}
        {statement && days && <Shown statement={statement} days={days} />}
      </div>
      {hasItems && <Paper statement={statement} />}
    </Page>
  )
}

function Shown({ statement, days }: { statement: Statement; days: Days }) {
  const { t } = useTranslation()
  const { totals, bySource, items, holder } = statement
  const period = t('statement.days', { from: statement.from, to: statement.to })
  if (items.length === 0) {
    return (
      <div className="blank" role="status">
        <Icon name="list" />
        <p>
          {period}
          <br />
          {t('statement.none')}
        </p>
      </div>
    )
  }
  return (
    <>
      <section className="card" aria-label={t('statement.totals')}>
        <p className="for-whom">
          <span>
            <Icon name="person" /> {t('forWhom', { name: holder.name })}
          </span>
          <span>{period}</span>
        </p>
        <p className="total" role="status">
          <span>{t('statement.net')}</span>
          <Amount fen={totals.netFen} />
        </p>
        <p className="bill-head">
          <span>{t('statement.selfPaid')}</span>
          <strong>
            <Amount fen={totals.selfPaidFen} />
          </strong>
        </p>
        {totals.refundedFen !== 0 && (
          <p className="fine-print">
            {t('statement.paidAndBack', {
              paid: amountText(totals.paidFen),
              back: amountText(totals.refundedFen),
            })}
          </p>
        )}
        <WhoPaid bySource={bySource} netFen={totals.netFen} />
        <FileButton kind="pdf" days={days} />
        <FileButton kind="csv" days={days} />
      </section>
      <Months statement={statement} />
      <Authenticity statement={statement} />
    </>
  )
}

function FileButton({ kind, days }: { kind: FileKind; days: Days }) {
  const { t } = useTranslation()
  const file = useFile(kind)
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={file.isPending}
        onClick={() => file.mutate(days)}
      >
        {file.isPending ? t('common:problem.loading') : t(`statement.files.${kind}`)}
      </button>
      {file.error && <FailureBox error={file.error} />}
      <p role="status" className="visually-hidden">
        {file.isSuccess ? t(`statement.filesDone.${kind}`) : ''}
      </p>
    </>
  )
}
