import { Link } from '@tanstack/react-router'

import { useDepositWords } from './words.ts'

const TABS = [
  { name: 'accounts', to: '/deposits' },
  { name: 'days', to: '/deposits/days' },
  { name: 'giveBacks', to: '/deposits/give-backs' },
  { name: 'prepayments', to: '/deposits/prepayments' },
] as const

export function DepositTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useDepositWords()
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
