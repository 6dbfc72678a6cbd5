import { Skeleton } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { Chart } from '../charts/Chart.tsx'
import { Empty } from '../list/Empty.tsx'
import { comingOption } from './chart-options.ts'
import type { LoanFigures } from './model.ts'
import { useBankWords } from './words.ts'

/** What falls due in the coming days: a picture, and its table twin one press away. */
export function ComingCard({ figures }: { figures: LoanFigures | undefined }) {
  const { t } = useBankWords()
  return (
    <section className="card" aria-labelledby="coming-title">
      <h2 id="coming-title">{t('overview.coming.title')}</h2>
      {!figures && <Skeleton active paragraph={{ rows: 5 }} />}
      {figures?.coming.length === 0 && <Empty text={t('overview.coming.empty')} />}
      {figures && figures.coming.length > 0 && (
        <>
          <Chart label={t('overview.coming.label')} option={comingOption(figures.coming)} />
          <ComingTable coming={figures.coming} />
        </>
      )}
    </section>
  )
}

function ComingTable({ coming }: Pick<LoanFigures, 'coming'>) {
  const { t } = useBankWords()
  return (
    <details>
      <summary>{t('overview.coming.table')}</summary>
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col">{t('overview.coming.date')}</th>
            <th scope="col" className="is-number">
              {t('overview.coming.instalments')}
            </th>
            <th scope="col" className="is-number">
              {t('overview.coming.amount')}
            </th>
          </tr>
        </thead>
        <tbody>
          {coming.map(({ dueOn, instalments, amountFen }) => (
            <tr key={dueOn}>
              <td>{dueOn}</td>
              <td className="is-number">{instalments}</td>
              <td className="is-number">
                <Amount fen={amountFen} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
