import { sql } from 'kysely'

import { afterCommit, type Db, type Tx } from './db.ts'

/**
 * Wakes a worker for something that is due, once the caller's transaction has committed. Only a speed-up: the row with
 * its due_at is the truth, and the worker's sweep finds it without a job.
 */
export type Wake = (tx: Tx, task: string, payload: Record<string, string | number>) => void

/**
 * One job for one thing: a second wake for the same payload replaces the first. Not in the caller's transaction, where
 * everything of one hospital would wait for the one row of that job. Wakes that come while one is on its way are one.
 */
export function wakeByQueue(db: Db): Wake {
  const onTheirWay = new Map<string, { again: boolean }>()
  return (tx, task, payload) => {
    const jobKey = `${task}:${Object.values(payload).join(':')}`
    afterCommit(tx, () => void wake(jobKey, task, JSON.stringify(payload)))
  }

  async function wake(jobKey: string, task: string, payload: string): Promise<void> {
    const running = onTheirWay.get(jobKey)
    if (running) {
      running.again = true
      return
    }
    const state = { again: true }
    onTheirWay.set(jobKey, state)
    while (state.again) {
      state.again = false
      await sql`select platform.enqueue(${task}, ${payload}::json, ${jobKey})`
        .execute(db)
        .catch(() => undefined) // the sweep finds it
    }
    onTheirWay.delete(jobKey)
  }
}

/** Where the sweep alone finds the work: simulation, which drives it step by step. */
export const wakeBySweep: Wake = () => undefined
