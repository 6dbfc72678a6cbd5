import { useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { places, useGo } from '../navigation.tsx'
import { Icon } from '../parts/Icon.tsx'
import { isForMember, useActing } from './acting.ts'
import { useSwitch } from './use-family.ts'

/** For whom one acts, above every page, and the way back to oneself. */
export function ActingBanner() {
  const { t } = useTranslation()
  const acting = useActing()
  const { pathname } = useLocation()
  const change = useSwitch()
  const go = useGo()
  if (!acting) return null
  const stop = async () => {
    await go(places.home)
    change(null)
  }
  return (
    <aside className="acting-banner" aria-label={t('acting.label')}>
      <p role="status">
        <Icon name="person" />
        {isForMember(pathname) ? t('acting.for', { name: acting.name }) : t('acting.own')}
      </p>
      <button type="button" className="button" onClick={() => void stop()}>
        {t('acting.stop')}
      </button>
    </aside>
  )
}
