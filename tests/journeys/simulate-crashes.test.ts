import { describe, expect, it } from 'vitest'

import { ALL_CHANNELS, booksOf, HEAVY, simulate, SIMULATED_MS } from '../setup/simulate.ts'

const CALM = ['--patients', '20', '--seed', '7', '--json']

describe('a simulated hospital day whose processes are killed', { timeout: SIMULATED_MS }, () => {
  it('ends without a violation, again and again in the middle of it', async () => {
    const { stdout } = await simulate(...HEAVY, '--crashes', '10')
    expect(stdout).toMatch(/\n0 violations\n$/)
  })

  it('[P2] ends so by every channel', async () => {
    const { stdout } = await simulate(...ALL_CHANNELS, '--crashes', '10', '--json')
    expect((JSON.parse(stdout) as { violations: string[] }).violations).toEqual([])
  })

  // With faults a crash changes the day: who asks once more meets another fault. Without, nothing may differ.
  it('ends in the same books as one whose processes live', async () => {
    const whole = await simulate(...CALM)
    expect(booksOf(await simulate(...CALM, '--crashes', '8'))).toEqual(booksOf(whole))
  })
})
