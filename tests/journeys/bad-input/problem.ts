import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import i18next, { type i18n } from 'i18next'
import { expect } from 'vitest'

import { failureText, readFailure } from '../../../apps/web/problem.ts'
import type { Answer } from './client.ts'

const LOCALES = join(import.meta.dirname, '../../../apps/web/locales')

type Params = Record<string, string | number>

/** The answer is a problem of this name, in the one form all of them have, and the web has words for it. */
export function expectProblem(answer: Answer, status: number, code: string, params?: Params): void {
  const { contentType, body } = answer
  expect([answer.status, body]).toMatchObject([
    status,
    { type: `/problems/${code}`, status, code, ...(params ? { params } : {}) },
  ])
  expect(contentType).toMatch(/^application\/problem\+json(;|$)/)
  expect(body['instance']).toMatch(/^[0-9a-f-]{36}$/)
  expectWords(body)
}

/** What a person reads of a problem, in the web's own way: a sentence about it, in either language. */
function expectWords(problem: Record<string, unknown>): void {
  for (const [language, { words, form }] of Object.entries(LANGUAGES)) {
    const said = failureText(words, readFailure(problem))
    expect(said, language).toMatch(form)
    expect(said, language).not.toContain('{{')
    // The words for a fault of ours stand in for a code that has none.
    expect(said, language).not.toBe(words.t('errors:http.failed'))
  }
}

const LANGUAGES = {
  'zh-CN': { words: wordsIn('zh-CN', 'errors'), form: /^[^a-z]*\p{Script=Han}[^a-z]*$/u },
  en: { words: wordsIn('en', 'errors'), form: /^[^\p{Script=Han}]*[a-z][^\p{Script=Han}]*$/iu },
}

/** The words of one namespace in one language, and no other language to fall back on. */
export function wordsIn(language: string, namespace: string): i18n {
  const file = join(LOCALES, language, `${namespace}.json`)
  const instance = i18next.createInstance()
  void instance.init({
    lng: language,
    fallbackLng: false,
    initAsync: false,
    interpolation: { escapeValue: false },
    resources: {
      [language]: { [namespace]: JSON.parse(readFileSync(file, 'utf8')) as Record<string, string> },
    },
  })
  return instance
}
