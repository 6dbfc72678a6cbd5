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
      it(`${check.id}: ${check.title.en}`, async (context) => {
        const result = await runChannelCheck(check, open)
        if (result.outcome === 'not_applicable') context.skip(result.reason.en)
        expect(complaintOf(result)).toBe('')
      })
    }
  })
}

function complaintOf(result: CheckResult): string {
  if (result.outcome !== 'failed') return ''
  const said = result.exchanges.map((exchange) => JSON.stringify(exchange))
  const { what, expected, found } = result
  return [`${what}: expected ${expected}, found ${found}`, ...said].join('\n')
}
