import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { coverUncovered } from './batches.ts'
import { readCalendar, readContract } from './contract.ts'
import type { SettlementDependencies } from './dependencies.ts'
import { settlementErrors } from './errors.ts'
import type { TermsId, TermsKind } from './tables.ts'
import { decideTermsRow, insertTerms, listTerms, lockTerms } from './terms-store.ts'

export type NewTerms = { kind: TermsKind; name: string; validFrom: BusinessDate; content: unknown }

/** Contracts and calendars: one person proposes, another agrees. */
export const createTerms = (deps: SettlementDependencies) => ({
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

/** Errors: contract_wrong, calendar_wrong. */
async function propose(
  deps: SettlementDependencies,
  hospitalId: HospitalId,
  { kind, name, validFrom, content }: NewTerms,
  actor: Actor,
): Promise<TermsId> {
  if (kind === 'contract') readContract(content)
  else readCalendar(name, content)
  return inHospital(deps.db, hospitalId, async (tx) => {
    const id = deps.newId<'SettlementTerms'>()
    await insertTerms(tx, {
      hospital_id: hospitalId,
      id,
      kind,
      name,
      valid_from: validFrom,
      content: content as object,
      proposed_by: actor.name,
      proposed_at: deps.clock.now(),
    })
    const subject = `settlement:${kind}:${name}`
    await deps.audit(tx, hospitalId, actor, {
      action: 'settlement.propose_terms',
      subject,
      detail: { id },
    })
    return id
  })
}

/** Dates that no contract covered are taken in by the new one. Errors: terms_not_found, terms_decided, decided_by_same_person. */
async function decide(
  deps: SettlementDependencies,
  key: { hospitalId: HospitalId; id: TermsId },
  { agrees, reason }: { agrees: boolean; reason: string },
  actor: Actor,
): Promise<void> {
  const { hospitalId, id } = key
  await inHospital(deps.db, hospitalId, async (tx) => {
    const row = await lockTerms(tx, key)
    if (!row) throw settlementErrors.terms_not_found({ id })
    if (row.status !== 'proposed') throw settlementErrors.terms_decided({ id })
    if (row.proposed_by === actor.name) throw settlementErrors.decided_by_same_person()
    const decided_at = deps.clock.now()
    const status = agrees ? ('agreed' as const) : ('refused' as const)
    await decideTermsRow(tx, key, { status, decided_by: actor.name, decided_at, reason })
    await deps.audit(tx, hospitalId, actor, {
      action: agrees ? 'settlement.agree_terms' : 'settlement.refuse_terms',
      subject: `settlement:${row.kind}:${row.name}`,
      detail: { id, reason },
    })
    if (agrees && row.kind === 'contract') await coverUncovered(deps, tx, hospitalId, row.name)
  })
}
