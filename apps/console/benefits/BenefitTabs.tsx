import { Link } from '@tanstack/react-router'

import { may, useStaff } from '../shell/staff.ts'
import { useBenefitWords } from './words.ts'

const TABS = [
  { name: 'programmes', to: '/benefits', right: 'readBenefits' },
  { name: 'waiting', to: '/benefits/waiting', right: 'readGrants' },
  { name: 'needs', to: '/benefits/people-in-need', right: 'readGrants' },
] as const

export function BenefitTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useBenefitWords()
  const staff = useStaff()
  return (
    <nav className="views" aria-label={t('tabs.label')}>
      {TABS.filter(({ right }) => may(staff, right)).map(({ name, to }) => (
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
