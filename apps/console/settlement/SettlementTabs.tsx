import { PageTabs } from '../shell/PageTabs.tsx'
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
  const tabs = TABS.map((tab) => ({ ...tab, text: t(`tabs.${tab.name}`) }))
  return <PageTabs label={t('tabs.label')} at={at} tabs={tabs} />
}
