import { describe, expect, it } from 'vitest'

import { ALL_CHANNELS, HEAVY, simulate, SIMULATED_MS } from '../setup/simulate.ts'

describe('a simulated hospital day, once more', { timeout: SIMULATED_MS }, () => {
  it.each([
    ['whatever goes wrong in it', HEAVY],
    ['by every channel', ALL_CHANNELS],
  ])('[P2] gives the same report for the same seed, byte for byte, %s', async (_, options) => {
    const first = await simulate(...options, '--json')
    expect((await simulate(...options, '--json')).stdout).toBe(first.stdout)
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
