import type { HospitalId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db.ts'
import type { HospitalTables } from '../tables.ts'

/** By the hospital's code of a department: the code of its 诊疗科目, as two persons agreed when it last went live. */
export async function agreedDepartments(
  tx: Tx,
  hospitalId: HospitalId,
): Promise<Readonly<Record<string, string>>> {
  const row = await tx
    .withTables<HospitalTables>()
    .selectFrom('hospitals.onboarding_step as step')
    .innerJoin('hospitals.onboarding as draft', (join) =>
      join
        .onRef('draft.hospital_id', '=', 'step.hospital_id')
        .onRef('draft.version', '=', 'step.version'),
    )
    .select('draft.departments')
    .where('step.hospital_id', '=', hospitalId)
    .where('step.kind', '=', 'live')
    .orderBy('step.version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.departments ?? {}
}

/** What a hospital lists, with the subjects that were agreed in place of what its system says or leaves out. */
export const asAgreed = <Listed extends { code: string; subjectCode: string }>(
  listed: readonly Listed[],
  agreed: Readonly<Record<string, string>>,
): Listed[] =>
  listed.map((department) => ({
    ...department,
    subjectCode:
      (Object.hasOwn(agreed, department.code) && agreed[department.code]) || department.subjectCode,
  }))
