import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'

import zhChannels from './locales/zh-CN/channels.json'
import zhCommon from './locales/zh-CN/common.json'
import zhErrors from './locales/zh-CN/errors.json'

export type Language = 'zh-CN' | 'en'

/** The words of one namespace, nested. */
export type Words = { [key: string]: string | Words }

/** The own words of an app: Chinese is there from the start, the others come when they are asked for. */
export type AppWords = {
  namespace: string
  zh: Words
  load: Record<Exclude<Language, 'zh-CN'>, () => Promise<Words>>
}

/**
 * Starts the words of an app: its own namespace as the default one, beside "common", "channels" and
 * "errors" of both apps. Remembers the language in the browser and keeps the lang attribute right.
 */
export async function startI18n({ namespace, zh, load }: AppWords): Promise<i18n> {
  const language = rememberedLanguage()
  await i18next.use(initReactI18next).init({
    lng: 'zh-CN',
    fallbackLng: 'zh-CN',
    ns: ['common', 'channels', 'errors', namespace],
    defaultNS: namespace,
    fallbackNS: 'common',
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
    resources: {
      'zh-CN': { common: zhCommon, channels: zhChannels, errors: zhErrors, [namespace]: zh },
    },
    react: { useSuspense: false },
  })
  // A test starts anew with pages that are loaded already, and their words are not asked for again.
  await Promise.all([...later.keys()].map((known) => addLater(known, 'zh-CN')))
  loadOwn = async (wanted) => i18next.addResourceBundle(wanted, namespace, await load[wanted]())
  i18next.on('languageChanged', (now) => {
    document.documentElement.lang = now
  })
  document.documentElement.lang = 'zh-CN'
  if (language !== 'zh-CN') await switchLanguage(language)
  return i18next
}

/** The words of one namespace that only some pages need, by language. */
export type LaterWords = Record<Language, () => Promise<Words>>

/**
 * Loads words that are not there from the start, for pages that are loaded later themselves: in Chinese, which everything
 * falls back to, and in the language shown. Another language follows when it is chosen.
 */
export async function loadWords(namespace: string, load: LaterWords): Promise<void> {
  later.set(namespace, load)
  const shown: Language[] = i18next.language === 'en' ? ['zh-CN', 'en'] : ['zh-CN']
  await Promise.all(shown.map((language) => addLater(namespace, language)))
}

async function addLater(namespace: string, language: Language): Promise<void> {
  const load = later.get(namespace)
  if (!load || i18next.hasResourceBundle(language, namespace)) return
  i18next.addResourceBundle(language, namespace, await load[language]())
}

const later = new Map<string, LaterWords>()

/** Loads the words of a language if need be, shows them, and remembers the choice. */
export async function switchLanguage(language: Language): Promise<void> {
  if (language !== 'zh-CN' && !i18next.hasResourceBundle(language, 'common')) {
    const [common, channels, errors] = await Promise.all([
      import('./locales/en/common.json'),
      import('./locales/en/channels.json'),
      import('./locales/en/errors.json'),
      loadOwn(language),
    ])
    i18next.addResourceBundle(language, 'common', common.default)
    i18next.addResourceBundle(language, 'channels', channels.default)
    i18next.addResourceBundle(language, 'errors', errors.default)
  }
  await Promise.all([...later.keys()].map((namespace) => addLater(namespace, language)))
  localStorage.setItem(LANGUAGE_KEY, language)
  await i18next.changeLanguage(language)
}

const LANGUAGE_KEY = 'yiqiao.language'

let loadOwn: (language: Exclude<Language, 'zh-CN'>) => Promise<unknown> = () => Promise.resolve()

const rememberedLanguage = (): Language =>
  localStorage.getItem(LANGUAGE_KEY) === 'en' ? 'en' : 'zh-CN'
