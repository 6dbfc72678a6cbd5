import { businessDateOf } from '../../../kernel/time.ts'
import type { RefundAnswer, RefundOrder } from '../../../modules/payments/index.ts'
import { type Account, type Call, terminalKey, unknown } from './account.ts'
import type { Bank } from './bank.ts'
import { ownerOf } from './charges.ts'
import { returnMessage } from './messages.ts'
import { contradictionOf, declined, keep, moveOf, settleReply } from './outcome.ts'
import type { TraceRecord } from './trace-numbers.ts'

/**
 * Money goes back by the numbers of the charge, without the card: all of a charge of the same day and batch as a void,
 * anything else as a refund. Which of them is decided once, with the trace number. A return whose end is not known is
 * sent again, under its number, only when the bank says that it has none.
 */
export async function refund(bank: Bank, call: Call, order: RefundOrder): Promise<RefundAnswer> {
  const charge = await bank.deps.traces.find(ownerOf(bank.account, order.charge))
  if (charge === null) return declined('original_not_found', 'no such charge was ever sent')
  if (charge.state !== 'approved') return unknown(`the charge is ${charge.state}`)
  const known = await bank.deps.traces.find(returnOwner(bank.account, order))
  if (known !== null) return refundAgain(bank, call, known, charge)
  const keys = await bank.desk.ready(call, charge.terminal)
  if (keys.kind === 'none') return unknown(keys.reason)
  const taken = await bank.deps.traces.take({
    ...returnOwner(bank.account, order),
    terminal: charge.terminal,
    operation: await operationOf(bank, call, order, charge),
    amountFen: order.amountFen,
    at: bank.deps.clock.now(),
  })
  if (taken === null) return unknown('the terminal has no trace number left today')
  return taken.first
    ? send(bank, call, taken.record, charge)
    : refundAgain(bank, call, taken.record, charge)
}

async function operationOf(
  bank: Bank,
  call: Call,
  { amountFen }: RefundOrder,
  charge: TraceRecord,
): Promise<'void' | 'refund'> {
  const { batch } = await bank.deps.traces.terminal(
    terminalKey(bank.account, call, charge.terminal),
  )
  const today = businessDateOf(bank.deps.clock.now())
  const isSameDay = businessDateOf(charge.approvedAt ?? charge.at) === today
  const isWhole = amountFen === charge.approvedFen
  return isWhole && isSameDay && charge.batch === batch ? 'void' : 'refund'
}

async function send(
  bank: Bank,
  call: Call,
  record: TraceRecord,
  charge: TraceRecord,
): Promise<RefundAnswer> {
  const reply = await bank.desk.ask(call, record.terminal, () =>
    returnMessage(bank.account.profile, bank.account.merchant, record, charge),
  )
  const { record: after, reason } = await settleReply(bank.deps.traces, record, reply)
  return refundAnswerOf(after, reason)
}

async function refundAgain(
  bank: Bank,
  call: Call,
  record: TraceRecord,
  charge: TraceRecord,
): Promise<RefundAnswer> {
  if (record.state === 'not_sent') return sendAgain(bank, call, record, charge)
  if (record.state !== 'open') return refundAnswerOf(record, '')
  const found = await bank.lookUp(call, record)
  // Two who send it again use the same number, by which the bank knows the second for a repeat.
  if (found.outcome === 'absent') return sendAgain(bank, call, record, charge)
  const after = await keep(bank.deps.traces, record, found)
  return refundAnswerOf(after, 'reason' in found ? found.reason : '')
}

/**
 * Under its number, at a moment of its own that is written down first: the bank books it on that day, so it is in that
 * day's file, and only there can be seen whether this sending came to anything.
 */
async function sendAgain(
  bank: Bank,
  call: Call,
  record: TraceRecord,
  charge: TraceRecord,
): Promise<RefundAnswer> {
  const { traces, clock } = bank.deps
  const again = { state: 'open', sentAgainAt: clock.now() } as const
  const open = await traces.move(record, ['not_sent', 'open'], again)
  return open.state === 'open' ? send(bank, call, open, charge) : refundAnswerOf(open, '')
}

export async function queryRefund(
  bank: Bank,
  call: Call,
  order: RefundOrder,
): Promise<RefundAnswer | { outcome: 'absent' }> {
  const record = await bank.deps.traces.find(returnOwner(bank.account, order))
  if (record === null || record.state === 'not_sent') return { outcome: 'absent' }
  if (record.state !== 'open' && record.state !== 'approved') return refundAnswerOf(record, '')
  const found = await bank.lookUp(call, record)
  if (record.state === 'approved') {
    return contradictionOf(bank.account, found) ?? refundAnswerOf(record, '')
  }
  const after = await keep(bank.deps.traces, record, found)
  if (after.state === 'open' && found.outcome === 'absent') return found
  return refundAnswerOf(after, 'reason' in found ? found.reason : '')
}

const returnOwner = ({ name }: Account, { charge, refundNo }: RefundOrder) =>
  ({ hospitalId: charge.hospitalId, provider: name, ourNo: refundNo, kind: 'return' }) as const

function refundAnswerOf(record: TraceRecord, reason: string): RefundAnswer {
  switch (record.state) {
    case 'approved':
      return { outcome: 'confirmed', moves: [moveOf(record)] }
    case 'declined':
      return declined(record.code ?? 'declined', record.reason ?? 'declined by the bank')
    case 'reversed':
      return declined('reversed', 'the bank took the return back')
    case 'open':
    case 'not_sent':
    case 'reversing':
      return unknown(reason)
  }
}
