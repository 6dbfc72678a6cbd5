import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { CheckGroup } from './CheckGroup.tsx'
import { KNOWN_FACTS } from './fact-draft.ts'
import { FactNameField } from './FactFields.tsx'
import { DEVICES } from './model.ts'
import { SelectField } from './SelectField.tsx'
import { TextField } from './TextField.tsx'
import { useChannelName, useChannels } from './use-channels.ts'
import type { WishProps } from './wish-draft.ts'

/** Who pays: habits, what is where the payer is, and the facts that rules may ask for. */
export function WishPayer({ draft, change }: WishProps) {
  const { t } = useTranslation()
  const nameOf = useChannelName()
  const channels = useChannels().data?.items ?? []
  const options = [
    { value: '', label: t('channels.dryRun.noChannel') },
    ...channels.map(({ name }) => ({ value: name, label: nameOf(name) })),
  ]
  const devices = [
    ...DEVICES.map((value) => ({ value: String(value), label: t(`channels.devices.${value}`) })),
    ...channels.map(({ name }) => ({
      value: `app:${name}`,
      label: t('channels.devices.app', { channel: nameOf(name) }),
    })),
  ]
  return (
    <div className="channel-form">
      <div className="field-grid">
        <SelectField
          label={t('channels.dryRun.preferred')}
          value={draft.preferred}
          options={options}
          onChange={(preferred) => change({ preferred })}
        />
        <SelectField
          label={t('channels.dryRun.lastUsed')}
          value={draft.lastUsed}
          options={options}
          onChange={(lastUsed) => change({ lastUsed })}
        />
      </div>
      <label className="check-line">
        <input
          type="checkbox"
          checked={draft.devices === null}
          onChange={() => change({ devices: draft.devices === null ? [] : null })}
        />
        {t('channels.dryRun.anyDevice')}
      </label>
      {draft.devices && (
        <CheckGroup
          legend={t('channels.dryRun.devices')}
          options={devices}
          chosen={draft.devices}
          onChange={(chosen) => change({ devices: chosen })}
        />
      )}
      <Facts draft={draft} change={change} />
    </div>
  )
}

function Facts({ draft: { facts }, change }: WishProps) {
  const { t } = useTranslation()
  const put = (i: number, changes: Partial<(typeof facts)[number]>) =>
    change({ facts: facts.map((fact, at) => (at === i ? { ...fact, ...changes } : fact)) })
  return (
    <fieldset className="check-group">
      <legend>{t('channels.dryRun.facts')}</legend>
      {facts.map((fact, i) => (
        // Rows have no name of their own until one is typed.
        // oxlint-disable-next-line no-array-index-key
        <div key={i} className="field-row">
          <FactNameField value={fact.name} onChange={(name) => put(i, { name })} />
          <TextField
            label={t('channels.dryRun.factValue')}
            value={fact.value}
            maxLength={100}
            onChange={(value) => put(i, { value })}
          />
          <Button onClick={() => change({ facts: facts.toSpliced(i, 1) })}>
            {t('channels.remove')}
          </Button>
        </div>
      ))}
      <Button
        size="small"
        onClick={() => change({ facts: [...facts, { name: KNOWN_FACTS[0], value: '' }] })}
      >
        {t('channels.rules.addFact')}
      </Button>
    </fieldset>
  )
}
