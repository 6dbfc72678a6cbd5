import type { Step } from './use-draft.ts'
import { useFormWords } from './words.ts'

/** Every step of a check in order: what went in, what was signed, what was sent, what came back and how it was read. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  const { t } = useFormWords()
  return (
    <ol className="steps" aria-label={t('bench.steps')}>
      {steps.map((step, i) => (
        // Steps are a record: none is ever put between two others.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={i} className={`trace-step trace-step-${step.step}`}>
          <p className="trace-head">
            <strong>{t(`step.${step.step}`, { defaultValue: step.step })}</strong>
            <code>{step.operation}</code>
          </p>
          <StepFields step={step} />
        </li>
      ))}
    </ol>
  )
}

const SIGNED: readonly string[] = ['signature', 'proof']

function StepFields({ step }: { step: Step }) {
  const { t } = useFormWords()
  const fields = Object.entries(step.fields).filter(([, text]) => text !== '')
  const isMapping = 'input' in step.fields && 'output' in step.fields
  const nameOf = (name: string) =>
    name === 'text' && SIGNED.includes(step.step)
      ? t('baseString')
      : t(`stepField.${name}`, { defaultValue: name })
  return (
    <dl className={isMapping ? 'trace-fields is-mapping' : 'trace-fields'}>
      {fields.map(([name, text]) => (
        <div key={name} className={`trace-field trace-field-${name}`}>
          <dt>{nameOf(name)}</dt>
          <dd>
            <pre tabIndex={0}>{readable(text)}</pre>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** JSON by lines, for the eye; anything else, a signed text above all, exactly as it is. */
function readable(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
