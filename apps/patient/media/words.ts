import { loadWords } from '../../web/i18n.ts'

/** What is said of cards and codes: the namespace "media". */
export const loadMediaWords = () =>
  loadWords('media', {
    'zh-CN': async () => (await import('../locales/zh-CN/media.json')).default,
    en: async () => (await import('../locales/en/media.json')).default,
  })
