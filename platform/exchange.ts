import { sql } from 'kysely'

import type { HospitalId, Id, NewId } from '../kernel/id.ts'
import type { Tx } from './db.ts'

/** One question and answer between us and an outside system, fit to be shown to hospital finance. */
export type Exchange = {
  system: string // 'wechat'
  operation: string // in the protocol's own words: 'POST /v3/pay/transactions/jsapi'
  direction: 'out' | 'in'
  /** Redacted by the adapter: no secret, no personal data. */
  request: string
  response: string
  outcome: string
  startedAt: Date
  durationMs: number
}

/** An adapter tells each exchange to whoever asked; it keeps nothing itself. */
export type Trace = (exchange: Exchange) => void

const MAX_TEXT = 20_000

export async function saveExchanges(
  tx: Tx,
  newId: NewId,
  hospitalId: HospitalId,
  subject: string,
  exchanges: readonly Exchange[],
): Promise<void> {
  const inserted = exchanges.map((e) =>
    sql`insert into platform.exchange
      (hospital_id, id, subject, system, operation, direction, request, response, outcome, started_at, duration_ms)
      values (${hospitalId}, ${newId()}, ${subject}, ${e.system}, ${e.operation}, ${e.direction},
        ${kept(e.request)}, ${kept(e.response)}, ${kept(e.outcome)},
        ${e.startedAt}, ${e.durationMs})`.execute(tx),
  )
  await Promise.all(inserted)
}

/** PostgreSQL's text has no NUL, and an answer may have one: it is shown by its picture, so that the rest is kept. */
const kept = (text: string): string => text.slice(0, MAX_TEXT).replaceAll('\0', '␀')

export type SavedExchange = Exchange & { id: Id<'Exchange'> }

const MAX_EXCHANGES = 500

/** What was said about one thing, in order; the first five hundred. */
export async function exchangesAbout(
  tx: Tx,
  hospitalId: HospitalId,
  subject: string,
): Promise<SavedExchange[]> {
  const { rows } = await sql<SavedExchange>`
    select id, system, operation, direction, request, response, outcome,
      started_at as "startedAt", duration_ms as "durationMs"
    from platform.exchange where hospital_id = ${hospitalId} and subject = ${subject}
    order by id limit ${MAX_EXCHANGES}`.execute(tx)
  return rows
}
