import { sql } from 'kysely'
import pg from 'pg'

import type { HospitalId } from '../kernel/id.ts'
import { afterCommit, type Db, type Tx } from './db.ts'

/**
 * Wakes the workers for something that is due at a hospital, once the caller's transaction has committed. Only a
 * speed-up: the row with its due_at is the truth, and a worker's sweep finds it unwoken.
 */
export type Wake = (tx: Tx, hospitalId: HospitalId) => void

const CHANNEL = 'yiqiao_wake'
const NAME = 'yiqiao-wake'

/**
 * By a notification of PostgreSQL. Not in the caller's transaction, since commits that notify take turns; and a
 * notification alone writes nothing that is waited for. Wakes that come while one is on its way are one.
 */
export function wakeByNotification(db: Db): Wake {
  const onTheirWay = new Map<HospitalId, { again: boolean }>()
  return (tx, hospitalId) => afterCommit(tx, () => void wake(hospitalId))

  async function wake(hospitalId: HospitalId): Promise<void> {
    const running = onTheirWay.get(hospitalId)
    if (running) {
      running.again = true
      return
    }
    const state = { again: true }
    onTheirWay.set(hospitalId, state)
    while (state.again) {
      state.again = false
      await sql`select pg_notify(${CHANNEL}, ${String(hospitalId)})`
        .execute(db)
        .catch(() => undefined) // the sweep finds it
    }
    onTheirWay.delete(hospitalId)
  }
}

/** Where the sweep alone finds the work: simulation, which drives it step by step. */
export const wakeBySweep: Wake = () => undefined

const RECONNECT_MS = 1_000

/**
 * Hears the wakes of all processes on this database, on a connection of its own, which must be a session: no pooler by
 * transaction. One that breaks is made anew; what was said meanwhile is not heard, and found by the sweep.
 */
export async function listenForWakes(
  url: string,
  onWake: (hospitalId: HospitalId) => void,
): Promise<{ stop: () => Promise<void> }> {
  let client: pg.Client | null = null
  let again: NodeJS.Timeout | null = null
  let stopped = false
  await connect()
  return { stop }

  async function connect(): Promise<void> {
    const made = new pg.Client({ connectionString: url, application_name: NAME, keepAlive: true })
    client = made
    made.on('notification', ({ payload }) => wakeNamed(payload))
    made.on('error', () => void made.end().catch(() => undefined))
    made.on('end', () => {
      if (client === made) reconnect()
    })
    try {
      await made.connect()
      await made.query(`listen ${CHANNEL}`)
    } catch (error) {
      // One that cannot listen, as at a standby, is not kept beside the next.
      client = null
      await made.end().catch(() => undefined)
      throw error
    }
  }

  // Anybody of the database may notify: what names no hospital is nobody's, and the sweep is the truth.
  function wakeNamed(payload: string | undefined): void {
    const number = Number(payload)
    if (Number.isSafeInteger(number) && number > 0) onWake(number as HospitalId)
  }

  function reconnect(): void {
    if (stopped || again) return
    again = setTimeout(() => {
      again = null
      connect().catch(reconnect)
    }, RECONNECT_MS)
  }

  async function stop(): Promise<void> {
    stopped = true
    if (again) clearTimeout(again)
    await client?.end()
  }
}
