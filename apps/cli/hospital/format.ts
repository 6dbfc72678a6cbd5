import type { CheckReport, ConformanceReport } from '../../../modules/hospitals/index.ts'
import type { SelfTested } from './self-test.ts'

const MARKS = { passed: '✓', failed: '✗', skipped: '–' } as const

/** A table of the checks, the score of each subject, and of each failure what was sent, came and was expected. */
export function formatReport(report: ConformanceReport): string {
  const { checks, scores, passed, failed, skipped, unproven, isConformant } = report
  const width = Math.max(...checks.map(({ id }) => id.length), 0)
  const rows = checks.map((check) => {
    const reason = check.outcome === 'skipped' ? `  (${check.reason.zh})` : ''
    return `${MARKS[check.outcome]} ${check.id.padEnd(width)}  ${check.title.zh}${reason}`
  })
  const subjects = scores.map(
    (score) =>
      `  ${score.title.zh}  ${score.passed}/${score.passed + score.failed}` +
      (score.skipped === 0 ? '' : `  (${score.skipped} 未检查)`),
  )
  const lacks =
    unproven.length === 0
      ? []
      : [
          '',
          `支付必需而未证实可用 / needed for payments, not shown to work: ${unproven.join(', ')}`,
        ]
  return [
    ...rows,
    ...checks.flatMap(formatFailure),
    '',
    ...subjects,
    ...lacks,
    '',
    `${passed} passed, ${failed} failed, ${skipped} skipped: ${isConformant ? 'conformant 符合' : 'not conformant 不符合'}`,
  ].join('\n')
}

function formatFailure(check: CheckReport): string[] {
  if (check.outcome !== 'failed') return []
  const { what, expected, found, sent, came } = check.failure
  return [
    '',
    `✗ ${check.id}  ${check.title.zh} / ${check.title.en}  ${check.paragraph}`,
    `  ${what}`,
    `  expected: ${expected}`,
    `  found:    ${found}`,
    ...(sent === '' ? [] : [`  sent:     ${sent}`, `  came:     ${came}`]),
  ]
}

/** One line for the reference, and one for each that is wrong: where it failed, and where it should have. */
export function formatSelfTested({ name, title, expected, failed, isRight, report }: SelfTested) {
  const points = failed.length === 0 ? 'nothing failed' : `failed in ${failed.join(', ')}`
  const count = `${report.passed} passed, ${report.failed} failed`
  const wanted = isRight ? '' : `, expected ${expected.join(', ') || 'no failure'}`
  return `${isRight ? '✓' : '✗'} ${name} ${title.zh}: ${count}; ${points}${wanted}`
}
