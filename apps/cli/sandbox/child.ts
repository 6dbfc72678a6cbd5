import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
// A start takes seconds of processor time, and a busy machine gives them late: what ends is told at once anyway.
const READY_TIMEOUT_MS = 180_000
const STOP_TIMEOUT_MS = 20_000
const TAIL_LINES = 20

export type ChildOptions = {
  name: string
  script: string // from the repository's root: 'apps/api/main.ts'
  args?: string[]
  env?: Record<string, string>
  logFile: string
}

export type Child = {
  name: string
  pid: number
  /** What it said when it was ready. */
  message: Record<string, unknown>
  /** Settles when the process has ended, with its exit code or the signal's name. */
  ended: Promise<number | string>
  /** Ends it and waits: asks first, and kills after twenty seconds. */
  stop(): Promise<void>
  kill(): Promise<void>
}

/** Starts one of our processes and waits until it says that it is ready. Errors: throws with the end of its log. */
export async function startChild({
  name,
  script,
  args,
  env,
  logFile,
}: ChildOptions): Promise<Child> {
  mkdirSync(dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'a')
  const child = fork(join(ROOT, script), args ?? [], {
    cwd: ROOT,
    execArgv: ['--import', 'tsx', '--enable-source-maps'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      TZ: 'Asia/Shanghai',
      ...env,
    },
    stdio: ['ignore', log, log, 'ipc'],
    // Ctrl-C reaches the whole group of a terminal; whoever started us stops us in order.
    detached: true,
  })
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1)),
  )
  const message = await readyMessage(child, ended).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw new Error(`${name} did not start: ${String(error)}\n${tailOf(logFile)}`)
  })
  return {
    name,
    pid: child.pid ?? 0,
    message,
    ended,
    stop: () => endBy(child, 'SIGTERM', ended),
    kill: () => endBy(child, 'SIGKILL', ended),
  }
}

function readyMessage(child: ChildProcess, ended: Promise<number | string>) {
  return new Promise<Record<string, unknown>>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('not ready in three minutes')),
      READY_TIMEOUT_MS,
    )
    child.once('message', (message) => {
      clearTimeout(timer)
      resolve(message as Record<string, unknown>)
    })
    child.once('error', reject)
    void ended.then((code) => {
      clearTimeout(timer)
      reject(new Error(`ended with ${code}`))
    })
  })
}

async function endBy(child: ChildProcess, signal: NodeJS.Signals, ended: Promise<number | string>) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await ended
  clearTimeout(timer)
}

const tailOf = (file: string) =>
  readFileSync(file, 'utf8').split('\n').slice(-TAIL_LINES).join('\n')
