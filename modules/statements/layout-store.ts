import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { Layout } from './layout/schema.ts'
import type { StatementTables } from './tables.ts'

// Layouts a hospital wrote: the one place that reads and writes statements.layout. A version is never changed.

const tables = (tx: Tx) => tx.withTables<StatementTables>()

export async function insertLayout(
  tx: Tx,
  hospitalId: HospitalId,
  layout: Layout,
  by: { name: string; at: Date },
): Promise<void> {
  await tables(tx)
    .insertInto('statements.layout')
    .values({
      hospital_id: hospitalId,
      name: layout.name,
      version: layout.version,
      descriptor: JSON.stringify(layout),
      written_by: by.name,
      written_at: by.at,
    })
    .execute()
}

/** The newest version of each, or of the one named. */
export async function newestLayouts(
  tx: Tx,
  hospitalId: HospitalId,
  name?: string,
): Promise<Layout[]> {
  let query = tables(tx)
    .selectFrom('statements.layout')
    .distinctOn('name')
    .select('descriptor')
    .where('hospital_id', '=', hospitalId)
  if (name !== undefined) query = query.where('name', '=', name)
  const rows = await query.orderBy('name').orderBy('version', 'desc').execute()
  return rows.map((row) => row.descriptor)
}
