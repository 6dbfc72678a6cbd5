import Checkbox from 'antd-mobile/es/components/checkbox'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { addMs, DAY_MS } from '../../../kernel/time.ts'
import { formText } from '../../web/form-text.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { type Consent, type ConsentText, KINDS, PURPOSES, useGiveConsent } from './use-sharing.ts'

const LENGTHS_DAYS = [7, 30, 180, 365] as const
type Kind = Consent['kinds'][number]

type ConsentFormProps = { text: ConsentText; hospitals: readonly Hospital[]; onDone: () => void }

/** The text in full, from which hospital to which, what and for what, for how long. Nothing is ticked beforehand. */
export function ConsentForm({ text, hospitals, onDone }: ConsentFormProps) {
  const { t, i18n } = useTranslation('sharing')
  const nowMs = useHubNow()
  const [kinds, setKinds] = useState<readonly Kind[]>([])
  const [readerId, setReader] = useState(hospitals[0]?.id ?? 0)
  const others = hospitals.filter(({ id }) => id !== readerId)
  const give = useGiveConsent()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (nowMs === null) return
    const fields = new FormData(event.currentTarget)
    const days = Number(fields.get('days'))
    give.mutate(
      {
        readerId,
        holderId: Number(fields.get('holderId')),
        purpose: formText(fields, 'purpose') as Consent['purpose'],
        kinds: [...kinds],
        textVersion: text.version,
        expiresAt: addMs(new Date(nowMs), days * DAY_MS).toISOString(),
      },
      { onSuccess: onDone },
    )
  }
  return (
    <form className="card consent" onSubmit={submit} aria-label={t('give')}>
      <p className="consent-text">{i18n.language === 'en' ? text.en : text.zh}</p>
      <Choice
        name="readerId"
        label={t('who')}
        value={readerId}
        onChange={setReader}
        options={hospitals.map(({ id, name }) => [id, name])}
      />
      <Choice
        name="holderId"
        label={t('whose')}
        options={others.map(({ id, name }) => [id, name])}
      />
      <Kinds chosen={kinds} onChange={setKinds} />
      <Choice
        name="purpose"
        label={t('purpose')}
        options={PURPOSES.map((purpose) => [purpose, t(`purposes.${purpose}`)])}
      />
      <Choice
        name="days"
        label={t('howLong')}
        options={LENGTHS_DAYS.map((count) => [count, t('days', { count })])}
      />
      {give.error && <FailureBox error={give.error} />}
      {kinds.length === 0 && <p className="note">{t('tickOne')}</p>}
      <div className="button-row">
        <button type="button" className="button" onClick={onDone}>
          {t('notNow')}
        </button>
        <button
          type="submit"
          className="button button-primary"
          disabled={give.isPending || kinds.length === 0 || nowMs === null}
        >
          {t('allow')}
        </button>
      </div>
    </form>
  )
}

type KindsProps = { chosen: readonly Kind[]; onChange: (kinds: readonly Kind[]) => void }

function Kinds({ chosen, onChange }: KindsProps) {
  const { t } = useTranslation('sharing')
  const tick = (kind: Kind, isOn: boolean) =>
    onChange(isOn ? [...chosen, kind] : chosen.filter((one) => one !== kind))
  return (
    <fieldset className="ticks">
      <legend>{t('what')}</legend>
      {KINDS.map((kind) => (
        <Checkbox
          key={kind}
          block
          checked={chosen.includes(kind)}
          onChange={(isOn) => tick(kind, isOn)}
        >
          {t(`kinds.${kind}`)}
        </Checkbox>
      ))}
    </fieldset>
  )
}

type ChoiceProps = {
  name: string
  label: string
  options: readonly (readonly [string | number, string])[]
  value?: number
  onChange?: (value: number) => void
}

function Choice({ name, label, options, value, onChange }: ChoiceProps) {
  const chosen = onChange
    ? {
        value,
        onChange: (event: { currentTarget: { value: string } }) =>
          onChange(Number(event.currentTarget.value)),
      }
    : {}
  return (
    <label className="limit">
      {label}
      <select name={name} {...chosen}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
