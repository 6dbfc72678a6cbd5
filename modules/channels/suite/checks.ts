import type { Exchange } from '../../../platform/exchange.ts'
import type { ProviderCall } from '../../payments/index.ts'
import type { ChannelBench } from './channel-bench.ts'
import { chargeChecks } from './charge-checks.ts'
import { type ChannelCheck, CheckFailure, lackingFor, NotApplicable, type Words } from './check.ts'
import { noticeChecks } from './notice-checks.ts'
import { refundChecks } from './refund-checks.ts'
import { releaseChecks } from './release-checks.ts'
import { statementChecks } from './statement-checks.ts'
import { traceChecks } from './trace-checks.ts'
import { troubleChecks } from './trouble-checks.ts'

/** All that a channel must do before it may go live, whatever its protocol. */
export const channelChecks: readonly ChannelCheck[] = [
  ...chargeChecks,
  ...releaseChecks,
  ...refundChecks,
  ...troubleChecks,
  ...noticeChecks,
  ...statementChecks,
  ...traceChecks,
]

export type CheckResult = { id: string; title: Words; exchanges: Exchange[] } & CheckOutcome

export type CheckOutcome =
  | { outcome: 'passed' }
  | { outcome: 'failed'; what: string; expected: string; found: string }
  | { outcome: 'not_applicable'; reason: Words }

export type CheckStep =
  | { at: 'begun'; id: string; title: Words; number: number; count: number }
  | { at: 'done'; result: CheckResult; number: number; count: number }

/**
 * Runs all checks, one after the other and each on a fresh bench, and tells of each as it begins and ends.
 *
 * Errors: none of a check's or of the channel's; they are results. What `onStep` throws ends the run.
 */
export async function runChannelChecks(
  open: () => Promise<ChannelBench>,
  onStep: (step: CheckStep) => void,
): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  const count = channelChecks.length
  for (const [i, check] of channelChecks.entries()) {
    const { id, title } = check
    onStep({ at: 'begun', id, title, number: i + 1, count })
    const result = await runChannelCheck(check, open)
    results.push(result)
    onStep({ at: 'done', result, number: i + 1, count })
  }
  return results
}

/** One check on a bench of its own, which is closed afterwards. Never throws. */
export async function runChannelCheck(
  check: ChannelCheck,
  open: () => Promise<ChannelBench>,
): Promise<CheckResult> {
  const exchanges: Exchange[] = []
  const { id, title } = check
  const result = (outcome: CheckOutcome): CheckResult => ({ id, title, exchanges, ...outcome })
  let bench: ChannelBench
  try {
    bench = await open()
  } catch (error) {
    return result(failureOf(error, 'a bench'))
  }
  try {
    const lacking = lackingFor(check, bench)
    if (lacking !== null) return result({ outcome: 'not_applicable', reason: lacking })
    await check.run(recorded(bench, exchanges))
    return result({ outcome: 'passed' })
  } catch (error) {
    if (error instanceof NotApplicable) {
      return result({ outcome: 'not_applicable', reason: error.reason })
    }
    return result(failureOf(error, 'the channel'))
  } finally {
    await bench.close()
  }
}

const MAX_ERROR_TEXT = 400

/** A channel that throws breaks the port; a bench that throws could not be used. */
function failureOf(error: unknown, what: string): CheckOutcome {
  if (error instanceof CheckFailure) {
    return { outcome: 'failed', what: error.what, expected: error.expected, found: error.found }
  }
  const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { outcome: 'failed', what, expected: 'an answer', found: found.slice(0, MAX_ERROR_TEXT) }
}

/** The same bench, with all that the channel says kept for the person who looks into a failure. */
function recorded(bench: ChannelBench, exchanges: Exchange[]): ChannelBench {
  const { channel } = bench
  const listening = (call: ProviderCall): ProviderCall => ({
    ...call,
    trace(exchange) {
      exchanges.push(exchange)
      call.trace(exchange)
    },
  })
  return {
    ...bench,
    channel: {
      name: channel.name,
      phase: channel.phase,
      methods: channel.methods,
      noticeReply: channel.noticeReply,
      charge: (call, order) => channel.charge(listening(call), order),
      query: (call, order) => channel.query(listening(call), order),
      release: (call, order) => channel.release(listening(call), order),
      refund: (call, order) => channel.refund(listening(call), order),
      queryRefund: (call, order) => channel.queryRefund(listening(call), order),
      statement: (call, request) => channel.statement(listening(call), request),
      readNotice: (notice) => channel.readNotice(notice),
    },
  }
}
