import { PageTabs } from '../shell/PageTabs.tsx'
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
  const tabs = TABS.filter(({ right }) => may(staff, right)).map((tab) => ({
    ...tab,
    text: t(`tabs.${tab.name}`),
  }))
  return <PageTabs label={t('tabs.label')} at={at} tabs={tabs} />
}
