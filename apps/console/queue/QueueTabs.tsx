import { PageTabs } from '../shell/PageTabs.tsx'
import { useQueueWords } from './words.ts'

const TABS = [
  { name: 'desk', to: '/queue' },
  { name: 'accuracy', to: '/queue/accuracy' },
] as const

export function QueueTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useQueueWords()
  const tabs = TABS.map((tab) => ({ ...tab, text: t(`tabs.${tab.name}`) }))
  return <PageTabs label={t('tabs.label')} at={at} tabs={tabs} />
}
