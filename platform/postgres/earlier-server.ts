import { readFile, readlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { EmbeddedPostgresError } from './error.ts'

/** Custom setting on the server's command line that says which process it belongs to. */
export const LAUNCHER_SETTING = 'yiqiao.launcher_pid'

/**
 * Clears the way for a new server on the cluster. postmaster.pid may name
 *
 * - nobody alive: PostgreSQL itself knows what to do;
 * - a stranger who was given the number since: the file is made to name nobody;
 * - our own server whose launcher died: it is ended;
 * - a server someone still uses: already_running.
 */
export async function endOrphanedServer(clusterDir: string): Promise<void> {
  const pidFile = join(clusterDir, 'postmaster.pid')
  const pid = Number((await readLines(pidFile))[0])
  if (!Number.isInteger(pid) || pid <= 0) return
  const server = await inspectServer(pid, clusterDir)
  if (!server) return isAlive(pid) ? nameNobody(pidFile) : undefined
  if (await isInUse(pid, server, clusterDir)) {
    throw alreadyRunning(clusterDir, pid, server.launcherPid)
  }
  await endServer(pid, clusterDir)
}

/** A server is in use while its launcher lives, or if none of ours started it. */
async function isInUse(pid: number, server: Server, clusterDir: string): Promise<boolean> {
  if (server.launcherPid === undefined || server.launcherPid === process.pid) return true
  // A process that was killed a moment ago may still be on its way out.
  for (let waitedMs = 0; waitedMs < 500; waitedMs += 20) {
    const now = await inspectServer(pid, clusterDir)
    if (now?.parentPid !== server.launcherPid) return false
    await delay(20)
  }
  return true
}

export const alreadyRunning = (clusterDir: string, pid: number, launcherPid?: number) =>
  new EmbeddedPostgresError(
    'already_running',
    `PostgreSQL ${pid} already runs on ${clusterDir}` +
      (launcherPid === undefined ? '' : `, started by process ${launcherPid}`) +
      '. Stop that one first, or use another data directory.',
  )

/** The state the server itself notes in postmaster.pid: "starting", "ready", "stopping", …. */
export async function statusInPidFile(clusterDir: string, pid: number): Promise<string> {
  const lines = await readLines(join(clusterDir, 'postmaster.pid'))
  return Number(lines[0]) === pid ? (lines[7] ?? '').trim() : ''
}

/** True for a process of any user, and for one that ended but was not yet waited for. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The server behind a pid, if it is one and works on this cluster. Numbers are used again. */
async function inspectServer(pid: number, clusterDir: string): Promise<Server | undefined> {
  try {
    const [cwd, cmdline, stat] = await Promise.all([
      readlink(`/proc/${pid}/cwd`),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ])
    const args = cmdline.split('\0')
    if (cwd !== clusterDir || basename(args[0] ?? '') !== 'postgres') return undefined
    const launcher = args.find((arg) => arg.startsWith(`${LAUNCHER_SETTING}=`))?.split('=')[1]
    // The name in brackets may hold anything, so fields are counted from behind it: state, parent.
    const parentPid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    return { parentPid, launcherPid: launcher === undefined ? undefined : Number(launcher) }
  } catch {
    return undefined // ended meanwhile, or a process of another user: not ours in both cases
  }
}

/**
 * Keeps the rest of the file: with it PostgreSQL still finds sessions of the dead server that hold
 * on to its shared memory. Removing the file would let two servers write to one cluster.
 */
async function nameNobody(pidFile: string) {
  const [, ...rest] = await readLines(pidFile)
  await writeFile(pidFile, [NEVER_A_PID, ...rest].join('\n'))
}

// Linux numbers processes up to 2^22 at most.
const NEVER_A_PID = 2 ** 31 - 1

async function endServer(pid: number, clusterDir: string) {
  // First politely; then without the last checkpoint, which the next start makes up for.
  for (const [signal, waitMs] of [['SIGINT', 60_000] as const, ['SIGQUIT', 10_000] as const]) {
    if (await inspectServer(pid, clusterDir)) process.kill(pid, signal)
    for (let waitedMs = 0; waitedMs < waitMs; waitedMs += 20) {
      if (!(await inspectServer(pid, clusterDir))) return
      await delay(20)
    }
  }
  throw alreadyRunning(clusterDir, pid)
}

const readLines = async (path: string) => (await readFile(path, 'utf8').catch(() => '')).split('\n')

type Server = { parentPid: number; launcherPid: number | undefined }
