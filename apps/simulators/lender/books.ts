import { type Fen, fen, negateFen } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, HOUR_MS, instantAt } from '../../../kernel/time.ts'
import { type Context, nowMs, Refusal } from './context.ts'

// The bank's own books. Above zero is what is owed to the bank, below zero what it owes or has earned.

export const LOANS = 'loans'
export const INTEREST = 'interest'
export const hospitalAccount = (hospCode: string) => `hospital:${hospCode}`

/** Books one business; lines of nothing are left out. */
export function post(
  context: Context,
  businessNo: string,
  lines: readonly (readonly [account: string, amountFen: Fen])[],
): void {
  for (const [account, amountFen] of lines) {
    if (amountFen === 0) continue
    context.store.run(
      'insert into line (business_no, account, amount_fen, at_ms) values (?, ?, ?, ?)',
      [businessNo, account, amountFen, nowMs(context)],
    )
  }
}

export function balanceOf({ store }: Context, account: string): Fen {
  const row = store.get<{ fen: number }>(
    'select coalesce(sum(amount_fen), 0) as fen from line where account = ?',
    [account],
  )
  return fen(row?.fen ?? 0)
}

/** What the bank owes a hospital after all draws and what was taken back of them. */
export const owedTo = (context: Context, hospCode: string): Fen =>
  negateFen(balanceOf(context, hospitalAccount(hospCode)))

/** By a partner's number: what the hospital was given, and what was taken back. From the ledger: it is what counts. */
export function booksOf({ store }: Context, transNo: string): { drawnFen: Fen; flushedFen: Fen } {
  const booked = (numbers: string) =>
    fen(
      store.get<{ fen: number }>(
        `select coalesce(sum(amount_fen), 0) as fen from line
         where account like 'hospital:%' and business_no in (${numbers})`,
        [transNo],
      )?.fen ?? 0,
    )
  return {
    drawnFen: negateFen(booked('select flow_id from draw where trans_no = ?')),
    flushedFen: booked(
      `select f.flow_id from flush f join draw d on d.flow_id = f.draw_flow_id
       where d.trans_no = ?`,
    ),
  }
}

export type StatementRow = {
  type: 'CONSUME' | 'FLUSH'
  transNo: string // the partner's: trans or flush number
  sFlowId: string
  amountFen: Fen
  at: Date
}

/** The list of a day is there an hour after its end. */
const statementReadyAt = (day: BusinessDate): Date =>
  new Date(instantAt(addDays(day, 1)).getTime() + HOUR_MS)

/** The movements at one hospital on a day that is over. Throws 'statement_not_ready' before. */
export function statementOf(
  context: Context,
  { partner, hospCode, day }: { partner: string; hospCode: string; day: BusinessDate },
): StatementRow[] {
  if (statementReadyAt(day).getTime() > nowMs(context)) {
    throw new Refusal('statement_not_ready', '对账单次日1时生成')
  }
  const rows = context.store.all<{
    type: StatementRow['type']
    our_no: string
    flow_id: string
    amount_fen: number
    at_ms: number
  }>(
    `select 'CONSUME' as type, trans_no as our_no, flow_id, amount_fen, at_ms from draw
     where partner = ? and hosp_code = ? and on_day = ?
     union all
     select 'FLUSH', flush_no, flow_id, amount_fen, at_ms from flush
     where partner = ? and hosp_code = ? and on_day = ?
     order by at_ms, flow_id`,
    [partner, hospCode, day, partner, hospCode, day],
  )
  return rows.map((row) => ({
    type: row.type,
    transNo: row.our_no,
    sFlowId: row.flow_id,
    amountFen: fen(row.amount_fen),
    at: new Date(row.at_ms),
  }))
}

/** Holds the books against themselves, draws, bills and repayments. Empty when all is well. */
export const checkBooks = ({ store }: Context): string[] =>
  CHECKS.flatMap(({ rule, sql }) =>
    store.all<{ what: string }>(sql).map(({ what }) => `${rule}: ${what}`),
  )

const CHECKS = [
  {
    rule: 'entry does not sum to zero',
    sql: 'select business_no as what from line group by business_no having sum(amount_fen) <> 0',
  },
  {
    rule: 'draw is not booked once',
    sql: `select flow_id as what from draw d where amount_fen <>
            (select coalesce(sum(amount_fen), 0) from line
             where business_no = d.flow_id and account = '${LOANS}')`,
  },
  {
    rule: 'flush is not booked once',
    sql: `select flow_id as what from flush f where amount_fen <>
            (select coalesce(sum(amount_fen), 0) from line
             where business_no = f.flow_id and account like 'hospital:%')`,
  },
  {
    rule: 'flushes are not what the draw says',
    sql: `select flow_id as what from draw d where flushed_fen <>
            (select coalesce(sum(amount_fen), 0) from flush f where f.draw_flow_id = d.flow_id)`,
  },
  {
    rule: 'bill is not what was drawn for it',
    sql: `select bill_no as what from bill b where drawn_fen <>
            (select coalesce(sum(amount_fen - flushed_fen), 0) from draw d
             where d.bill_no = b.bill_no)`,
  },
  {
    rule: 'loans are not what the bills have open',
    sql: `select 'loans' as what where
            (select coalesce(sum(amount_fen), 0) from line where account = '${LOANS}')
            <> (select coalesce(sum(open_fen), 0) from bill)`,
  },
  {
    rule: 'interest is not what the bills have paid',
    sql: `select 'interest' as what where
            (select 0 - coalesce(sum(amount_fen), 0) from line where account = '${INTEREST}')
            <> (select coalesce(sum(interest_paid_fen), 0) from bill)`,
  },
  {
    rule: 'repayment is not booked once',
    sql: `select repay_bill_no as what from repayment r
          where case when state = 'paid' then amount_fen else 0 end <>
            (select coalesce(sum(amount_fen), 0) from line
             where business_no = r.pay_flow_id and account like 'customer:%')
            or (state = 'paid' and principal_fen + interest_fen <> amount_fen)`,
  },
  {
    rule: 'account is overdrawn',
    sql: `select account as what from line where account like 'customer:%'
          group by account having sum(amount_fen) > 0`,
  },
  {
    rule: 'interest paid is more than has run up',
    sql: 'select bill_no as what from bill where interest_paid_fen * 1000000 > interest_micro',
  },
]
