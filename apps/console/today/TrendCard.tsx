import { Link, useNavigate } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import type { FinanceDay } from '../../../contract/client.ts'
import { type BusinessDate, isBusinessDate } from '../../../kernel/time.ts'
import { Chart } from '../charts/Chart.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { SignedAmount } from '../list/SignedAmount.tsx'
import { totalOfMoves } from '../list/sums.ts'
import { kindsOf, trendOption } from './trend-option.ts'
import { useWeek } from './use-week.ts'

/** Seven days up to the date: a picture, and its table twin one press away. */
export function TrendCard() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { days, error, refetch } = useWeek()
  const part = (kind: string) => t(`parts.${kind}`)
  const isEmpty = days?.every(({ moves }) => moves.length === 0)
  const show = ({ dataIndex }: { dataIndex: number }) => {
    const date = days?.[dataIndex]?.date
    if (date && isBusinessDate(date)) void navigate({ to: '/', search: { date } })
  }
  return (
    <section className="card" aria-labelledby="trend-title">
      <h2 id="trend-title">{t('today.trend.title')}</h2>
      {error !== null && <Fault error={error} onRetry={refetch} />}
      {!days && error === null && <Skeleton active paragraph={{ rows: 6 }} />}
      {isEmpty && <Empty text={t('today.trend.empty')} />}
      {days && !isEmpty && (
        <>
          <ul className="legend">
            {[...kindsOf(days), 'returned' as const].map((name) => (
              <li key={name}>
                <span className={`swatch swatch-${name}`} aria-hidden="true" />
                {name === 'returned' ? t('kinds.return') : part(name)}
              </li>
            ))}
          </ul>
          <Chart
            label={t('today.trend.label')}
            option={trendOption(days, { part, returned: t('kinds.return') })}
            onPick={show}
          />
          <TrendTable days={days} />
        </>
      )}
    </section>
  )
}

function TrendTable({ days }: { days: readonly FinanceDay[] }) {
  const { t } = useTranslation()
  return (
    <details>
      <summary>{t('today.trend.table')}</summary>
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col">{t('moves.businessDate')}</th>
            <th scope="col" className="is-number">
              {t('kinds.charge')}
            </th>
            <th scope="col" className="is-number">
              {t('kinds.return')}
            </th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ date, moves }) => (
            <tr key={date}>
              <td>
                <Link to="/" search={{ date: date as BusinessDate }}>
                  {date}
                </Link>
              </td>
              {(['charge', 'return'] as const).map((kind) => (
                <td key={kind} className="is-number">
                  <SignedAmount fen={totalOfMoves(moves, { kind }).amountFen} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
