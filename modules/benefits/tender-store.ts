import { type Selectable, sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addDays, type BusinessDate, instantAt } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { HoldId } from '../ledger/index.ts'
import type { TenderPart } from '../payments/index.ts'
import { capKey, type PlannedUse, wholeShare } from './plan.ts'
import type { PersonId, ProgrammeId } from './programme.ts'
import type { BenefitTables, QuoteId, TenderStatus } from './tables.ts'

// What payments were offered, what they took, and what they gave back.

export type Tender = {
  hospitalId: HospitalId
  tradeNo: string
  paymentId: Id<'Payment'>
  personId: PersonId
  amountFen: Fen
  status: TenderStatus
  refusal: string | null
  returnedFen: Fen
  takenAt: Date | null
}

export type Use = PlannedUse & {
  no: number
  returnedFen: Fen
  /** Of a package's items, the units that are free again. */
  itemsReturned: PlannedUse['items']
  holdId: HoldId
}

export type Quote = {
  hospitalId: HospitalId
  id: QuoteId
  paymentId: Id<'Payment'>
  personId: PersonId
  uses: readonly PlannedUse[]
}

export type GivingBack = {
  hospitalId: HospitalId
  refundNo: string
  tradeNo: string
  /** What was to go back at most, and what did; the rest is for those who return after benefits. */
  askedFen: Fen
  amountFen: Fen
  parts: readonly TenderPart[]
  at: Date
}

type TenderKey = { hospitalId: HospitalId; tradeNo: string }

export async function insertQuote(tx: Tx, quote: Quote, at: Date): Promise<void> {
  await tx
    .withTables<BenefitTables>()
    .insertInto('benefits.quote')
    .values({
      hospital_id: quote.hospitalId,
      id: quote.id,
      payment_id: quote.paymentId,
      person_id: quote.personId,
      uses: JSON.stringify(quote.uses),
      created_at: at,
    })
    .execute()
}

export async function findQuote(
  tx: Tx,
  hospitalId: HospitalId,
  id: QuoteId,
): Promise<Quote | null> {
  const row = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.quote')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  return { hospitalId, id, paymentId: row.payment_id, personId: row.person_id, uses: row.uses }
}

const PURGE_BATCH = 1_000

/** Forgets quotes made before an instant, up to a thousand; returns how many. */
export async function purgeQuotes(tx: Tx, hospitalId: HospitalId, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`delete from benefits.quote
    where hospital_id = ${hospitalId} and id in (select id from benefits.quote
      where hospital_id = ${hospitalId} and created_at < ${before}
      order by created_at limit ${PURGE_BATCH})`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}

