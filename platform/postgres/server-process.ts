import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

import { assert } from '../../kernel/assert.ts'
import { CLEAN_ENV, type Cluster } from './cluster.ts'
import { alreadyRunning, LAUNCHER_SETTING, statusInPidFile } from './earlier-server.ts'
import { EmbeddedPostgresError } from './error.ts'
import { programPath } from './programs.ts'
import { commandPrefix } from './run-as.ts'

export type ServerProcess = { pid: number; stop(): Promise<void> }

/** Starts the server and waits until it takes connections. If it cannot, nothing is left running. */
export async function startServerProcess({
  cluster,
  settings,
  onLog,
  startTimeoutMs,
}: ServerOptions): Promise<ServerProcess> {
  const [command = '', ...args] = commandLine(cluster, settings)
  const child = spawn(command, args, {
    env: CLEAN_ENV,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C in a terminal goes to its whole process group. We close first, then the database.
    detached: true,
  })
  const watched = watch(child, onLog)
  try {
    await waitUntilReady(watched, cluster, startTimeoutMs)
  } catch (error) {
    await stop(watched)
    throw error
  }
  assert(child.pid !== undefined, 'a server that is ready has a pid')
  return { pid: child.pid, stop: () => stop(watched) }
}

function commandLine({ dir, programs, runAs }: Cluster, settings: Record<string, string>) {
  const all = { ...settings, [LAUNCHER_SETTING]: `${process.pid}` }
  return [
    ...commandPrefix(runAs),
    // The kernel tells the server when we die, however suddenly.
    'setpriv',
    '--pdeathsig=INT',
    programPath(programs, 'postgres'),
    '-D',
    dir,
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

function watch(child: Child, onLog: (line: string) => void): Watched {
  const lastLines: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line)
    if (lastLines.length > 60) lastLines.shift()
    onLog(line)
  })
  const watched: Watched = { child, lastLines, ended: undefined, stopping: false, end: ended() }
  return watched

  // 'close' comes after the last line was read; 'error' if the program could not be started.
  async function ended() {
    const how = await new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
    })
    watched.ended = how
    if (!watched.stopping) onLog(`PostgreSQL ended by itself: ${how}`)
  }
}

async function waitUntilReady(watched: Watched, cluster: Cluster, timeoutMs: number) {
  const { child } = watched
  const deadline = performance.now() + timeoutMs
  while (watched.ended === undefined) {
    const status = child.pid === undefined ? '' : await statusInPidFile(cluster.dir, child.pid)
    if (status === 'ready') return
    if (performance.now() > deadline) {
      const said = watched.lastLines.join('\n')
      throw new EmbeddedPostgresError('start_timeout', `Not ready after ${timeoutMs} ms:\n${said}`)
    }
    await Promise.race([delay(5), watched.end])
  }
  throw whyItEnded(watched, cluster)
}

function whyItEnded({ lastLines, ended }: Watched, { dir }: Cluster) {
  const log = lastLines.join('\n')
  const otherPid = /Is another postmaster \(PID (\d+)\) running/.exec(log)?.[1]
  if (otherPid !== undefined) return alreadyRunning(dir, Number(otherPid))
  if (/could not bind .*Address already in use/.test(log)) {
    return new EmbeddedPostgresError('port_in_use', `The port is in use:\n${log}`)
  }
  if (/pre-existing shared memory block/.test(log)) {
    return new EmbeddedPostgresError('backends_left', `Sessions of a killed server live:\n${log}`)
  }
  return new EmbeddedPostgresError('start_failed', `PostgreSQL ended (${ended}):\n${log}`)
}

/** Asks to end at once; after half a minute ends without the checkpoint, which loses nothing. */
async function stop(watched: Watched) {
  watched.stopping = true
  for (const [signal, waitMs] of [['SIGINT', 30_000] as const, ['SIGQUIT', 10_000] as const]) {
    if (watched.ended !== undefined) return
    watched.child.kill(signal)
    const patience = new AbortController()
    const tired = delay(waitMs, undefined, { signal: patience.signal }).catch(() => {})
    await Promise.race([watched.end, tired])
    patience.abort()
  }
  assert(watched.ended !== undefined, `PostgreSQL ${watched.child.pid} does not end`)
}

type ServerOptions = {
  cluster: Cluster
  settings: Record<string, string>
  onLog: (line: string) => void
  startTimeoutMs: number
}
type Child = ChildProcessByStdio<null, null, Readable>
type Watched = {
  child: Child
  lastLines: string[]
  ended: string | undefined // how, once it did
  stopping: boolean
  end: Promise<void>
}
