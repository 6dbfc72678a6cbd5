import type { HospitalId } from '../../kernel/id.ts'
import type { Actor } from '../../platform/principal.ts'
import type { NewTerms } from '../../platform/terms/two-person-terms.ts'
import { coverUncovered } from './batches.ts'
import { readCalendar, readContract } from './contract.ts'
import type { SettlementDependencies } from './dependencies.ts'
import type { TermsId, TermsKind } from './tables.ts'
import { settlementTerms } from './terms-store.ts'

/** Contracts and calendars: one person proposes, another agrees. */
export const createTerms = (deps: SettlementDependencies) => ({
  /** Errors: contract_wrong, calendar_wrong. */
  proposeTerms: async (
    hospitalId: HospitalId,
    terms: NewTerms<TermsKind>,
    actor: Actor,
  ): Promise<TermsId> => {
    if (terms.kind === 'contract') readContract(terms.content)
    else readCalendar(terms.name, terms.content)
    return settlementTerms.propose(deps, hospitalId, terms, actor)
  },
  /** Dates that no contract covered are taken in by the new one. Errors: terms_not_found, terms_decided, decided_by_same_person. */
  decideTerms: (
    key: { hospitalId: HospitalId; id: TermsId },
    decision: { agrees: boolean; reason: string },
    actor: Actor,
  ) =>
    settlementTerms.decide(deps, key, {
      ...decision,
      actor,
      onAgreed: async (tx, { kind, name }) => {
        if (kind === 'contract') await coverUncovered(deps, tx, key.hospitalId, name)
      },
    }),
  termsOf: (hospitalId: HospitalId, kind: TermsKind) =>
    settlementTerms.list(deps, hospitalId, kind),
})
