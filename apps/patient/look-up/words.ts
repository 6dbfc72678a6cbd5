import { loadWords } from '../../web/i18n.ts'

/** What is said of looking up hospitals, pharmacies and drugs: the namespace "lookUp". */
export const loadLookUpWords = () =>
  loadWords('lookUp', {
    'zh-CN': async () => (await import('../locales/zh-CN/look-up.json')).default,
    en: async () => (await import('../locales/en/look-up.json')).default,
  })
