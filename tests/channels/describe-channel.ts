import { describe, expect, it } from 'vitest'

import type { ChannelBench } from '../../modules/channels/suite/channel-bench.ts'
import {
  channelChecks,
  type CheckResult,
  runChannelCheck,
} from '../../modules/channels/suite/checks.ts'

/** Makes one test of each check that every channel must pass; one that cannot be tried here is skipped with its reason. */
export function describeChannel(name: string, open: () => Promise<ChannelBench>): void {
  describe(`${name}, as every channel`, () => {
    for (const check of channelChecks) {
      it(`${scenarioOf(check)}${check.id}: ${check.title.en}`, async (context) => {
        const result = await runChannelCheck(check, open)
        if (result.outcome === 'not_applicable') context.skip(result.reason.en)
        expect(complaintOf(result)).toBe('')
      })
    }
  })
}

/** The failure scenarios that a check is the proof of, for each channel. */
const SCENARIOS: Readonly<Record<string, string>> = {
  'release.unknown': 'F-31',
  'release.unpaid': 'F-33',
  'charge.twice': 'F-33',
  'refund.twice': 'F-33',
}

function scenarioOf({ id }: { id: string }): string {
  const scenario = SCENARIOS[id]
  return scenario === undefined ? '' : `${scenario}: `
}

function complaintOf(result: CheckResult): string {
  if (result.outcome !== 'failed') return ''
  const said = result.exchanges.map((exchange) => JSON.stringify(exchange))
  const { what, expected, found } = result
  return [`${what}: expected ${expected}, found ${found}`, ...said].join('\n')
}
