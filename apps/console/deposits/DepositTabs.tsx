import { PageTabs } from '../shell/PageTabs.tsx'
import { useDepositWords } from './words.ts'

const TABS = [
  { name: 'accounts', to: '/deposits' },
  { name: 'days', to: '/deposits/days' },
  { name: 'giveBacks', to: '/deposits/give-backs' },
  { name: 'prepayments', to: '/deposits/prepayments' },
] as const

export function DepositTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useDepositWords()
  const tabs = TABS.map((tab) => ({ ...tab, text: t(`tabs.${tab.name}`) }))
  return <PageTabs label={t('tabs.label')} at={at} tabs={tabs} />
}
