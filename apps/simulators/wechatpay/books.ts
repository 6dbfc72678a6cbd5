import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, fen, negateFen, subtractFen, ZERO } from '../../../kernel/money.ts'
import type { Store } from './store.ts'

// WeChat Pay's own books. A positive balance is money an account holds; 'outside' is the rest of
// the world, where the wallets' money came from and withdrawn money goes.

export const walletAccount = (openid: string) => `wallet:${openid}`
export const merchantAccount = (mchid: string) => `merchant:${mchid}`
export const FEES = 'fees'
/** Refunds accepted and not yet in a wallet. */
export const IN_TRANSIT = 'refunds in transit'
export const OUTSIDE = 'outside'

export type Entry = {
  atMs: number
  /** WeChat's number of the business: transaction_id, refund_id. */
  businessNo: string
  /** The merchant's number of it: out_trade_no, out_refund_no. */
  voucherNo: string
  applicant: string
  note: string
  lines: { account: string; amountFen: Fen; title: string }[]
}

/** Books one entry. Asserts that it sums to zero and leaves no account but 'outside' below zero. */
export function post(store: Store, entry: Entry): void {
  const lines = entry.lines.filter((line) => line.amountFen !== 0)
  assert(addFen(...lines.map((line) => line.amountFen)) === 0, `${entry.businessNo} sums to zero`)
  const row = store.get<{ id: number }>(
    `insert into entry (at_ms, business_no, voucher_no, applicant, note)
     values (?, ?, ?, ?, ?) returning id`,
    [entry.atMs, entry.businessNo, entry.voucherNo, entry.applicant, entry.note],
  )
  assert(row, 'an insert returns its row')
  for (const { account, amountFen, title } of lines) {
    const balanceFen = addFen(balanceOf(store, account), amountFen)
    assert(balanceFen >= 0 || account === OUTSIDE, `${account} would go below zero`)
    store.run('update account set balance_fen = ? where name = ?', [balanceFen, account])
    store.run(
      'insert into line (entry_id, account, amount_fen, balance_fen, title) values (?, ?, ?, ?, ?)',
      [row.id, account, amountFen, balanceFen, title],
    )
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

/** Moves money between the outside and an account: an opening balance, a top-up, a withdrawal. */
export function postOutside(
  store: Store,
  move: { atMs: number; account: string; amountFen: Fen; title: string; businessNo: string },
): void {
  post(store, {
    atMs: move.atMs,
    businessNo: move.businessNo,
    voucherNo: move.businessNo,
    applicant: 'system',
    note: '',
    lines: [
      { account: OUTSIDE, amountFen: negateFen(move.amountFen), title: move.title },
      { account: move.account, amountFen: move.amountFen, title: move.title },
    ],
  })
}

/** The fee of a payment, rounded half up to whole fen. */
export const feeOf = (amount: Fen, feePpm: number): Fen =>
  divideHalfUp(BigInt(amount) * BigInt(feePpm), 1_000_000n)

/**
 * The part of a payment's fee that a refund gives back. Taken from the running total, so that the
 * parts of a payment refunded piece by piece add up to its whole fee.
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

/** Holds the books against themselves and against orders and refunds. Empty when all is well. */
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
    rule: 'payment is not booked once, whole, with its fee',
    // The cross joins keep SQLite to the way from the entry to its lines, and not from every line.
    sql: `select out_trade_no as what from trade_order o where state in ('SUCCESS', 'REFUND') and (
            (select count(*) from entry where business_no = transaction_id) <> 1
            or (select sum(amount_fen) from entry cross join line on entry.id = entry_id
                where business_no = transaction_id and account = 'merchant:' || mchid)
               is not total_fen - fee_fen
            or (select sum(amount_fen) from entry cross join line on entry.id = entry_id
                where business_no = transaction_id and account = 'wallet:' || payer_openid)
               is not -total_fen)`,
  },
  {
    rule: 'reversed order has kept money',
    sql: `select out_trade_no as what from trade_order o where state = 'REVOKED' and (
            select coalesce(sum(amount_fen), 0) from entry cross join line on entry.id = entry_id
            where voucher_no = o.out_trade_no and account = 'merchant:' || mchid) <> 0`,
  },
  {
    rule: 'unpaid order has a payment',
    sql: `select out_trade_no as what from trade_order
          where state in ('NOTPAY', 'CLOSED', 'USERPAYING', 'PAYERROR') and (transaction_id is not null or paid_ms is not null)`,
  },
  {
    rule: 'refunds are past the order, or its state does not show them',
    sql: `select o.out_trade_no as what from trade_order o
          left join refund r on r.mchid = o.mchid and r.out_trade_no = o.out_trade_no
          group by o.mchid, o.out_trade_no
          having coalesce(sum(r.amount_fen), 0) > o.total_fen or count(r.refund_id) > 50
              or (count(r.refund_id) > 0) <> (o.state = 'REFUND')`,
  },
  {
    rule: 'parts of a combined order are not all paid or all unpaid',
    sql: `select combine_out_trade_no as what from trade_order where combine_mchid is not null
          group by combine_mchid, combine_out_trade_no
          having count(*) not between 2 and 10 or count(transaction_id) not in (0, count(*))`,
  },
  {
    rule: 'mixed order does not add up',
    sql: `select out_trade_no as what from insurance_order
          where total_fen <> fund_fen + account_fen + other_fen + cash_fen + reduced_fen
             or total_fen <> fund_fen + account_fen + other_fen + own_part_fen + added_fen
             or cash_fen <> own_part_fen + added_fen - reduced_fen`,
  },
  {
    rule: 'paid mixed order has no cash part, or one of another amount',
    sql: `select m.out_trade_no as what from insurance_order m
          left join trade_order o on o.mchid = m.mchid and o.out_trade_no = m.out_trade_no
          where m.paid_ms is not null and m.cash_fen > 0
            and (o.total_fen is not m.cash_fen or o.transaction_id is null)`,
  },
  {
    rule: 'insurance gave back more than it paid, or its state does not show it',
    sql: `select m.out_trade_no as what from insurance_order m
          left join insurance_return r on r.mix_trade_no = m.mix_trade_no
          group by m.mix_trade_no
          having coalesce(sum(r.fund_fen), 0) > m.fund_fen
              or coalesce(sum(r.account_fen), 0) > m.account_fen
              or coalesce(sum(r.other_fen), 0) > m.other_fen
              or (count(r.out_refund_no) > 0) <> (m.insurance_state = 'REFUND')`,
  },
  {
    rule: 'refunds in transit are not the unfinished refunds',
    sql: `select name || ' ' || balance_fen as what from account where name = '${IN_TRANSIT}'
          and balance_fen <> (select coalesce(sum(amount_fen), 0) from refund
                              where status <> 'SUCCESS')`,
  },
]
