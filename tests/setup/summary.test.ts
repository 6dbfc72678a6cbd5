import { expect, it } from 'vitest'

import { parseReport, sumTallies, summaryLine, tallyTests } from './summary.ts'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
})

it.each([
  ['tests one by one', [file('failed', 'passed', 'failed', 'failed')], 1, [1, 2, 0]],
  [
    'whatever did not run as skipped',
    [file('passed', 'passed', 'skipped', 'pending', 'todo')],
    0,
    [1, 0, 3],
  ],
  ['a file that does not load', [file('failed'), file('passed', 'passed')], 1, [1, 1, 0]],
  ['a file whose preparations fail', [file('failed', 'skipped', 'skipped')], 1, [0, 1, 2]],
  ['a run that ends badly after good tests', [file('passed', 'passed')], 1, [1, 1, 0]],
  ['a run killed by a signal', [file('passed', 'passed')], null, [1, 1, 0]],
  ['a run that found no tests', [], 1, [0, 1, 0]],
])('counts %s', (_what, testResults, exitCode, [passed, failed, skipped]) => {
  expect(tallyTests({ testResults }, exitCode)).toEqual({ passed, failed, skipped })
})

it('counts a run without a report as failed, even if it ended well', () => {
  expect(tallyTests(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

it('takes only a report for a report', () => {
  expect(parseReport('{"testResults":[]}')).toEqual({ testResults: [] })
  for (const text of ['', '{"testRes', 'null', '[]', '{"testResults":7}']) {
    expect(parseReport(text), text).toBeUndefined()
  }
})

it('speaks of skipped tests only if there are some', () => {
  const tally = sumTallies([
    { passed: 5, failed: 1, skipped: 0 },
    { passed: 40, failed: 0, skipped: 0 },
  ])
  expect(summaryLine(tally)).toBe('45 passed, 1 failed')
  expect(summaryLine({ ...tally, skipped: 2 })).toBe('45 passed, 1 failed, 2 skipped')
})
