import { sql } from 'kysely'

import type { Tx } from './db.ts'

/**
 * Wakes a worker for something that is due. In the caller's transaction, so that no job is ever
 * about a row that was rolled back. Only a speed-up: the row with its due_at is the truth, and the
 * worker's sweep finds it without a job.
 */
export type Wake = (tx: Tx, task: string, payload: Record<string, string | number>) => Promise<void>

/** One job for one thing: a second wake for the same payload replaces the first. */
export const wakeByQueue: Wake = async (tx, task, payload) => {
  const jobKey = `${task}:${Object.values(payload).join(':')}`
  await sql`select platform.enqueue(${task}, ${JSON.stringify(payload)}::json, ${jobKey})`.execute(
    tx,
  )
}

/** Where the sweep alone finds the work: simulation, which drives it step by step. */
export const wakeBySweep: Wake = async () => undefined
