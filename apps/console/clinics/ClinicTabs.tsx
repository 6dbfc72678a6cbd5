import { PageTabs } from '../shell/PageTabs.tsx'
import { useClinicWords } from './words.ts'

const TABS = [
  { name: 'sessions', to: '/clinics' },
  { name: 'stops', to: '/clinics/stops' },
] as const

export function ClinicTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useClinicWords()
  const tabs = TABS.map((tab) => ({ ...tab, text: t(`tabs.${tab.name}`) }))
  return <PageTabs label={t('tabs.label')} at={at} tabs={tabs} />
}
