import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { Icon } from './Icon.tsx'
import { isOfLender, useStaff } from './staff.ts'
import { usePageTitle } from './use-page-title.ts'

/** A page of the other house, opened by its address: a bank's staff at a hospital's, or the other way about. */
export function NotYours() {
  const { t } = useTranslation()
  const isBank = isOfLender(useStaff())
  usePageTitle(t('notYours.title'))
  return (
    <div className="page nothing">
      <h1>
        <Icon name="lock" /> {t('notYours.title')}
      </h1>
      <p>{t(isBank ? 'notYours.hospital' : 'notYours.lender')}</p>
      <Link to={isBank ? '/bank' : '/'}>{t('notYours.home')}</Link>
    </div>
  )
}
