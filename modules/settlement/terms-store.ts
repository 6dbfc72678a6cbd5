import type { Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { SettlementTables, TermsId, TermsKind } from './tables.ts'

export type TermsRow = Selectable<SettlementTables['settlement.terms']>

export async function insertTerms(
  tx: Tx,
  row: Omit<TermsRow, 'status' | 'decided_by' | 'decided_at' | 'reason'>,
): Promise<void> {
  await tx
    .withTables<SettlementTables>()
    .insertInto('settlement.terms')
    .values({
      ...row,
      content: JSON.stringify(row.content),
      status: 'proposed',
      decided_by: null,
      decided_at: null,
      reason: null,
    })
    .execute()
}

export async function lockTerms(
  tx: Tx,
  { hospitalId, id }: { hospitalId: HospitalId; id: TermsId },
): Promise<TermsRow | null> {
  const row = await tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.terms')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function termsById(
  tx: Tx,
  { hospitalId, id }: { hospitalId: HospitalId; id: TermsId },
): Promise<TermsRow | null> {
  const row = await tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.terms')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

export async function decideTermsRow(
  tx: Tx,
  { hospitalId, id }: { hospitalId: HospitalId; id: TermsId },
  change: Pick<TermsRow, 'status' | 'decided_by' | 'decided_at' | 'reason'>,
): Promise<void> {
  await tx
    .withTables<SettlementTables>()
    .updateTable('settlement.terms')
    .set(change)
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

const MOST_TERMS = 200

/** Newest first. */
export const listTerms = (tx: Tx, hospitalId: HospitalId, kind: TermsKind): Promise<TermsRow[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.terms')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('kind', '=', kind)
    .orderBy('id', 'desc')
    .limit(MOST_TERMS)
    .execute()

/** What was agreed to for each name, and is in force on a date: of two from one day, what was agreed to last. */
export const termsInForce = (
  tx: Tx,
  hospitalId: HospitalId,
  { kind, on }: { kind: TermsKind; on: BusinessDate },
): Promise<TermsRow[]> =>
  tx
    .withTables<SettlementTables>()
    .selectFrom('settlement.terms')
    .distinctOn('name')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('kind', '=', kind)
    .where('status', '=', 'agreed')
    .where('valid_from', '<=', on)
    .orderBy('name')
    .orderBy('valid_from', 'desc')
    .orderBy('decided_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