/** False when a tender of this number is there: only one of two that come at once begins it. */
export async function insertTender(tx: Tx, tender: Tender, at: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<BenefitTables>()
    .insertInto('benefits.tender')
    .values({
      hospital_id: tender.hospitalId,
      trade_no: tender.tradeNo,
      payment_id: tender.paymentId,
      person_id: tender.personId,
      amount_fen: tender.amountFen,
      status: tender.status,
      refusal: tender.refusal,
      returned_fen: tender.returnedFen,
      requested_at: at,
      taken_at: tender.takenAt,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'trade_no']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Locks it until the transaction ends: what is done with one tender takes turns. */
export async function lockTender(
  tx: Tx,
  { hospitalId, tradeNo }: TenderKey,
): Promise<Tender | null> {
  const row = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.tender')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('trade_no', '=', tradeNo)
    .forUpdate()
    .executeTakeFirst()
  return row ? toTender(row) : null
}

export async function updateTender(tx: Tx, tender: Tender, at: Date): Promise<void> {
  await tx
    .withTables<BenefitTables>()
    .updateTable('benefits.tender')
    .set({
      status: tender.status,
      returned_fen: tender.returnedFen,
      taken_at: tender.takenAt,
      updated_at: at,
    })
    .where('hospital_id', '=', tender.hospitalId)
    .where('trade_no', '=', tender.tradeNo)
    .executeTakeFirstOrThrow()
}

export async function insertUse(
  tx: Tx,
  { hospitalId, tradeNo }: TenderKey,
  use: Use,
): Promise<void> {
  await tx
    .withTables<BenefitTables>()
    .insertInto('benefits.use')
    .values({
      hospital_id: hospitalId,
      trade_no: tradeNo,
      no: use.no,
      kind: use.kind,
      programme_id: use.programmeId,
      entitlement_id: use.entitlementId,
      amount_fen: use.amountFen,
      returned_fen: use.returnedFen,
      hold_id: use.holdId,
      items: JSON.stringify(use.items),
      items_returned: JSON.stringify(use.itemsReturned),
      caps: JSON.stringify(use.caps),
      grounds: JSON.stringify(use.grounds),
    })
    .execute()
}

/** In the order in which they were used. */
export async function usesOf(tx: Tx, { hospitalId, tradeNo }: TenderKey): Promise<Use[]> {
  const rows = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.use')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('trade_no', '=', tradeNo)
    .orderBy('no')
    .execute()
  return rows.map((row) => ({
    no: row.no,
    kind: row.kind,
    programmeId: row.programme_id,
    entitlementId: row.entitlement_id,
    amountFen: row.amount_fen,
    returnedFen: row.returned_fen,
    holdId: row.hold_id,
    items: row.items,
    itemsReturned: row.items_returned ?? returnedByShare(row),
    caps: row.caps,
    grounds: row.grounds,
  }))
}

/** Before the units were written down, they were the whole units of the part that had gone back. */
const returnedByShare = ({
  items,
  amount_fen,
  returned_fen,
}: Selectable<BenefitTables['benefits.use']>): PlannedUse['items'] =>
  items.map(({ code, count }) => ({ code, count: wholeShare(count, returned_fen, amount_fen) }))

export async function updateReturned(
  tx: Tx,
  { hospitalId, tradeNo }: TenderKey,
  { no, returnedFen, itemsReturned }: Pick<Use, 'no' | 'returnedFen' | 'itemsReturned'>,
): Promise<void> {
  await tx
    .withTables<BenefitTables>()
    .updateTable('benefits.use')
    .set({ returned_fen: returnedFen, items_returned: JSON.stringify(itemsReturned) })
    .where('hospital_id', '=', hospitalId)
    .where('trade_no', '=', tradeNo)
    .where('no', '=', no)
    .executeTakeFirstOrThrow()
}

export async function insertGivingBack(tx: Tx, giving: GivingBack): Promise<void> {
  await tx
    .withTables<BenefitTables>()
    .insertInto('benefits.giving_back')
    .values({
      hospital_id: giving.hospitalId,
      refund_no: giving.refundNo,
      trade_no: giving.tradeNo,
      asked_fen: giving.askedFen,
      amount_fen: giving.amountFen,
      parts: JSON.stringify(giving.parts),
      at: giving.at,
    })
    .execute()
}

export async function findGivingBack(
  tx: Tx,
  hospitalId: HospitalId,
  refundNo: string,
): Promise<GivingBack | null> {
  const row = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.giving_back')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('refund_no', '=', refundNo)
    .executeTakeFirst()
  return row ? toGivingBack(row) : null
}

/** What was taken and given back on one day, the moment being what tells the day. */
export async function movesOfBenefits(
  tx: Tx,
  hospitalId: HospitalId,
  on: BusinessDate,
): Promise<{ taken: Tender[]; returned: GivingBack[] }> {
  const [from, to] = [instantAt(on), instantAt(addDays(on, 1))]
  const taken = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.tender')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('taken_at', '>=', from)
    .where('taken_at', '<', to)
    .orderBy('trade_no')
    .execute()
  const returned = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.giving_back')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('at', '>=', from)
    .where('at', '<', to)
    .where('amount_fen', '>', 0 as Fen)
    .orderBy('refund_no')
    .execute()
  return { taken: taken.map(toTender), returned: returned.map(toGivingBack) }
}

/** What the person used of programmes in a visit or year, by `capKey`. */
export async function capsUsed(
  tx: Tx,
  hospitalId: HospitalId,
  { personId, scopes }: { personId: PersonId; scopes: readonly string[] },
): Promise<Map<string, Fen>> {
  const rows = await tx
    .withTables<BenefitTables>()
    .selectFrom('benefits.cap')
    .select(['programme_id', 'scope', 'used_fen'])
    .where('hospital_id', '=', hospitalId)
    .where('person_id', '=', personId)
    .where('scope', 'in', [...scopes])
    .execute()
  return new Map(rows.map((row) => [capKey(row.programme_id, row.scope), row.used_fen]))
}

type CapKey = {
  hospitalId: HospitalId
  programmeId: ProgrammeId
  personId: PersonId
  scope: string
}

/** Counts an amount towards a cap; false when it would pass it. */
export async function useCap(
  tx: Tx,
  { hospitalId, programmeId, personId, scope }: CapKey,
  { amountFen, mostFen }: { amountFen: Fen; mostFen: Fen },
): Promise<boolean> {
  if (amountFen > mostFen) return false
  const { numAffectedRows } = await sql`insert into benefits.cap as c
    (hospital_id, programme_id, person_id, scope, used_fen, most_fen)
    values (${hospitalId}, ${programmeId}, ${personId}, ${scope}, ${amountFen}, ${mostFen})
    on conflict (hospital_id, programme_id, person_id, scope) do update
      set used_fen = c.used_fen + excluded.used_fen
      where c.used_fen + excluded.used_fen <= c.most_fen`.execute(tx)
  return numAffectedRows === 1n
}

export async function returnToCap(
  tx: Tx,
  { hospitalId, programmeId, personId, scope }: CapKey,
  amountFen: Fen,
): Promise<void> {
  await sql`update benefits.cap set used_fen = used_fen - ${amountFen}
    where hospital_id = ${hospitalId} and programme_id = ${programmeId}
      and person_id = ${personId} and scope = ${scope}`.execute(tx)
}

const toTender = (row: Selectable<BenefitTables['benefits.tender']>): Tender => ({
  hospitalId: row.hospital_id,
  tradeNo: row.trade_no,
  paymentId: row.payment_id,
  personId: row.person_id,
  amountFen: row.amount_fen,
  status: row.status,
  refusal: row.refusal,
  returnedFen: row.returned_fen,
  takenAt: row.taken_at,
})

const toGivingBack = (row: Selectable<BenefitTables['benefits.giving_back']>): GivingBack => ({
  hospitalId: row.hospital_id,
  refundNo: row.refund_no,
  tradeNo: row.trade_no,
  askedFen: row.asked_fen ?? row.amount_fen,
  amountFen: row.amount_fen,
  parts: row.parts,
  at: row.at,
})
