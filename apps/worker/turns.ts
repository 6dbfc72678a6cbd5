import type { Patiently } from '../../kernel/at-once.ts'
import type { HospitalId } from '../../kernel/id.ts'

/**
 * Gives each hospital its turn, but for one that is still in hand from the last time; returns how much was done, without what
 * was left behind. Errors: throws the first failure, after all hospitals have had their turn.
 */
export function createTurns(patiently: Patiently) {
  const inHand = new Set<HospitalId>()
  return inTurn

  async function inTurn(
    hospitals: readonly { id: HospitalId }[],
    work: (id: HospitalId) => Promise<number>,
  ): Promise<number> {
    let total = 0
    const failures: unknown[] = []
    for (const { id } of hospitals) {
      if (inHand.has(id)) continue
      inHand.add(id)
      const turn = work(id)
        .then((done) => void (total += done))
        .finally(() => inHand.delete(id))
      await patiently(turn).catch((failure: unknown) => void failures.push(failure))
    }
    if (failures.length > 0) throw failures[0]
    return total
  }
}
