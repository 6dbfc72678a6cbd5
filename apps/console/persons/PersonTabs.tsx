import { PageTabs } from '../shell/PageTabs.tsx'
import { usePersonWords } from './words.ts'

const TABS = [
  { name: 'candidates', to: '/persons' },
  { name: 'waiting', to: '/persons/waiting' },
] as const

export function PersonTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = usePersonWords()
  const tabs = TABS.map((tab) => ({ ...tab, text: t(`tabs.${tab.name}`) }))
  return <PageTabs label={t('tabs.label')} at={at} tabs={tabs} />
}
