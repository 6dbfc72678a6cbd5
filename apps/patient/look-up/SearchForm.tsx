import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

const MOST_LETTERS = 50

/** One field to type in, what narrows it beside it, and the button: asked once, not with every letter. */
export function SearchForm({ label, children, onSearch }: SearchFormProps) {
  const { t } = useTranslation('lookUp')
  const [typed, setTyped] = useState('')
  const search = (event: FormEvent) => {
    event.preventDefault()
    onSearch(typed.trim())
  }
  return (
    <form className="card look-up-wish" role="search" aria-label={t('search')} onSubmit={search}>
      {children}
      <label className="booking-field">
        {label}
        <input
          type="search"
          className="booking-input"
          maxLength={MOST_LETTERS}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </label>
      <button type="submit" className="button button-primary">
        {t('search')}
      </button>
    </form>
  )
}

type SearchFormProps = {
  label: string
  children: ReactNode
  onSearch: (text: string) => void
}

/** A choice with its label. */
export function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <label className="booking-field">
      {label}
      <select
        className="booking-input"
        value={value}
        onChange={({ target }) => onChoose(target.value)}
      >
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </label>
  )
}

type ChoiceProps = {
  label: string
  value: string
  options: readonly (readonly [key: string, words: string])[]
  onChoose: (key: string) => void
}
