import { useTranslation } from 'react-i18next'

/** The name of a programme in the language shown. */
export function useBenefitName(): (name: { zh: string; en: string }) => string {
  const { i18n } = useTranslation()
  return ({ zh, en }) => (i18n.language === 'en' ? en : zh)
}
