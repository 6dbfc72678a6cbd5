import { Link } from '@tanstack/react-router'
import { useRef } from 'react'

import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import { today } from '../clock.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useRowKeys } from '../list/use-row-keys.ts'
import { Icon } from '../shell/Icon.tsx'
import type { Terms } from '../terms/model.ts'
import { type CrossCheck, namesOf, placeOf, planOn, type State, stateOf } from './model.ts'
import { useCrossChecks, useOpenCases } from './use-cross-checks.ts'
import { LOOK_OF_STATE, useCrossCheckWords, useWhy } from './words.ts'

type PlansQuery = {
  data: { items: readonly Terms[] } | undefined
  error: unknown
  refetch: () => unknown
}

type MonthTableProps = { first: BusinessDate; last: BusinessDate; plans: PlansQuery }

/** Dates that are over, the newest first, by plans: each tile says how it stands and opens the result. */
export function MonthTable({ first, last, plans }: MonthTableProps) {
  const { t } = useCrossCheckWords()
  const frame = useRef<HTMLDivElement>(null)
  useRowKeys(frame)
  const checks = useCrossChecks(first, last)
  const cases = useOpenCases(latestOf(checks.data?.items ?? []))
  const failed = [plans, checks, cases].find(({ error }) => error !== null)
  const all = plans.data?.items ?? []
  const items = checks.data?.items ?? []
  const isReady = plans.data !== undefined && checks.data !== undefined && cases.data !== undefined
  const over = datesOf(first, last)
  const names = namesOf(all, items, over)
  const findCheck = (name: string, date: string) =>
    items.find((one) => one.name === name && one.date === date)
  const isOfAny = (date: string) =>
    names.some((name) => findCheck(name, date) ?? planOn(name, all, date))
  const dates = names.length === 0 ? over : over.filter(isOfAny)
  return (
    <>
      {failed && <Fault error={failed.error} onRetry={() => void failed.refetch()} />}
      {isReady && names.length > 0 && <Legend />}
      {isReady && dates.length === 0 && <Empty text={t('noDates')} />}
      {isReady && dates.length > 0 && names.length === 0 && (
        <div className="card">
          <Empty text={t('noPlans')} />
          <p className="fine">{t('noPlansHint')}</p>
        </div>
      )}
      {!isReady && !failed && <Bones />}
      {isReady && dates.length > 0 && names.length > 0 && (
        <div className="table-frame check-month" ref={frame}>
          <table className="data-table">
            <caption className="visually-hidden">
              {t('month', { month: first.slice(0, 7) })}
            </caption>
            <thead>
              <tr>
                <th scope="col">{t('date')}</th>
                {names.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {dates.map((date) => (
                <tr key={date} data-row>
                  <th scope="row">{date}</th>
                  {names.map((name) => (
                    <td key={name}>
                      <Tile
                        name={name}
                        date={date}
                        check={findCheck(name, date)}
                        isPlanned={planOn(name, all, date) !== undefined}
                        openCases={cases.data.get(placeOf(name, date)) ?? 0}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

const latestOf = (checks: readonly CrossCheck[]) =>
  checks
    .map(({ updatedAt }) => updatedAt)
    .toSorted()
    .at(-1)

/** Of the month, without today and what is to come: a date is compared once it is over. */
function datesOf(first: BusinessDate, last: BusinessDate): BusinessDate[] {
  const dates: BusinessDate[] = []
  for (let date = last; date >= first; date = addDays(date, -1)) {
    if (date < today()) dates.push(date)
  }
  return dates
}

type TileProps = {
  name: string
  date: BusinessDate
  check: CrossCheck | undefined
  isPlanned: boolean
  openCases: number
}

function Tile({ name, date, check, isPlanned, openCases }: TileProps) {
  const { t } = useCrossCheckWords()
  const why = useWhy()
  const state = stateOf(check, openCases)
  if (state === 'none' && !isPlanned) return <span className="fine">—</span>
  const reason = check && (state === 'waiting' || state === 'failed') ? why(check) : ''
  return (
    <Link className="check-tile" to="/cross-checks/run" search={{ plan: name, date }}>
      <StatusChip {...LOOK_OF_STATE[state]} text={t(`states.${state}`, { count: openCases })} />
      {reason !== '' && <span className="fine">{reason}</span>}
    </Link>
  )
}

const IN_LEGEND = ['failed', 'found', 'due', 'waiting', 'complete'] as const

function Legend() {
  const { t } = useCrossCheckWords()
  const words = (state: State) => (state === 'found' ? t('legendFound') : t(`states.${state}`))
  return (
    <ul className="legend" aria-label={t('legend')}>
      {IN_LEGEND.map((state) => (
        <li key={state} className={`arrival tone-${LOOK_OF_STATE[state].tone}`}>
          <Icon name={LOOK_OF_STATE[state].icon} />
          {words(state)}
        </li>
      ))}
    </ul>
  )
}

const BONES = 6

function Bones() {
  const { t } = useCrossCheckWords()
  return (
    <div className="card" aria-busy="true">
      <span className="visually-hidden">{t('common:problem.loading')}</span>
      {Array.from({ length: BONES }, (_, i) => (
        <p key={i}>
          <span className="bone" />
        </p>
      ))}
    </div>
  )
}
