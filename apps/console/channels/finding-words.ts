import type { TFunction } from 'i18next'

import type { Finding } from './model.ts'

/** What was measured, and what it is held to, of one finding; the words are the page's. */
export type FindingWords = { item: string; measured: string; standard: string }

/**
 * A finding as a row of the report. `params`: its figures as people read them, from useReadable. Too few of a kind to
 * say anything is said as that, with how many there were.
 */
export function wordsOf(
  t: TFunction,
  { code, params: raw, verdict }: Pick<Finding, 'code' | 'params' | 'verdict'>,
  params: Record<string, string>,
): FindingWords {
  const kind = t(`channels.documentKinds.${String(raw['kind'])}`, { defaultValue: '' })
  const item = t(`channels.findings.${code}.item`, { kind })
  const standard = t(`channels.findings.${code}.standard`, params)
  if (verdict === 'not_measured') {
    const count = params['rows'] ?? params['calls'] ?? params['days'] ?? '0'
    return { item, standard, measured: t('channels.findings.tooFew', { count }) }
  }
  const isEndless = code === 'document_valid' && raw['validUntil'] === ''
  const key = isEndless ? 'measuredEndless' : 'measured'
  return { item, standard, measured: t(`channels.findings.${code}.${key}`, params) }
}
