import type { Logger } from 'pino'

import type { HospitalId } from '../../kernel/id.ts'
import { SECOND_MS } from '../../kernel/time.ts'
import { listenForWakes } from '../../platform/wake.ts'
import type { Worker } from './worker.ts'

const SWEEP_MS = SECOND_MS

/** As long as most providers take to answer. Whoever takes longer is not waited for before the next. */
export const PATIENCE_MS = 200

/**
 * Keeps working: a wake comes within milliseconds for the hospital that has something due, and a sweep every second finds
 * whatever nobody told of, what a killed worker left among it. So a wake that is lost costs a second and nothing else.
 */
export async function runQueue(worker: Worker, { databaseUrl, log }: QueueOptions) {
  const { wake, settled } = oneAtATime((hospitalId) => worker.workOff(hospitalId), log)
  const wakes = await listenForWakes(databaseUrl, wake)
  const sweeper = sweepUntilStopped(() => worker.workOffAll(), log)
  // Apart from the rest, as a receiver may take ten seconds, and no payment waits for one.
  const webhooks = sweepUntilStopped(() => worker.deliverWebhooks(), log)
  // Apart too, as the close of a lender's day is long, and a commercial insurer's answer.
  const lenders = sweepUntilStopped(() => worker.workOffLenders(), log)
  const claims = sweepUntilStopped(() => worker.workOffClaims(), log)
  // And the hospitals' systems, asked for bills of visits on credit.
  const visits = sweepUntilStopped(() => worker.payVisitBills(), log)
  // And the insurance centres, of which a catalogue is long in coming.
  const centres = sweepUntilStopped(() => worker.workOffCentres(), log)
  // And lists, from the folder into which others put them and from where they are fetched, as these may be large.
  const inbox = sweepUntilStopped(() => worker.lookIntoInbox(), log)
  const fetched = sweepUntilStopped(() => worker.fetchLists(), log)
  // And whole files under comparison, which may take minutes.
  const comparisons = sweepUntilStopped(() => worker.compareFiles(), log)
  // And the lines on which hospitals' systems tell what happens, as their connections change.
  const lines = sweepUntilStopped(() => worker.followLines(), log)
  const asked = [sweeper, webhooks, lenders, claims, visits, centres]
  const apart = [...asked, inbox, fetched, comparisons, lines]
  return {
    async stop() {
      await wakes.stop()
      await Promise.all(apart.map((loop) => loop.stop()))
      await worker.stopLines()
      await settled()
      await worker.settled()
    },
  }
}

/** A hospital's work is done once at a time; whoever wakes it meanwhile has it looked through once more. */
function oneAtATime(work: (hospitalId: HospitalId) => Promise<unknown>, log: Logger) {
  const running = new Map<HospitalId, { again: boolean; done: Promise<void> }>()
  return {
    wake,
    settled: async () => void (await Promise.all([...running.values()].map((r) => r.done))),
  }

  function wake(hospitalId: HospitalId): void {
    const known = running.get(hospitalId)
    if (known) {
      known.again = true
      return
    }
    const state = { again: true, done: Promise.resolve() }
    running.set(hospitalId, state)
    state.done = untilQuiet(hospitalId, state)
  }

  async function untilQuiet(hospitalId: HospitalId, state: { again: boolean }): Promise<void> {
    while (state.again) {
      state.again = false
      await work(hospitalId).catch((error: unknown) => log.error(error, 'work failed'))
    }
    running.delete(hospitalId)
  }
}

function sweepUntilStopped(work: () => Promise<number>, log: Logger) {
  let stopping = false
  let wakeUp: () => void = () => undefined
  const loop = (async () => {
    while (!stopping) {
      await work().catch((error: unknown) => log.error(error, 'sweep failed'))
      await new Promise<void>((resolve) => {
        wakeUp = resolve
        setTimeout(resolve, SWEEP_MS)
      })
    }
  })()
  return {
    async stop() {
      stopping = true
      wakeUp()
      await loop
    },
  }
}

type QueueOptions = { databaseUrl: string; log: Logger }
