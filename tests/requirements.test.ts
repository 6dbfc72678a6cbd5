import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

// docs/requirements.md says what works. It is held to that here: a row that claims a test which is
// not there, or which does not name the requirement, fails.

const ROOT = join(import.meta.dirname, '..')

/** How many requirements each group has. An id is never given away twice, nor taken back. */
const GROUPS = { I: 6, H: 5, J: 11, P: 8, N: 8, B: 5, S: 5, G: 6, F: 3 }
const IDS = Object.entries(GROUPS).flatMap(([group, count]) =>
  Array.from({ length: count }, (_, i) => `${group}${i + 1}`),
)

it('docs/requirements.md claims nothing that no test shows', () => {
  const page = readFileSync(join(ROOT, 'docs/requirements.md'), 'utf8')
  expect(problemsOf(page, IDS, readTest)).toEqual([])
})

it.each([
  ['| P1 | pay | A | planned | | |', []],
  ['| P1 | pay | A | done | `a.test.ts` | |', []],
  ['| P1 | pay | A | done | `a.test.ts`, `b.test.ts` | |', ['P1: b.test.ts does not name [P1]']],
  ['| P1 | pay | A | partly | `a.test.ts` | no refunds yet |', []],
  ['| P1 | pay | A | partly | `a.test.ts` | |', ['P1: the note says what is missing']],
  ['| P1 | pay | A | done | `gone.test.ts` | |', ['P1: gone.test.ts is not there']],
  ['| P1 | pay | A | done | `a.ts` | |', ['P1: a.ts is no test that runs']],
  ['| P1 | pay | A | done | a.test.ts | |', ['P1: "a.test.ts" is not a list of `paths`']],
  ['| P1 | pay | A | done | | |', ['P1: done, with no test']],
  ['| P1 | pay | A | planned | `a.test.ts` | |', ['P1: planned, with a test']],
  ['| P1 | pay | A | nearly | | |', ['P1: "nearly" is no state']],
  ['| P1 | pay | planned | | |', ['P1: 5 columns, not 6']],
  ['| P1 | pay | A | planned | | |\n| P1 | pay | A | planned | | |', ['P1: 2 rows']],
  ['| P9 | pay | A | planned | | |', ['P1: 0 rows', 'P9: not a requirement']],
])('refuses what is wrong: %s', (page, problems) => {
  const tests: Record<string, string> = {
    'a.test.ts': "it('[P1] pays')",
    'b.test.ts': "it('[P12] pays')",
  }
  expect(problemsOf(page, ['P1'], (path) => tests[path] ?? null)).toEqual(problems)
})

function problemsOf(page: string, ids: string[], read: ReadTest): string[] {
  const rows = rowsOf(page)
  const counted = ids.flatMap((id) => {
    const count = rows.filter((row) => row.id === id).length
    return count === 1 ? [] : [`${id}: ${count} rows`]
  })
  return [
    ...counted,
    ...rows.flatMap((row) =>
      (ids.includes(row.id) ? problemsOfRow(row, read) : ['not a requirement']).map(
        (problem) => `${row.id}: ${problem}`,
      ),
    ),
  ]
}

function problemsOfRow({ id, cells }: Row, read: ReadTest): string[] {
  if (cells.length !== 6) return [`${cells.length} columns, not 6`]
  const [, , , state = '', tests = '', note = ''] = cells
  if (!['done', 'partly', 'planned'].includes(state)) return [`"${state}" is no state`]
  if (state === 'planned') return tests === '' ? [] : ['planned, with a test']
  if (tests === '') return [`${state}, with no test`]
  if (!/^`[^`]+`(, `[^`]+`)*$/.test(tests)) return [`"${tests}" is not a list of \`paths\``]
  const paths = tests.split(', ').map((path) => path.slice(1, -1))
  return [
    ...(state === 'partly' && note === '' ? ['the note says what is missing'] : []),
    ...paths.flatMap((path) => problemsOfTest(id, path, read)),
  ]
}

function problemsOfTest(id: string, path: string, read: ReadTest): string[] {
  if (!/\.test\.tsx?$/.test(path)) return [`${path} is no test that runs`]
  const source = read(path)
  if (source === null) return [`${path} is not there`]
  return source.includes(`[${id}]`) ? [] : [`${path} does not name [${id}]`]
}

/** Every row of a table whose first cell looks like a requirement's id. */
function rowsOf(page: string): Row[] {
  return page.split('\n').flatMap((line) => {
    const cells = line.split('|').slice(1, -1)
    const [id = ''] = cells.map((cell) => cell.trim())
    return /^[A-Z]\d+$/.test(id) ? [{ id, cells: cells.map((cell) => cell.trim()) }] : []
  })
}

function readTest(path: string): string | null {
  return existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : null
}

type Row = { id: string; cells: string[] }
type ReadTest = (path: string) => string | null
