import type { Answer, Context } from './context.ts'
import { batchText, currentBatch } from './terminals.ts'
import type { WireMessage } from './wire.ts'

/**
 * 0500: the terminal's totals of a batch against the bank's. The verdict stands at the 31st digit of F48: 1 they agree,
 * 2 they do not. Either way the batch is closed and the next one begins; asked again, the same is answered.
 */
export function settle(context: Context, { fields }: WireMessage): Answer {
  const terminal = fields.get(41) ?? ''
  const batch = (fields.get(60) ?? '').slice(2, 8)
  const said = (fields.get(48) ?? '').slice(0, 30)
  if (!/^\d{30}$/.test(said)) return { code: '30' }
  const totals = [totalOf(context, terminal, batch, true), totalOf(context, terminal, batch, false)]
  const verdict = said === totals.join('') ? '1' : '2'
  if (batch === batchText(currentBatch(context, terminal))) {
    context.store.run('update terminal set batch = batch + 1 where id = ?', [terminal])
  }
  return { code: '00', fields: { 48: `${said}${verdict}${'0'.repeat(31)}` } }
}

/** Twelve digits of fen and three of count. */
function totalOf({ store }: Context, terminal: string, batch: string, isSale: boolean): string {
  const row = store.get<{ sum: number; count: number }>(
    `select coalesce(sum(amount_fen), 0) as sum, count(*) as count from move
     where terminal = ? and batch = ? and (kind = 'sale') = ? and answer = '00'
       and reversed_ms is null`,
    [terminal, batch, isSale ? 1 : 0],
  )
  return String(row?.sum ?? 0).padStart(12, '0') + String(row?.count ?? 0).padStart(3, '0')
}
