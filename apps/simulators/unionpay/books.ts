import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, fen, negateFen, subtractFen, ZERO } from '../../../kernel/money.ts'
import type { Store } from './store.ts'

// UnionPay's own books. A positive balance is money an account holds. A merchant may be below zero between two
// settlements, when it gave back more than it took; 'outside' is the rest of the world.

export const cardAccount = (cardNo: string) => `card:${cardNo}`
export const merchantAccount = (merId: string) => `merchant:${merId}`
export const FEES = 'fees'
/** Refunds accepted and not yet on a card. */
export const IN_TRANSIT = 'refunds in transit'
export const OUTSIDE = 'outside'

export type Entry = {
  atMs: number
  queryId: string
  title: string
  lines: { account: string; amountFen: Fen }[]
}

/** Books one entry. Asserts that it sums to zero and takes from no card what it has not. */
export function post(store: Store, entry: Entry): void {
  const lines = entry.lines.filter((line) => line.amountFen !== 0)
  assert(addFen(...lines.map((line) => line.amountFen)) === 0, `${entry.queryId} sums to zero`)
  const row = store.get<{ id: number }>(
    'insert into entry (at_ms, query_id, title) values (?, ?, ?) returning id',
    [entry.atMs, entry.queryId, entry.title],
  )
  assert(row, 'an insert returns its row')
  for (const { account, amountFen } of lines) {
    const balanceFen = addFen(balanceOf(store, account), amountFen)
    const mayOwe = account === OUTSIDE || account.startsWith('merchant:') || account === FEES
    assert(balanceFen >= 0 || mayOwe, `${account} would go below zero`)
    store.run('update account set balance_fen = ? where name = ?', [balanceFen, account])
    store.run('insert into line (entry_id, account, amount_fen) values (?, ?, ?)', [
      row.id,
      account,
      amountFen,
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

/** The fee of a payment, rounded half up to whole fen. */
export const feeOf = (amountFen: Fen, feePpm: number): Fen =>
  halfUp(BigInt(amountFen) * BigInt(feePpm), 1_000_000n)

/** What of a payment's fee goes back with a refund: of the running total, so that the parts add up to all of it. */
export function feeGivenBack(payment: {
  amountFen: Fen
  feeFen: Fen
  refundedBeforeFen: Fen
  refundFen: Fen
}): Fen {
  const until = (refundedFen: Fen) =>
    halfUp(BigInt(payment.feeFen) * BigInt(refundedFen), BigInt(payment.amountFen))
  const after = addFen(payment.refundedBeforeFen, payment.refundFen)
  return subtractFen(until(after), until(payment.refundedBeforeFen))
}

const halfUp = (dividend: bigint, divisor: bigint): Fen =>
  fen(Number((dividend * 2n + divisor) / (divisor * 2n)))

/** Money that comes to a card from outside. */
export function depositToCard(store: Store, cardNo: string, amountFen: Fen, atMs: number): void {
  const lines = [
    { account: OUTSIDE, amountFen: negateFen(amountFen) },
    { account: cardAccount(cardNo), amountFen },
  ]
  post(store, { atMs, queryId: 'deposit', title: 'deposit', lines })
}

/** Every balance, by account name. */
export function balances(store: Store): Map<string, Fen> {
  const rows = store.all<{ name: string; balance_fen: number }>(
    'select name, balance_fen from account order by name',
  )
  return new Map(rows.map((row) => [row.name, fen(row.balance_fen)]))
}

/** Holds the books against themselves and against the transactions. Empty when all is well. */
export function checkBooks(store: Store): string[] {
  const violations = CHECKS.flatMap(({ rule, sql }) =>
    store.all<{ what: string }>(sql).map(({ what }) => `${rule}: ${what}`),
  )
  const sum = addFen(...balances(store).values())
  return sum === ZERO ? violations : [...violations, `all balances sum to ${sum}, not to zero`]
}

const CHECKS = [
  {
    rule: 'entry does not sum to zero',
    sql: `select entry_id || ' by ' || sum(amount_fen) as what from line
          group by entry_id having sum(amount_fen) <> 0`,
  },
  {
    rule: 'balance is not the sum of its lines',
    sql: `select name as what from account
          where balance_fen <> (select coalesce(sum(amount_fen), 0) from line where account = name)`,
  },
  {
    rule: 'card is below zero',
    sql: `select name as what from account where balance_fen < 0 and name like 'card:%'`,
  },
  {
    rule: 'payment is not booked once, whole, with its fee',
    sql: `select order_id as what from txn
          where kind = 'charge' and state in ('done', 'reversed') and query_id is not null and (
            (select count(*) from entry where entry.query_id = txn.query_id) <> 1
            or (select sum(amount_fen) from entry join line on entry.id = entry_id
                where entry.query_id = txn.query_id and account = 'merchant:' || mer_id)
               is not amount_fen - fee_fen
            or (select sum(amount_fen) from entry join line on entry.id = entry_id
                where entry.query_id = txn.query_id and account = 'card:' || card_no)
               is not -amount_fen)`,
  },
  {
    rule: 'unpaid order has money in it',
    sql: `select order_id as what from txn where kind = 'charge' and query_id is not null
          and state in ('waiting', 'processing', 'failed')`,
  },
  {
    rule: 'returns are past the payment',
    sql: `select c.order_id as what from txn c join txn r on r.orig_query_id = c.query_id
          where r.state in ('processing', 'done') group by c.serial, c.order_id, c.amount_fen
          having sum(r.amount_fen) > c.amount_fen`,
  },
  {
    rule: 'refunds in transit are not the unfinished refunds',
    sql: `select name || ' ' || balance_fen as what from account where name = '${IN_TRANSIT}'
          and balance_fen <> (select coalesce(sum(amount_fen), 0) from txn
                              where kind <> 'charge' and state = 'processing')`,
  },
]
