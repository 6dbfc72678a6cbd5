import { assert } from '../../../kernel/assert.ts'
import { fen, shareFen } from '../../../kernel/money.ts'
import {
  addDays,
  type BusinessDate,
  businessDateOf,
  instantAt,
  toShanghaiText,
} from '../../../kernel/time.ts'
import type { Answer, Context } from './context.ts'

// What the bank has booked. A move is named by terminal, batch and trace number; the bank's own name is the reference.

export type MoveRow = {
  id: number
  terminal: string
  batch: string
  trace: string
  kind: 'sale' | 'void' | 'refund'
  amount_fen: number
  fee_fen: number
  pan: string
  answer: string
  reference: string
  authorisation: string
  original_id: number | null
  at_ms: number
  bank_day: string
  reversed_ms: number | null
}

export type MoveName = { terminal: string; batch: string; trace: string }

export function findMove({ store }: Context, { terminal, batch, trace }: MoveName): MoveRow | null {
  return store.get<MoveRow>('select * from move where terminal = ? and batch = ? and trace = ?', [
    terminal,
    batch,
    trace,
  ])
}

/** A reversal came before the move itself: should it still arrive, it is not booked. */
export const isReversalSeen = ({ store }: Context, name: MoveName): boolean =>
  store.get('select 1 from reversal_seen where terminal = ? and batch = ? and trace = ?', [
    name.terminal,
    name.batch,
    name.trace,
  ]) !== null

export const noteReversal = ({ store }: Context, name: MoveName): void =>
  store.run('insert into reversal_seen values (?, ?, ?) on conflict do nothing', [
    name.terminal,
    name.batch,
    name.trace,
  ])

export type NewMove = MoveName & {
  kind: MoveRow['kind']
  amountFen: number
  pan: string
  answer: string
  originalId: number | null
}

/** Writes it down, and when it is approved moves the money of the card. */
export function book(context: Context, move: NewMove): MoveRow {
  const { store, clock, feePpm, cutOver } = context
  const now = clock.now()
  const serial = store.nextSerial('reference')
  const day = businessDateOf(now)
  const reference = `${day.slice(5).replace('-', '')}${String(serial).padStart(8, '0')}`
  const isApproved = move.answer === '00'
  const feeFen = isApproved && move.kind === 'sale' ? shareFen(fen(move.amountFen), feePpm) : 0
  store.run(
    `insert into move (terminal, batch, trace, kind, amount_fen, fee_fen, pan, answer, reference,
       authorisation, original_id, at_ms, bank_day)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      move.terminal,
      move.batch,
      move.trace,
      move.kind,
      move.amountFen,
      feeFen,
      move.pan,
      move.answer,
      reference,
      String(serial % 1_000_000).padStart(6, '0'),
      move.originalId,
      now.getTime(),
      bankDay(now, cutOver),
    ],
  )
  if (isApproved) {
    changeBalance(context, move.pan, move.kind === 'sale' ? -move.amountFen : move.amountFen)
  }
  const row = findMove(context, move)
  assert(row, 'a booked move is found')
  return row
}

/** Takes a sale back: the card has its money again, and the move stands as reversed. */
export function reverseMove(context: Context, row: MoveRow): void {
  context.store.run('update move set reversed_ms = ? where id = ?', [
    context.clock.now().getTime(),
    row.id,
  ])
  changeBalance(context, row.pan, row.amount_fen)
}

/** How much of a sale went back already. */
export const returnedOf = ({ store }: Context, row: MoveRow): number =>
  store.get<{ sum: number }>(
    `select coalesce(sum(amount_fen), 0) as sum from move
     where original_id = ? and answer = '00' and reversed_ms is null`,
    [row.id],
  )?.sum ?? 0

const changeBalance = ({ store }: Context, pan: string, changeFen: number): void =>
  store.run('update card set balance_fen = balance_fen + ? where pan = ?', [changeFen, pan])

/** What an approved answer, or the answer to an inquiry, says of a move. */
export function fieldsOf(row: MoveRow): NonNullable<Answer['fields']> {
  const digits = toShanghaiText(new Date(row.at_ms)).replaceAll(/\D/g, '')
  return {
    4: String(row.amount_fen).padStart(12, '0'),
    12: digits.slice(8),
    13: digits.slice(4, 8),
    15: row.bank_day.slice(5).replace('-', ''),
    37: row.reference,
    38: row.authorisation,
  }
}

function bankDay(at: Date, cutOver: string): BusinessDate {
  const day = businessDateOf(at)
  const isLate = cutOver !== '00:00:00' && at >= instantAt(day, cutOver)
  return isLate ? addDays(day, 1) : day
}

/** Holds the books against themselves. Empty when all is well. */
export function checkBooks({ store }: Context): string[] {
  const wrongBalances = store.all<{ pan: string }>(
    `select pan from card c where balance_fen <> opened_fen + (
       select coalesce(sum(case kind when 'sale' then -amount_fen else amount_fen end), 0)
       from move m where m.pan = c.pan and answer = '00' and reversed_ms is null)`,
  )
  const overReturned = store.all<{ reference: string }>(
    `select o.reference from move o join move r on r.original_id = o.id
     where r.answer = '00' and r.reversed_ms is null
     group by o.id having sum(r.amount_fen) > o.amount_fen or o.reversed_ms is not null`,
  )
  return [
    ...wrongBalances.map(({ pan }) => `the balance of card ${pan} is not the sum of its moves`),
    ...overReturned.map(({ reference }) => `more went back of ${reference} than was taken`),
  ]
}
