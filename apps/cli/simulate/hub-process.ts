import { join } from 'node:path'

import { assert } from '../../../kernel/assert.ts'
import { type Random, randomBelow } from '../../../kernel/random.ts'
import { type Child, startChild } from '../sandbox/child.ts'

export type StepAnswer = { done: number; nextDueAt: Date | null }

/**
 * The hub under test: its api and its worker as processes of their own, the worker driven step by step. `crashes`
 * are the numbers of the operations during which one of the two is killed with signal 9 and started again.
 */
export async function startHubProcesses(options: HubProcessOptions) {
  const { env, logs, crashRandom } = options
  const incarnations = { api: 0, worker: 0 }
  const start = (name: 'api' | 'worker'): Promise<Child> =>
    startChild({
      name,
      script: `apps/${name}/main.ts`,
      env: { ...env, YIQIAO_INCARNATION: String(incarnations[name]++) },
      logFile: join(logs, `${name}.log`),
    })
  let [api, worker] = await bothOrNone(start('api'), start('worker'))
  let operation = 0

  return {
    step,
    duringOperation,
    crashesSoFar: () => incarnations.api + incarnations.worker - 2,
    async stop() {
      await Promise.all([api.stop(), worker.stop()])
    },
  }

  /** Runs one request to the api, and kills the api in the middle of it when its number has come up. */
  async function duringOperation<T>(work: () => Promise<T>): Promise<T> {
    if (!options.crashes.has(++operation)) return work()
    const running = work()
    running.catch(() => undefined)
    await sleep(randomBelow(crashRandom, MOST_CRASH_DELAY_MS))
    await api.kill()
    const outcome = await running.then(
      (value) => ({ value }),
      () => null,
    )
    api = await start('api')
    return outcome ? outcome.value : work()
  }

  /** Has the worker do all that is due. */
  async function step(): Promise<StepAnswer> {
    if (!options.crashes.has(++operation)) return postStep()
    const running = postStep()
    running.catch(() => undefined)
    await sleep(randomBelow(crashRandom, MOST_CRASH_DELAY_MS))
    await worker.kill()
    await running.catch(() => undefined)
    worker = await start('worker')
    return postStep()
  }

  async function postStep(): Promise<StepAnswer> {
    const port = Number(worker.message['port'])
    const response = await fetch(`http://127.0.0.1:${port}/step`, { method: 'POST' })
    const text = await response.text()
    assert(response.ok, `the worker steps: ${text}`)
    const { done, nextDueAt } = JSON.parse(text) as { done: number; nextDueAt: string | null }
    return { done, nextDueAt: nextDueAt === null ? null : new Date(nextDueAt) }
  }
}

/** Where one does not start, the other must not go on by itself: nobody would stop it. */
async function bothOrNone(
  ...starting: [Promise<Child>, Promise<Child>]
): Promise<readonly [Child, Child]> {
  try {
    return await Promise.all(starting)
  } catch (error) {
    const started = await Promise.allSettled(starting)
    for (const one of started) if (one.status === 'fulfilled') await one.value.stop()
    throw error
  }
}

const MOST_CRASH_DELAY_MS = 40

export type HubProcesses = Awaited<ReturnType<typeof startHubProcesses>>

type HubProcessOptions = {
  env: Record<string, string>
  logs: string
  crashes: ReadonlySet<number>
  crashRandom: Random
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
