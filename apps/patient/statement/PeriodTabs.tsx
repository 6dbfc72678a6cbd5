import { type FormEvent, useId } from 'react'
import { useTranslation } from 'react-i18next'

import type { BusinessDate } from '../../../kernel/time.ts'
import { Go, places, useGo } from '../navigation.tsx'
import { type PeriodChoice, PERIODS } from './period.ts'

/** Which days: links, so that the address says what is seen. */
export function PeriodTabs({
  choice,
  today,
}: {
  choice: PeriodChoice
  today: BusinessDate | null
}) {
  const { t } = useTranslation()
  return (
    <>
      <nav className="tabs" aria-label={t('statement.period')}>
        {PERIODS.map((period) => {
          const place = period === choice.period ? { ...choice } : { period }
          return (
            <Go key={period} place={places.statementOf(place)} replace className="tab">
              {t(`statement.periods.${period}`)}
            </Go>
          )
        })}
      </nav>
      {choice.period === 'own' && <OwnPeriod choice={choice} today={today} />}
    </>
  )
}

function OwnPeriod({ choice, today }: { choice: PeriodChoice; today: BusinessDate | null }) {
  const { t } = useTranslation()
  const go = useGo()
  const [fromId, toId] = [useId(), useId()]
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [from, to] = [form.get('from'), form.get('to')]
    if (typeof from !== 'string' || typeof to !== 'string') return
    void go(places.statementOf({ period: 'own', from, to }), { replace: true })
  }
  return (
    <form className="card own-period" onSubmit={submit} aria-label={t('statement.periods.own')}>
      <label htmlFor={fromId}>{t('statement.from')}</label>
      <input
        className="field"
        id={fromId}
        name="from"
        type="date"
        required
        defaultValue={choice.from}
        {...most(today)}
      />
      <label htmlFor={toId}>{t('statement.to')}</label>
      <input
        className="field"
        id={toId}
        name="to"
        type="date"
        required
        defaultValue={choice.to}
        {...most(today)}
      />
      <button type="submit" className="button">
        {t('statement.show')}
      </button>
    </form>
  )
}

const most = (today: BusinessDate | null) => (today === null ? {} : { max: today })
