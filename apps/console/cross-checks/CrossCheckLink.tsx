import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import type { BusinessDate } from '../../../kernel/time.ts'
import type { CaseSubject } from './model.ts'
import { readRunSearch } from './search.ts'

type CrossCheckLinkProps = { subject: CaseSubject; reason: string | null }

/** From a case to the comparison that found it, with what it is about open and its class chosen. */
export function CrossCheckLink({ subject: { plan, date, found }, reason }: CrossCheckLinkProps) {
  const { t } = useTranslation()
  const [first] = (reason ?? '').split(' ')
  const search = readRunSearch({ plan, ...found, ...(found ? { class: first } : {}) })
  return (
    <Link to="/cross-checks/run" search={{ ...search, date: date as BusinessDate }}>
      {t('cases.toCrossCheck')}
    </Link>
  )
}
