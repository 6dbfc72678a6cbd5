import { PageTabs } from '../shell/PageTabs.tsx'
import { useVoucherWords } from './words.ts'

const TABS = [
  { name: 'vouchers', to: '/vouchers' },
  { name: 'exports', to: '/vouchers/exports' },
  { name: 'templates', to: '/vouchers/templates' },
  { name: 'layouts', to: '/vouchers/layouts' },
] as const

export function VoucherTabs({ at }: { at: (typeof TABS)[number]['name'] }) {
  const { t } = useVoucherWords()
  const tabs = TABS.map((tab) => ({ ...tab, text: t(`tabs.${tab.name}`) }))
  return <PageTabs label={t('tabs.label')} at={at} tabs={tabs} />
}
