import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, fen, negateFen, subtractFen, ZERO } from '../../../kernel/money.ts'
import type { Store } from './store.ts'

// Alipay's own books. A positive balance is money an account holds; 'outside' is the rest of the world, where the
// wallets' money came from and withdrawn money goes.

export const walletAccount = (buyerId: string) => `wallet:${buyerId}`
/** What of a wallet is frozen by one deposit. */
export const depositAccount = (authNo: string) => `deposit:${authNo}`
export const merchantAccount = (sellerId: string) => `merchant:${sellerId}`
export const FEES = 'fees'
export const OUTSIDE = 'outside'

export type Entry = {
  atMs: number
  /** Alipay's number of the business. */
  businessNo: string
  title: string
  lines: { account: string; amountFen: Fen }[]
}

/** Books one entry. Asserts that it sums to zero and leaves no account but 'outside' below zero. */
export function post(store: Store, entry: Entry): void {
  const lines = entry.lines.filter((line) => line.amountFen !== 0)
  assert(addFen(...lines.map((line) => line.amountFen)) === 0, `${entry.businessNo} sums to zero`)
  const row = store.get<{ id: number }>(
    'insert into entry (at_ms, business_no, title) values (?, ?, ?) returning id',
    [entry.atMs, entry.businessNo, entry.title],
  )
  assert(row, 'an insert returns its row')
  for (const { account, amountFen } of lines) {
    ensureAccount(store, account)
    const balanceFen = addFen(balanceOf(store, account), amountFen)
    assert(balanceFen >= 0 || account === OUTSIDE, `${account} would go below zero`)
    store.run('update account set balance_fen = ? where name = ?', [balanceFen, account])
    store.run('insert into line (entry_id, account, amount_fen, balance_fen) values (?, ?, ?, ?)', [
      row.id,
      account,
      amountFen,
      balanceFen,
    ])
  }
}

/** Moves money from one account to another. */
export const move = (
  store: Store,
  entry: { atMs: number; businessNo: string; title: string },
  from: string,
  to: string,
  amountFen: Fen,
): void =>
  post(store, {
    ...entry,
    lines: [
      { account: from, amountFen: negateFen(amountFen) },
      { account: to, amountFen },
    ],
  })

const ensureAccount = (store: Store, name: string): void =>
  store.run('insert into account (name, balance_fen) values (?, 0) on conflict do nothing', [name])

/** Zero for an account that nothing was ever booked on. */
export function balanceOf(store: Store, account: string): Fen {
  const row = store.get<{ balance_fen: number }>('select balance_fen from account where name = ?', [
    account,
  ])
  return row ? fen(row.balance_fen) : ZERO
}

/** The fee of a payment, rounded half up to whole fen. */
export const feeOf = (amount: Fen, feePpm: number): Fen =>
  divideHalfUp(BigInt(amount) * BigInt(feePpm), 1_000_000n)

/**
 * The part of a payment's fee that a refund gives back. Taken from the running total, so that the parts of a payment
 * refunded piece by piece add up to its whole fee.
 */
export function feeGivenBack(payment: {
  totalFen: Fen
  feeFen: Fen
  refundedBeforeFen: Fen
  refundFen: Fen
}): Fen {
  const until = (refunded: Fen) =>
    divideHalfUp(BigInt(payment.feeFen) * BigInt(refunded), BigInt(payment.totalFen))
  const after = addFen(payment.refundedBeforeFen, payment.refundFen)
  return subtractFen(until(after), until(payment.refundedBeforeFen))
}

const divideHalfUp = (dividend: bigint, divisor: bigint): Fen =>
  fen(Number((dividend * 2n + divisor) / (divisor * 2n)))

/** Every balance, by account name. */
export function balances(store: Store): Map<string, Fen> {
  const rows = store.all<{ name: string; balance_fen: number }>(
    'select name, balance_fen from account order by name',
  )
  return new Map(rows.map((row) => [row.name, fen(row.balance_fen)]))
}

/** Holds the books against themselves and against trades, refunds and deposits. Empty when all is well. */
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
    rule: 'running balance is broken',
    sql: `select account || ' at line ' || id as what from (
            select id, account, balance_fen,
                   sum(amount_fen) over (partition by account order by id) as running from line)
          where running <> balance_fen`,
  },
  {
    rule: 'account is below zero',
    sql: `select name as what from account where balance_fen < 0 and name <> '${OUTSIDE}'`,
  },
  {
    rule: 'trade is not booked once, with its refunds',
    sql: `select t.out_trade_no as what from trade t where t.paid_ms is not null and (
            (select count(*) from entry where business_no = t.trade_no) <> 1
              + (select count(*) from refund r
                 where r.app_id = t.app_id and r.out_trade_no = t.out_trade_no)
            or (select sum(l.amount_fen) from entry e cross join line l on e.id = l.entry_id
                where e.business_no = t.trade_no and l.account like 'merchant:%')
               is not t.total_fen - t.fee_fen
                 - (select coalesce(sum(r.amount_fen - r.fee_fen), 0) from refund r
                    where r.app_id = t.app_id and r.out_trade_no = t.out_trade_no))`,
  },
  {
    rule: 'unpaid trade has a payment',
    sql: `select out_trade_no as what from trade t where paid_ms is null
          and (state = 'TRADE_SUCCESS' or exists (select 1 from entry where business_no = t.trade_no))`,
  },
  {
    rule: 'refunds are past the trade, or its state does not show them',
    sql: `select t.out_trade_no as what from trade t
          left join refund r on r.app_id = t.app_id and r.out_trade_no = t.out_trade_no
          group by t.app_id, t.out_trade_no
          having coalesce(sum(r.amount_fen), 0) > t.total_fen
              or (t.paid_ms is null and count(r.out_request_no) > 0)
              or (t.paid_ms is not null
                  and (coalesce(sum(r.amount_fen), 0) = t.total_fen) <> (t.state = 'TRADE_CLOSED'))`,
  },
  {
    rule: 'what is frozen is not what its operations leave',
    sql: `select d.out_order_no as what from deposit d where d.auth_no is not null
          and (select coalesce(sum(balance_fen), 0) from account where name = 'deposit:' || d.auth_no)
              <> (select coalesce(sum(case type when 'FREEZE' then amount_fen else -amount_fen end), 0)
                  from operation o where o.app_id = d.app_id and o.out_order_no = d.out_order_no
                  and o.status = 'SUCCESS')`,
  },
]
