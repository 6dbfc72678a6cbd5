/** How many checks passed, failed or were left out. */
export type Tally = { passed: number; failed: number; skipped: number }

/** What we read of the file that vitest's JSON reporter writes. */
export type VitestReport = {
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/**
 * Counts the tests of a run.
 *
 * A file without a failed test that failed all the same could not be loaded, or its preparations
 * failed: that is one failure, however many tests it would have had. A run without a report, and
 * one that ended badly although all its tests passed, is one failure too.
 */
export function tallyTests(report: VitestReport | undefined, exitCode: number | null): Tally {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const tally = sumTallies(report.testResults.map(tallyFile))
  const endedBadly = exitCode !== 0 && tally.failed === 0
  return endedBadly ? { ...tally, failed: 1 } : tally
}

export function sumTallies(tallies: readonly Tally[]): Tally {
  const sum = (of: keyof Tally) => tallies.reduce((total, tally) => total + tally[of], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

/** "12 passed, 0 failed", and ", 3 skipped" only if there were any. */
export const summaryLine = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

/** Reads a report, or undefined if there is none that makes sense. */
export function parseReport(text: string): VitestReport | undefined {
  try {
    const report = JSON.parse(text) as Partial<VitestReport> | null
    return Array.isArray(report?.testResults) ? (report as VitestReport) : undefined
  } catch {
    return undefined
  }
}

function tallyFile({ status, assertionResults }: VitestReport['testResults'][number]): Tally {
  const count = (of: string) => assertionResults.filter((a) => a.status === of).length
  const passed = count('passed')
  const failed = count('failed')
  const skipped = assertionResults.length - passed - failed
  return { passed, failed: status === 'failed' ? Math.max(failed, 1) : failed, skipped }
}
