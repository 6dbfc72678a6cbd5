import { Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { shortPercentText } from '../channels/ratio.ts'
import { Chart } from '../charts/Chart.tsx'
import { Empty } from '../list/Empty.tsx'
import { trendOption } from './chart-options.ts'
import type { Portfolio } from './model.ts'
import { useBankWords } from './words.ts'

const LEAST_DAYS = 2

/** Open principal and bad-debt ratio at each day close, the oldest at the left. */
export function TrendCard({ portfolio }: { portfolio: Portfolio | undefined }) {
  const { t } = useBankWords()
  const days = portfolio?.days.toReversed()
  const hasTrend = days !== undefined && days.length >= LEAST_DAYS
  const words = {
    principal: t('overview.trend.principal'),
    badDebt: t('overview.trend.badDebt'),
  }
  return (
    <section className="card card-wide" aria-labelledby="bank-trend-title">
      <div className="card-head">
        <h2 id="bank-trend-title">{t('overview.trend.title')}</h2>
        <Link to="/bank/days">{t('days.title')}</Link>
      </div>
      {!days && <Skeleton active paragraph={{ rows: 5 }} />}
      {days && !hasTrend && <Empty text={t('overview.trend.empty')} />}
      {hasTrend && (
        <>
          <ul className="legend">
            <li>
              <span className="swatch bank-fill" aria-hidden="true" /> {words.principal}
            </li>
            <li>
              <span className="swatch bank-fill-bad" aria-hidden="true" /> {words.badDebt}
            </li>
          </ul>
          <Chart label={t('overview.trend.label')} option={trendOption(days, words)} />
          <TrendTable days={days} />
        </>
      )}
    </section>
  )
}

function TrendTable({ days }: Pick<Portfolio, 'days'>) {
  const { t } = useBankWords()
  return (
    <details>
      <summary>{t('overview.trend.table')}</summary>
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col">{t('overview.trend.date')}</th>
            <th scope="col" className="is-number">
              {t('overview.trend.principal')}
            </th>
            <th scope="col" className="is-number">
              {t('overview.trend.badDebt')}
            </th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ date, portfolio }) => (
            <tr key={date}>
              <td>
                <Link to="/bank/days" search={{ day: date }}>
                  {date}
                </Link>
              </td>
              <td className="is-number">
                <Amount fen={portfolio.principalFen} />
              </td>
              <td className="is-number">{shortPercentText(portfolio.badDebtPpm)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
