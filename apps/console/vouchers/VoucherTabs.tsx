import { Link } from '@tanstack/react-router'

import { useVoucherWords } from './words.ts'

const TABS = [
  { name: 'vouchers', to: '/vouchers' },
  { name: 'exports', to: '/vouchers/exports' },
  { name: 'templates', to: '/vouchers/templates' },
  { name: 'layouts', to: '/vouchers/layouts' },
] as const

export function VoucherTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useVoucherWords()
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
