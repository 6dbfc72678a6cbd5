import { fen } from '../../../kernel/money.ts'
import { amountText } from '../../web/amount.ts'
import { hintId, type KnownFieldProps, Problems, problemsId } from './field-parts.tsx'
import { fieldId, useForm } from './form-context.ts'
import { readInteger } from './form-schema.ts'
import { useFieldWords, useFormWords } from './words.ts'

/** One value, with what it is called, what goes into it, and what is wrong with it beside it. */
export function Scalar(props: KnownFieldProps) {
  const { path, isRequired, problems, value } = props
  const { t } = useFormWords()
  const { title, hint } = useFieldWords()(path)
  const name = path.at(-1)
  return (
    <div className={problems.length > 0 ? 'df is-wrong' : 'df'}>
      <label htmlFor={fieldId(path)}>
        {typeof name === 'number' ? `${title} ${name + 1}` : title}
        {typeof name === 'string' && title !== name && <code>{name}</code>}
        {isRequired && <span className="fine">{t('form.required')}</span>}
      </label>
      <Control {...props} />
      {typeof name === 'string' && name.endsWith('Fen') && <InYuan amountFen={value} />}
      {hint !== null && typeof name !== 'number' && (
        <p className="fine" id={hintId(path)}>
          {hint}
        </p>
      )}
      <Problems path={path} problems={problems} />
    </div>
  )
}

/** An amount in fen as people read it, so that two zeros too many are seen. */
function InYuan({ amountFen }: { amountFen: unknown }) {
  if (!Number.isSafeInteger(amountFen)) return null
  return <output className="amount">{amountText(fen(Number(amountFen)))}</output>
}

const LONG_TEXT = 400

function Control({ schema, path, isRequired, problems, value }: KnownFieldProps) {
  const { t } = useFormWords()
  const { change } = useForm()
  const shared = {
    id: fieldId(path),
    'aria-invalid': problems.length > 0,
    'aria-describedby': `${problemsId(path)} ${hintId(path)}`,
  }
  const set = (next: unknown) => change(path, next === '' && !isRequired ? undefined : next)
  const text = textOf(value)
  if (schema.enum) {
    const isKnown = schema.enum.some((each) => String(each) === text)
    return (
      <select
        {...shared}
        value={text}
        onChange={(event) => set(schema.enum?.find((e) => String(e) === event.target.value) ?? '')}
      >
        {(!isRequired || text === '') && <option value="">{t('form.notSet')}</option>}
        {!isKnown && text !== '' && <option value={text}>{text}</option>}
        {schema.enum.map((each) => (
          <option key={each} value={String(each)}>
            {String(each)}
          </option>
        ))}
      </select>
    )
  }
  if (schema.type === 'boolean') {
    return (
      <input
        {...shared}
        type="checkbox"
        checked={value === true}
        onChange={(event) => set(event.target.checked ? true : isRequired ? false : '')}
      />
    )
  }
  if (schema.type === 'integer') {
    return (
      <input
        {...shared}
        inputMode="numeric"
        value={text}
        onChange={(event) => set(readInteger(event.target.value))}
      />
    )
  }
  if ((schema.maxLength ?? 0) > LONG_TEXT) {
    return (
      <textarea
        {...shared}
        className="code-text"
        rows={Math.min(16, Math.max(2, text.split('\n').length))}
        spellCheck={false}
        value={text}
        onChange={(event) => set(event.target.value)}
      />
    )
  }
  return (
    <input
      {...shared}
      spellCheck={false}
      value={text}
      onChange={(event) => set(event.target.value)}
    />
  )
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number)
}
