import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import { today } from '../clock.ts'
import { arrivalState, type Day } from '../reconciliation/words.ts'
import { Icon } from '../shell/Icon.tsx'
import { useProviderName } from '../shell/use-names.ts'
import type { Arrival, ArrivalState, Schedule } from './model.ts'
import { useGridKeys } from './use-grid-keys.ts'
import { LOOK_OF_STATE, useStatementWords } from './words.ts'

type Way = 'fetched' | 'files'
/** One source's month: how each of its dates stands. */
type SourceMonth = { source: string; way: Way; states: ReadonlyMap<string, ArrivalState> }

type ArrivalGridProps = {
  first: BusinessDate
  last: BusinessDate
  arrivals: readonly Arrival[]
  schedules: readonly Schedule[]
  days: readonly Day[]
  chosen: { date: string; source: string | undefined }
}

/** A month of every source: there, late, missing, given out again, refused, each as a sign and a word. */
export function ArrivalGrid({ first, last, arrivals, schedules, days, chosen }: ArrivalGridProps) {
  const { t } = useStatementWords()
  const months = [...monthsOfDays(days), ...monthsOfFiles(arrivals, schedules)]
  const dates = datesBetween(first, last)
  const { onKeyDown, cellProps } = useGridKeys(firstCell(months, dates))
  const chosenHead = useRef<HTMLTableCellElement>(null)
  // On a narrow screen the month is wider than its frame.
  useEffect(() => {
    chosenHead.current?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [chosen.date])
  if (months.length === 0) return null
  return (
    <div className="table-frame arrival-grid">
      <table onKeyDown={onKeyDown}>
        <caption className="visually-hidden">{t('calendar', { month: first.slice(0, 7) })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('source')}</th>
            {dates.map((date) => (
              <th
                key={date}
                scope="col"
                {...(date === chosen.date ? { className: 'is-chosen', ref: chosenHead } : {})}
              >
                {Number(date.slice(8))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {months.map((month, row) => (
            <tr key={`${month.way} ${month.source}`}>
              <SourceHead month={month} />
              {dates.map((date, column) => (
                <td key={date} className={date === today() ? 'is-today' : ''}>
                  <Cell
                    month={month}
                    date={date}
                    isChosen={date === chosen.date && month.source === chosen.source}
                    cell={cellProps(`${row},${column}`)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SourceHead({ month: { source, way } }: { month: SourceMonth }) {
  const { t } = useStatementWords()
  const nameOf = useProviderName()
  return (
    <th scope="row">
      {nameOf(source)}
      <span className="fine">{t(`ways.${way}`)}</span>
    </th>
  )
}

type CellProps = {
  month: SourceMonth
  date: BusinessDate
  isChosen: boolean
  cell: ReturnType<ReturnType<typeof useGridKeys>['cellProps']>
}

function Cell({ month: { source, way, states }, date, isChosen, cell }: CellProps) {
  const { t } = useStatementWords()
  const nameOf = useProviderName()
  const state = states.get(date)
  if (!state) return <span className="visually-hidden">{t('notExpected')}</span>
  const { tone, icon } = LOOK_OF_STATE[state]
  const look = {
    ...cell,
    className: `arrival-cell chip-${tone}`,
    title: t(`stateHints.${state}`),
    'aria-label': t('cell', { source: nameOf(source), date, state: t(`states.${state}`) }),
    ...(isChosen ? { 'aria-current': 'true' as const } : {}),
  }
  const inside = (
    <>
      <Icon name={icon} />
      <span>{t(`states.${state}`)}</span>
    </>
  )
  return way === 'files' ? (
    <Link to="/statements" search={{ date, source }} {...look}>
      {inside}
    </Link>
  ) : (
    <Link to="/reconciliation/day" search={{ date, view: 'lines', source }} {...look}>
      {inside}
    </Link>
  )
}

/** Lists that are asked for over an interface, as reconciliation knows them. */
function monthsOfDays(days: readonly Day[]): SourceMonth[] {
  const months = new Map<string, Map<string, ArrivalState>>()
  for (const day of days) {
    for (const arrival of day.arrivals) {
      const states = months.get(arrival.source) ?? new Map<string, ArrivalState>()
      months.set(arrival.source, states.set(day.date, stateOf(day.date, arrival)))
    }
  }
  return inOrder(months, 'fetched')
}

function stateOf(date: string, arrival: Parameters<typeof arrivalState>[1]): ArrivalState {
  const state = arrivalState(date, arrival)
  if (state === 'received') return arrival.version > 1 ? 'reissued' : 'arrived'
  return state === 'late' ? 'came_late' : state
}

function monthsOfFiles(arrivals: readonly Arrival[], schedules: readonly Schedule[]) {
  const active = schedules.filter(({ isActive }) => isActive)
  const months = new Map(active.map(({ source }) => [source, new Map<string, ArrivalState>()]))
  for (const { source, businessDate, state } of arrivals) {
    const states = months.get(source) ?? new Map<string, ArrivalState>()
    months.set(source, states.set(businessDate, state))
  }
  return inOrder(months, 'files')
}

const inOrder = (months: ReadonlyMap<string, ReadonlyMap<string, ArrivalState>>, way: Way) =>
  [...months]
    .map(([source, states]): SourceMonth => ({ source, way, states }))
    .toSorted((a, b) => (a.source < b.source ? -1 : 1))

function firstCell(months: readonly SourceMonth[], dates: readonly BusinessDate[]): string {
  const row = months.findIndex(({ states }) => dates.some((date) => states.has(date)))
  const column = dates.findIndex((date) => months[row]?.states.has(date))
  return `${row},${column}`
}

function datesBetween(first: BusinessDate, last: BusinessDate): BusinessDate[] {
  const dates: BusinessDate[] = []
  for (let date = first; date <= last; date = addDays(date, 1)) {
    dates.push(date)
  }
  return dates
}
