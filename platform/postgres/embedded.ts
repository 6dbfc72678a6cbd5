import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import { assert } from '../../kernel/assert.ts'
import { type Cluster, openCluster } from './cluster.ts'
import { endOrphanedServer } from './earlier-server.ts'
import { EmbeddedPostgresError, isProblem } from './error.ts'
import type { RunAs } from './run-as.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

/** A running server. `pid` is the postmaster's; `url()` carries the password, so never log it. */
export type EmbeddedPostgres = {
  url(database?: string): string
  port: number
  pid: number
  /** Ends all sessions, writes a checkpoint and waits for the end. May be called again. */
  stop(): Promise<void>
}

export type StartOptions = {
  /** Made when missing. Holds the cluster in pg/ and the superuser's password in password. */
  dataDir: string
  /** Left out: any free port, which may be another one at the next start. */
  port?: number
  /** Only for a cluster made with it. Left out: one is generated and kept in dataDir. */
  password?: string
  settings?: Record<string, string>
  /** False trades safety after a crash for speed: for data that may be lost, as in tests. */
  durable?: boolean
  onLog?: (line: string) => void
  /** Whom the server runs as. Left out: what this machine allows. */
  runAs?: RunAs
  /** How long starting may take, with recovery after a crash: two minutes, if left out. */
  startTimeoutMs?: number
}

/**
 * Starts a real PostgreSQL of our own on 127.0.0.1, as superuser "postgres", without unix sockets.
 *
 * The server ends with the process that started it, even if that one is killed: start it from the
 * main thread, as Linux ties it to the thread. A data directory has one server at a time; what a
 * killed launcher left running is ended first, anyone else's server is refused.
 * Errors: EmbeddedPostgresError.
 */
export async function startEmbeddedPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  assertLinux()
  const settings = settingsOf(options)
  const cluster = await openCluster(options)
  await endOrphanedServer(cluster.dir)
  const { port, server } = await startOnPort(cluster, settings, options)
  let stopped: Promise<void> | undefined
  return {
    port,
    pid: server.pid,
    url: (database = 'postgres') =>
      `postgres://postgres:${encodeURIComponent(cluster.password)}@127.0.0.1:${port}/` +
      encodeURIComponent(database),
    stop: () => (stopped ??= server.stop()),
  }
}

/** A free port may be taken by someone else before the server has it, so a chosen one is retried. */
async function startOnPort(cluster: Cluster, settings: Record<string, string>, o: StartOptions) {
  for (let attempt = 1; ; attempt++) {
    const port = o.port ?? (await findFreePort())
    try {
      return {
        port,
        server: await startAfterBackends(cluster, { ...settings, port: `${port}` }, o),
      }
    } catch (error) {
      if (o.port !== undefined || attempt === 5 || !isProblem(error, 'port_in_use')) throw error
    }
  }
}

/** Sessions of a killed server notice its end by themselves: worth a short wait. */
async function startAfterBackends(
  cluster: Cluster,
  settings: Record<string, string>,
  { onLog = () => {}, startTimeoutMs = 120_000 }: StartOptions,
): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startServerProcess({ cluster, settings, onLog, startTimeoutMs })
    } catch (error) {
      if (attempt === 50 || !isProblem(error, 'backends_left')) throw error
      await delay(200)
    }
  }
}

const DEFAULTS = { max_connections: '100', shared_buffers: '256MB', timezone: 'UTC' }

const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

// What makes the server ours alone: nobody but this machine reaches it, and no two can collide.
const FIXED = { listen_addresses: '127.0.0.1', unix_socket_directories: '' }

function settingsOf({ settings = {}, durable = true }: StartOptions): Record<string, string> {
  for (const name of Object.keys(settings)) {
    if (!/^[a-z][a-z0-9_.]*$/.test(name) || name in FIXED || name === 'port') {
      throw new EmbeddedPostgresError(
        'setting_refused',
        `The setting "${name}" cannot be set here.`,
      )
    }
  }
  return { ...DEFAULTS, ...(durable ? {} : NOT_DURABLE), ...settings, ...FIXED }
}

function assertLinux() {
  if (process.platform === 'linux') return
  throw new EmbeddedPostgresError(
    'platform_unsupported',
    `The embedded PostgreSQL runs on Linux, not on ${process.platform}. ` +
      'Set DATABASE_URL to a PostgreSQL 15 or later instead.',
  )
}

async function findFreePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', resolve)
  })
  const address = probe.address()
  assert(address !== null && typeof address === 'object', 'a listening socket has an address')
  await new Promise((resolve) => probe.close(resolve))
  return address.port
}
