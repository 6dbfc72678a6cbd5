import { describe, expect, it } from 'vitest'

import hub from '../../../contract/hub.json' with { type: 'json' }
import en from '../../web/locales/en/statements.json' with { type: 'json' }
import zh from '../../web/locales/zh-CN/statements.json' with { type: 'json' }
import { readStatementFileSearch, readStatementsSearch } from './search.ts'
import { bytesText, LOOK_OF_FILE, LOOK_OF_STATE } from './words.ts'

const { StatementFile, StatementArrival } = hub.components.schemas

describe('words', () => {
  const [refusal] = StatementFile.properties.refusal.anyOf
  const codes = refusal?.properties?.code.enum ?? []

  it.each([
    ['Chinese', zh],
    ['English', en],
  ])('every refusal, state and status of the hub has some in %s', (_language, words) => {
    expect(codes.length).toBeGreaterThan(10)
    expect(Object.keys(words.refusals).toSorted()).toEqual(codes.toSorted())
    expect(Object.keys(words.states)).toEqual(
      expect.arrayContaining(StatementArrival.properties.state.enum),
    )
    expect(Object.keys(words.states)).toEqual(expect.arrayContaining(Object.keys(LOOK_OF_STATE)))
    expect(Object.keys(words.statuses).toSorted()).toEqual(Object.keys(LOOK_OF_FILE).toSorted())
    expect(Object.keys(words.waysOfFile)).toEqual(
      expect.arrayContaining(StatementFile.properties.way.enum),
    )
  })

  it.each([
    [812, '812 B'],
    [1_340, '1.3 KB'],
    [999_999, '1000.0 KB'],
    [31_000_000, '31.0 MB'],
  ])('%d bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))
})

describe('what the address says', () => {
  it('is read where it makes sense, and left out where not', () => {
    expect(readStatementsSearch({})).toEqual({})
    const before = '0190b3a0-0000-7000-8000-000000000001'
    expect(readStatementsSearch({ source: 'pos-batch', status: 'refused', before })).toEqual({
      source: 'pos-batch',
      status: 'refused',
      before,
    })
    expect(readStatementsSearch({ source: '../x', status: 'gone', before: '1' })).toEqual({})
    expect(readStatementFileSearch({ view: 'changes', after: '200' })).toEqual({
      view: 'changes',
      after: 200,
    })
    expect(readStatementFileSearch({ view: 'all', after: '-1' })).toEqual({})
  })
})
