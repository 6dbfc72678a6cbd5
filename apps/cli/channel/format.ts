import type { BenchResult, Problem } from '../../../adapters/channels/declarative/index.ts'

/** One line for each problem, in the form editors jump to. */
export const formatProblems = (file: string, problems: readonly Problem[]): string =>
  problems
    .map(({ line, column, pointer, zh, en }) => {
      const place = line === null ? file : `${file}:${line}:${column ?? 1}`
      return `${place}  ${pointer || '/'}  ${zh} / ${en}`
    })
    .join('\n')

const MARKS = { passed: '✓', failed: '✗', not_applicable: '–' } as const

/** A table of the checks, and of each failed one what was expected, what was found, and what was said. */
export function formatResults(results: readonly BenchResult[]): string {
  const width = Math.max(...results.map(({ id }) => id.length), 0)
  const rows = results.map((result) => {
    const { id, title, outcome } = result
    const reason = result.outcome === 'not_applicable' ? `  (${result.reason.zh})` : ''
    return `${MARKS[outcome]} ${id.padEnd(width)}  ${title.zh}${reason}`
  })
  const failures = results.flatMap((result) =>
    result.outcome === 'failed' ? [formatFailure(result)] : [],
  )
  return [...rows, '', formatCount(results), ...failures].join('\n')
}

const formatCount = (results: readonly BenchResult[]): string => {
  const count = (outcome: BenchResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length
  return `${count('passed')} passed, ${count('failed')} failed, ${count('not_applicable')} not applicable`
}

const MOST_STEPS = 40

function formatFailure(result: BenchResult & { outcome: 'failed' }): string {
  const { id, what, expected, found, steps } = result
  const said = steps.slice(-MOST_STEPS).map(({ operation, step, fields }) => {
    const words = Object.entries(fields)
      .filter(([, text]) => text !== '')
      .map(([name, text]) => `${name}=${text}`)
    return `    ${operation} ${step}: ${words.join('  ')}`
  })
  return [
    '',
    `✗ ${id}`,
    `  ${what}`,
    `  expected: ${expected}`,
    `  found:    ${found}`,
    ...(said.length === 0 ? [] : ['  steps:', ...said]),
  ].join('\n')
}
