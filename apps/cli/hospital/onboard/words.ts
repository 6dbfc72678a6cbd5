import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { ApiAnswer } from '../../simulate/api-client.ts'

// What the console's pages say, said here as well, in both languages.

const LANGUAGES = ['zh-CN', 'en']
const LOCALES = join(import.meta.dirname, '../../../web/locales')

type Params = Readonly<Record<string, string | number>>

/** 'Timed out' of 'faults.time_out' in onboarding.json: '超时 / Timed out'. A key that has no words stands for itself. */
export const words = (file: 'onboarding' | 'errors', key: string, params: Params = {}): string =>
  LANGUAGES.map((language) => wordsIn(language, file, key))
    .map((text) =>
      text.replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => String(params[name] ?? '')),
    )
    .join(' / ')

function wordsIn(language: string, file: string, key: string): string {
  let value = JSON.parse(readFileSync(join(LOCALES, language, `${file}.json`), 'utf8')) as unknown
  for (const name of key.split('.')) {
    const isGroup = typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    value = isGroup ? (value as Record<string, unknown>)[name] : undefined
  }
  return typeof value === 'string' ? value : key
}

/** What the hub does not do: the words that its pages have for it, then the code and what it is about. */
export class Refused extends Error {
  constructor({ status, code, params }: Extract<ApiAnswer<unknown>, { ok: false }>) {
    super(`${words('errors', code, params)}\n  ${code} (HTTP ${status}) ${JSON.stringify(params)}`)
  }
}
