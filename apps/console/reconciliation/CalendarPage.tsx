import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import type { BusinessDate } from '../../../kernel/time.ts'
import { today } from '../clock.ts'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { Icon } from '../shell/Icon.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ArrivalMarks } from './ArrivalMarks.tsx'
import { monthOf, weeksOf } from './month.ts'
import { MonthStepper } from './MonthStepper.tsx'
import { useDays } from './use-days.ts'
import { type Day, differencesOf, LOOK_OF_ARRIVAL, LOOK_OF_VERDICT } from './words.ts'

const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '0']

/** A month of days: whose lists came, what differs, and which days are closed. */
export function CalendarPage() {
  const { t } = useTranslation()
  const date = useBusinessDate()
  const { first, last } = monthOf(date)
  const { data, error, refetch } = useDays(first, last)
  const dayOf = (day: BusinessDate) => data?.items.find((item) => item.date === day)
  usePageTitle(t('menu.reconciliation'))
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('reconciliation.title')}</h1>
        <MonthStepper first={first} last={last} />
      </header>
      <Legend />
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      <table className="calendar" aria-busy={data === undefined && error === null}>
        <caption className="visually-hidden">{t('reconciliation.calendar')}</caption>
        <thead>
          <tr>
            {WEEKDAYS.map((weekday) => (
              <th key={weekday} scope="col">
                {t(`reconciliation.weekdays.${weekday}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(date).map((week, i) => (
            <tr key={i}>
              {week.map((day, weekday) => (
                <td key={weekday} className={day === date ? 'is-chosen' : ''}>
                  {day && (
                    <DayCell date={day} day={dayOf(day)} isLoading={!data && error === null} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {data?.items.length === 0 && <p className="fine">{t('reconciliation.noDays')}</p>}
    </div>
  )
}

function Legend() {
  const { t } = useTranslation()
  return (
    <ul className="legend">
      {(['received', 'late', 'waiting', 'missing', 'refused'] as const).map((state) => (
        <li key={state} className={`arrival tone-${LOOK_OF_ARRIVAL[state].tone}`}>
          <Icon name={LOOK_OF_ARRIVAL[state].icon} />
          {t(`reconciliation.arrivals.${state}`)}
        </li>
      ))}
      <li className="arrival">
        <Icon name="lock" />
        {t('reconciliation.closed')}
      </li>
    </ul>
  )
}

type DayCellProps = { date: BusinessDate; day: Day | undefined; isLoading: boolean }

function DayCell({ date, day, isLoading }: DayCellProps) {
  const { t } = useTranslation()
  if (!day) {
    return (
      <div className="day-cell is-blank">
        <span className="day-no">{Number(date.slice(8))}</span>
        {isLoading && <span className="bone" />}
        {!isLoading && date === today() && (
          <span className="fine">{t('reconciliation.notYet')}</span>
        )}
      </div>
    )
  }
  const { open, all } = differencesOf(day)
  return (
    <Link className="day-cell" to="/reconciliation/day" search={{ date }}>
      <span className="day-no">
        {Number(date.slice(8))}
        {day.status === 'closed' && (
          <>
            <Icon name="lock" />
            <span className="visually-hidden">{t('reconciliation.closed')}</span>
          </>
        )}
      </span>
      <StatusChip
        {...LOOK_OF_VERDICT[day.verdict]}
        text={t(`reconciliation.verdicts.${day.verdict}`)}
      />
      <ArrivalMarks date={date} arrivals={day.arrivals} />
      {all > 0 && <span className="fine">{t('reconciliation.counts', { all, open })}</span>}
    </Link>
  )
}
