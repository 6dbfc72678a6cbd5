import { Link } from '@tanstack/react-router'

import { useLedgerWords } from './words.ts'

const TABS = [
  { name: 'accounts', to: '/ledger' },
  { name: 'heads', to: '/ledger/heads' },
] as const

export function LedgerTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useLedgerWords()
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
