import { loadWords } from '../../web/i18n.ts'

// The words of pages that are loaded later come with them, so that the first page stays small.

/** What insurers, programmes and deposits say: the namespace "payers". */
export const loadPayerWords = () =>
  loadWords('payers', {
    'zh-CN': async () => (await import('../locales/zh-CN/payers.json')).default,
    en: async () => (await import('../locales/en/payers.json')).default,
  })

/** Why a line is covered, or is not: the namespace "catalogue" of both apps. */
export const loadCatalogueWords = () =>
  loadWords('catalogue', {
    'zh-CN': async () => (await import('../../web/locales/zh-CN/catalogue.json')).default,
    en: async () => (await import('../../web/locales/en/catalogue.json')).default,
  })
