import { sql } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, ZERO } from '../../../kernel/money.ts'
import type { Tx } from '../../../platform/db.ts'
import type { PartKind } from '../money.ts'
import type { Phase } from '../provider.ts'
import type { Refund, RefundId, RefundPartStatus } from './refund.ts'

/** By which ways the money of a refund goes back, as far as it is known. */
export type RefundWay = {
  /** What has gone back of whose money; a smaller settlement is taken off, so that one may be below zero. */
  readonly parts: readonly WayPart[]
  /** What goes back by the payer's channel; null until those before it have said what they take back. */
  readonly toPayerFen: Fen | null
  /** Why a provider declined its part; null where none did, so that nothing can be asked for again. */
  readonly declineCode: string | null
}

export type WayPart = { provider: string; kind: PartKind; amountFen: Fen }

export type RefundWithWay = Refund & { readonly way: RefundWay }

/** Each refund with its way: two questions, however many there are. */
export async function withWays(
  tx: Tx,
  hospitalId: HospitalId,
  refunds: readonly Refund[],
): Promise<RefundWithWay[]> {
  if (refunds.length === 0) return []
  const ids = refunds.map(({ id }) => id)
  const [parts, moved] = [await partRows(tx, hospitalId, ids), await movedRows(tx, hospitalId, ids)]
  return refunds.map((refund) => {
    const own = parts.filter(({ refundId }) => refundId === refund.id)
    const payer = own.find(({ phase }) => phase === 'payer')
    const way: RefundWay = {
      parts: moved
        .filter(({ refundId, amountFen }) => refundId === refund.id && amountFen !== 0)
        .map(({ provider, kind, amountFen }) => ({ provider, kind, amountFen })),
      toPayerFen: payer ? (payer.netFen ?? payer.amountFen) : ZERO,
      declineCode: own.find(({ status }) => status === 'declined')?.declineCode ?? null,
    }
    return { ...refund, way }
  })
}

async function partRows(
  tx: Tx,
  hospitalId: HospitalId,
  ids: readonly RefundId[],
): Promise<PartRow[]> {
  const { rows } = await sql<PartRow>`
    select p.refund_id as "refundId", p.status, p.amount_fen as "amountFen",
      p.net_fen as "netFen", p.decline_code as "declineCode", t.phase
    from payments.refund_part p
      join payments.refund r on r.hospital_id = p.hospital_id and r.id = p.refund_id
      join payments.tender t on t.hospital_id = p.hospital_id and t.payment_id = r.payment_id
        and t.tender_no = p.tender_no
    where p.hospital_id = ${hospitalId} and p.refund_id in (${sql.join([...ids])})
    order by p.tender_no desc`.execute(tx)
  return rows
}

type PartRow = {
  refundId: RefundId
  status: RefundPartStatus
  amountFen: Fen | null
  netFen: Fen | null
  declineCode: string | null
  phase: Phase
}

async function movedRows(
  tx: Tx,
  hospitalId: HospitalId,
  ids: readonly RefundId[],
): Promise<(WayPart & { refundId: RefundId })[]> {
  const { rows } = await sql<WayPart & { refundId: RefundId }>`
    select m.refund_id as "refundId", m.provider, m.part as kind,
      sum(case m.kind when 'return' then m.amount_fen else 0 - m.amount_fen end)::bigint as "amountFen"
    from payments.move m
      join payments.refund r on r.hospital_id = m.hospital_id and r.payment_id = m.payment_id
        and r.id = m.refund_id
    where m.hospital_id = ${hospitalId} and r.id in (${sql.join([...ids])})
    group by m.refund_id, m.provider, m.part order by min(m.tender_no), m.part`.execute(tx)
  return rows
}
