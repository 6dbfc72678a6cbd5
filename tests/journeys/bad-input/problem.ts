import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import i18next, { type i18n } from 'i18next'
import { describe, expect, it } from 'vitest'

import { failureText, readFailure } from '../../../apps/web/problem.ts'
import type { Bed } from './bed.ts'
import { unchanged } from './books.ts'
import type { Answer } from './client.ts'

declare module 'vitest' {
  // oxlint-disable-next-line typescript/no-unused-vars -- the name and parameter are vitest's
  interface Matchers<T> {
    /** A problem of this name in the one form all of them have, for which the web has words in both languages. */
    toBeProblem(status: number, code: string, params?: Params): void
    /** A code of a list or payment that hospital finance reads in words, in both languages. */
    toHaveReasonWords(): void
  }
}

export type Params = Record<string, string | number>

/** Bad input, and the name it is refused by. */
export type Row = [
  what: string,
  ask: () => Promise<Answer>,
  status: number,
  code: string,
  params?: Params,
]

/** Each of the rows gets its named error and changes nothing. */
export function refuses(title: string, bed: () => Bed, rows: readonly Row[]): void {
  describe.each([title])('%s', () => {
    it.each(rows)('%s', async (_what, ask, status, code, params) => {
      expect(await unchanged(bed(), ask)).toBeProblem(status, code, params)
    })
  })
}

const LANGUAGES = [
  { language: 'zh-CN', form: /^[^a-z]*\p{Script=Han}[^a-z]*$/u },
  { language: 'en', form: /^[^\p{Script=Han}]*[a-z][^\p{Script=Han}]*$/iu },
]

expect.extend({
  toBeProblem(answer: Answer, status: number, code: string, params: Params = {}) {
    const { contentType, body } = answer
    const form = { type: `/problems/${code}`, status, code, instance: expect.stringMatching(UUID) }
    const said = Object.fromEntries(
      Object.entries((body['params'] ?? {}) as Params).filter(([name]) => name in params),
    )
    const isProblem =
      this.equals([answer.status, body], [status, expect.objectContaining(form)]) &&
      this.equals(said, params) &&
      /^application\/problem\+json(;|$)/.test(contentType)
    const wrong = isProblem
      ? wordsMissing(body)
      : [`${JSON.stringify(answer)} is not ${status} ${code} ${JSON.stringify(params)}`]
    return { pass: wrong.length === 0, message: () => wrong.join('\n') }
  },

  toHaveReasonWords(code: string) {
    const wrong = LANGUAGES.filter(({ language, form }) => {
      // As apps/console/payments/words.ts words it.
      const said = wordsIn(language, 'console').t(`console:reasons.${code}`, { defaultValue: '' })
      return !form.test(said)
    })
    const message = () => `no words for ${code}: ${wrong.map(({ language }) => language).join()}`
    return { pass: wrong.length === 0, message }
  },
})

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Where what a person would read of a problem, worded by the web itself, is no sentence about it. */
function wordsMissing(problem: Record<string, unknown>): string[] {
  return LANGUAGES.flatMap(({ language, form }) => {
    const words = wordsIn(language, 'errors')
    const said = failureText(words, readFailure(problem))
    // The words for a fault of ours stand in for a code that has none.
    const isWorded = form.test(said) && said !== words.t('errors:http.failed')
    return isWorded && !said.includes('{{') ? [] : [`in ${language} it reads: ${said}`]
  })
}

const wordsIn = (language: string, namespace: string): i18n => {
  const name = `${language}/${namespace}`
  const words = known.get(name) ?? readWords(language, namespace)
  known.set(name, words)
  return words
}

const known = new Map<string, i18n>()
const LOCALES = join(import.meta.dirname, '../../../apps/web/locales')

/** The words of one namespace in one language, and no other language to fall back on. */
function readWords(language: string, namespace: string): i18n {
  const file = join(LOCALES, language, `${namespace}.json`)
  const words = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  const instance = i18next.createInstance()
  void instance.init({
    lng: language,
    fallbackLng: false,
    initAsync: false,
    interpolation: { escapeValue: false },
    resources: { [language]: { [namespace]: words } },
  })
  return instance
}
