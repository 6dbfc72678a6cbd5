import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { type FactDraft, KNOWN_FACTS, NO_FACT } from './fact-draft.ts'
import { TextField } from './TextField.tsx'

type FactFieldsProps = { facts: readonly FactDraft[]; onChange: (facts: FactDraft[]) => void }

/** What the payer must be like: any number of facts, each a range or some values. */
export function FactFields({ facts, onChange }: FactFieldsProps) {
  const { t } = useTranslation()
  const put = (i: number, changes: Partial<FactDraft>) =>
    onChange(facts.map((fact, at) => (at === i ? { ...fact, ...changes } : fact)))
  return (
    <fieldset className="check-group">
      <legend>{t('channels.rules.payer')}</legend>
      {facts.map((fact, i) => (
        // Rows have no name of their own until one is typed.
        // oxlint-disable-next-line no-array-index-key
        <div key={i} className="field-row">
          <FactNameField value={fact.name} onChange={(name) => put(i, { name })} />
          <label className="field">
            {t('channels.factKinds.label')}
            <select
              value={fact.kind}
              onChange={(event) => put(i, { kind: event.target.value === 'in' ? 'in' : 'range' })}
            >
              <option value="range">{t('channels.factKinds.range')}</option>
              <option value="in">{t('channels.factKinds.in')}</option>
            </select>
          </label>
          {fact.kind === 'in' ? (
            <TextField
              label={t('channels.factKinds.values')}
              hint={t('channels.factKinds.valuesHint')}
              value={fact.values}
              maxLength={500}
              onChange={(values) => put(i, { values })}
            />
          ) : (
            <>
              <TextField
                label={t('channels.factKinds.from')}
                value={fact.from}
                isNumber
                onChange={(from) => put(i, { from })}
              />
              <TextField
                label={t('channels.factKinds.below')}
                value={fact.below}
                isNumber
                onChange={(below) => put(i, { below })}
              />
            </>
          )}
          <Button onClick={() => onChange(facts.toSpliced(i, 1))}>{t('channels.remove')}</Button>
        </div>
      ))}
      <Button
        size="small"
        onClick={() => onChange([...facts, { ...NO_FACT, name: KNOWN_FACTS[0] }])}
      >
        {t('channels.rules.addFact')}
      </Button>
    </fieldset>
  )
}

/** The name of a fact, with those that the hub knows to choose from. */
export function FactNameField(props: { value: string; onChange: (name: string) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <TextField
        label={t('channels.factKinds.name')}
        list="known-facts"
        hint={t(`channels.facts.${props.value}`, { defaultValue: '' })}
        {...props}
      />
      <datalist id="known-facts">
        {KNOWN_FACTS.map((name) => (
          <option key={name} value={name}>
            {t(`channels.facts.${name}`)}
          </option>
        ))}
      </datalist>
    </>
  )
}
