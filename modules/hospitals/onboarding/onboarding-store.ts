import type { Selectable } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db.ts'
import type { Seal, SealPlace } from '../../../platform/seal.ts'
import type { HospitalTables } from '../tables.ts'
import type { Draft, OnboardingStep } from './draft.ts'

const MOST_STEPS = 200

export async function newestDraft(
  tx: Tx,
  seal: Seal,
  hospitalId: HospitalId,
): Promise<Draft | null> {
  const row = await tx
    .withTables<HospitalTables>()
    .selectFrom('hospitals.onboarding')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? toDraft(seal, row) : null
}

/** False when the version is there already. */
export async function addDraft(
  tx: Tx,
  seal: Seal,
  hospitalId: HospitalId,
  draft: Draft,
): Promise<boolean> {
  const { version, productName, product, params, departments, codes, actor, at } = draft
  const inserted = await tx
    .withTables<HospitalTables>()
    .insertInto('hospitals.onboarding')
    .values({
      hospital_id: hospitalId,
      version,
      product_name: productName,
      product,
      params_sealed: seal.seal(draftPlace(hospitalId, version), JSON.stringify(params)),
      departments: JSON.stringify(departments),
      codes: JSON.stringify(codes),
      actor,
      at,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'version']).doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/** Of one version, in their order; the first two hundred. */
export async function stepsOf(
  tx: Tx,
  hospitalId: HospitalId,
  version: number,
): Promise<OnboardingStep[]> {
  const rows = await tx
    .withTables<HospitalTables>()
    .selectFrom('hospitals.onboarding_step')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('version', '=', version)
    .orderBy('no')
    .limit(MOST_STEPS)
    .execute()
  return rows.map(toStep)
}

/** False when the number is taken, or when there would be more than two hundred of one version. */
export async function addStep(
  tx: Tx,
  hospitalId: HospitalId,
  step: OnboardingStep,
): Promise<boolean> {
  if (step.no > MOST_STEPS) return false
  const { version, no, kind, isGood, detail, actor, at } = step
  const inserted = await tx
    .withTables<HospitalTables>()
    .insertInto('hospitals.onboarding_step')
    .values({
      hospital_id: hospitalId,
      version,
      no,
      kind,
      is_good: isGood,
      detail: JSON.stringify(detail),
      actor,
      at,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'version', 'no']).doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

// A key for each hospital: the parameters of one, put into the row of another, do not open there.
export const draftPlace = (hospitalId: HospitalId, version: number): SealPlace => ({
  purpose: `hospitals.onboarding.${hospitalId}`,
  owner: hospitalId,
  row: String(version),
})

const toDraft = (seal: Seal, row: Selectable<HospitalTables['hospitals.onboarding']>): Draft => ({
  version: row.version,
  productName: row.product_name,
  product: row.product,
  params: JSON.parse(
    seal.open(draftPlace(row.hospital_id, row.version), row.params_sealed),
  ) as Draft['params'],
  departments: row.departments,
  codes: row.codes,
  actor: row.actor,
  at: row.at,
})

const toStep = (row: Selectable<HospitalTables['hospitals.onboarding_step']>): OnboardingStep => ({
  version: row.version,
  no: row.no,
  kind: row.kind,
  isGood: row.is_good,
  detail: row.detail,
  actor: row.actor,
  at: row.at,
})
