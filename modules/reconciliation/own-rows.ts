import { createHash } from 'node:crypto'

import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, subtractFen, ZERO } from '../../kernel/money.ts'
import { addDays, type BusinessDate } from '../../kernel/time.ts'
import { readTradeNo } from '../../kernel/trade-no.ts'
import type { Tx } from '../../platform/db.ts'
import {
  movesOfDay,
  type RecordedMove,
  settledBillsOfDay,
  settledRefundsOfDay,
  totalOf,
} from '../payments/index.ts'
import type { Dated } from './compare.ts'
import { HIS, hisChargeNo, type OwnRow } from './day.ts'

/** What of ours a party's list of this day must show. */
export async function ownRows(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
): Promise<OwnRow[]> {
  if (source === HIS) return ownRowsAtHospital(tx, hospitalId, businessDate)
  return (await movesOfDay(tx, hospitalId, businessDate, source)).map(rowOfMove)
}

/** The same of the day before and the day after. */
export async function ownRowsNearby(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  source: string,
): Promise<Dated<OwnRow>[]> {
  const rows: Dated<OwnRow>[] = []
  for (const date of [addDays(businessDate, -1), addDays(businessDate, 1)]) {
    for (const row of await ownRows(tx, hospitalId, date, source)) rows.push({ ...row, date })
  }
  return rows
}

/** The same hash for the same rows: what a party compared its own with. */
export function digestOf(rows: readonly Pick<OwnRow, 'kind' | 'ourNo' | 'amountFen'>[]): string {
  const texts = rows.map(({ kind, ourNo, amountFen }) => `${kind} ${ourNo} ${amountFen}`)
  return createHash('sha256').update(texts.toSorted().join('\n')).digest('hex')
}

/**
 * What was paid on this day for bills that the hub itself made, fees of numbers that it keeps for the hospital, less what
 * was given back of them: the hospital's system knows none of it, so that its list has none.
 */
export async function keptHereFen(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
): Promise<Fen> {
  const { bills, refunds } = await settledOfDay(tx, hospitalId, businessDate, isMadeHere)
  const paid = bills.reduce<Fen>((sum, { amountFen }) => addFen(sum, amountFen), ZERO)
  return refunds.reduce<Fen>((sum, { amountFen }) => subtractFen(sum, amountFen), paid)
}

/** A bill of the hub's own has the hospital and a thing of ours in its number, as no hospital's system makes one. */
const isMadeHere = ({ billNo }: { billNo: string }): boolean => readTradeNo(billNo) !== null

async function settledOfDay(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
  isMeant: (settled: { billNo: string }) => boolean,
) {
  const bills = await settledBillsOfDay(tx, hospitalId, businessDate)
  const refunds = await settledRefundsOfDay(tx, hospitalId, businessDate)
  return { bills: bills.filter(isMeant), refunds: refunds.filter(isMeant) }
}

async function ownRowsAtHospital(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
): Promise<OwnRow[]> {
  const isTheirs = (settled: { billNo: string }) => !isMadeHere(settled)
  const { bills, refunds } = await settledOfDay(tx, hospitalId, businessDate, isTheirs)
  return [
    ...bills.map(({ paymentNo, billNo, amountFen, at, paymentId }) => ({
      kind: 'charge' as const,
      ourNo: hisChargeNo(paymentNo, billNo),
      amountFen,
      at,
      paymentId,
      refundId: null,
    })),
    ...refunds.map(({ refundNo, amountFen, at, paymentId, refundId }) => ({
      kind: 'return' as const,
      ourNo: refundNo,
      amountFen,
      at,
      paymentId,
      refundId,
    })),
  ]
}

export const rowOfMove = (move: RecordedMove): OwnRow => ({
  kind: move.kind,
  ourNo: move.ourNo,
  amountFen: totalOf(move.parts),
  at: move.at,
  paymentId: move.paymentId,
  refundId: move.refundId,
})
