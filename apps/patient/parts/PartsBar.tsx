import { useTranslation } from 'react-i18next'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { COLOR_OF_PART, type Part } from '../../web/tenders.ts'

/**
 * Who pays what: a bar whose pieces are as long as their amounts, and the same figures as text, which add
 * up to the total to the fen. Nothing of it is shown where they do not: see planOf.
 */
export function PartsBar({ parts, totalFen }: { parts: readonly Part[]; totalFen: number }) {
  const { t } = useTranslation()
  return (
    <div className="parts">
      <div className="parts-bar" aria-hidden="true">
        {parts.map(({ kind, amountFen }) => (
          <span
            key={kind}
            data-fen={amountFen}
            style={{ flexGrow: amountFen, background: COLOR_OF_PART[kind] }}
          />
        ))}
      </div>
      <ul className="parts-list">
        {parts.map(({ kind, amountFen }) => (
          <li key={kind}>
            <span
              className="parts-dot"
              style={{ background: COLOR_OF_PART[kind] }}
              aria-hidden="true"
            />
            <span>{t(`common:parts.${kind}`)}</span>
            {kind === 'self_pay' ? (
              <strong>
                <Amount fen={amountFen} />
              </strong>
            ) : (
              <Amount fen={-amountFen} />
            )}
          </li>
        ))}
      </ul>
      {parts.length > 1 && (
        <p className="fine-print sum">
          <span>{parts.map(({ amountFen }) => amountText(amountFen)).join(' + ')}</span>
          <span>= {amountText(totalFen)}</span>
        </p>
      )}
    </div>
  )
}
