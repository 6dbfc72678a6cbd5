import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { accountOf } from '../bank/search.ts'
import { announce } from './announce.ts'
import { SearchField } from './SearchField.tsx'
import { useShortcut } from './shortcuts.ts'

/** Of a bank's staff: leads from an account number, or its end, to the loans of the account. */
export function AccountSearch() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const box = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const [isShort, setShort] = useState(false)
  useShortcut('/', () => box.current?.select())
  useShortcut('mod+k', () => box.current?.select())

  const find = (event: FormEvent) => {
    event.preventDefault()
    const account = accountOf(typed)
    setShort(typed.trim() !== '' && account === undefined)
    if (account === undefined) {
      if (typed.trim() !== '') announce(t('accountSearch.short'))
      return
    }
    setTyped('')
    box.current?.blur()
    void navigate({ to: '/bank/loans', search: { account } })
  }
  return (
    <SearchField
      box={box}
      label={t('accountSearch.label')}
      typed={typed}
      most={64}
      fault={isShort ? t('accountSearch.short') : null}
      onType={setTyped}
      onFind={find}
    />
  )
}
