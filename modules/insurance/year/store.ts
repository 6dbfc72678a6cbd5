import type { HospitalId, Id } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { Tx } from '../../../platform/db.ts'
import type { InsuranceTables } from '../tables.ts'

/** What the insurer last said of a person: who they are to it, and what of their year is used up. */
export type YearStanding = {
  psnNo: string
  insutype: string
  region: string // 参保地
  personType: string | null
  balanceFen: Fen
  /** By cum_type_code, yuan or times as the centre wrote it. */
  accumulated: Readonly<Record<string, string>>
  year: string
  saidAt: Date
}

const tables = (tx: Tx) => tx.withTables<InsuranceTables>()

export async function putStanding(
  tx: Tx,
  hospitalId: HospitalId,
  personId: Id<'Person'>,
  standing: YearStanding,
): Promise<void> {
  const values = {
    psn_no: standing.psnNo,
    insutype: standing.insutype,
    region: standing.region,
    person_type: standing.personType,
    balance_fen: standing.balanceFen,
    accumulated: JSON.stringify(standing.accumulated),
    year: standing.year,
    said_at: standing.saidAt,
  }
  await tables(tx)
    .insertInto('insurance.year_standing')
    .values({ hospital_id: hospitalId, person_id: personId, ...values })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'person_id']).doUpdateSet(values))
    .execute()
}

export async function standingOf(
  tx: Tx,
  hospitalId: HospitalId,
  personId: Id<'Person'>,
): Promise<YearStanding | null> {
  const row = await tables(tx)
    .selectFrom('insurance.year_standing')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  if (!row) return null
  return {
    psnNo: row.psn_no,
    insutype: row.insutype,
    region: row.region,
    personType: row.person_type,
    balanceFen: row.balance_fen,
    accumulated: row.accumulated,
    year: row.year,
    saidAt: row.said_at,
  }
}
