import { randomUUID } from 'node:crypto'

import { inject } from 'vitest'

import { type Db, openDb } from '../db.ts'
import { administer } from './admin.ts'

export type TestDatabase = Db & { url: string } & AsyncDisposable

/**
 * A database of its own for one test file: real PostgreSQL, fully migrated, empty, and entered in the
 * application's role, so that row-level security and privileges hold in tests as they do outside.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(server, `create database ${name} template yiqiao_template strategy file_copy`)
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href
  const db = openDb({ url, role: 'yiqiao_app' })
  return Object.assign(db, {
    url,
    async [Symbol.asyncDispose]() {
      await db.destroy()
      await dropDatabase(server, name)
    },
  })
}

/**
 * The server waits some seconds for connections that are just being closed. To cut one of those off would be an error
 * that nobody hears any more: by force only goes what is still there then.
 */
async function dropDatabase(server: string, name: string): Promise<void> {
  try {
    await administer(server, `drop database ${name}`)
  } catch {
    await administer(server, `drop database ${name} with (force)`)
  }
}
