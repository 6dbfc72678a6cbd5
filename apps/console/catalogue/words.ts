import type { TFunction } from 'i18next'

import { loadWords } from '../../web/i18n.ts'
import { paramsText } from '../../web/params-text.ts'

/** Loads what the pages of the catalogue say, with the pages themselves. */
export const loadCatalogueWords = () =>
  loadWords('catalogue', {
    'zh-CN': async () => (await import('../../web/locales/zh-CN/catalogue.json')).default,
    en: async () => (await import('../../web/locales/en/catalogue.json')).default,
  })

/** Why an entry fits an item, or none does. */
export const matchText = (
  t: TFunction,
  { code, params }: { code: string; params: Record<string, string | number> },
): string => t(`matching.${code}`, paramsText(params))
