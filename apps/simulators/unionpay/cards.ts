import { assert } from '../../../kernel/assert.ts'
import type { Fen } from '../../../kernel/money.ts'
import { randomBelow } from '../../../kernel/random.ts'
import { MINUTE_MS } from '../../../kernel/time.ts'
import { balanceOf, cardAccount, depositToCard, ensureAccount } from './books.ts'
import { type Context, nowMs } from './context.ts'

export type Card = { cardNo: string; holder: string; balanceFen: Fen }

/** A code that a payer shows lives for a minute and pays once. */
const CODE_LIFE_MS = MINUTE_MS

export function openCards(context: Context, cards: readonly Card[]): void {
  const { store } = context
  for (const { cardNo, holder, balanceFen } of cards) {
    assert(/^\d{13,19}$/.test(cardNo), `card ${cardNo} has 13 to 19 digits`)
    if (findCard(context, cardNo)) continue
    store.run('insert into card (card_no, holder) values (?, ?)', [cardNo, holder])
    ensureAccount(store, cardAccount(cardNo))
    if (balanceFen > 0) depositToCard(store, cardNo, balanceFen, nowMs(context))
  }
}

export function findCard({ store }: Context, cardNo: string): Card | null {
  const row = store.get<{ holder: string }>('select holder from card where card_no = ?', [cardNo])
  return row && { cardNo, holder: row.holder, balanceFen: balanceOf(store, cardAccount(cardNo)) }
}

export function listCards(context: Context): Card[] {
  const rows = context.store.all<{ card_no: string }>('select card_no from card order by card_no')
  return rows.flatMap((row) => findCard(context, row.card_no) ?? [])
}

/** The digits that the payer's app shows now: '62' and 17 more. */
export function newPayCode(context: Context, cardNo: string): string {
  assert(findCard(context, cardNo), `there is a card ${cardNo}`)
  const part = () => String(randomBelow(context.random, 1_000_000)).padStart(6, '0')
  const serial = String(context.store.nextSerial('pay code') % 100_000).padStart(5, '0')
  const code = `62${part()}${part()}${serial}`
  context.store.run('insert into pay_code (code, card_no, expires_ms) values (?, ?, ?)', [
    code,
    cardNo,
    nowMs(context) + CODE_LIFE_MS,
  ])
  return code
}

/** The card behind a shown code, which is used up by it; null for one that is none, too old, or used. */
export function usePayCode(context: Context, code: string): string | null {
  const row = context.store.get<{ card_no: string }>(
    'select card_no from pay_code where code = ? and used = 0 and expires_ms >= ?',
    [code, nowMs(context)],
  )
  if (!row) return null
  context.store.run('update pay_code set used = 1 where code = ?', [code])
  return row.card_no
}

/** '6217 **** 0008'. */
export const maskedCard = (cardNo: string): string =>
  `${cardNo.slice(0, 4)} **** ${cardNo.slice(-4)}`
