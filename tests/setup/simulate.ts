import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

// A hospital day from the command line, as anybody runs it.

const YIQIAO = join(import.meta.dirname, '../../bin/yiqiao')

/** A day takes up to a minute, and a test has up to three. */
export const SIMULATED_MS = 400_000

export const HEAVY = ['--patients', '30', '--seed', '7', '--faults', 'heavy']
export const ALL_CHANNELS = ['--patients', '20', '--faults', 'heavy', '--channels', 'all']

type Run = { code: number; stdout: string }

export async function simulate(...args: string[]): Promise<Run> {
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

/** What a day came to in money, without the counts of how it came about. */
export function booksOf({ stdout }: Run) {
  const { payments, tenders, refunds, books, violations } = JSON.parse(stdout) as Record<string, []>
  return { payments, tenders, refunds, books, violations }
}
