import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { type Db, inHospital } from '../../platform/db.ts'

/** Whether the hospital has, or has ever had, a programme. */
export const hasProgrammes = (db: Db, hospitalId: HospitalId): Promise<boolean> =>
  inHospital(db, hospitalId, async (tx) => {
    const { rows } = await sql<{ there: boolean }>`select exists
      (select from benefits.programme where hospital_id = ${hospitalId}) as there`.execute(tx)
    return rows[0]?.there ?? false
  })
