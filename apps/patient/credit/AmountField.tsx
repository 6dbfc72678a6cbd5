import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { parseYuan } from '../../../kernel/money.ts'
import { amountText } from '../../web/amount.ts'

/** An amount in yuan that somebody types; null is told while it is none, or more than there is. */
export function AmountField({ mostFen, initialFen, onChange }: AmountFieldProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(initialFen ? yuanOf(initialFen) : '')
  const [id, noteId] = [useId(), useId()]
  const isWrong = text !== '' && fenOf(text, mostFen) === null
  const type = (typed: string) => {
    setText(typed)
    onChange(fenOf(typed, mostFen))
  }
  return (
    <div className="amount-field">
      <label htmlFor={id}>{t('credit:repay.amount')}</label>
      <input
        id={id}
        className="field"
        inputMode="decimal"
        autoComplete="off"
        value={text}
        aria-invalid={isWrong}
        aria-describedby={noteId}
        onChange={({ currentTarget }) => type(currentTarget.value)}
      />
      <p className="note" id={noteId} role={isWrong ? 'alert' : undefined}>
        {mostFen === null
          ? isWrong && t('credit:help.wrongAmount')
          : t(isWrong ? 'credit:repay.wrong' : 'credit:repay.most', {
              amount: amountText(mostFen),
            })}
      </p>
    </div>
  )
}

/** As people type it: also with commas between thousands, a sign of the currency, and spaces. */
function fenOf(text: string, mostFen: number | null): number | null {
  const fen = parseYuan(text.replaceAll(/[\s,，¥￥元]/g, ''))
  return fen !== null && fen > 0 && (mostFen === null || fen <= mostFen) ? fen : null
}

const yuanOf = (fen: number): string => amountText(fen).replaceAll(/[¥,]/g, '')

type AmountFieldProps = {
  /** Null where nobody may know how much it is. */
  mostFen: number | null
  initialFen?: number
  onChange: (fen: number | null) => void
}
