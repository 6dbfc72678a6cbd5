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

const HEAVY = ['--patients', '30', '--seed', '7', '--faults', 'heavy']
const ALL_CHANNELS = ['--patients', '20', '--faults', 'heavy', '--channels', 'all']
const PAYERS = '--insured 0.8 --credit 0.6 --commercial 0.5 --cross-region 0.2'
const ALL_PAYERS = `--patients 16 --seed 13 --faults heavy --channels all ${PAYERS}`.split(' ')
const CALM = ['--patients', '20', '--seed', '7', '--json']

/** What a day came to in money, without the counts of how it came about. */
const booksOf = ({ stdout }: Run) => {
  const { payments, tenders, refunds, books, violations } = JSON.parse(stdout) as Record<string, []>
  return { payments, tenders, refunds, books, violations }
}

// Each run is processes of its own with a database of its own, so two go at once.
describe.concurrent('a simulated hospital day', { timeout: RUN_TIMEOUT_MS }, () => {
  it('[B2] [B3] ends without a violation under heavy faults, all books agreeing', async () => {
    const { code, stdout } = await simulate(...HEAVY)
    expect(stdout).toMatch(/\n0 violations\n$/)
    expect(code).toBe(0)
  })

  it('[P2] ends so by every channel, seed after seed', async () => {
    const { code, stdout } = await simulate(...ALL_CHANNELS, '--seeds', '3-4')
    expect(stdout).toMatch(
      /^seed 3: \d+ payments, 0 violations\nseed 4: \d+ payments, 0 violations\n$/,
    )
    expect(code).toBe(0)
  })

  it('[P2] gives the same report by every channel, byte for byte, and survives being killed', async () => {
    const first = await simulate(...ALL_CHANNELS, '--json')
    expect((await simulate(...ALL_CHANNELS, '--json')).stdout).toBe(first.stdout)
    const { violations } = JSON.parse(
      (await simulate(...ALL_CHANNELS, '--crashes', '10', '--json')).stdout,
    ) as { violations: string[] }
    expect(violations).toEqual([])
  })

  it('[N2] [N3] [N5] ends so with insurers, lenders and people from elsewhere', async () => {
    const { code, stdout } = await simulate(...ALL_PAYERS, '--json')
    const { tenders, violations } = JSON.parse(stdout) as {
      tenders: { provider: string }[]
      violations: string[]
    }
    expect(violations).toEqual([])
    expect(code).toBe(0)
    const providers = tenders.map(({ provider }) => provider)
    expect(providers).toEqual(expect.arrayContaining(['commercial', 'credit', 'insurance']))
  })

  it('ends so, too, when api and worker are killed again and again in the middle of it', async () => {
    const { stdout } = await simulate(...HEAVY, '--crashes', '10')
    expect(stdout).toMatch(/\n0 violations\n$/)
  })

  it('gives the same report for the same seed, byte for byte, whatever goes wrong in it', async () => {
    const first = await simulate(...HEAVY, '--json')
    expect((await simulate(...HEAVY, '--json')).stdout).toBe(first.stdout)
  })

  // With faults a crash changes the day: who asks once more meets another fault. Without, nothing may differ.
  it('ends in the same books when api and worker are killed in the middle of it', async () => {
    const whole = await simulate(...CALM)
    expect(booksOf(await simulate(...CALM, '--crashes', '8'))).toEqual(booksOf(whole))
  })

  it('refuses what is no number of patients, and no range of seeds', async () => {
    expect((await simulate('--patients', '0')).code).toBe(2)
    expect((await simulate('--seeds', '5-2')).code).toBe(2)
  })

  it.each(['double_posting', 'lost_write_back', 'oversold_hold'])(
    'fails on the planted bug %s',
    async (bug) => {
      const { code, stdout } = await simulate(...HEAVY, '--plant', bug)
      expect(code).toBe(1)
      expect(stdout).toMatch(/\n[1-9]\d* violations\n$/)
    },
  )
})
