import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import en from '../../web/locales/en/deposits.json'
import zh from '../../web/locales/zh-CN/deposits.json'

// The words of these pages come with them: who never opens them needs none.

const NAMESPACE = 'deposits'

export function useDepositWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

/** The way money came or goes back, in words; one that has none by its name in the interface. */
export function useWayName(): (channel: string) => string {
  const { t } = useDepositWords()
  return (channel) => t([`ways.${channel}`, `common:providers.${channel}`], channel)
}
