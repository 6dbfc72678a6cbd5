import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import en from '../../web/locales/en/vouchers.json'
import zh from '../../web/locales/zh-CN/vouchers.json'

// The words of these pages come with them: who never opens them needs none.

const NAMESPACE = 'vouchers'

export function useVoucherWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

/** The layout of an export in words; a hospital's own by its name. */
export function useLayoutName(): (layout: string) => string {
  const { t } = useVoucherWords()
  return (layout) => t(`layouts.names.${layout}`, { defaultValue: layout })
}
