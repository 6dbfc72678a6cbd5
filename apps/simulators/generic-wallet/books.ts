import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, fen, negateFen } from '../../../kernel/money.ts'
import type { Store } from './store.ts'

// The wallet's own books. A positive balance is money an account holds; 'outside' is where the payer's came from.

export const PAYER = 'payer'
export const FEES = 'fees'
/** Refunds accepted and not yet with the payer. */
export const IN_TRANSIT = 'refunds in transit'
export const OUTSIDE = 'outside'
export const merchantAccount = (merchantNo: string) => `merchant:${merchantNo}`

export type Posting = { account: string; amountFen: Fen }

/** Books one movement. Asserts that it sums to zero and leaves no account but 'outside' below zero. */
export function post(
  store: Store,
  { businessNo, atMs, lines }: { businessNo: string; atMs: number; lines: readonly Posting[] },
): void {
  const moved = lines.filter(({ amountFen }) => amountFen !== 0)
  assert(addFen(...moved.map(({ amountFen }) => amountFen)) === 0, `${businessNo} sums to zero`)
  for (const { account, amountFen } of moved) {
    const balanceFen = addFen(balanceOf(store, account), amountFen)
    assert(balanceFen >= 0 || account === OUTSIDE, `${account} would go below zero`)
    store.run('update account set balance_fen = ? where name = ?', [balanceFen, account])
    store.run('insert into line (business_no, account, amount_fen, at_ms) values (?, ?, ?, ?)', [
      businessNo,
      account,
      amountFen,
      atMs,
    ])
  }
}

export const ensureAccount = (store: Store, name: string): void =>
  store.run('insert into account (name, balance_fen) values (?, 0) on conflict do nothing', [name])

/** Asserts that the account exists. */
export function balanceOf(store: Store, account: string): Fen {
  const row = store.get<{ balance_fen: number }>('select balance_fen from account where name = ?', [
    account,
  ])
  assert(row, `there is an account ${account}`)
  return fen(row.balance_fen)
}

/** Money from outside, until the account holds at least so much. */
export function topUpTo(store: Store, account: string, balanceFen: Fen, atMs: number): void {
  const missing = fen(Math.max(0, balanceFen - balanceOf(store, account)))
  post(store, {
    businessNo: `TOPUP${store.nextSerial('top-up')}`,
    atMs,
    lines: [
      { account: OUTSIDE, amountFen: negateFen(missing) },
      { account, amountFen: missing },
    ],
  })
}

/** Holds the books against themselves and against payments and refunds. Empty when all is well. */
export function checkBooks(store: Store): string[] {
  return CHECKS.flatMap(({ rule, sql }) =>
    store.all<{ what: string }>(sql).map(({ what }) => `${rule}: ${what}`),
  )
}

const CHECKS = [
  {
    rule: 'movement does not sum to zero',
    sql: `select business_no || ' by ' || sum(amount_fen) as what from line
          group by business_no having sum(amount_fen) <> 0`,
  },
  {
    rule: 'balance is not the sum of its lines',
    sql: `select name as what from account
          where balance_fen <> (select coalesce(sum(amount_fen), 0) from line where account = name)`,
  },
  {
    rule: 'account is below zero',
    sql: `select name as what from account where balance_fen < 0 and name <> '${OUTSIDE}'`,
  },
  {
    rule: 'payment is not booked once and whole',
    sql: `select reference as what from payment where state = 'paid' and
            (select -sum(amount_fen) from line where business_no = wallet_no and account = '${PAYER}')
            is not amount_fen`,
  },
  {
    rule: 'unpaid payment has money',
    sql: `select reference as what from payment where state <> 'paid' and wallet_no is not null`,
  },
  {
    rule: 'refunds are past their payment',
    sql: `select p.reference as what from payment p
          join refund r on r.merchant = p.merchant and r.payment_reference = p.reference
          where r.state <> 'failed' group by p.merchant, p.reference
          having sum(r.amount_fen) > p.amount_fen or p.state <> 'paid'`,
  },
  {
    rule: 'refunds in transit are not the unfinished refunds',
    sql: `select name || ' ' || balance_fen as what from account where name = '${IN_TRANSIT}'
          and balance_fen <> (select coalesce(sum(amount_fen), 0) from refund where state = 'pending')`,
  },
]
