import type { InvariantResult } from './check.ts'

const MARKS = { held: '✔', broken: '✘', not_applicable: '–' } as const
const SHOWN_VIOLATIONS = 5

/** What was found, for people, a line each; the last line is "N passed, N failed". */
export function formatInvariants(results: readonly InvariantResult[]): string {
  const count = (state: InvariantResult['state']) => results.filter((r) => r.state === state).length
  const left = count('not_applicable')
  return [
    ...results.flatMap(linesOf),
    '',
    ...(left > 0 ? [`${left} not applicable yet`] : []),
    `${count('held')} passed, ${count('broken')} failed`,
  ].join('\n')
}

function linesOf({ id, title, state, violations, figure, sample }: InvariantResult): string[] {
  const line = `${MARKS[state]} ${id.padEnd(4)} ${title}: ${figure}`
  if (state !== 'broken') return [line]
  const shown = sample.slice(0, SHOWN_VIOLATIONS)
  const others = violations - shown.length
  return [
    `${line}; ${violations} ${violations === 1 ? 'violation' : 'violations'}`,
    ...shown.map((violation) => `       ${violation}`),
    ...(others > 0 ? [`       and ${others} more`] : []),
  ]
}
