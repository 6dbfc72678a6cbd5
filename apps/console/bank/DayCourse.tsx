import { Skeleton } from 'antd'
import type { ReactNode } from 'react'

import { amountText } from '../../web/amount.ts'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { Icon, type IconName } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import type { LenderDay } from './model.ts'
import { useBankWords } from './words.ts'

/** What the close of one day did, step by step. */
export function DayCourse({ day }: { day: LenderDay }) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/days/{date}/counts',
    { params: { path: { lenderId, date: day.date } } },
  )
  const { interestFen, feeFen, penaltyFen } = day
  const accrued = {
    interest: amountText(interestFen),
    fee: amountText(feeFen),
    penalty: amountText(penaltyFen),
  }
  const isQuiet = data && data.dueLoans + data.reminders + data.stages.length === 0
  return (
    <section className="card" aria-labelledby="course-title">
      <h2 id="course-title">{t('days.detail', { date: day.date })}</h2>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 3 }} />}
      {data && (
        <ol className="timeline">
          <Step icon="clock" at={day.startedAt} text={t('days.steps.started')} />
          <Step icon="payments" text={t('days.steps.accrued', accrued)} />
          {data.dueLoans > 0 && (
            <Step icon="bell" text={t('days.steps.due', { count: data.dueLoans })} />
          )}
          {data.reminders > 0 && (
            <Step icon="bell" text={t('days.steps.reminders', { count: data.reminders })} />
          )}
          {data.stages.map(({ stage, loans }) => (
            <Step
              key={stage}
              icon={stage === 'current' ? 'check' : 'alert'}
              text={t('days.steps.stage', {
                count: loans,
                stage: t(`stages.${stage}`, { defaultValue: stage }),
              })}
            />
          ))}
          {isQuiet && <Step icon="check" text={t('days.steps.none')} />}
          <End day={day} />
        </ol>
      )}
    </section>
  )
}

function End({ day }: { day: LenderDay }) {
  const { t } = useBankWords()
  if (day.status === 'running') {
    return <Step icon="refresh" text={t('days.steps.running', { count: day.loans })} />
  }
  const open = day.portfolio?.openLoans ?? 0
  return <Step icon="lock" at={day.closedAt} text={t('days.steps.closed', { count: open })} />
}

type StepProps = { icon: IconName; text: ReactNode; at?: string | null }

function Step({ icon, text, at }: StepProps) {
  return (
    <li className="step">
      <span className="step-icon">
        <Icon name={icon} />
      </span>
      <div className="step-body">
        <p className="step-head">{text}</p>
      </div>
      {at && (
        <div className="step-time">
          <Moment at={at} form="exact" />
        </div>
      )}
    </li>
  )
}
