import { loadWords } from '../../web/i18n.ts'

/** What is said of acting for the family: the namespace "family". */
export const loadFamilyWords = () =>
  loadWords('family', {
    'zh-CN': async () => (await import('../locales/zh-CN/family.json')).default,
    en: async () => (await import('../locales/en/family.json')).default,
  })
