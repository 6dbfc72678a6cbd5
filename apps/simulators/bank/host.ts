import type { Answer, Context } from './context.ts'
import {
  book,
  fieldsOf,
  findMove,
  isReversalSeen,
  type MoveName,
  type MoveRow,
  noteReversal,
  returnedOf,
  reverseMove,
} from './moves.ts'
import { openPinBlock } from './security.ts'
import { settle } from './settle.ts'
import type { Shift } from './terminals.ts'
import type { WireMessage } from './wire.ts'

/** What the bank does with a message about money that is proven to come from the terminal. */
export function perform(context: Context, shift: Shift, message: WireMessage): Answer {
  const { type, fields } = message
  const isReturn = fields.get(3) === '200000'
  switch (type) {
    case '0200':
      return isReturn ? giveBack(context, message, 'void') : sell(context, shift, message)
    case '0220':
      return isReturn ? giveBack(context, message, 'refund') : { code: '12' }
    case '0400':
      return reverse(context, message)
    case '0500':
      return settle(context, message)
    case '0600':
      return tellAbout(context, message)
    default:
      return { code: '40' }
  }
}

function sell(context: Context, shift: Shift, message: WireMessage): Answer {
  const name = nameOf(message)
  if (findMove(context, name) || isReversalSeen(context, name)) return { code: '94' }
  const amountFen = Number(message.fields.get(4) ?? '')
  if (!(amountFen > 0)) return { code: '13' }
  const card = cardOf(context, message)
  if (!card) return { code: '14' }
  const pinAnswer = checkPin(card, shift, message)
  if (pinAnswer === '99') return { code: '99' }
  const answer = pinAnswer ?? (card.balance_fen < amountFen ? '51' : '00')
  const move = {
    ...name,
    kind: 'sale',
    amountFen,
    pan: card.pan,
    answer,
    originalId: null,
  } as const
  return answerOf(book(context, move))
}

type Card = { pan: string; balance_fen: number; pin: string | null }

function cardOf({ store }: Context, { fields }: WireMessage): Card | null {
  const barcode = /^(?:A3\d{3})?(\d{16,24})$/.exec(fields.get(59) ?? '')?.[1]
  if (barcode) return store.get<Card>('select * from card where barcode = ?', [barcode])
  const pan = fields.get(2) ?? ''
  const track = fields.get(35)
  if (track !== undefined && track.split('=')[0] !== pan) return null
  return store.get<Card>('select * from card where pan = ?', [pan])
}

/** Null when the PIN is right or none is needed. */
function checkPin(card: Card, shift: Shift, { fields }: WireMessage): '55' | '99' | null {
  const block = fields.get(52)
  const isPinSaid = fields.get(22)?.endsWith('1') ?? false
  if (block === undefined) return isPinSaid && card.pin !== null ? '55' : null
  const pin = openPinBlock(shift.pinKey, Buffer.from(block, 'hex'), card.pan)
  if (pin === null) return '99'
  return pin === card.pin ? null : '55'
}

function giveBack(context: Context, message: WireMessage, kind: 'void' | 'refund'): Answer {
  const name = nameOf(message)
  if (findMove(context, name)) return { code: '94' }
  const amountFen = Number(message.fields.get(4) ?? '')
  if (!(amountFen > 0)) return { code: '13' }
  const original = originalOf(context, message)
  if (!original || original.answer !== '00' || original.reversed_ms !== null) return { code: '25' }
  const answer = refusalOf(context, original, { kind, amountFen, shiftBatch: name.batch })
  return answerOf(
    book(context, { ...name, kind, amountFen, pan: original.pan, answer, originalId: original.id }),
  )
}

/** A void takes back the whole of a sale of the same batch; a refund no more than is left. */
function refusalOf(
  context: Context,
  original: MoveRow,
  {
    kind,
    amountFen,
    shiftBatch,
  }: { kind: 'void' | 'refund'; amountFen: number; shiftBatch: string },
): string {
  const returnedFen = returnedOf(context, original)
  if (kind === 'refund') return returnedFen + amountFen > original.amount_fen ? '64' : '00'
  if (original.batch !== shiftBatch || returnedFen > 0) return '12'
  return amountFen === original.amount_fen ? '00' : '64'
}

function reverse(context: Context, message: WireMessage): Answer {
  const name = nameOf(message)
  const sale = findMove(context, name)
  if (!sale) {
    noteReversal(context, name)
    return { code: '25' }
  }
  if (sale.reversed_ms !== null) return { code: '00' }
  if (sale.answer !== '00') return { code: '25' }
  if (sale.amount_fen !== Number(message.fields.get(4))) return { code: '64' }
  if (returnedOf(context, sale) > 0) return { code: '12' }
  reverseMove(context, sale)
  return { code: '00', fields: { 37: sale.reference } }
}

/** 0600: what became of an earlier message? F44 says how it was answered, RV that it was taken back. */
function tellAbout(context: Context, message: WireMessage): Answer {
  const about = originalName(message)
  const found = findMove(context, about)
  if (!found) {
    return isReversalSeen(context, about) ? { code: '00', fields: { 44: 'RV' } } : { code: '25' }
  }
  const said = found.reversed_ms === null ? found.answer : 'RV'
  return { code: '00', fields: { ...fieldsOf(found), 44: said } }
}

const originalOf = (context: Context, message: WireMessage): MoveRow | null => {
  const found = findMove(context, originalName(message))
  return found?.kind === 'sale' ? found : null
}

const originalName = ({ fields }: WireMessage): MoveName => ({
  terminal: fields.get(41) ?? '',
  batch: (fields.get(61) ?? '').slice(0, 6),
  trace: (fields.get(61) ?? '').slice(6, 12),
})

const nameOf = ({ fields }: WireMessage): MoveName => ({
  terminal: fields.get(41) ?? '',
  batch: (fields.get(60) ?? '').slice(2, 8),
  trace: fields.get(11) ?? '',
})

const answerOf = (row: MoveRow): Answer =>
  row.answer === '00' ? { code: '00', fields: fieldsOf(row) } : { code: row.answer }
