import { useId } from 'react'

type TextFieldProps = {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  isWrong?: boolean
  isNumber?: boolean
  maxLength?: number
  type?: 'text' | 'date' | 'time' | 'datetime-local'
  /** Of a datalist with what is usual. */
  list?: string
}

/** A line to be typed, with its name above and what goes into it beneath. */
export function TextField({
  label,
  value,
  onChange,
  hint,
  isWrong = false,
  isNumber = false,
  maxLength = 40,
  type = 'text',
  list,
}: TextFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        maxLength={maxLength}
        {...(isNumber ? { inputMode: 'decimal' as const } : {})}
        {...(list ? { list } : {})}
        aria-invalid={isWrong}
        {...(hint ? { 'aria-describedby': `${id}-hint` } : {})}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint && (
        <span id={`${id}-hint`} className="fine">
          {hint}
        </span>
      )}
    </div>
  )
}
