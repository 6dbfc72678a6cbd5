import type { Db } from '../../../platform/db.ts'

/** Thrown where a process has died. */
export class Crash extends Error {}

export type Death = { at: number; when: 'before' | 'after' }

/**
 * The database of a process that dies: before it begins its transaction number `at` (from one), or after it
 * has committed that one. From then on it reaches nothing any more. `transactions` says how many were begun,
 * so that a run without a death tells how many there are to die at.
 */
export function dyingDb(db: Db, death: Death | null) {
  let begun = 0
  let dead = false
  const die = (when: Death['when']) => {
    if (death?.at !== begun || death.when !== when) return
    dead = true
    throw new Crash(`died ${when} transaction ${begun}`)
  }
  const transaction = () => ({
    async execute<T>(work: (tx: never) => Promise<T>): Promise<T> {
      if (dead) throw new Crash('the process is dead')
      begun++
      die('before')
      const result = await db.transaction().execute(work as never)
      die('after')
      return result as T
    },
  })
  const mortal = new Proxy(db, {
    get: (target, name) =>
      name === 'transaction' ? transaction : (Reflect.get(target, name, target) as unknown),
  })
  return { db: mortal, transactions: () => begun, isDead: () => dead }
}
