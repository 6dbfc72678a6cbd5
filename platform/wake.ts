import { sql } from 'kysely'
import pg from 'pg'

import { assert } from '../kernel/assert.ts'
import type { HospitalId } from '../kernel/id.ts'
import { afterCommit, type Db, type Tx } from './db.ts'

/**
 * Wakes the workers for something that is due at a hospital, once the caller's transaction has committed. Only a
 * speed-up: the row with its due_at is the truth, and a worker's sweep finds it unwoken.
 */
export type Wake = (tx: Tx, hospitalId: HospitalId) => void

const CHANNEL = 'yiqiao_wake'

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
    const made = new pg.Client({ connectionString: url, application_name: 'yiqiao-wake' })
    made.on('notification', ({ payload }) => onWake(hospitalOf(payload)))
    made.on('error', () => void made.end().catch(() => undefined))
    made.on('end', reconnect)
    client = made
    await made.connect()
    await made.query(`listen ${CHANNEL}`)
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

function hospitalOf(payload: string | undefined): HospitalId {
  const number = Number(payload)
  assert(Number.isSafeInteger(number) && number > 0, `a wake names a hospital, not "${payload}"`)
  return number as HospitalId
}
