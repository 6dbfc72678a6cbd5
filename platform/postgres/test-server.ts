import { mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { addMs, HOUR_MS } from '../../kernel/time.ts'
import { systemClock } from '../system.ts'
import { isAlive } from './earlier-server.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'

export type TestPostgres = EmbeddedPostgres & {
  /** Stops the server and removes its data. */
  cleanup(): Promise<void>
}

/** A server for one test run: data in memory where there is room, nothing kept, nothing synced. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const parent = await roomyDirectory()
  await removeLeftovers(parent)
  const dataDir = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`))
  const server = await startEmbeddedPostgres({ dataDir, durable: false, settings: SETTINGS }).catch(
    async (error: unknown) => {
      await rm(dataDir, { recursive: true, force: true })
      throw error
    },
  )
  return {
    ...server,
    async cleanup() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const PREFIX = 'yiqiao-test-postgres-'

const SETTINGS = {
  autovacuum: 'off',
  max_connections: '200',
  shared_buffers: '128MB',
  // The log is not needed to come back after a crash, and must not fill the memory it lies in.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
}

const ROOM_NEEDED_BYTES = 512 * 1024 * 1024

/** Memory makes creating a database some ten times as fast as a disk. Containers may have little. */
export async function roomyDirectory(memory = '/dev/shm'): Promise<string> {
  const room = await statfs(memory).catch(() => undefined)
  return room && room.bavail * room.bsize >= ROOM_NEEDED_BYTES ? memory : tmpdir()
}

/** Data of runs that were killed. An hour's grace, as another container's pids mean nothing here. */
async function removeLeftovers(parent: string) {
  const hourAgo = addMs(systemClock.now(), -HOUR_MS)
  for (const name of await readdir(parent)) {
    const maker = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : NaN
    if (Number.isNaN(maker) || isAlive(maker)) continue
    const path = join(parent, name)
    const found = await stat(path).catch(() => undefined)
    const isOurs = found?.uid === process.getuid?.()
    if (found && isOurs && found.mtime < hourAgo) {
      // Another run may be removing the same at this moment.
      await rm(path, { recursive: true, force: true }).catch(() => {})
    }
  }
}
