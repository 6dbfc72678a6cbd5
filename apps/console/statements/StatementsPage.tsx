import { getRouteApi } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { monthOf } from '../reconciliation/month.ts'
import { MonthStepper } from '../reconciliation/MonthStepper.tsx'
import { useDays } from '../reconciliation/use-days.ts'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ArrivalGrid } from './ArrivalGrid.tsx'
import { FileList } from './FileList.tsx'
import type { ArrivalState } from './model.ts'
import { SchedulesCard } from './SchedulesCard.tsx'
import { UploadCard } from './UploadCard.tsx'
import { useArrivals, useSchedules } from './use-statements.ts'
import { LOOK_OF_STATE, useStatementWords } from './words.ts'

/** What each source should give for each day of a month, what came, and handing in what somebody has at hand. */
export function StatementsPage() {
  const { t } = useStatementWords()
  const staff = useStaff()
  const date = useBusinessDate()
  const { first, last } = monthOf(date)
  const schedules = useSchedules()
  usePageTitle(t('title'))
  return (
    <div className="page statements">
      <header className="page-head">
        <div>
          <h1>{t('title')}</h1>
          <p className="fine">{t('lead')}</p>
        </div>
        <MonthStepper first={first} last={last} />
      </header>
      <Legend />
      <Month />
      <div className="statements-lower">
        <FileList arrivals={useArrivals(first, last).data?.items ?? []} />
        <div className="object-side">
          {may(staff, 'reconcile') && <UploadCard schedules={schedules.data?.items ?? []} />}
          <SchedulesCard query={schedules} />
        </div>
      </div>
    </div>
  )
}

function Month() {
  const { t } = useStatementWords()
  const date = useBusinessDate()
  const { source } = getRouteApi('/office/statements').useSearch()
  const { first, last } = monthOf(date)
  const arrivals = useArrivals(first, last)
  const schedules = useSchedules()
  const days = useDays(first, last)
  const queries = [arrivals, schedules, days]
  const error = queries.find((query) => query.error !== null)?.error ?? null
  if (error !== null) {
    return <Fault error={error} onRetry={() => queries.forEach((query) => void query.refetch())} />
  }
  if (!arrivals.data || !schedules.data || !days.data) {
    return <Skeleton active paragraph={{ rows: 4 }} />
  }
  const isEmpty = [arrivals, schedules, days].every(({ data }) => data?.items.length === 0)
  if (isEmpty) return <Empty text={t('noSources')} />
  return (
    <ArrivalGrid
      first={first}
      last={last}
      arrivals={arrivals.data.items}
      schedules={schedules.data.items}
      days={days.data.items}
      chosen={{ date, source }}
    />
  )
}

function Legend() {
  const { t } = useStatementWords()
  const states = Object.keys(LOOK_OF_STATE) as ArrivalState[]
  return (
    <ul className="legend">
      {states.map((state) => (
        <li key={state} className={`arrival tone-${LOOK_OF_STATE[state].tone}`}>
          <Icon name={LOOK_OF_STATE[state].icon} />
          {t(`states.${state}`)}
          <span className="fine">{t(`stateHints.${state}`)}</span>
        </li>
      ))}
    </ul>
  )
}
