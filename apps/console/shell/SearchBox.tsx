import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { readNumber } from '../search/find.ts'
import { announce } from './announce.ts'
import { SearchField } from './SearchField.tsx'
import { useShortcut } from './shortcuts.ts'
import { useStaff } from './staff.ts'

/** Leads from a number on paper to the payment: "/" or Ctrl K from anywhere. */
export function SearchBox() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { hospitalId } = useStaff()
  const box = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const [isForeign, setForeign] = useState(false)
  useShortcut('/', () => box.current?.select())
  useShortcut('mod+k', () => box.current?.select())

  const find = (event: FormEvent) => {
    event.preventDefault()
    const found = readNumber(typed, hospitalId)
    setForeign(found === 'foreign')
    if (found === 'foreign') announce(t('search.foreign'))
    if (found === null || found === 'foreign') return
    setTyped('')
    box.current?.blur()
    if (found.kind === 'payment') {
      void navigate({ to: '/payments/$paymentId', params: { paymentId: found.id } })
    } else void navigate({ to: '/payments', search: { billNo: found.billNo } })
  }
  return (
    <SearchField
      box={box}
      label={t('search.label')}
      typed={typed}
      most={60}
      fault={isForeign ? t('search.foreign') : null}
      onType={setTyped}
      onFind={find}
    />
  )
}
