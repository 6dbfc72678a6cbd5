import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { amountText } from '../../web/amount.ts'
import { dayChoices, paymentChoices } from './limit-choices.ts'
import type { Limits, Offer } from './use-agreements.ts'

/** Two amounts to choose from a few round ones: nobody types a number here. */
export function LimitsForm({ offer, kept, yes, isSending, onYes, onCancel }: LimitsFormProps) {
  const { t } = useTranslation()
  const perPayment = paymentChoices(offer, kept?.limitPerPaymentFen)
  const [perPaymentFen, setPerPayment] = useState(kept?.limitPerPaymentFen ?? perPayment.usualFen)
  const perDay = dayChoices(offer, perPaymentFen, kept?.limitPerDayFen)
  const [chosenDayFen, setPerDay] = useState(kept?.limitPerDayFen ?? perDay.usualFen)
  const perDayFen = perDay.choices.includes(chosenDayFen) ? chosenDayFen : perDay.usualFen
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onYes({ limitPerPaymentFen: perPaymentFen, limitPerDayFen: perDayFen })
  }
  return (
    <form className="limits" onSubmit={submit} aria-label={t('agreement.choose')}>
      <Choice
        label={t('agreement.perPayment')}
        choices={perPayment.choices}
        value={perPaymentFen}
        onChange={setPerPayment}
      />
      <Choice
        label={t('agreement.perDay')}
        choices={perDay.choices}
        value={perDayFen}
        onChange={setPerDay}
      />
      <div className="button-row">
        {onCancel && (
          <button type="button" className="button" onClick={onCancel}>
            {t('agreement.cancel')}
          </button>
        )}
        <button type="submit" className="button button-primary" disabled={isSending}>
          {yes}
        </button>
      </div>
    </form>
  )
}

function Choice({ label, choices, value, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <div className="limit">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={({ currentTarget }) => onChange(Number(currentTarget.value))}
      >
        {choices.map((fen) => (
          <option key={fen} value={fen}>
            {amountText(fen)}
          </option>
        ))}
      </select>
    </div>
  )
}

type LimitsFormProps = {
  offer: Offer
  /** What was chosen before; null for the first time. */
  kept: Limits | null
  yes: string
  isSending: boolean
  onYes: (limits: Limits) => void
  onCancel?: () => void
}

type ChoiceProps = {
  label: string
  choices: readonly number[]
  value: number
  onChange: (fen: number) => void
}
