import { Button } from 'antd'

import { SelectField } from '../channels/SelectField.tsx'
import { TextField } from '../channels/TextField.tsx'
import { oneOf } from '../search/params.ts'
import { Icon } from '../shell/Icon.tsx'
import { FROMS, ROLES } from './model.ts'
import {
  LEAST_SIDES,
  MOST_SIDES,
  type PlanDraft,
  type PlanProblem,
  rulesTextOf,
} from './plan-draft.ts'
import { RULE_SETS, SIDES_OF_SET, type SideRow } from './rule-sets.ts'
import { useCrossCheckWords } from './words.ts'

type FieldsProps = {
  draft: PlanDraft
  problems: readonly PlanProblem[]
  change: (changes: Partial<PlanDraft>) => void
}

/** What is asked of a plan: its name and first date, whose lists, and by which rules. */
export function PlanFields(props: FieldsProps) {
  const { t } = useCrossCheckWords()
  const { draft, problems, change } = props
  return (
    <>
      <div className="field-row">
        <TextField
          label={t('fields.name')}
          hint={t('hints.name')}
          value={draft.name}
          maxLength={30}
          isWrong={problems.includes('name')}
          onChange={(name) => change({ name })}
        />
        <TextField
          label={t('fields.validFrom')}
          type="date"
          value={draft.validFrom}
          isWrong={problems.includes('validFrom')}
          onChange={(validFrom) => change({ validFrom })}
        />
      </div>
      <label className="check-line">
        <input
          type="checkbox"
          checked={draft.isActive}
          onChange={(event) => change({ isActive: event.target.checked })}
        />
        {t('fields.isActive')}
      </label>
      <SetField {...props} />
      <Sides {...props} />
      <RulesField {...props} />
    </>
  )
}

/** Sides that nobody has touched yet follow the set. */
function SetField({ draft, change }: FieldsProps) {
  const { t } = useCrossCheckWords()
  const choose = (value: string) => {
    const set = oneOf(RULE_SETS, value)
    if (!set) return
    const isUntouched = draft.sides === SIDES_OF_SET[draft.set]
    const sides = isUntouched ? SIDES_OF_SET[set] : joined(draft.sides, SIDES_OF_SET[set])
    change({ set, sides, rules: null })
  }
  return (
    <SelectField
      label={t('fields.set')}
      value={draft.set}
      options={RULE_SETS.map((value) => ({ value, label: t(`sets.${value}`) }))}
      onChange={choose}
    />
  )
}

/** What was typed stays, as many as the set has; what it has more is added. */
const joined = (typed: readonly SideRow[], usual: readonly SideRow[]): SideRow[] =>
  usual.map((side) => typed.find(({ role }) => role === side.role) ?? side)

function Sides({ draft: { sides }, problems, change }: FieldsProps) {
  const { t } = useCrossCheckWords()
  const set = (at: number, changes: Partial<SideRow>) =>
    change({ sides: sides.map((side, i) => (i === at ? { ...side, ...changes } : side)) })
  const isWrong = problems.includes('sides') || problems.includes('inputs')
  return (
    <fieldset className="check-group">
      <legend>{t('fields.sides')}</legend>
      {sides.map((side, i) => (
        // Rows are only added and taken away at the end.
        <div key={i} className="field-row side-row">
          <TextField
            label={t('fields.side')}
            value={side.name}
            maxLength={30}
            isWrong={isWrong}
            onChange={(name) => set(i, { name })}
          />
          <SelectField
            label={t('fields.role')}
            value={side.role}
            options={ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))}
            onChange={(value) => set(i, { role: oneOf(ROLES, value) ?? side.role })}
          />
          <SelectField
            label={t('fields.from')}
            value={side.from}
            options={FROMS.map((value) => ({ value, label: t(`froms.${value}`) }))}
            onChange={(value) => set(i, { from: oneOf(FROMS, value) ?? side.from })}
          />
          <TextField
            label={t('fields.source')}
            value={side.source}
            maxLength={30}
            isWrong={problems.includes('source') || problems.includes('inputs')}
            onChange={(source) => set(i, { source })}
          />
        </div>
      ))}
      <p className="fine">{`${t('hints.side')}；${t('fields.source')} ${t('hints.source')}`}</p>
      <p className="bank-acts">
        {sides.length < MOST_SIDES && (
          <Button size="small" onClick={() => change({ sides: [...sides, NEW_SIDE] })}>
            {t('addSide')}
          </Button>
        )}
        {sides.length > LEAST_SIDES && (
          <Button
            size="small"
            icon={<Icon name="cross" />}
            onClick={() => change({ sides: sides.slice(0, -1) })}
          >
            {t('removeSide')}
          </Button>
        )}
      </p>
    </fieldset>
  )
}

const NEW_SIDE: SideRow = { name: '', role: 'party', from: 'file', source: '' }

const RULES_ROWS = 16

function RulesField({ draft, problems, change }: FieldsProps) {
  const { t } = useCrossCheckWords()
  const isWrong = problems.includes('rules')
  return (
    <details className="rules-field" open={isWrong || undefined}>
      <summary>{t('openRules')}</summary>
      <label className="field">
        {t('fields.rules')}
        <textarea
          rows={RULES_ROWS}
          spellCheck={false}
          aria-invalid={isWrong}
          aria-describedby="rules-hint"
          value={rulesTextOf(draft)}
          onChange={(event) => change({ rules: event.target.value })}
        />
      </label>
      <p id="rules-hint" className="fine">
        {t(draft.rules === null ? 'hints.rules' : 'rulesEdited')}
      </p>
      {draft.rules !== null && (
        <Button size="small" onClick={() => change({ rules: null })}>
          {t('makeRules')}
        </Button>
      )}
    </details>
  )
}
