import type { HospitalId, NewId } from '../../../kernel/id.ts'
import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Db } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import type { Seal } from '../../../platform/seal.ts'
import type { Hospitals } from '../hospitals.ts'
import type { Ask } from '../interface/ask.ts'
import type { Rollouts } from '../rollout/rollout.ts'
import type {
  Draft,
  DraftContent,
  OnboardingProducts,
  OnboardingStep,
  StepDetail,
  StepKind,
} from './draft.ts'

export type OnboardingDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  random: Random
  seal: Seal
  products: OnboardingProducts
  hospitals: Pick<Hospitals, 'get' | 'saveConnection'>
  rollouts: Pick<Rollouts, 'change'>
}

/** What the parts of an onboarding share: the draft, and what was tried of it. */
export type OnboardingBook = {
  draft: (hospitalId: HospitalId, version?: number) => Promise<Draft>
  steps: (hospitalId: HospitalId, version: number) => Promise<OnboardingStep[]>
  keep: (
    hospitalId: HospitalId,
    draft: Draft,
    step: { kind: StepKind; isGood: boolean; detail: StepDetail },
    actor: Actor,
  ) => Promise<OnboardingStep>
  askOf: (content: DraftContent, by?: Clock) => Ask
}
