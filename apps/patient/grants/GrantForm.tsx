import Checkbox from 'antd-mobile/es/components/checkbox'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { addMs, DAY_MS } from '../../../kernel/time.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { type Application, type GrantScope, type GrantText, useGive } from './use-grants.ts'

const LENGTHS_DAYS = [30, 180, 365] as const

/** The text in full, what of it is allowed, for how long, and the button that allows. Nothing is ticked beforehand. */
export function GrantForm({ application, text, onCancel }: GrantFormProps) {
  const { t, i18n } = useTranslation('payers')
  const id = useId()
  const nowMs = useHubNow()
  const [days, setDays] = useState<number>(LENGTHS_DAYS[0])
  const [scopes, setScopes] = useState<readonly GrantScope[]>([])
  const give = useGive(application)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (scopes.length === 0 || nowMs === null) return
    const expiresAt = addMs(new Date(nowMs), days * DAY_MS).toISOString()
    give.mutate({ scopes: [...scopes], textVersion: text.version, expiresAt })
  }
  const tick = (what: GrantScope, isOn: boolean) =>
    setScopes(isOn ? [...scopes, what] : scopes.filter((one) => one !== what))
  return (
    <form className="consent" onSubmit={submit} aria-label={application.name}>
      <p className="consent-text">{i18n.language === 'en' ? text.en : text.zh}</p>
      <fieldset className="ticks">
        <legend>{t('grants.choose')}</legend>
        {application.scopes.map((what) => (
          <Checkbox
            key={what}
            block
            checked={scopes.includes(what)}
            onChange={(isOn) => tick(what, isOn)}
          >
            {t(`grants.scopes.${what}`)}
          </Checkbox>
        ))}
      </fieldset>
      <div className="limit">
        <label htmlFor={id}>{t('grants.howLong')}</label>
        <select
          id={id}
          value={days}
          onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}
        >
          {LENGTHS_DAYS.map((count) => (
            <option key={count} value={count}>
              {t('grants.days', { count })}
            </option>
          ))}
        </select>
      </div>
      {give.error && <FailureBox error={give.error} />}
      {scopes.length === 0 && <p className="note">{t('grants.tickOne')}</p>}
      <div className="button-row">
        <button type="button" className="button" onClick={onCancel}>
          {t('grants.notNow')}
        </button>
        <button
          type="submit"
          className="button button-primary"
          disabled={give.isPending || scopes.length === 0 || nowMs === null}
        >
          {t('grants.allow')}
        </button>
      </div>
    </form>
  )
}

type GrantFormProps = { application: Application; text: GrantText; onCancel: () => void }
