import { type Fen, fen, negateFen } from '../../../../kernel/money.ts'
import type { BusinessDate } from '../../../../kernel/time.ts'
import { type Context, nowMs, Refusal, today } from './context.ts'

// The insurer's own books: what it owes each hospital, against itself.

const INSURER = 'insurer'
const hospitalAccount = (hospital: string) => `hospital:${hospital}`

/** Books one settlement, or a return below zero. */
export function postClaim(
  context: Context,
  businessNo: string,
  hospital: string,
  amountFen: Fen,
): void {
  if (amountFen === 0) return
  const lines = [
    [INSURER, negateFen(amountFen)],
    [hospitalAccount(hospital), amountFen],
  ] as const
  for (const [account, lineFen] of lines) {
    context.store.run(
      'insert into line (business_no, account, amount_fen, at_ms) values (?, ?, ?, ?)',
      [businessNo, account, lineFen, nowMs(context)],
    )
  }
}

/** What the insurer owes a hospital after all settlements and returns. */
export function owedTo({ store }: Context, hospital: string): Fen {
  const row = store.get<{ fen: number }>(
    'select coalesce(sum(amount_fen), 0) as fen from line where account = ?',
    [hospitalAccount(hospital)],
  )
  return fen(row?.fen ?? 0)
}

export type StatementRow = {
  kind: 'settlement' | 'return'
  ourNo: string // the hospital's: request or refund number
  claimNo: string
  businessNo: string // the insurer's number of this movement
  amountFen: Fen // below zero for a return
  at: Date
}

/** The movements of a day that is over. Throws 'statement_not_ready' before. */
export function statementOf(context: Context, hospital: string, day: BusinessDate): StatementRow[] {
  if (day >= today(context)) throw new Refusal('statement_not_ready', '对账单次日生成')
  const rows = context.store.all<{
    kind: StatementRow['kind']
    our_no: string
    claim_no: string
    business_no: string
    amount_fen: number
    at_ms: number
  }>(
    `select 'settlement' as kind, request_no as our_no, claim_no, claim_no as business_no,
       benefit_fen as amount_fen, settled_ms as at_ms
     from claim where hospital = ? and settled_on = ?
     union all
     select 'return', refund_no, claim_no, return_no, 0 - amount_fen, refunded_ms
     from refund where hospital = ? and refunded_on = ?
     order by at_ms, business_no`,
    [hospital, day, hospital, day],
  )
  return rows.map((row) => ({
    kind: row.kind,
    ourNo: row.our_no,
    claimNo: row.claim_no,
    businessNo: row.business_no,
    amountFen: fen(row.amount_fen),
    at: new Date(row.at_ms),
  }))
}

/** Holds the books against themselves, claims, refunds and policies. Empty when all is well. */
export function checkBooks({ store, products }: Context): string[] {
  const broken = CHECKS.flatMap(({ rule, sql }) =>
    store.all<{ what: string }>(sql).map(({ what }) => `${rule}: ${what}`),
  )
  const overCap = store
    .all<{ policy_no: string; product: string; used: number; deductible: number }>(
      `select policy_no, product, benefit_used_fen as used, deductible_used_fen as deductible
       from policy where benefit_used_fen > 0 or deductible_used_fen > 0`,
    )
    .filter(({ product, used, deductible }) => {
      const sold = products.get(product)
      return !sold || used > sold.capFen || deductible > sold.deductibleFen
    })
    .map(({ policy_no: policyNo }) => `policy is past its cap or deductible: ${policyNo}`)
  return [...broken, ...overCap]
}

const IN_FORCE = `('reserved', 'settled', 'refunded')`

const CHECKS = [
  {
    rule: 'entry does not sum to zero',
    sql: `select business_no as what from line group by business_no having sum(amount_fen) <> 0`,
  },
  {
    rule: 'claim is not booked once',
    sql: `select claim_no as what from claim c where
            (select coalesce(sum(amount_fen), 0) from line
             where business_no = c.claim_no and account <> '${INSURER}')
            <> case when settled_ms is null then 0 else benefit_fen end`,
  },
  {
    rule: 'refund is not booked once',
    sql: `select return_no as what from refund r where
            (select coalesce(sum(amount_fen), 0) from line
             where business_no = r.return_no and account <> '${INSURER}') <> 0 - amount_fen`,
  },
  {
    rule: 'refunds are not what the claim says',
    sql: `select claim_no as what from claim c where
            refunded_fen <> (select coalesce(sum(amount_fen), 0) from refund r
                             where r.claim_no = c.claim_no)
            or (state = 'refunded') <> (settled_ms is not null and refunded_fen = benefit_fen
                                     and benefit_fen > 0)
            or (state in ('settled', 'refunded')) <> (settled_ms is not null)`,
  },
  {
    rule: 'used benefit is not what the claims say',
    sql: `select policy_no as what from policy p where benefit_used_fen <>
            (select coalesce(sum(benefit_fen - refunded_fen), 0) from claim c
             where c.policy_no = p.policy_no and c.state in ${IN_FORCE})`,
  },
  {
    rule: 'used deductible is not what the claims say',
    sql: `select policy_no as what from policy p where deductible_used_fen <>
            (select coalesce(sum(deductible_fen), 0) from claim c
             where c.policy_no = p.policy_no and c.state in ${IN_FORCE})
            - (select coalesce(sum(r.deductible_fen), 0) from refund r
               join claim c on c.claim_no = r.claim_no where c.policy_no = p.policy_no)`,
  },
]
