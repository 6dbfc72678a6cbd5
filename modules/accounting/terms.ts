import type { HospitalId } from '../../kernel/id.ts'
import type { Actor } from '../../platform/principal.ts'
import type { NewTerms } from '../../platform/terms/two-person-terms.ts'
import type { AccountingDependencies } from './dependencies.ts'
import { TEMPLATE_NAME } from './in-force.ts'
import { readLayout } from './layout.ts'
import type { TermsId, TermsKind } from './tables.ts'
import { readTemplate } from './template.ts'
import { accountingTerms } from './terms-store.ts'

/** Templates and layouts of a hospital's own: one person proposes, another agrees. */
export const createTerms = (deps: AccountingDependencies) => ({
  /** The name is a layout's: a hospital's template is one. Errors: template_wrong, layout_wrong. */
  proposeTerms: async (
    hospitalId: HospitalId,
    terms: NewTerms<TermsKind>,
    actor: Actor,
  ): Promise<TermsId> => {
    const isTemplate = terms.kind === 'template'
    const content = isTemplate ? readTemplate(terms.content) : readLayout(terms.content)
    const name = isTemplate ? TEMPLATE_NAME : terms.name
    return accountingTerms.propose(deps, hospitalId, { ...terms, name, content }, actor)
  },
  /** Errors: terms_not_found, terms_decided, decided_by_same_person. */
  decideTerms: (
    key: { hospitalId: HospitalId; id: TermsId },
    decision: { agrees: boolean; reason: string },
    actor: Actor,
  ) => accountingTerms.decide(deps, key, { ...decision, actor }),
  termsOf: (hospitalId: HospitalId, kind: TermsKind) =>
    accountingTerms.list(deps, hospitalId, kind),
})
