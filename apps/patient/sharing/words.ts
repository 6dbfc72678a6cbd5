import { loadWords } from '../../web/i18n.ts'

/** What is said of records that hospitals show each other: the namespace "sharing". */
export const loadSharingWords = () =>
  loadWords('sharing', {
    'zh-CN': async () => (await import('../locales/zh-CN/sharing.json')).default,
    en: async () => (await import('../locales/en/sharing.json')).default,
  })
