import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { describe, expect, it } from 'vitest'

// A hospital day from the command line, as anybody runs it.

const YIQIAO = join(import.meta.dirname, '../../bin/yiqiao')
const RUN_TIMEOUT_MS = 300_000

type Run = { code: number; stdout: string }

async function simulate(...args: string[]): Promise<Run> {
  try {
    const { stdout } = await promisify(execFile)(YIQIAO, ['simulate', ...args], {
      maxBuffer: 64 * 1024 * 1024,
    })
    return { code: 0, stdout }
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string }
    return { code, stdout }
  }
}

const DAY = ['--patients', '40', '--seed', '7', '--faults', 'heavy']

describe('a simulated hospital day', { timeout: RUN_TIMEOUT_MS }, () => {
  let first: Run

  it('[B2] [B3] ends without a violation under heavy faults, all books agreeing', async () => {
    first = await simulate(...DAY)
    expect(first.stdout).toMatch(/\n0 violations\n$/)
    expect(first.code).toBe(0)
  })

  it('ends in the same books when api and worker are killed again and again', async () => {
    const crashed = await simulate(...DAY, '--crashes', '12')
    expect(crashed.stdout).toBe(first.stdout)
  })

  it('gives another day for another seed, and refuses what is no number of patients', async () => {
    const other = await simulate('--patients', '10', '--seed', '8', '--faults', 'light', '--json')
    const report = JSON.parse(other.stdout) as { violations: string[]; visits: number }
    expect([other.code, report.violations, report.visits]).toEqual([0, [], 10])
    expect((await simulate('--patients', '0')).code).toBe(2)
  })

  it.each(['double_posting', 'lost_write_back', 'oversold_hold'])(
    'fails on the planted bug %s',
    async (bug) => {
      const { code, stdout } = await simulate(...DAY, '--plant', bug)
      expect(code).toBe(1)
      expect(stdout).toMatch(/\n[1-9]\d* violations\n$/)
    },
  )
})
