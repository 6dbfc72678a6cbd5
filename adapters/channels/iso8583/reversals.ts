import type { Call } from './account.ts'
import type { Bank } from './bank.ts'
import { reversalMessage } from './messages.ts'
import type { TraceRecord } from './trace-numbers.ts'
import { isReversed } from './translation.ts'

/**
 * Takes back a charge whose end is not known, and gives the record as it then stands: 'reversed' when the bank says
 * so, or has no such charge; 'approved' when an answer came first; 'reversing' while nobody knows.
 *
 * Sent under the number of the charge, once a call, `reversalTries` times in all. Then only the bank itself, its
 * inquiry or its file of the day, can end it.
 */
export async function reverse(bank: Bank, call: Call, record: TraceRecord): Promise<TraceRecord> {
  const { account, desk, deps } = bank
  const { profile, merchant, params } = account
  if (record.reversalTries >= params.reversalTries) return lookInstead(bank, call, record)
  // Written down before it is sent: an approval that arrives from now on is not believed.
  const begun = await deps.traces.move(record, ['open', 'reversing'], {
    state: 'reversing',
    reversalTries: record.reversalTries + 1,
  })
  if (begun.state !== 'reversing') return begun
  const why = record.reason === null ? '98' : 'A0'
  const reply = await desk.ask(call, record.terminal, () =>
    reversalMessage(profile, merchant, record, why),
  )
  if (reply.kind === 'answered' && isReversed(reply.answerCode)) {
    return deps.traces.move(record, ['reversing'], { state: 'reversed' })
  }
  if (reply.kind === 'not_sent') {
    const { reversalTries } = record
    return deps.traces.move(record, ['reversing'], { state: 'reversing', reversalTries })
  }
  return begun
}

async function lookInstead(bank: Bank, call: Call, record: TraceRecord): Promise<TraceRecord> {
  const { lookUp, deps, account } = bank
  const found = await lookUp(call, record)
  if (found.outcome === 'reversed' || found.outcome === 'absent') {
    return deps.traces.move(record, ['open', 'reversing'], { state: 'reversed' })
  }
  const reason = `${account.params.reversalTries} reversals were not answered: ask the bank`
  return deps.traces.move(record, ['open', 'reversing'], { state: 'reversing', reason })
}
