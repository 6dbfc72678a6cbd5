import { useTranslation } from 'react-i18next'

import { PageTabs } from '../shell/PageTabs.tsx'
import { useOpenAlerts } from './use-channels.ts'

const TABS = [
  { name: 'list', to: '/channels' },
  { name: 'alerts', to: '/channels/alerts' },
  { name: 'rules', to: '/channels/rules' },
] as const

/** From one of the pages of channels to the others. */
export function ChannelTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useTranslation()
  const open = useOpenAlerts().data?.items.length ?? 0
  const tabs = TABS.map((tab) => ({
    ...tab,
    text:
      tab.name === 'alerts' && open > 0
        ? `${t('channels.tabs.alerts')} (${open})`
        : t(`channels.tabs.${tab.name}`),
  }))
  return <PageTabs label={t('channels.tabs.label')} at={at} tabs={tabs} />
}
