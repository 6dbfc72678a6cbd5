import { useTranslation } from 'react-i18next'

import { Go } from '../navigation.tsx'
import type { WayOut as Way } from './ways-out.ts'

export function WayOut({ way }: { way: Way | null }) {
  const { t } = useTranslation()
  return (
    way && (
      <Go place={way.place} replace className="button">
        {t(way.words)}
      </Go>
    )
  )
}
