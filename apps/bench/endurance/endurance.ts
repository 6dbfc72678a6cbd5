import { readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { assertSound, onBed } from '../bed.ts'
import { payForAWhile, type Work } from '../payments/load.ts'
import { type BenchResult, rate, time } from '../result.ts'
import { growthOf, type Sample } from './growth.ts'

const HOSPITAL = 1 as HospitalId
const HUB_PROCESS = 'apps/bench/hub-process.ts'
const SAMPLE_MS = 5_000

type Options = { seconds: number; concurrency: number }

/**
 * Payments without a pause for a long while: what api and worker hold in memory at the end beside what they held once
 * warm, and how many payments a second at the end beside the beginning. Errors: throws when a payment fails, or an
 * invariant does not hold afterwards.
 */
export async function benchEndurance({ seconds, concurrency }: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  return onBed({ hospitals: [HOSPITAL], payerCount: concurrency }, async (bed) => {
    const api = await bed.start('api', HUB_PROCESS, ['api'])
    const worker = await bed.start('worker', HUB_PROCESS, ['worker'])
    const url = String(api.message['url'])
    const pay = (forSeconds: number) =>
      payForAWhile({ url, hospitalId: HOSPITAL, payers: bed.payers, seconds: forSeconds })
    const watched = watch({ api: api.pid, worker: worker.pid })
    const parts = await inParts(pay, seconds)
    const samples = await watched.stop()
    await assertSound(bed.database)
    const [first] = parts
    const last = parts.at(-1)
    assert(first && last, 'a run has parts')
    return {
      bench: 'endurance',
      figures: [
        ...Object.entries(samples).map(([name, own]) => {
          const { warmMiB, lastMiB } = growthOf(own)
          const beside = { name: 'once warm, after a third of the time', value: warmMiB }
          return time(`memory of the ${name} at the end`, lastMiB, 'MiB', beside)
        }),
        rate('payments, last tenth', perSecond(last), '/s', {
          name: 'first tenth',
          value: perSecond(first),
        }),
      ],
      conditions: {
        seconds,
        'at once': concurrency,
        'payments in all': parts.reduce((sum, { payments }) => sum + payments, 0),
        'load before': load,
      },
    }
  })
}

const PARTS = 10

async function inParts(pay: (seconds: number) => Promise<Work>, seconds: number): Promise<Work[]> {
  const parts: Work[] = []
  for (let i = 0; i < PARTS; i++) parts.push(await pay(seconds / PARTS))
  return parts
}

const perSecond = ({ payments, seconds }: Work): number => payments / seconds

function watch(pids: Record<string, number>) {
  const samples: Record<string, Sample[]> = Object.fromEntries(
    Object.keys(pids).map((name) => [name, []]),
  )
  const startedAt = performance.now()
  const done = new AbortController()
  const watching = (async () => {
    while (!done.signal.aborted) {
      for (const [name, pid] of Object.entries(pids)) {
        const atMs = performance.now() - startedAt
        samples[name]?.push({ atMs, residentMiB: await residentMiBOf(pid) })
      }
      await delay(SAMPLE_MS, undefined, { signal: done.signal }).catch(() => undefined)
    }
  })()
  return {
    async stop() {
      done.abort()
      await watching
      return samples
    },
  }
}

/** As Linux counts it: pages in memory, our own and shared. */
async function residentMiBOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024
}
