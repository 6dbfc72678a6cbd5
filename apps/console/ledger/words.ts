import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import en from '../../web/locales/en/ledger.json'
import zh from '../../web/locales/zh-CN/ledger.json'
import type { AccountName } from './model.ts'

// The words of these pages come with them: who never opens them needs none.

const NAMESPACE = 'ledger'

export function useLedgerWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

/** What an account is called: by the chart, with whose it is; one that the chart does not know by its code. */
export function useAccountName(): (account: AccountName) => string {
  const { t, i18n } = useLedgerWords()
  return ({ code, zh: inChinese, en: inEnglish, owner }) => {
    const name = i18n.language === 'en' ? inEnglish : inChinese
    if (name === null) return code
    const whose = owner
      ?.split('/')
      .map((part) =>
        UUID.test(part) ? `…${part.slice(-6)}` : t(wordsOf(part), { defaultValue: part }),
      )
    return whose ? `${name} · ${whose.join(' ')}` : name
  }
}

/** Providers and parts have words of their own; other owners are numbers and names already. */
const wordsOf = (part: string) => [`common:providers.${part}`, `common:parts.${part}`]

// Ids of one time begin alike: the end tells them apart, and the code beside the name has it whole.
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const OWN_MEMOS = ['paid', 'refund agreed']

/** What an entry's memo says, in words where it is one of the program's own; else as it stands in the books. */
export function useMemoText(): (memo: string) => string {
  const { t } = useLedgerWords()
  return (memo) => {
    const [, provider, kind, no] = /^(\w+) (charge|return) (.*)$/.exec(memo) ?? []
    if (provider !== undefined) {
      const name = t([`common:providers.${provider}`], { defaultValue: provider })
      return t(`memos.${kind}`, { provider: name, no })
    }
    return OWN_MEMOS.includes(memo) ? t(`memos.${memo}`) : memo
  }
}
