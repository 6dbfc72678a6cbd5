import { Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import { useBusinessDate } from '../shell/DatePicker.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { useDays } from './use-days.ts'
import { differencesOf } from './words.ts'

/** How many differences the day had, in the strip of the day: a day is compared once it is over. */
export function DifferenceTile() {
  const { t } = useTranslation()
  const staff = useStaff()
  const date = useBusinessDate()
  const { data } = useDays(date, date)
  if (!may(staff, 'readBooks')) return null
  // Whether it was compared is not known yet: to say "not yet" would lead somebody away from what is there.
  if (!data) {
    return (
      <li className="tile" aria-busy="true">
        <span className="tile-name">{t('figures.differences.name')}</span>
        <Skeleton.Button active size="small" />
      </li>
    )
  }
  const day = data.items[0]
  if (!day) {
    return (
      <li className="tile">
        <Link to="/reconciliation">
          <span className="tile-name">{t('figures.differences.name')}</span>
          <strong>—</strong>
          <span className="fine">{t('reconciliation.notYet')}</span>
        </Link>
      </li>
    )
  }
  const { open, all } = differencesOf(day)
  return (
    <li className={`tile ${open > 0 ? 'tile-alert' : ''}`}>
      <Link to="/reconciliation/day" search={{ view: 'differences' }}>
        <span className="tile-name">
          {t('figures.differences.name')}
          {open > 0 && <Icon name="alert" />}
        </span>
        <strong>{t('count', { count: all })}</strong>
        <span className="fine">{t('reconciliation.openOf', { count: open })}</span>
      </Link>
    </li>
  )
}
