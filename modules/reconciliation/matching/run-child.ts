import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import type { Answer, Job } from './child.ts'
import { matchingErrors } from './errors.ts'

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export type ChildFigures = { processorMs: number; peakMemoryMb: number }

/** The rows that did not agree are looked at in JavaScript; all others never leave the engine. */
const HEAP_MB = 1_024

/**
 * Has a child process compare, and returns how much of the processor and, at most, of memory it took.
 *
 * Errors: throws what the comparison throws, and matching_stopped when the process ended without an answer, as it does
 * when the machine runs out of memory. Nothing is lost by it: the same run may be asked for again.
 */
export async function runChild(
  job: Job,
  { timeoutMs, onStart }: { timeoutMs: number; onStart?: (pid: number) => void },
): Promise<ChildFigures> {
  const child = fork(CHILD, [], {
    cwd: ROOT,
    execArgv: ['--import', 'tsx', `--max-old-space-size=${HEAP_MB}`],
    env: { TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    signal: AbortSignal.timeout(timeoutMs),
    killSignal: 'SIGKILL',
  })
  if (child.pid !== undefined) onStart?.(child.pid)
  const answer = await answerOf(child, job)
  switch (answer.outcome) {
    case 'done':
      return answer
    case 'refused':
      throw errorOf(answer)
    case 'failed':
      throw new Error(`the comparison failed: ${answer.reason}`)
  }
}

function answerOf(child: ChildProcess, job: Job): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stopped = (reason: string) => reject(matchingErrors.matching_stopped({ reason }))
    child.once('message', (answer: Answer) => resolve(answer))
    child.once('error', (error) => stopped(error.message))
    child.once('exit', (code, signal) => stopped(`the process ended with ${signal ?? code}`))
    child.send(job, (error) => {
      if (error) stopped(error.message)
    })
  })
}

function errorOf({ code, params }: Extract<Answer, { outcome: 'refused' }>): Error {
  const made = Object.values(matchingErrors)
    .map((make) => make(params))
    .find((error) => error.code === code)
  return made ?? new Error(`the comparison was refused: ${code}`)
}
