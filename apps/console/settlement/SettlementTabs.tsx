import { Link } from '@tanstack/react-router'

import { useSettlementWords } from './words.ts'

const TABS = [
  { name: 'standing', to: '/settlement' },
  { name: 'batches', to: '/settlement/batches' },
  { name: 'receipts', to: '/settlement/receipts' },
  { name: 'contracts', to: '/settlement/contracts' },
  { name: 'calendars', to: '/settlement/calendars' },
  { name: 'custody', to: '/settlement/custody' },
] as const

export function SettlementTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useSettlementWords()
  return (
    <nav className="views" aria-label={t('tabs.label')}>
      {TABS.map(({ name, to }) => (
        <Link
          key={name}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          aria-current={name === at ? 'page' : undefined}
        >
          {t(`tabs.${name}`)}
        </Link>
      ))}
    </nav>
  )
}
