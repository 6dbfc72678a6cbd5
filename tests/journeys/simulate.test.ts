import { describe, expect, it } from 'vitest'

import { ALL_CHANNELS, HEAVY, simulate, SIMULATED_MS } from '../setup/simulate.ts'

const PAYERS = '--insured 0.8 --credit 0.6 --commercial 0.5 --cross-region 0.2'
const ALL_PAYERS = `--patients 16 --seed 13 --faults heavy --channels all ${PAYERS}`.split(' ')

describe('a simulated hospital day', { timeout: SIMULATED_MS }, () => {
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

  it('refuses what is no number of patients, and no range of seeds', async () => {
    expect((await simulate('--patients', '0')).code).toBe(2)
    expect((await simulate('--seeds', '5-2')).code).toBe(2)
  })
})
