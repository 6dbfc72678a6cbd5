import type { Selectable } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db.ts'
import type { HospitalTables } from '../tables.ts'
import type { Rollout } from './terms.ts'

const MOST = 100

export async function newestRollout(tx: Tx, hospitalId: HospitalId): Promise<Rollout | null> {
  const row = await rolloutsOf(tx, hospitalId).limit(1).executeTakeFirst()
  return row ? toRollout(row) : null
}

export async function listRollouts(tx: Tx, hospitalId: HospitalId): Promise<Rollout[]> {
  const rows = await rolloutsOf(tx, hospitalId).limit(MOST).execute()
  return rows.map(toRollout)
}

/** False when the version is there already. */
export async function addRollout(
  tx: Tx,
  hospitalId: HospitalId,
  rollout: Rollout,
): Promise<boolean> {
  const { version, stage, scenes, departments, note, actor, at } = rollout
  const inserted = await tx
    .withTables<HospitalTables>()
    .insertInto('hospitals.rollout')
    .values({
      hospital_id: hospitalId,
      version,
      stage,
      scenes: JSON.stringify(scenes),
      departments: departments && JSON.stringify(departments),
      note,
      actor,
      at,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'version']).doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

const rolloutsOf = (tx: Tx, hospitalId: HospitalId) =>
  tx
    .withTables<HospitalTables>()
    .selectFrom('hospitals.rollout')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .orderBy('version', 'desc')

const toRollout = (row: Selectable<HospitalTables['hospitals.rollout']>): Rollout => ({
  version: row.version,
  stage: row.stage,
  scenes: row.scenes,
  departments: row.departments,
  note: row.note,
  actor: row.actor,
  at: row.at,
})
