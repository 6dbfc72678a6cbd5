import { useTranslation } from 'react-i18next'

import { amountText, type Flow, SIGN_OF_FLOW } from './amount.ts'

/**
 * An amount in fen, as "¥1,234.50". With a flow it has a sign and a colour, never the colour alone. An
 * amount that is not known is a dash, and `reason` says why.
 */
export function Amount({ fen, flow, reason }: AmountProps) {
  const { t } = useTranslation('common')
  if (fen === null) {
    return (
      <span className="amount" title={reason}>
        —<span className="visually-hidden">{reason ?? t('amount.unknown')}</span>
      </span>
    )
  }
  if (!flow) return <span className="amount">{amountText(fen)}</span>
  return (
    <span className={`amount amount-${flow}`}>
      <span aria-hidden="true">{SIGN_OF_FLOW[flow]} </span>
      <span className="visually-hidden">{t(`amount.${flow}`)} </span>
      {amountText(fen)}
    </span>
  )
}

type AmountProps = { fen: number | null; flow?: Flow; reason?: string }
