import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { AccountingDependencies } from './dependencies.ts'
import { accountingErrors } from './errors.ts'
import { TEMPLATE_NAME } from './in-force.ts'
import { readLayout } from './layout.ts'
import type { TermsId, TermsKind } from './tables.ts'
import { readTemplate } from './template.ts'
import { decideTermsRow, insertTerms, listTerms, lockTerms } from './terms-store.ts'

export type NewTerms = {
  kind: TermsKind
  /** Of a layout; a hospital's template is one. */
  name: string
  validFrom: BusinessDate
  content: unknown
}

/** Templates and layouts of a hospital's own: one person proposes, another agrees. */
export const createTerms = (deps: AccountingDependencies) => ({
  proposeTerms: (hospitalId: HospitalId, terms: NewTerms, actor: Actor) =>
    propose(deps, hospitalId, terms, actor),
  decideTerms: (
    key: { hospitalId: HospitalId; id: TermsId },
    decision: { agrees: boolean; reason: string },
    actor: Actor,
  ) => decide(deps, key, decision, actor),
  termsOf: (hospitalId: HospitalId, kind: TermsKind) =>
    inHospital(deps.db, hospitalId, (tx) => listTerms(tx, hospitalId, kind)),
})

/** Errors: template_wrong, layout_wrong. */
async function propose(
  { db, clock, newId, audit }: AccountingDependencies,
  hospitalId: HospitalId,
  { kind, name, validFrom, content }: NewTerms,
  actor: Actor,
): Promise<TermsId> {
  const known: object = kind === 'template' ? readTemplate(content) : readLayout(content)
  return inHospital(db, hospitalId, async (tx) => {
    const id = newId<'AccountingTerms'>()
    const named = kind === 'template' ? TEMPLATE_NAME : name
    await insertTerms(tx, {
      hospital_id: hospitalId,
      id,
      kind,
      name: named,
      valid_from: validFrom,
      content: known,
      proposed_by: actor.name,
      proposed_at: clock.now(),
    })
    await audit(tx, hospitalId, actor, {
      action: 'accounting.propose_terms',
      subject: `accounting:${kind}:${named}`,
      detail: { id },
    })
    return id
  })
}

/** Errors: terms_not_found, terms_decided, decided_by_same_person. */
async function decide(
  { db, clock, audit }: AccountingDependencies,
  key: { hospitalId: HospitalId; id: TermsId },
  { agrees, reason }: { agrees: boolean; reason: string },
  actor: Actor,
): Promise<void> {
  const { hospitalId, id } = key
  await inHospital(db, hospitalId, async (tx) => {
    const row = await lockTerms(tx, key)
    if (!row) throw accountingErrors.terms_not_found({ id })
    if (row.status !== 'proposed') throw accountingErrors.terms_decided({ id })
    if (row.proposed_by === actor.name) throw accountingErrors.decided_by_same_person()
    const status = agrees ? ('agreed' as const) : ('refused' as const)
    const decided_at = clock.now()
    await decideTermsRow(tx, key, { status, decided_by: actor.name, decided_at, reason })
    await audit(tx, hospitalId, actor, {
      action: agrees ? 'accounting.agree_terms' : 'accounting.refuse_terms',
      subject: `accounting:${row.kind}:${row.name}`,
      detail: { id, reason },
    })
  })
}
