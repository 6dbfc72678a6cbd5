import Checkbox from 'antd-mobile/es/components/checkbox'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { parseYuan } from '../../../kernel/money.ts'
import { addMs, DAY_MS } from '../../../kernel/time.ts'
import { formText } from '../../web/form-text.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { type AskWish, RELATIONS, type Scope, SCOPES, useAsk } from './use-family.ts'

const LENGTHS_DAYS = [30, 180, 365] as const
/** Documents hold until a child is of age, which the hub looks at each time. */
const CHILDHOOD_DAYS = 18 * 365

type AskFormProps = { text: { version: string; zh: string; en: string }; onDone: () => void }

/** Whom one wants to act for: name, number, what they are to one, what one may do, and for how long. */
export function AskForm({ text, onDone }: AskFormProps) {
  const { t, i18n } = useTranslation('family')
  const nowMs = useHubNow()
  const [scopes, setScopes] = useState<readonly Scope[]>(SCOPES)
  const [ground, setGround] = useState<AskWish['ground']>('consent')
  const [isAmountWrong, setAmountWrong] = useState(false)
  const ask = useAsk()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (nowMs === null) return
    const wish = wishOf(new FormData(event.currentTarget), { scopes, ground, nowMs })
    setAmountWrong(wish === null)
    if (wish) ask.mutate({ ...wish, textVersion: text.version }, { onSuccess: onDone })
  }
  return (
    <form className="card consent" onSubmit={submit} aria-label={t('add')}>
      <p className="consent-text">{i18n.language === 'en' ? text.en : text.zh}</p>
      <Field name="name" label={t('name')} />
      <Field name="idNumber" label={t('idNumber')} />
      <Choice
        name="relation"
        label={t('relation')}
        options={RELATIONS.map((relation) => [relation, t(`relations.${relation}`)])}
      />
      <Choice
        name="ground"
        label={t('ground')}
        onChange={(value) => setGround(value === 'proof' ? 'proof' : 'consent')}
        options={[
          ['consent', t('byConsent')],
          ['proof', t('byProof')],
        ]}
      />
      <Scopes chosen={scopes} onChange={setScopes} />
      <Field name="most" label={t('mostLabel')} isOptional />
      {ground === 'proof' ? (
        <p className="note">{t('untilGrown')}</p>
      ) : (
        <Choice
          name="days"
          label={t('howLong')}
          options={LENGTHS_DAYS.map((count) => [count, t('days', { count })])}
        />
      )}
      {isAmountWrong && <p role="alert">{t('amountWrong')}</p>}
      {ask.error && <FailureBox error={ask.error} />}
      <div className="button-row">
        <button type="button" className="button" onClick={onDone}>
          {t('notNow')}
        </button>
        <button
          type="submit"
          className="button button-primary"
          disabled={ask.isPending || scopes.length === 0 || nowMs === null}
        >
          {t('ask')}
        </button>
      </div>
    </form>
  )
}

type Chosen = { scopes: readonly Scope[]; ground: AskWish['ground']; nowMs: number }

/** Null when the limit is no amount. */
function wishOf(
  fields: FormData,
  { scopes, ground, nowMs }: Chosen,
): Omit<AskWish, 'textVersion'> | null {
  const most = formText(fields, 'most')
  const mostFen = most === '' ? null : parseYuan(most)
  if (most !== '' && (mostFen === null || mostFen <= 0)) return null
  const days = ground === 'proof' ? CHILDHOOD_DAYS : Number(formText(fields, 'days'))
  return {
    name: formText(fields, 'name'),
    idNumber: formText(fields, 'idNumber'),
    relation: formText(fields, 'relation') as AskWish['relation'],
    ground,
    scopes: [...scopes],
    mostFen,
    expiresAt: addMs(new Date(nowMs), days * DAY_MS).toISOString(),
  }
}

type ScopesProps = { chosen: readonly Scope[]; onChange: (scopes: readonly Scope[]) => void }

/** To pay bills is to see them. */
function Scopes({ chosen, onChange }: ScopesProps) {
  const { t } = useTranslation('family')
  const change = (scope: Scope, isOn: boolean) => {
    const also: Scope[] = scope === 'pay' ? ['bills'] : []
    const without: Scope[] = scope === 'bills' ? ['pay'] : []
    const left = chosen.filter((other) => other !== scope && !(!isOn && without.includes(other)))
    onChange(isOn ? [...new Set([...left, scope, ...also])] : left)
  }
  return (
    <fieldset className="ticks">
      <legend>{t('what')}</legend>
      {SCOPES.map((scope) => (
        <Checkbox
          key={scope}
          block
          checked={chosen.includes(scope)}
          onChange={(isOn) => change(scope, isOn)}
        >
          {t(`scopes.${scope}`)}
        </Checkbox>
      ))}
    </fieldset>
  )
}

type FieldProps = { name: string; label: string; isOptional?: boolean }

const Field = ({ name, label, isOptional = false }: FieldProps) => (
  <label className="limit">
    {label}
    <input name={name} required={!isOptional} maxLength={50} autoComplete="off" />
  </label>
)

type ChoiceProps = {
  name: string
  label: string
  options: readonly (readonly [string | number, string])[]
  onChange?: (value: string) => void
}

const Choice = ({ name, label, options, onChange }: ChoiceProps) => (
  <label className="limit">
    {label}
    <select name={name} onChange={(event) => onChange?.(event.currentTarget.value)}>
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  </label>
)
