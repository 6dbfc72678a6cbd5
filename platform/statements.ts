import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'

import { sqlStateOf } from './sql-state.ts'

// What a round trip costs is felt here more than anything the server does with a row found by its key.

/**
 * The pool as the query builder sees it. Two things differ from the plain one: `begin` and the settings that follow it
 * wait for the first statement and travel with it, and a statement with parameters is prepared once a connection and
 * run by its name after that. The pool's connections must be in pipeline mode: statements that are given at once are
 * sent at once, and the server works through them in their order.
 */
export function thriftyPool(pool: pg.Pool): PostgresPool {
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    async connect() {
      const client = await pool.connect()
      const known = clients.get(client) ?? thriftyClient(client)
      clients.set(client, known)
      return known
    },
    end: () => pool.end(),
  }
}

function thriftyClient(client: pg.PoolClient): PostgresPoolClient {
  let due: string[] = []
  let isOutdated = false
  const query = async (text: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
    if (text === BEGIN || (due.length > 0 && text.startsWith(SETTING))) {
      due.push(text)
      return NOTHING
    }
    if (due.length === 0) return send(client, text, values)
    const first = due.join('; ')
    due = []
    if (text === 'commit' || text === 'rollback') return NOTHING
    const [, result] = await Promise.all([client.query(first), send(client, text, values)])
    return result
  }
  return {
    query: ((text: string, values: readonly unknown[]) =>
      query(text, values).catch((error: unknown) => {
        isOutdated ||= isPlanOutdated(error)
        throw error
      })) as unknown as PostgresPoolClient['query'],
    release: () => client.release(isOutdated),
  }
}

/** A migration changed what a prepared statement reads. The connection is closed, and its next user prepares anew. */
export const isPlanOutdated = (error: unknown): boolean =>
  sqlStateOf(error) === '0A000' &&
  (error as { routine?: string }).routine === 'RevalidateCachedQuery'

const BEGIN = 'begin'
const SETTING = 'set local '
const NOTHING = { command: '', rowCount: 0, rows: [] } as unknown as pg.QueryResult

// Statements are made by code, so there are some hundreds of them; a list of values of any length makes more.
const MOST_NAMES = 2_000
const names = new Map<string, string>()

function send(client: pg.PoolClient, text: string, values: readonly unknown[]) {
  if (values.length === 0) return client.query(text)
  const known = names.get(text)
  if (known === undefined && names.size >= MOST_NAMES) return client.query(text, [...values])
  const name = known ?? `s${names.size}`
  names.set(text, name)
  return client.query({ name, text, values: [...values] })
}
