import { Skeleton } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import type { LoanFigures } from './model.ts'
import { Scroll } from './Scroll.tsx'
import { useBankWords } from './words.ts'

const COLUMNS = ['accrued', 'received', 'writtenOff', 'receivable'] as const

/** Interest, fees and penalty: accrued, and what became of it. */
export function EarnedCard({ figures }: { figures: LoanFigures | undefined }) {
  const { t } = useBankWords()
  return (
    <section className="card" aria-labelledby="earned-title">
      <h2 id="earned-title">{t('overview.earned.title')}</h2>
      {!figures && <Skeleton active paragraph={{ rows: 4 }} />}
      {figures && (
        <Scroll label={t('overview.earned.title')}>
          <table className="data-table">
            <thead>
              <tr>
                <th scope="col">{t('overview.earned.kind')}</th>
                {COLUMNS.map((column) => (
                  <th key={column} scope="col" className="is-number">
                    {t(`overview.earned.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {figures.earned.map((row) => (
                <tr key={row.kind}>
                  <th scope="row">{t(`overview.earned.kinds.${row.kind}`)}</th>
                  {COLUMNS.map((column) => (
                    <td key={column} className="is-number">
                      <Amount fen={row[`${column}Fen`]} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <p className="fine">{t('overview.earned.fine')}</p>
    </section>
  )
}
