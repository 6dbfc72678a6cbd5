import type { ChargeAnswer, Move } from '../../../modules/payments/index.ts'
import { type Account, unknown } from './account.ts'
import type { Reply } from './desk.ts'
import { approvalOf, type Found } from './look-up.ts'
import type { TraceNumbers, TraceRecord } from './trace-numbers.ts'
import { meaningOf } from './translation.ts'

/** Writes down what the answer to a charge or a return says, and why it says nothing where it does not. */
export async function settleReply(
  traces: TraceNumbers,
  record: TraceRecord,
  reply: Reply,
): Promise<{ record: TraceRecord; reason: string }> {
  switch (reply.kind) {
    case 'answered': {
      const found = foundIn(record, reply)
      const reason = 'reason' in found ? found.reason : ''
      return { record: await keep(traces, record, found), reason }
    }
    case 'unproven': {
      const { reason } = reply
      return { record: await traces.move(record, ['open'], { state: 'open', reason }), reason }
    }
    case 'not_sent':
      return {
        record: await traces.move(record, ['open'], { state: 'not_sent' }),
        reason: reply.reason,
      }
    case 'silent':
      return { record, reason: reply.reason }
    case 'busy':
      return { record, reason: 'the same is being asked' }
  }
}

function foundIn(
  record: TraceRecord,
  { message, answerCode }: Reply & { kind: 'answered' },
): Found {
  const meaning = meaningOf(answerCode)
  switch (meaning.outcome) {
    case 'approved':
      return approvalOf(record, message, answerCode)
    case 'declined':
      return { outcome: 'declined', code: meaning.code, reason: `F39 ${answerCode}` }
    case 'keys_differ':
    case 'unknown':
      return { outcome: 'unknown', reason: `F39 ${answerCode}` }
  }
}

/**
 * Writes down what the bank says of a message whose end was not known. A record that is being reversed is not
 * touched: an approval that comes now is taken back with it.
 */
export async function keep(
  traces: TraceNumbers,
  record: TraceRecord,
  found: Found,
): Promise<TraceRecord> {
  switch (found.outcome) {
    case 'approved': {
      const { outcome: state, ...approval } = found
      return traces.move(record, ['open'], { state, ...approval })
    }
    case 'declined': {
      const { code, reason } = found
      return traces.move(record, ['open'], { state: 'declined', code, reason })
    }
    case 'reversed':
      return traces.move(record, ['open', 'reversing'], { state: 'reversed' })
    case 'absent':
    case 'unknown':
      return record
  }
}

/** What the record says of a charge; `reason` is for one whose end is not known. */
export function chargeAnswerOf(record: TraceRecord, reason: string): ChargeAnswer {
  switch (record.state) {
    case 'approved':
      return { outcome: 'confirmed', move: moveOf(record) }
    case 'declined':
      return {
        outcome: 'declined',
        code: record.code ?? 'declined',
        reason: record.reason ?? 'declined by the bank',
      }
    case 'not_sent':
      return declined('not_sent', 'the bank was never asked')
    case 'reversed':
      return declined('reversed', 'the bank did not answer, and the charge was taken back')
    case 'open':
      return unknown(reason)
    case 'reversing':
      return unknown('the charge is being taken back')
  }
}

/**
 * What the bank says now of something it approved, held against its earlier word. Where it has no such question, the
 * earlier word stands.
 */
export function contradictionOf(
  { profile }: Account,
  found: Found,
): { outcome: 'unknown'; reason: string } | null {
  if (found.outcome === 'approved') return null
  if (found.outcome !== 'unknown') {
    return unknown(`the bank says ${found.outcome} of what it approved before`)
  }
  return profile.inquiry === null ? null : unknown(found.reason)
}

/** The movement of an approved record. */
export function moveOf(record: TraceRecord): Move {
  const { kind, ourNo, providerNo, approvedFen, approvedAt, amountFen, at } = record
  return {
    kind: kind === 'return' ? 'return' : 'charge',
    ourNo,
    providerNo: providerNo ?? '',
    parts: [{ kind: 'self_pay', amountFen: approvedFen ?? amountFen }],
    at: approvedAt ?? at,
  }
}

export const declined = (code: string, reason: string) =>
  ({ outcome: 'declined', code, reason }) as const
