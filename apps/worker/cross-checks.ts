import type { HospitalId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Hub } from '../hub/create-hub.ts'

/** Compares whole files of hospitals, one after the other: each takes the memory of a process of its own. */
export function createCrossCheckTurns(
  { hospitals, reconciliation: { crossChecks } }: Checked,
  clock: Clock,
) {
  return { compare }

  /** Whatever is due; returns how many comparisons that were. */
  async function compare(): Promise<number> {
    let done = 0
    for (const { id } of await hospitals.list()) {
      const due = await crossChecks.nextDueAt(id)
      if (due && due <= clock.now()) done += await crossChecks.sweep(id)
    }
    return done
  }
}

type Checked = {
  hospitals: { list(): Promise<readonly { id: HospitalId }[]> }
  reconciliation: Pick<Hub['reconciliation'], 'crossChecks'>
}
