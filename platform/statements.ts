import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'

import { sqlStateOf } from './sql-state.ts'

// What a round trip costs is felt here more than anything the server does with a row found by its key.

/**
 * The pool as the query builder sees it. Two things differ from the plain one: a `begin` waits for the first statement
 * and travels with it, and a statement with parameters is prepared once a connection and run by its name after that.
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

type Query = (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>

function thriftyClient(client: pg.PoolClient): PostgresPoolClient {
  let isBeginDue = false
  let isOutdated = false
  const query: Query = async (text, values) => {
    if (text === BEGIN) {
      isBeginDue = true
      return NOTHING
    }
    if (!isBeginDue) return send(client, text, values)
    isBeginDue = false
    if (text === 'commit' || text === 'rollback') return NOTHING
    if (values.length === 0) return lastOf(await client.query(`${BEGIN}; ${text}`))
    await client.query(BEGIN)
    return send(client, text, values)
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

/** The driver gives a list for several statements, whatever its types say. */
const lastOf = (results: pg.QueryResult | pg.QueryResult[]): pg.QueryResult =>
  Array.isArray(results) ? (results.at(-1) ?? NOTHING) : results
