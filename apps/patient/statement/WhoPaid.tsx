import { useTranslation } from 'react-i18next'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { COLOR_OF_PART } from '../../web/tenders.ts'
import { sourceName } from './source-name.ts'
import type { Statement } from './use-statement.ts'

/** Who bore what stays paid: a bar whose pieces are as long as their amounts, and the same figures as text. */
export function WhoPaid({ bySource, netFen }: { bySource: Statement['bySource']; netFen: number }) {
  const { t } = useTranslation()
  const sources = bySource.filter((source) => source.netFen !== 0)
  if (sources.length === 0) return null
  return (
    <div className="parts">
      <div className="parts-bar" aria-hidden="true">
        {sources
          .filter((source) => source.netFen > 0)
          .map((source) => (
            <span
              key={keyOf(source)}
              data-fen={source.netFen}
              style={{ flexGrow: source.netFen, background: COLOR_OF_PART[source.part] }}
            />
          ))}
      </div>
      <ul className="parts-list">
        {sources.map((source) => (
          <li key={keyOf(source)}>
            <span
              className="parts-dot"
              style={{ background: COLOR_OF_PART[source.part] }}
              aria-hidden="true"
            />
            <span>{sourceName(t, source)}</span>
            <Amount fen={source.netFen} />
          </li>
        ))}
      </ul>
      {sources.length > 1 && (
        <p className="fine-print sum">
          <span>{sources.map((source) => amountText(source.netFen)).join(' + ')}</span>
          <span>= {amountText(netFen)}</span>
        </p>
      )}
    </div>
  )
}

const keyOf = ({ provider, part }: Statement['bySource'][number]) => `${provider} ${part}`
