import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

const TABS = [
  { name: 'applications', to: '/partners' },
  { name: 'requests', to: '/partners/requests' },
] as const

export function PartnerTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useTranslation()
  return (
    <nav className="views" aria-label={t('partners.tabs.label')}>
      {TABS.map(({ name, to }) => (
        <Link
          key={name}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          aria-current={name === at ? 'page' : undefined}
        >
          {t(`partners.tabs.${name}`)}
        </Link>
      ))}
    </nav>
  )
}
