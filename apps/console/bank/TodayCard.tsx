import { Skeleton } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import type { PortfolioFigures } from './model.ts'
import { useBankWords } from './words.ts'

/** What the day has brought so far. */
export function TodayCard({ now }: { now: PortfolioFigures | undefined }) {
  const { t } = useBankWords()
  return (
    <section className="card" aria-labelledby="bank-today-title">
      <h2 id="bank-today-title">{t('overview.today.title')}</h2>
      {!now && <Skeleton active paragraph={{ rows: 4 }} />}
      {now && (
        <dl className="bank-facts">
          <Fact name="newLoans" fen={now.newPrincipalFen} count={now.newLoans} />
          <Fact name="repaid" fen={now.repaidFen} />
          <Fact name="recovered" fen={now.recoveredFen} />
          <Fact name="writtenOff" fen={now.writtenOffFen} count={now.writtenOffLoans} />
        </dl>
      )}
    </section>
  )
}

function Fact({ name, fen, count }: { name: string; fen: number; count?: number }) {
  const { t } = useBankWords()
  return (
    <div>
      <dt>{t(`overview.today.${name}`)}</dt>
      <dd>
        <Amount fen={fen} />
        {count !== undefined && (
          <span className="fine"> {t('overview.today.count', { count })}</span>
        )}
      </dd>
    </div>
  )
}
