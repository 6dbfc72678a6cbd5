import type { HospitalId } from '../../kernel/id.ts'
import { businessDateOf } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { budgetsOf, runningProgrammes } from './programme-store.ts'
import { isRunning, type PersonId } from './programme.ts'
import type { ProgrammeWithBudget } from './programmes.ts'
import { judge, type Verdict } from './rule.ts'

/** A programme as a person sees it; `verdict` is null where it has no rule of its own. */
export type Offered = ProgrammeWithBudget & { verdict: Verdict | null }

/**
 * What runs at a hospital today, and whether a person meets each rule. Without a bill no diagnosis is known, so a rule about
 * one is neither met nor refused.
 */
export const createOffered =
  ({ db, clock, factsOf }: BenefitsDependencies) =>
  async (hospitalId: HospitalId, personId: PersonId): Promise<Offered[]> => {
    const facts = { ...(await factsOf(hospitalId, personId)), diagnoses: [] }
    const today = businessDateOf(clock.now())
    return inHospital(db, hospitalId, async (tx) => {
      const programmes = await runningProgrammes(tx, hospitalId, today)
      const ids = programmes.map(({ id }) => id)
      const budgets = await budgetsOf(tx, hospitalId, ids)
      return programmes
        .filter((programme) => isRunning(programme, today))
        .map((programme) => ({
          programme,
          budget: budgets.get(programme.id) ?? null,
          verdict: 'rule' in programme.terms ? judge(programme.terms.rule, facts) : null,
        }))
    })
  }
