import { Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { ArrivalMarks } from './ArrivalMarks.tsx'
import { useDays } from './use-days.ts'
import { differencesOf, LOOK_OF_VERDICT } from './words.ts'

const DAYS_BACK = 7

/** The week's days on their way to being closed. */
export function DaysCard() {
  const { t } = useTranslation()
  const staff = useStaff()
  const date = useBusinessDate()
  const { data, error, refetch } = useDays(addDays(date, -DAYS_BACK), date)
  if (!may(staff, 'readBooks')) return null
  return (
    <section className="card" aria-labelledby="days-title">
      <div className="card-head">
        <h2 id="days-title">{t('menu.reconciliation')}</h2>
        <span className="action-row">
          <Link to="/statements">{t('menu.statements')}</Link>
          <Link to="/reconciliation">{t('reconciliation.calendar')}</Link>
        </span>
      </div>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 3 }} />}
      {data?.items.length === 0 && <Empty text={t('reconciliation.noDays')} />}
      <ul className="mini-list">
        {data?.items.slice(0, DAYS_BACK).map((day) => (
          <li key={day.date}>
            <Link to="/reconciliation/day" search={{ date: day.date as BusinessDate }}>
              {day.date.slice(5)}
            </Link>
            <ArrivalMarks date={day.date} arrivals={day.arrivals} />
            <StatusChip
              {...LOOK_OF_VERDICT[day.verdict]}
              text={[
                t(`reconciliation.verdicts.${day.verdict}`),
                differencesOf(day).open > 0 ? differencesOf(day).open : '',
              ]
                .join(' ')
                .trim()}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
