import type { ChargeAnswer, ChargeOrder, ReleaseAnswer } from '../../../modules/payments/index.ts'
import { type Account, type Call, unknown } from './account.ts'
import type { Bank } from './bank.ts'
import { type BarcodeRead, type CardRead, readBarcode, readCard } from './card.ts'
import { saleMessage } from './messages.ts'
import { chargeAnswerOf, contradictionOf, declined, keep, moveOf, settleReply } from './outcome.ts'
import { reverse } from './reversals.ts'
import type { TakeRequest, TraceRecord } from './trace-numbers.ts'
import type { WorkingKeys } from './working-keys.ts'

/**
 * A charge is sent once and never again: whoever takes its trace number sends it, with what the terminal read. Any
 * later call is without the card, and says what became of the charge, or takes it back.
 */
export async function charge(bank: Bank, call: Call, order: ChargeOrder): Promise<ChargeAnswer> {
  const known = await bank.deps.traces.find(ownerOf(bank.account, order))
  if (known !== null) return chargeAgain(bank, call, known)
  const token = order.presence?.token ?? null
  if (token === null) return giveUp(bank, order)
  const read = order.method === 'barcode' ? readBarcode(token) : readCard(token)
  if (read === null)
    return declined('card_unreadable', 'the terminal gave no card that can be read')
  const terminal = terminalOf(bank.account, read)
  if (terminal === null) return declined('terminal_unknown', 'the terminal is not in the contract')
  // The keys come first, as the sign-in says in which batch the number counts.
  const keys = await bank.desk.ready(call, terminal)
  if (keys.kind === 'none') return unknown(keys.reason)
  const taken = await bank.deps.traces.take(takeRequest(bank, order, terminal))
  if (taken === null) return declined('no_trace_number', 'the terminal has no number left today')
  if (!taken.first) return chargeAgain(bank, call, taken.record)
  return send(bank, call, taken.record, read)
}

async function send(
  bank: Bank,
  call: Call,
  record: TraceRecord,
  read: CardRead | BarcodeRead,
): Promise<ChargeAnswer> {
  const reply = await bank.desk.ask(call, record.terminal, (working) =>
    saleMessage(
      bank.account.profile,
      bank.account.merchant,
      record,
      read,
      pinBlockOf(bank, record, read, working),
    ),
  )
  const { record: after, reason } = await settleReply(bank.deps.traces, record, reply)
  // Nothing was sent, and it is written down: the next call says so. This one has nothing from the bank.
  return after.state === 'not_sent' ? unknown(reason) : chargeAnswerOf(after, reason)
}

function pinBlockOf(
  bank: Bank,
  { terminal }: TraceRecord,
  read: CardRead | BarcodeRead,
  working: WorkingKeys,
): string | null {
  if ('barcode' in read) return null
  if (read.pinBlock !== undefined) return read.pinBlock.toUpperCase()
  if (read.pin === undefined) return null
  const block = bank.account.keys.pinBlock(terminal, working.pin, read.pin, read.pan)
  return block.toString('hex').toUpperCase()
}

/** Without the card, and nobody took a number: from now on nobody can, so there will be no charge. */
async function giveUp(bank: Bank, order: ChargeOrder): Promise<ChargeAnswer> {
  const [first] = bank.account.params.terminals
  const taken = await bank.deps.traces.take(takeRequest(bank, order, first?.terminal ?? ''))
  if (taken === null) return unknown('the terminal has no trace number left today')
  if (!taken.first) return chargeAnswerOf(taken.record, 'the charge is under way')
  const record = await bank.deps.traces.move(taken.record, ['open'], { state: 'not_sent' })
  return chargeAnswerOf(record, '')
}

async function chargeAgain(bank: Bank, call: Call, record: TraceRecord): Promise<ChargeAnswer> {
  if (record.state === 'reversing') return chargeAnswerOf(await reverse(bank, call, record), '')
  if (record.state !== 'open') return chargeAnswerOf(record, '')
  const found = await bank.lookUp(call, record)
  const after = await keep(bank.deps.traces, record, found)
  const reason = found.outcome === 'unknown' ? found.reason : 'the bank has no such charge yet'
  if (after.state !== 'open') return chargeAnswerOf(after, reason)
  // Until then the answer, or the charge itself, may still be on its way.
  const isOnItsWay = bank.deps.clock.now().getTime() - record.at.getTime() < 2 * bank.deps.timeoutMs
  return isOnItsWay ? unknown(reason) : chargeAnswerOf(await reverse(bank, call, after), reason)
}

export async function query(
  bank: Bank,
  call: Call,
  order: ChargeOrder,
): Promise<ChargeAnswer | { outcome: 'absent' }> {
  const record = await bank.deps.traces.find(ownerOf(bank.account, order))
  if (record === null || record.state === 'not_sent') return { outcome: 'absent' }
  if (record.state !== 'open' && record.state !== 'approved') return chargeAnswerOf(record, '')
  const found = await bank.lookUp(call, record)
  if (record.state === 'approved') {
    return contradictionOf(bank.account, found) ?? chargeAnswerOf(record, '')
  }
  const after = await keep(bank.deps.traces, record, found)
  if (after.state === 'open' && found.outcome === 'absent') return found
  return chargeAnswerOf(after, 'reason' in found ? found.reason : '')
}

export async function release(bank: Bank, call: Call, order: ChargeOrder): Promise<ReleaseAnswer> {
  const record =
    (await bank.deps.traces.find(ownerOf(bank.account, order))) ??
    (await takeForRelease(bank, order))
  if (record === null) return unknown('the terminal has no trace number left today')
  const after = isOpen(record) ? await reverse(bank, call, record) : record
  switch (after.state) {
    case 'approved':
      return { outcome: 'confirmed', move: moveOf(after) }
    case 'declined':
    case 'not_sent':
    case 'reversed':
      return { outcome: 'released' }
    case 'open':
    case 'reversing':
      return unknown(after.reason ?? 'the reversal was not answered')
  }
}

/** Whoever would charge now finds the number taken. The bank is told all the same. */
async function takeForRelease(bank: Bank, order: ChargeOrder): Promise<TraceRecord | null> {
  const [first] = bank.account.params.terminals
  const taken = await bank.deps.traces.take(takeRequest(bank, order, first?.terminal ?? ''))
  return taken?.record ?? null
}

function takeRequest(bank: Bank, order: ChargeOrder, terminal: string): TakeRequest {
  const { amountFen } = order
  const owner = ownerOf(bank.account, order)
  return { ...owner, terminal, operation: 'sale', amountFen, at: bank.deps.clock.now() }
}

export const ownerOf = ({ name }: Account, { hospitalId, tradeNo }: ChargeOrder) =>
  ({ hospitalId, provider: name, ourNo: tradeNo, kind: 'charge' }) as const

/** The terminal that read it; the first of the contract where it does not say. Null for a strange one. */
function terminalOf({ params }: Account, read: CardRead | BarcodeRead): string | null {
  const wanted = read.terminal ?? params.terminals[0]?.terminal
  return params.terminals.find(({ terminal }) => terminal === wanted)?.terminal ?? null
}

const isOpen = ({ state }: TraceRecord) => state === 'open' || state === 'reversing'
