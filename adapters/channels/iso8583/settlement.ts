import type { Account, BankPosDeps, Call } from './account.ts'
import { terminalKey, unknown } from './account.ts'
import type { Desk } from './desk.ts'
import { settlementMessage, settlementVerdict } from './messages.ts'
import { declined } from './outcome.ts'
import { numberFor } from './sign-in.ts'
import type { BatchTotals } from './trace-numbers.ts'
import { meaningOf } from './translation.ts'

export type SettlementAnswer =
  /** `agrees`: the bank has the same totals. Where it has not, its file of the day says what differs. */
  | {
      outcome: 'settled'
      agrees: boolean
      batch: string
      totals: BatchTotals
      /** Null when the next batch has begun; else why not, and somebody signs in before the next charge. */
      nextSignIn: string | null
    }
  | { outcome: 'declined'; code: string; reason: string }
  | { outcome: 'unknown'; reason: string }

/**
 * Ends a terminal's batch: 0500 with our totals, then a sign-in, which begins the next one. At a quiet hour, as what
 * is being charged meanwhile makes the totals differ. A silent bank is asked again, with the same batch.
 */
export function createSettlement(account: Account, desk: Desk, deps: BankPosDeps) {
  const { profile, merchant } = account
  return { settleBatch }

  async function settleBatch(call: Call, terminal: string): Promise<SettlementAnswer> {
    const keys = await desk.ready(call, terminal)
    if (keys.kind === 'none') return unknown(keys.reason)
    const key = terminalKey(account, call, terminal)
    const { batch } = await deps.traces.terminal(key)
    const totals = await deps.traces.batchTotals(key, batch)
    const asked = await numberFor(account, deps, call, terminal)
    if (asked === null) return unknown('the terminal has no trace number left today')
    const message = settlementMessage(profile, merchant, { ...asked, batch }, totals)
    const reply = profile.settlement.hasMac
      ? await desk.ask(call, terminal, () => message)
      : await desk.askOpenly(call, message)
    if (reply.kind === 'busy') return unknown('the same is being asked')
    if (reply.kind !== 'answered') return unknown(reply.reason)
    const meaning = meaningOf(reply.answerCode)
    if (meaning.outcome === 'declined') return declined(meaning.code, `F39 ${reply.answerCode}`)
    if (meaning.outcome !== 'approved') return unknown(`F39 ${reply.answerCode}`)
    const verdict = settlementVerdict(reply.message.fields[48] ?? '')
    if (verdict !== '1' && verdict !== '2') return unknown('the verdict on the totals is missing')
    const next = await desk.signIn(call, terminal)
    const nextSignIn = next.kind === 'ready' ? null : next.reason
    return { outcome: 'settled', agrees: verdict === '1', batch, totals, nextSignIn }
  }
}
