import { describe, expect, it } from 'vitest'

import en from '../apps/web/locales/en/catalogue.json' with { type: 'json' }
import zh from '../apps/web/locales/zh-CN/catalogue.json' with { type: 'json' }
import { LINE_REASONS, MATCH_REASONS, STEP_REASONS } from '../modules/catalogue/index.ts'

// Every code by which a split, an estimate or a match is explained has words in both languages, and no words are left over.

const GROUPS = [
  ['lines', LINE_REASONS],
  ['steps', STEP_REASONS],
  ['matching', MATCH_REASONS],
] as const

describe.each([
  ['Chinese', zh, /\p{Script=Han}/u],
  ['English', en, /[a-z]{3}/],
] as const)('in %s', (_language, words, script) => {
  it.each(GROUPS)('each code of "%s" has words', (group, codes) => {
    expect(Object.keys(words[group]).toSorted()).toEqual([...codes].toSorted())
    for (const text of Object.values(words[group])) expect(text).toMatch(script)
  })
})

it('both languages fill in the same figures', () => {
  const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name)
  for (const [group] of GROUPS) {
    const [ours, theirs] = [zh[group], en[group]] as Record<string, string>[]
    for (const [code, text] of Object.entries(ours ?? {})) {
      expect(new Set(blanks(theirs?.[code] ?? '')), code).toEqual(new Set(blanks(text)))
    }
  }
})
