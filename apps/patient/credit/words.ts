import { loadWords } from '../../web/i18n.ts'

/** What the pages of credit say: the namespace "credit", which comes with them. */
export const loadCreditWords = () =>
  loadWords('credit', {
    'zh-CN': async () => (await import('../locales/zh-CN/credit.json')).default,
    en: async () => (await import('../locales/en/credit.json')).default,
  })
