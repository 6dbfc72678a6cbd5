import { PageTabs } from '../shell/PageTabs.tsx'
import { useLedgerWords } from './words.ts'

const TABS = [
  { name: 'accounts', to: '/ledger' },
  { name: 'heads', to: '/ledger/heads' },
] as const

export function LedgerTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useLedgerWords()
  const tabs = TABS.map((tab) => ({ ...tab, text: t(`tabs.${tab.name}`) }))
  return <PageTabs label={t('tabs.label')} at={at} tabs={tabs} />
}
