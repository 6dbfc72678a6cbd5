import { expect, it } from 'vitest'

import { STANDARD_LAYOUTS } from '../../../modules/accounting/standard-layouts.ts'
import { STANDARD_TEMPLATE } from '../../../modules/accounting/standard-template.ts'
import { layoutDraftOf, readLayoutDraft } from './layout-draft.ts'
import { targetOf, withoutVouchers } from './model.ts'
import { subjectDraftsOf, withSubjects } from './template-draft.ts'

it('a template keeps all but the codes and names of its subjects', () => {
  const drafts = subjectDraftsOf(STANDARD_TEMPLATE)
  expect(withSubjects(STANDARD_TEMPLATE, drafts)).toEqual(STANDARD_TEMPLATE)
  const own = drafts.map((one) =>
    one.was === '1021' ? { ...one, code: '1021.07', name: '线上渠道' } : one,
  )
  const changed = withSubjects(STANDARD_TEMPLATE, own)
  expect(changed?.subjects['1021.07']).toBe('线上渠道')
  expect(changed?.subjects['1021']).toBeUndefined()
  expect(JSON.stringify(changed)).not.toContain('"subject":"1021"')
  expect(changed?.accounts).toHaveLength(STANDARD_TEMPLATE.accounts.length)
})

it('two subjects may become one under one name, and not under two', () => {
  const drafts = subjectDraftsOf(STANDARD_TEMPLATE)
  const merged = (name: string) =>
    drafts.map((one) => (one.was === '1002' ? { ...one, code: '1021', name } : one))
  const nameOf1021 = STANDARD_TEMPLATE.subjects['1021'] ?? ''
  expect(withSubjects(STANDARD_TEMPLATE, merged(nameOf1021))?.subjects['1002']).toBeUndefined()
  expect(withSubjects(STANDARD_TEMPLATE, merged('别的'))).toBeNull()
  const unnamed = drafts.map((one) => (one.was === '1002' ? { ...one, name: ' ' } : one))
  expect(withSubjects(STANDARD_TEMPLATE, unnamed)).toBeNull()
})

it.each([...STANDARD_LAYOUTS])(
  'the layout %s is the same when it is typed again',
  (name, layout) => {
    const read = readLayoutDraft(layoutDraftOf(name, layout), layout)
    expect(read.layout).toEqual({ name, content: layout })
  },
)

it('a column is a title and a content; a question mark says that nobody has confirmed it', () => {
  const start = STANDARD_LAYOUTS.get('u8')
  expect(start).toBeDefined()
  if (!start) return
  const draft = layoutDraftOf('own', start)
  const read = (columns: string) => readLayoutDraft({ ...draft, columns }, start)
  expect(read('科目 = {subject}\n附件 = 0 ?\n= {no}').layout?.content.columns).toEqual([
    { title: '科目', value: '{subject}', uncertain: false },
    { title: '附件', value: '0', uncertain: true },
    { title: '', value: '{no}', uncertain: false },
  ])
  expect(read('科目').problems).toEqual(['columns'])
  expect(read('').problems).toEqual(['columns'])
  expect(readLayoutDraft({ ...draft, name: 'U8' }, start).problems).toEqual(['name'])
  expect(readLayoutDraft({ ...draft, fileName: '凭证' }, start).problems).toEqual(['fileName'])
})

it('a transfer leads to what it is about, where a page shows it', () => {
  const id = '0190b3a0-0000-7000-8000-000000000041'
  expect(targetOf({ subject: `payment:${id}` })).toEqual({ to: 'payment', id })
  expect(targetOf({ subject: 'settlement:wechat:2026-11-20' })).toEqual({
    to: 'batch',
    provider: 'wechat',
    day: '2026-11-20',
  })
  expect(targetOf({ subject: 'bank:main' })).toEqual({ to: 'receipts' })
  expect(targetOf({ subject: 'loan:1' })).toBeNull()
})

it('a closed date without vouchers is told; one that is open, or has them, is not', () => {
  const day = (date: string, status: 'open' | 'complete' | 'uncovered') => ({
    date,
    status,
    version: 0,
    transfers: 0,
    findings: [],
    madeAt: null,
  })
  const closed = (date: string) => ({ date, status: 'closed' })
  const known = [
    day('2026-11-01', 'complete'),
    day('2026-11-02', 'uncovered'),
    day('2026-11-03', 'open'),
  ]
  const dates = [
    closed('2026-11-01'),
    closed('2026-11-02'),
    closed('2026-11-03'),
    closed('2026-11-04'),
  ]
  expect(withoutVouchers([...dates, { date: '2026-11-05', status: 'open' }], known)).toEqual([
    '2026-11-03',
    '2026-11-04',
  ])
})
