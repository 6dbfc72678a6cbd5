import { TextField } from '../channels/TextField.tsx'
import type { Draft, Problem } from './draft.ts'
import { POINT_EVENTS } from './model.ts'
import { useBenefitWords } from './words.ts'

export type Change = (changes: Partial<Draft>) => void

type FieldsProps = { draft: Draft; change: Change; problems: readonly Problem[] }

/** What is asked of a programme of each kind. */
export function TermsFields(props: FieldsProps) {
  switch (props.draft.kind) {
    case 'subsidy':
      return <SubsidyFields {...props} />
    case 'voucher':
      return (
        <>
          <Row {...props} names={['leastBill', 'validDays', 'categories']} />
          <Lines {...props} name="offers" />
        </>
      )
    case 'package':
      return (
        <>
          <Row {...props} names={['price', 'validDays']} />
          <Lines {...props} name="items" />
          <Lines {...props} name="rule" />
        </>
      )
    case 'points':
      return <EarnFields {...props} />
  }
}

function SubsidyFields(props: FieldsProps) {
  const { t } = useBenefitWords()
  const { draft, change } = props
  return (
    <>
      <Row {...props} names={['share', 'perVisit', 'perYear']} />
      <Row {...props} names={['categories', 'position']} />
      <Lines {...props} name="rule" />
      {(['byGrant', 'combines'] as const).map((name) => (
        <label key={name} className="inline-field">
          <input
            type="checkbox"
            checked={draft[name]}
            onChange={({ target }) => change({ [name]: target.checked })}
          />
          {t(`propose.fields.${name}`)}
        </label>
      ))}
    </>
  )
}

type LineName =
  | 'share'
  | 'perVisit'
  | 'perYear'
  | 'categories'
  | 'position'
  | 'leastBill'
  | 'validDays'
  | 'price'

const TEXTS: readonly LineName[] = ['categories']
const HINTED: readonly LineName[] = ['perVisit', 'perYear', 'categories', 'position']

function Row({ draft, change, problems, names }: FieldsProps & { names: readonly LineName[] }) {
  const { t } = useBenefitWords()
  return (
    <div className="field-row">
      {names.map((name) => (
        <TextField
          key={name}
          label={t(`propose.fields.${name}`)}
          value={draft[name]}
          maxLength={TEXTS.includes(name) ? 500 : 20}
          isNumber={!TEXTS.includes(name)}
          isWrong={problems.includes(name)}
          {...(HINTED.includes(name) ? { hint: t(`propose.hints.${name}`) } : {})}
          onChange={(value) => change({ [name]: value })}
        />
      ))}
    </div>
  )
}

const LINES = 4
const MOST_LETTERS = 10_000

function Lines({
  draft,
  change,
  problems,
  name,
}: FieldsProps & { name: 'rule' | 'offers' | 'items' }) {
  const { t } = useBenefitWords()
  const id = `propose-${name}`
  return (
    <div className="field">
      <label htmlFor={id}>{t(`propose.fields.${name}`)}</label>
      <textarea
        id={id}
        rows={LINES}
        maxLength={MOST_LETTERS}
        value={draft[name]}
        aria-invalid={problems.includes(name)}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => change({ [name]: target.value })}
      />
      <span id={`${id}-hint`} className="fine">
        {t(`propose.hints.${name}`)}
      </span>
    </div>
  )
}

function EarnFields({ draft, change, problems }: FieldsProps) {
  const { t } = useBenefitWords()
  const isWrong = problems.includes('earn')
  return POINT_EVENTS.map((event) => (
    <fieldset key={event} className="check-group">
      <legend>{t(`events.${event}`)}</legend>
      <div className="field-row">
        {(['points', 'perYearMost'] as const).map((name) => (
          <TextField
            key={name}
            label={t(`propose.fields.${name}`)}
            value={draft.earn[event][name]}
            isNumber
            isWrong={isWrong}
            onChange={(value) =>
              change({
                earn: { ...draft.earn, [event]: { ...draft.earn[event], [name]: value } },
              })
            }
          />
        ))}
      </div>
    </fieldset>
  ))
}
