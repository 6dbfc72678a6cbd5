import type { HospitalId } from '../../kernel/id.ts'
import { countersign, type NewCountersignature } from './countersign.ts'
import type { SealingDependencies } from './dependencies.ts'
import { buildProof, type ProofFile } from './proof-file.ts'
import { createProofs } from './proofs.ts'
import { createSealer } from './seal.ts'
import { headsOf, standingOf } from './standing.ts'
import type { LogOf } from './store.ts'

export type Sealing = ReturnType<typeof createSealing>

/** Seals logs, proves what is in them, and finds what was changed. What each may answer besides is in errors.ts. */
export function createSealing(deps: SealingDependencies) {
  const proofs = createProofs(deps)
  const { sealNext } = createSealer(deps)
  return {
    ...proofs,
    sealNext,
    standing: (hospitalId: HospitalId) => standingOf(deps, hospitalId),
    heads: (of: LogOf, page: { upTo: number; limit: number }) => headsOf(deps, of, page),
    countersign: (of: LogOf, size: number, signed: NewCountersignature) =>
      countersign(deps, of, size, signed),
    proofOf: (of: LogOf, itemIds: readonly string[]): Promise<ProofFile> =>
      buildProof(deps, of, itemIds),
  }
}
