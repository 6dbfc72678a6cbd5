import type { TermsFact } from '../terms/model.ts'
import type { Layout } from './model.ts'
import type { useVoucherWords } from './words.ts'

// A layout as it is typed: its columns a line each, "标题 = {field}", with a question mark where the hospital has not
// confirmed the column.

export type LayoutDraft = {
  name: string
  encoding: Layout['encoding']
  separator: Layout['separator']
  withTitles: boolean
  quoted: boolean
  head: string
  columns: string
  budget: boolean
  fileName: string
}

/** What is wrong with a field, by its name: words are layouts.problems.<field>. */
export type LayoutProblem = 'name' | 'columns' | 'fileName'

export type ReadLayout =
  | { problems: readonly LayoutProblem[]; layout: null }
  | { problems: readonly []; layout: { name: string; content: Layout } }

const NAME = /^[a-z][a-z0-9_-]{0,29}$/
const FILE_NAME = /^[A-Za-z0-9._{}-]{1,80}$/
const MOST_COLUMNS = 80

/** Pure: the layout that was typed. What no field shows stays as it was in the layout one begins with. */
export function readLayoutDraft(draft: LayoutDraft, start: Layout): ReadLayout {
  const columns = linesOf(draft.columns).map(columnOf)
  const whole = columns.filter((column) => column !== null)
  const isRight =
    whole.length === columns.length && whole.length > 0 && whole.length <= MOST_COLUMNS
  const problems = [
    ...(NAME.test(draft.name.trim()) ? [] : ['name' as const]),
    ...(isRight ? [] : ['columns' as const]),
    ...(FILE_NAME.test(draft.fileName.trim()) ? [] : ['fileName' as const]),
  ]
  if (problems.length > 0) return { problems, layout: null }
  const { encoding, separator, withTitles, quoted } = draft
  const content: Layout = {
    ...start,
    encoding,
    separator,
    withTitles,
    quoted,
    head: linesOf(draft.head),
    columns: whole,
    books: draft.budget ? ['financial', 'budget'] : ['financial'],
    fileName: draft.fileName.trim(),
  }
  return { problems: [], layout: { name: draft.name.trim(), content } }
}

/** "科目编码 = {subject}"; the value may be empty, and so may the title. */
function columnOf(line: string): Layout['columns'][number] | null {
  const [title, ...rest] = line.split('=')
  if (title === undefined || rest.length === 0) return null
  const isUncertain = /[?？]\s*$/.test(line)
  const value = rest
    .join('=')
    .replace(/[?？]\s*$/, '')
    .trim()
  const isShort = title.trim().length <= 60 && value.length <= 100
  return isShort ? { title: title.trim(), value, uncertain: isUncertain } : null
}

const linesOf = (typed: string): string[] =>
  typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

const columnText = ({ title, value, uncertain }: Layout['columns'][number]) =>
  `${title} = ${value}${uncertain ? ' ?' : ''}`

/** Pure: what another layout says, to begin a new one with. */
export const layoutDraftOf = (name: string, layout: Layout): LayoutDraft => ({
  name,
  encoding: layout.encoding,
  separator: layout.separator,
  withTitles: layout.withTitles,
  quoted: layout.quoted,
  head: layout.head.join('\n'),
  columns: layout.columns.map(columnText).join('\n'),
  budget: layout.books.includes('budget'),
  fileName: layout.fileName,
})

type Words = ReturnType<typeof useVoucherWords>['t']

/** Pure: a layout in words, its columns in their order. */
export function layoutFacts(layout: Layout, t: Words): TermsFact[] {
  const { encoding, separator, withTitles, head, columns, books, fileName } = layout
  const fact = (key: string, value: string) => ({ name: t(`layouts.fields.${key}`), value })
  return [
    fact('encoding', encoding),
    fact('separator', t(`layouts.separators.${NAME_OF_SEPARATOR[separator]}`)),
    fact('withTitles', t(withTitles ? 'yes' : 'no')),
    fact('head', head.join('；') || t('facts.none')),
    fact('books', books.map((book) => t(`books.${book}`)).join('、')),
    fact('fileName', fileName),
    ...columns.map((column, i) => ({
      name: t('layouts.column', { no: String(i + 1) }),
      value: columnText(column),
    })),
  ]
}

export const NAME_OF_SEPARATOR: Record<Layout['separator'], string> = {
  ',': 'comma',
  '\t': 'tab',
  '|': 'bar',
  ';': 'semicolon',
}
