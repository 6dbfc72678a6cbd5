import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { may, useStaff } from '../shell/staff.ts'
import type { Rules } from './model.ts'
import { parsePercent, percentInput, percentText } from './ratio.ts'
import { readCount } from './terms-draft.ts'
import { TextField } from './TextField.tsx'

const RATIOS = ['shareTolerancePpm', 'failureCostPpm', 'habitPpm', 'slownessPpm'] as const
const MOST_DAYS = 366

type RuleSettingsProps = { rules: Rules; onChange: (rules: Rules) => void }

/** How shares are measured, and what failures, habit and slowness weigh. */
export function RuleSettings({ rules, onChange }: RuleSettingsProps) {
  const { t } = useTranslation()
  const staff = useStaff()
  const [isEditing, setEditing] = useState(false)
  const keep = (next: Rules) => {
    onChange(next)
    setEditing(false)
  }
  return (
    <section className="card" aria-labelledby="settings-title">
      <div className="card-head">
        <h2 id="settings-title">{t('channels.settings.title')}</h2>
        {!isEditing && may(staff, 'keepChannels') && (
          <Button size="small" onClick={() => setEditing(true)}>
            {t('channels.settings.change')}
          </Button>
        )}
      </div>
      {isEditing ? (
        <SettingsForm rules={rules} onDone={keep} />
      ) : (
        <ul className="sentences">
          <li>
            {t('channels.settings.texts.window', {
              days: rules.shareWindowDays,
              by: t(`channels.settings.by.${rules.shareBy}`),
            })}
          </li>
          {RATIOS.map((name) => (
            <li key={name}>
              {t(`channels.settings.texts.${name}`, { value: percentText(rules[name]) })}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function SettingsForm({ rules, onDone }: { rules: Rules; onDone: (rules: Rules) => void }) {
  const { t } = useTranslation()
  const [days, setDays] = useState(String(rules.shareWindowDays))
  const [shareBy, setShareBy] = useState(rules.shareBy)
  const [texts, setTexts] = useState<Record<string, string>>(
    Object.fromEntries(RATIOS.map((name) => [name, percentInput(rules[name])])),
  )
  const shareWindowDays = readCount(days, MOST_DAYS)
  const ratios = RATIOS.map((name) => [name, parsePercent(texts[name] ?? '')] as const)
  const isReadable = Boolean(shareWindowDays) && ratios.every(([, ppm]) => ppm !== null)
  const take = (event: FormEvent) => {
    event.preventDefault()
    if (!isReadable || !shareWindowDays) return
    onDone({ ...rules, ...Object.fromEntries(ratios), shareWindowDays, shareBy })
  }
  return (
    <form className="channel-form" onSubmit={take} noValidate>
      <div className="field-grid">
        <TextField
          label={t('channels.settings.shareWindowDays')}
          value={days}
          isWrong={!shareWindowDays}
          isNumber
          onChange={setDays}
        />
        <label className="field">
          {t('channels.settings.shareBy')}
          <select
            value={shareBy}
            onChange={(event) => setShareBy(event.target.value === 'count' ? 'count' : 'amount')}
          >
            <option value="amount">{t('channels.settings.by.amount')}</option>
            <option value="count">{t('channels.settings.by.count')}</option>
          </select>
        </label>
        {ratios.map(([name, ppm]) => (
          <TextField
            key={name}
            label={t(`channels.settings.${name}`)}
            value={texts[name] ?? ''}
            isWrong={ppm === null}
            isNumber
            onChange={(text) => setTexts({ ...texts, [name]: text })}
          />
        ))}
      </div>
      {!isReadable && (
        <p className="form-problems" role="alert">
          {t('channels.settings.unreadable')}
        </p>
      )}
      <Button type="primary" htmlType="submit" disabled={!isReadable}>
        {t('channels.rules.take')}
      </Button>
    </form>
  )
}
