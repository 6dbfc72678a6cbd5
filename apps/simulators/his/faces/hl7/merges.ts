import { assert } from '../../../../../kernel/assert.ts'
import type { His } from '../../context.ts'
import { findPatient, type PatientView } from '../../patients.ts'

// Two numbers that were one person: the product keeps both files and answers for either with the one that is left.

export const MERGE_TABLE = `create table if not exists hl7_merge (
  merged_no text primary key,
  patient_no text not null,
  merged_at text not null
) strict`

/** What the registry desk does. Asserts on numbers of no patient, and on a circle. */
export function mergePatients(his: His, { patientNo, mergedPatientNo }: Merge): void {
  const remaining = currentNo(his, patientNo)
  const isKnown = [patientNo, mergedPatientNo].every((no) => findPatient(his, { patientNo: no }))
  assert(isKnown, 'two patients of the hospital are merged')
  assert(remaining !== currentNo(his, mergedPatientNo), 'the two are not one already')
  const sql = 'insert into hl7_merge values (?, ?, ?)'
  his.store.run(sql, mergedPatientNo, remaining, his.clock.now().toISOString())
}

export type Merge = { patientNo: string; mergedPatientNo: string }

/** Under which number the file is kept now. */
export function currentNo({ store }: His, patientNo: string): string {
  let current = patientNo
  for (;;) {
    const sql = 'select patient_no from hl7_merge where merged_no = ?'
    const next = store.get<{ patient_no: string }>(sql, current)?.patient_no
    if (next === undefined) return current
    current = next
  }
}

/** By the number of a file, a card or an identity card; the file that is left of a merge. */
export function patientBy(his: His, number: string): PatientView | null {
  const found = findPatient(his, { patientNo: number, cardNo: number, idCardNo: number })
  if (!found) return null
  const current = currentNo(his, found.patientNo)
  return current === found.patientNo ? found : findPatient(his, { patientNo: current })
}
