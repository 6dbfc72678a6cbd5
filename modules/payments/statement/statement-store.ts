import { sql } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db.ts'
import type { PersonId } from '../payment.ts'
import type { StatementMove } from './amounts.ts'
import type { PaidPayment, RefundFacts } from './statement.ts'

/** Moments from and including `since`, up to and without `before`. */
export type Period = { since: Date; before: Date }

/**
 * The person's payments at one hospital whose last money was taken in the period, with all that moved since: one
 * statement, by the indexes on person and payment. In order of time, at most `limit`.
 */
export async function paymentsOfPerson(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  { since, before }: Period,
  limit: number,
): Promise<PaidPayment[]> {
  // Only one that succeeded has paid_at, so that of the others, few, the moves are looked at.
  const { rows } = await sql<Row>`
    select p.hospital_id as "hospitalId", p.id as "paymentId", p.visit_no as "visitNo", p.status,
      p.total_fen as "totalFen", coalesce(p.paid_at, m.taken_at) as "paidAt", m.moves,
      (select jsonb_agg(jsonb_build_object('billNo', b.bill_no, 'title', b.title,
          'totalFen', b.total_fen, 'receiptNo', b.receipt_no) order by b.bill_no)
        from payments.payment_bill b
        where b.hospital_id = p.hospital_id and b.payment_id = p.id) as bills,
      (select jsonb_agg(jsonb_build_object('refundId', r.id, 'cause', r.cause, 'status', r.status,
          'billNo', r.bill_no, 'amountFen', r.amount_fen, 'reason', r.reason,
          'receiptNo', r.receipt_no, 'returnedAt', r.returned_at) order by r.id)
        from payments.refund r
        where r.hospital_id = p.hospital_id and r.payment_id = p.id) as refunds
    from payments.payment p
    cross join lateral (
      select max(v.at) filter (where v.kind = 'charge' and v.refund_id is null) as taken_at,
        jsonb_agg(jsonb_build_object('tenderNo', v.tender_no, 'provider', v.provider,
          'part', v.part, 'kind', v.kind, 'refundId', v.refund_id, 'amountFen', v.amount_fen,
          'at', v.at) order by v.at, v.our_no, v.kind, v.part) as moves
      from payments.move v
      where v.hospital_id = p.hospital_id and v.payment_id = p.id) m
    where p.hospital_id = ${hospitalId} and p.person_id = ${personId}
      and (p.paid_at is null or (p.paid_at >= ${since} and p.paid_at < ${before}))
      and m.taken_at is not null
      and coalesce(p.paid_at, m.taken_at) >= ${since}
      and coalesce(p.paid_at, m.taken_at) < ${before}
    order by coalesce(p.paid_at, m.taken_at), p.id limit ${limit}`.execute(tx)
  return rows.map(toPaidPayment)
}

const toPaidPayment = ({ moves, refunds, ...row }: Row): PaidPayment => ({
  ...row,
  moves: moves.map((move) => ({ ...move, at: new Date(move.at) })),
  refunds: (refunds ?? []).map((refund) => ({
    ...refund,
    returnedAt: refund.returnedAt === null ? null : new Date(refund.returnedAt),
  })),
})

/** Inside of JSON a moment is text. */
type Row = Omit<PaidPayment, 'moves' | 'refunds'> & {
  moves: (Omit<StatementMove, 'at'> & { at: string })[]
  refunds: (Omit<RefundFacts, 'returnedAt'> & { returnedAt: string | null })[] | null
}
