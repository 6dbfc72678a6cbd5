import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useBusinessDate } from '../shell/DatePicker.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { placeOf } from './model.ts'
import { useCrossChecks, useOpenCases } from './use-cross-checks.ts'

/** What each cross-check of the day found, in the strip of the day: from there its classes, and from them the rows. */
export function CrossCheckTiles() {
  const { t } = useTranslation()
  const date = useBusinessDate()
  const { data } = useCrossChecks(date, date)
  const compared = data?.items.filter(({ differences }) => differences !== null) ?? []
  const isAny = compared.some(({ differences }) => differences !== 0)
  const cases = useOpenCases(
    compared
      .map(({ updatedAt }) => updatedAt)
      .toSorted()
      .at(-1),
    isAny,
  )
  if (!may(useStaff(), 'readBooks')) return null
  return compared.map(({ name, differences }) => {
    const open = cases.data?.get(placeOf(name, date)) ?? 0
    return (
      <li key={name} className={`tile ${open > 0 ? 'tile-alert' : ''}`}>
        <Link to="/cross-checks/run" search={{ plan: name, date }}>
          <span className="tile-name">
            {t('figures.crossCheck.name', { name })}
            {open > 0 && <Icon name="alert" />}
          </span>
          <strong>{t('count', { count: differences ?? 0 })}</strong>
          <span className="fine">{t('figures.crossCheck.open', { count: open })}</span>
        </Link>
      </li>
    )
  })
}
