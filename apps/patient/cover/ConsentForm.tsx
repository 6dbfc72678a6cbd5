import Checkbox from 'antd-mobile/es/components/checkbox'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { CoverageConsent } from '../../../contract/client.ts'
import { addMs, DAY_MS } from '../../../kernel/time.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { type ConsentText, type Insurer, useGiveConsent } from './use-cover.ts'

type Scope = CoverageConsent['scope'][number]

/** What may be sent or told, by purpose. Nothing is ticked beforehand. */
const CHOICES: Record<CoverageConsent['purpose'], readonly Scope[]> = {
  policy_check: ['diagnosis'],
  claim_papers: ['bill', 'items', 'receipt', 'summary'],
}

const YEAR_DAYS = 365
const YEARS = [1, 2, 4] as const

/** The text in full, what of it is agreed to, for how long, and the button that agrees. */
export function ConsentForm({ insurer, text, onCancel }: ConsentFormProps) {
  const { t, i18n } = useTranslation('payers')
  const id = useId()
  const nowMs = useHubNow()
  const [years, setYears] = useState(1)
  const [scope, setScope] = useState<readonly Scope[]>([])
  const give = useGiveConsent(insurer)
  const { purpose, version } = text
  const isEmpty = purpose === 'claim_papers' && scope.length === 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isEmpty || nowMs === null) return
    const expiresAt = addMs(new Date(nowMs), years * YEAR_DAYS * DAY_MS).toISOString()
    give.mutate({ purpose, version, scope: [...scope], expiresAt })
  }
  const tick = (what: Scope, isOn: boolean) =>
    setScope(isOn ? [...scope, what] : scope.filter((one) => one !== what))
  return (
    <form className="consent" onSubmit={submit} aria-label={t(`cover.consents.${purpose}.title`)}>
      <p className="consent-text">{i18n.language === 'en' ? text.en : text.zh}</p>
      <fieldset className="ticks">
        <legend>{t(`cover.consents.${purpose}.choose`)}</legend>
        {CHOICES[purpose].map((what) => (
          <Checkbox
            key={what}
            block
            checked={scope.includes(what)}
            onChange={(isOn) => tick(what, isOn)}
          >
            {t(`cover.scopes.${what}`)}
          </Checkbox>
        ))}
      </fieldset>
      <div className="limit">
        <label htmlFor={id}>{t('cover.howLong')}</label>
        <select
          id={id}
          value={years}
          onChange={({ currentTarget }) => setYears(Number(currentTarget.value))}
        >
          {YEARS.map((count) => (
            <option key={count} value={count}>
              {t('cover.years', { count })}
            </option>
          ))}
        </select>
      </div>
      {give.error && <FailureBox error={give.error} />}
      {isEmpty && <p className="note">{t('cover.tickOne')}</p>}
      <div className="button-row">
        <button type="button" className="button" onClick={onCancel}>
          {t('cover.notNow')}
        </button>
        <button
          type="submit"
          className="button button-primary"
          disabled={give.isPending || isEmpty || nowMs === null}
        >
          {t('cover.agree')}
        </button>
      </div>
    </form>
  )
}

type ConsentFormProps = { insurer: Insurer; text: ConsentText; onCancel: () => void }
