import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { type BusinessDate, toShanghaiText } from '../../../kernel/time.ts'
import type { Context } from './context.ts'
import type { MoveRow } from './moves.ts'

const KINDS = { sale: '01', void: '02', refund: '03' }

/** Writes the list of one of the bank's days into the folder, whole or not at all; returns its name. */
export function writeDayFile(context: Context, folder: string, date: BusinessDate): string {
  const name = `POS_${context.merchantId}_${date.replaceAll('-', '')}.txt`
  const beside = join(folder, `.${name}`)
  writeFileSync(beside, dayFileText(context, date), 'latin1')
  renameSync(beside, join(folder, name))
  return name
}

/** What was booked on that day and not reversed: a head, a line each, and totals. */
export function dayFileText({ store, merchantId }: Context, date: BusinessDate): string {
  const moves = store.all<MoveRow>(
    `select * from move where bank_day = ? and answer = '00' and reversed_ms is null order by id`,
    [date],
  )
  const sum = (list: MoveRow[], of: (move: MoveRow) => number) =>
    list.reduce((total, move) => total + of(move), 0)
  const sales = moves.filter((move) => move.kind === 'sale')
  const returns = moves.filter((move) => move.kind !== 'sale')
  const head = `H${merchantId.padEnd(15)}${date.replaceAll('-', '')}`
  const foot =
    `T${zeros(moves.length, 8)}${zeros(sum(sales, amountOf), 14)}` +
    `${zeros(sum(returns, amountOf), 14)}${zeros(
      sum(moves, (move) => move.fee_fen),
      14,
    )}`
  return [head, ...moves.map(lineOf), foot].map((line) => `${line}\r\n`).join('')
}

function lineOf(move: MoveRow): string {
  const moment = toShanghaiText(new Date(move.at_ms)).replaceAll(/\D/g, '')
  const masked = `${move.pan.slice(0, 6)}******${move.pan.slice(-4)}`
  return [
    'D',
    move.terminal.padEnd(8),
    move.batch,
    move.trace,
    moment.slice(0, 8),
    moment.slice(8),
    move.reference.padEnd(12),
    KINDS[move.kind],
    zeros(move.amount_fen, 12),
    zeros(move.fee_fen, 12),
    masked.padEnd(19),
  ].join('')
}

const amountOf = (move: MoveRow): number => move.amount_fen

const zeros = (value: number, width: number): string => String(value).padStart(width, '0')
