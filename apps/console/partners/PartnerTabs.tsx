import { useTranslation } from 'react-i18next'

import { PageTabs } from '../shell/PageTabs.tsx'

const TABS = [
  { name: 'applications', to: '/partners' },
  { name: 'requests', to: '/partners/requests' },
] as const

export function PartnerTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useTranslation()
  const tabs = TABS.map((tab) => ({ ...tab, text: t(`partners.tabs.${tab.name}`) }))
  return <PageTabs label={t('partners.tabs.label')} at={at} tabs={tabs} />
}
