import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import en from '../../web/locales/en/channel-form.json'
import zh from '../../web/locales/zh-CN/channel-form.json'
import type { Path } from './form-schema.ts'

// The words of these pages come with them: nobody else needs them.

const NAMESPACE = 'channel-form'

/** The words of the form, its bench and its parameters. */
export function useFormWords() {
  if (!i18next.hasResourceBundle('zh-CN', NAMESPACE)) {
    i18next.addResourceBundle('zh-CN', NAMESPACE, zh)
    i18next.addResourceBundle('en', NAMESPACE, en)
  }
  return useTranslation(NAMESPACE)
}

type Bilingual = { zh: string; en: string }

/** Picks the language of what the hub says in both. */
export function useBilingual(): (words: Bilingual) => string {
  const { i18n } = useTranslation()
  return ({ zh: inChinese, en: inEnglish }) => (i18n.language === 'en' ? inEnglish : inChinese)
}

/** What a field is called and what goes into it: by its own name and its parent's, or by its own alone. */
export function useFieldWords(): (path: Path) => { title: string; hint: string | null } {
  const { t, i18n } = useFormWords()
  return (path) => {
    const names = path.filter((part): part is string => typeof part === 'string')
    const name = names.at(-1) ?? ''
    const keys = [`${names.at(-2) ?? ''}_${name}`, name].map((key) => `fields.${key}`)
    const found = keys.find((key) => i18n.exists(`${NAMESPACE}:${key}.title`))
    if (found === undefined) return { title: name, hint: null }
    const hint = i18n.exists(`${NAMESPACE}:${found}.hint`) ? t(`${found}.hint`) : null
    return { title: t(`${found}.title`), hint }
  }
}
