import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { type Db, sqlStateOf } from '../../platform/db.ts'
import { MAX_REQUESTS } from './batch.ts'
import { ledgerErrors } from './errors.ts'
import type { Ledger } from './ledger.ts'
import type { BatchResult, LedgerRequest } from './request.ts'

export type Poster = ReturnType<typeof createPoster>

export type PosterOptions = {
  /** Of one hospital, waiting; the next one is refused. */
  mostQueued?: number
  /** Sent at once; what is more waits for the next. */
  mostAtOnce?: number
}

/**
 * Sends requests that come together as one batch: while one batch of a hospital is under way the next gathers, and a
 * request that finds nothing under way goes at once. Each caller gets the result of its own request. For facts that
 * need no other row in their transaction; those that do, post within it.
 *
 * Errors of `request`: queue_full; what the database throws, and asking again is safe then, as a cause is posted once.
 */
export function createPoster(
  db: Db,
  ledger: Pick<Ledger, 'postBatch'>,
  { mostQueued = 20_000, mostAtOnce = 1_000 }: PosterOptions = {},
) {
  assert(mostAtOnce <= MAX_REQUESTS, `a batch has ${MAX_REQUESTS} requests at most`)
  const queues = new Map<HospitalId, Waiting[]>()

  return {
    request: (hospitalId: HospitalId, request: LedgerRequest): Promise<BatchResult> =>
      new Promise((resolve, reject) => {
        const waiting = { request, resolve, reject }
        const queue = queues.get(hospitalId)
        if (!queue) {
          const fresh = [waiting]
          queues.set(hospitalId, fresh)
          void drain(hospitalId, fresh)
        } else if (queue.length >= mostQueued) {
          reject(ledgerErrors.queue_full({ hospitalId }))
        } else {
          queue.push(waiting)
        }
      }),
    /** How many requests of the hospital wait. */
    queued: (hospitalId: HospitalId): number => queues.get(hospitalId)?.length ?? 0,
  }

  /** Until nothing is left. It begins after the tick that asked, so that what is asked together goes together. */
  async function drain(hospitalId: HospitalId, queue: Waiting[]): Promise<void> {
    await Promise.resolve()
    while (queue.length > 0) await send(hospitalId, queue.splice(0, mostAtOnce))
    queues.delete(hospitalId)
  }

  async function send(hospitalId: HospitalId, batch: readonly Waiting[]): Promise<void> {
    const requests = batch.map(({ request }) => request)
    try {
      const results = await ledger.postBatch(db, hospitalId, requests)
      for (const [i, { resolve, reject }] of batch.entries()) {
        const result = results[i]
        if (result) resolve(result)
        else reject(new Error('a request has a result'))
      }
    } catch (error) {
      await failed(hospitalId, batch, error)
    }
  }

  /** What the data of one request brings about is not to be borne by the others: the batch is halved until it is alone. */
  async function failed(hospitalId: HospitalId, batch: readonly Waiting[], error: unknown) {
    if (batch.length === 1 || !isAboutData(error)) {
      for (const { reject } of batch) reject(error)
      return
    }
    const half = Math.ceil(batch.length / 2)
    await send(hospitalId, batch.slice(0, half))
    await send(hospitalId, batch.slice(half))
  }
}

const isAboutData = (error: unknown) => /^2[23]/.test(sqlStateOf(error) ?? '')

type Waiting = {
  request: LedgerRequest
  resolve: (result: BatchResult) => void
  reject: (error: unknown) => void
}
