import { useTranslation } from 'react-i18next'

import type { CreditLine } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'

/** A limit as one bar: what is lent, what is promised and what is free, with the same figures as text. */
export function LimitBar({ line }: { line: CreditLine }) {
  const { t } = useTranslation()
  const parts = [
    { name: 'drawn', words: 'credit:drawn', fen: line.drawnFen },
    { name: 'reserved', words: 'credit:reserved', fen: line.reservedFen },
    { name: 'free', words: 'credit:stillFree', fen: line.freeFen },
  ] as const
  return (
    <div className="limit-bar-box">
      <div className="limit-bar" aria-hidden="true">
        {parts
          .filter(({ fen }) => fen > 0)
          .map(({ name, fen }) => (
            <span key={name} className={`limit-${name}`} data-fen={fen} style={{ flexGrow: fen }} />
          ))}
      </div>
      <ul className="parts-list">
        {parts.map(({ name, words, fen }) => (
          <li key={name}>
            <span className={`parts-dot limit-${name}`} aria-hidden="true" />
            <span>{t(words)}</span>
            <Amount fen={fen} />
          </li>
        ))}
        <li className="limit-sum">
          <span>{t('credit:limit')}</span>
          <span className="amount">{amountText(line.limitFen)}</span>
        </li>
      </ul>
    </div>
  )
}
