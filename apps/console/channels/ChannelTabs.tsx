import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useOpenAlerts } from './use-channels.ts'

const TABS = [
  { name: 'list', to: '/channels' },
  { name: 'alerts', to: '/channels/alerts' },
  { name: 'rules', to: '/channels/rules' },
] as const

/** From one of the pages of channels to the others. */
export function ChannelTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useTranslation()
  const open = useOpenAlerts().data?.items.length ?? 0
  return (
    <nav className="views" aria-label={t('channels.tabs.label')}>
      {TABS.map(({ name, to }) => (
        <Link
          key={name}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          aria-current={name === at ? 'page' : undefined}
        >
          {t(`channels.tabs.${name}`)}
          {name === 'alerts' && open > 0 && ` (${open})`}
        </Link>
      ))}
    </nav>
  )
}
