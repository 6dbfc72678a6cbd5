import { type FormEvent, type ReactNode, useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { usePersonWords } from './words.ts'

const MOST_LETTERS = 200

type ReasonFormProps = {
  label: string
  error: unknown
  onSubmit: (reason: string) => void
  /** What stands before the reason. */
  children?: ReactNode
  /** The buttons; the first submits. What was typed stays when it fails. */
  buttons: (reason: string) => ReactNode
}

/** An act with its reason, which is never left out. */
export function ReasonForm({ label, error, onSubmit, children, buttons }: ReasonFormProps) {
  const { t } = usePersonWords()
  const [typed, setTyped] = useState('')
  const reason = typed.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason !== '') onSubmit(reason)
  }
  return (
    <form className="note-form" onSubmit={submit} aria-label={label}>
      {children}
      <label>
        {t('reason')}
        <textarea
          rows={2}
          required
          maxLength={MOST_LETTERS}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      {error !== null && <Fault error={error} />}
      <span className="bank-acts">{buttons(reason)}</span>
    </form>
  )
}
