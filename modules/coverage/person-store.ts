import type { Selectable } from 'kysely'

import type { Id } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Consent, ConsentPurpose } from './consent.ts'
import type { Policy } from './insurer.ts'
import type { Product } from './product.ts'
import type { CoverageTables } from './tables.ts'

// The one place that reads or writes what a person has bound and allowed, and the directories beside it.

type PersonId = Id<'Person'>
type PolicyRow = Selectable<CoverageTables['coverage.policy']>
type ConsentRow = Selectable<CoverageTables['coverage.consent']>

/** A policy that its person has bound. */
export type BoundPolicy = Policy & {
  personId: PersonId
  insurerCode: string
  boundAt: Date
  /** When its insurer last described it so. */
  verifiedAt: Date
}

const tables = (db: Db | Tx) => db.withTables<CoverageTables>()

/** Binds, or binds again what was unbound. */
export async function upsertPolicy(db: Tx, bound: BoundPolicy): Promise<void> {
  const described = descriptionColumns(bound)
  await tables(db)
    .insertInto('coverage.policy')
    .values({
      person_id: bound.personId,
      insurer_code: bound.insurerCode,
      policy_no: bound.policyNo,
      bound_at: bound.boundAt,
      unbound_at: null,
      ...described,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['person_id', 'insurer_code', 'policy_no'])
        .doUpdateSet({ ...described, unbound_at: null }),
    )
    .execute()
}

/** What the insurer says of a bound policy now. */
export async function describePolicy(db: Db, bound: BoundPolicy): Promise<void> {
  await tables(db)
    .updateTable('coverage.policy')
    .set(descriptionColumns(bound))
    .where('person_id', '=', bound.personId)
    .where('insurer_code', '=', bound.insurerCode)
    .where('policy_no', '=', bound.policyNo)
    .where('verified_at', '<=', bound.verifiedAt)
    .execute()
}

/** False when the person has bound no such policy. */
export async function unbindPolicy(
  db: Tx,
  { personId, insurerCode, policyNo }: Pick<BoundPolicy, 'personId' | 'insurerCode' | 'policyNo'>,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tables(db)
    .updateTable('coverage.policy')
    .set({ unbound_at: now })
    .where('person_id', '=', personId)
    .where('insurer_code', '=', insurerCode)
    .where('policy_no', '=', policyNo)
    .where('unbound_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Those bound now, the first bound first. */
export async function policiesOf(db: Db, personId: PersonId): Promise<BoundPolicy[]> {
  const rows = await tables(db)
    .selectFrom('coverage.policy')
    .selectAll()
    .where('person_id', '=', personId)
    .where('unbound_at', 'is', null)
    .orderBy('bound_at')
    .orderBy('policy_no')
    .execute()
  return rows.map(toPolicy)
}

/** Replaces what the person allowed before for the same insurer and purpose. */
export async function giveConsent(tx: Tx, consent: Consent): Promise<void> {
  const { personId, insurerCode, purpose } = consent
  await tables(tx)
    .updateTable('coverage.consent')
    .set({ replaced_at: consent.givenAt })
    .where('person_id', '=', personId)
    .where('insurer_code', '=', insurerCode)
    .where('purpose', '=', purpose)
    .where('withdrawn_at', 'is', null)
    .where('replaced_at', 'is', null)
    .execute()
  await tables(tx)
    .insertInto('coverage.consent')
    .values({
      person_id: personId,
      id: consent.id,
      insurer_code: insurerCode,
      purpose,
      version: consent.version,
      scope: [...consent.scope],
      given_at: consent.givenAt,
      expires_at: consent.expiresAt,
      withdrawn_at: null,
      replaced_at: null,
    })
    .execute()
}

/** False when there is no such consent, or it is withdrawn already. */
export async function withdrawConsent(
  db: Tx,
  personId: PersonId,
  id: Id<'Consent'>,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tables(db)
    .updateTable('coverage.consent')
    .set({ withdrawn_at: now })
    .where('person_id', '=', personId)
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

const MOST_CONSENTS = 200

/** All that a person ever allowed, the latest first. */
export async function consentsOf(db: Db, personId: PersonId): Promise<Consent[]> {
  const rows = await tables(db)
    .selectFrom('coverage.consent')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('id', 'desc')
    .limit(MOST_CONSENTS)
    .execute()
  return rows.map(toConsent)
}

/** The one that was not withdrawn nor replaced; it may have expired. */
export async function standingConsent(
  db: Db,
  { personId, insurerCode, purpose }: Pick<Consent, 'personId' | 'insurerCode' | 'purpose'>,
): Promise<Consent | null> {
  const row = await tables(db)
    .selectFrom('coverage.consent')
    .selectAll()
    .where('person_id', '=', personId)
    .where('insurer_code', '=', insurerCode)
    .where('purpose', '=', purpose)
    .where('withdrawn_at', 'is', null)
    .where('replaced_at', 'is', null)
    .executeTakeFirst()
  return row ? toConsent(row) : null
}

export type ConsentText = Selectable<CoverageTables['coverage.consent_text']>

/** The text of a purpose that is in force; null when none is. */
export async function textInForce(
  db: Db,
  purpose: ConsentPurpose,
  now: Date,
): Promise<ConsentText | null> {
  const row = await tables(db)
    .selectFrom('coverage.consent_text')
    .selectAll()
    .where('purpose', '=', purpose)
    .where('from_at', '<=', now)
    .orderBy('from_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export async function allProducts(db: Db): Promise<Product[]> {
  const rows = await tables(db).selectFrom('coverage.product').selectAll().execute()
  return rows.map((row) => ({
    insurerCode: row.insurer_code,
    code: row.product_code,
    kind: row.kind,
    visitKinds: row.visit_kinds,
    diagnosisPrefixes: row.diagnosis_prefixes,
  }))
}

export async function putProduct(db: Db, product: Product, now: Date): Promise<void> {
  const described = {
    kind: product.kind,
    visit_kinds: [...product.visitKinds],
    diagnosis_prefixes: product.diagnosisPrefixes && [...product.diagnosisPrefixes],
    updated_at: now,
  }
  await tables(db)
    .insertInto('coverage.product')
    .values({ insurer_code: product.insurerCode, product_code: product.code, ...described })
    .onConflict((conflict) =>
      conflict.columns(['insurer_code', 'product_code']).doUpdateSet(described),
    )
    .execute()
}

const descriptionColumns = (bound: BoundPolicy) => ({
  product_code: bound.product.code,
  product_name: bound.product.name,
  state: bound.state,
  valid_from: bound.validFrom,
  valid_until: bound.validUntil,
  terms: JSON.stringify(bound.terms),
  verified_at: bound.verifiedAt,
})

const toPolicy = (row: PolicyRow): BoundPolicy => ({
  personId: row.person_id,
  insurerCode: row.insurer_code,
  policyNo: row.policy_no,
  product: { code: row.product_code, name: row.product_name },
  state: row.state,
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  terms: row.terms,
  boundAt: row.bound_at,
  verifiedAt: row.verified_at,
})

const toConsent = (row: ConsentRow): Consent => ({
  id: row.id,
  personId: row.person_id,
  insurerCode: row.insurer_code,
  purpose: row.purpose,
  version: row.version,
  scope: row.scope,
  givenAt: row.given_at,
  expiresAt: row.expires_at,
  withdrawnAt: row.withdrawn_at,
  replacedAt: row.replaced_at,
})
