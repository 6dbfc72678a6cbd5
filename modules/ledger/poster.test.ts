import { describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db.ts'
import { createPoster, type PosterOptions } from './poster.ts'
import type { LedgerRequest } from './request.ts'
import { post } from './testing/books.ts'

const HOSPITAL = 1 as HospitalId
const NO_DB = {} as Db // the ledger below needs none

/** A ledger that answers when it is told to, and keeps what it was asked. */
function posterWith(
  options?: PosterOptions,
  failing: (cause: string) => Error | null = () => null,
) {
  const batches: string[][] = []
  const gates: (() => void)[] = []
  const ledger = {
    async postBatch(_: unknown, __: HospitalId, requests: readonly LedgerRequest[]) {
      const causes = requests.map((request) => ('cause' in request ? request.cause : ''))
      batches.push(causes)
      await new Promise<void>((open) => gates.push(open))
      const error = causes.map(failing).find((found) => found !== null)
      if (error) throw error
      return causes.map((cause) => ({ outcome: 'posted' as const, entryId: cause as never }))
    },
  }
  const poster = createPoster(NO_DB, ledger, options)
  const ask = (cause: string) => poster.request(HOSPITAL, post(cause, 1))
  /** Lets the batch that is under way be answered, and the next one begin. */
  const answer = async () => {
    gates.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { poster, batches, ask, answer }
}

describe('[B1] the poster', () => {
  it('sends what comes together at once, and what comes meanwhile as the next batch', async () => {
    const { batches, ask, answer } = posterWith()
    const first = [ask('a'), ask('b')]
    await Promise.resolve()
    const next = [ask('c'), ask('d'), ask('e')]
    await answer()
    await answer()
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ])
    const results = await Promise.all([...first, ...next])
    const ids = results.map((result) => ('entryId' in result ? result.entryId : null))
    expect(ids).toEqual(['a', 'b', 'c', 'd', 'e'])
    const late = ask('f')
    await Promise.resolve()
    expect(batches.at(-1)).toEqual(['f'])
    await answer()
    await late
  })

  it('takes no more than it may, at once or in all', async () => {
    const { poster, batches, ask, answer } = posterWith({ mostQueued: 3, mostAtOnce: 2 })
    const first = ask('a')
    await Promise.resolve()
    const next = [ask('b'), ask('c'), ask('d')]
    expect(poster.queued(HOSPITAL)).toBe(3)
    await expect(ask('e')).rejects.toMatchObject({ code: 'ledger.queue_full' })
    for (let i = 0; i < 3; i++) await answer()
    await Promise.all([first, ...next])
    expect(batches).toEqual([['a'], ['b', 'c'], ['d']])
    expect(poster.queued(HOSPITAL)).toBe(0)
  })

  it('lets nobody bear what the data of another brought about', async () => {
    const wrong = Object.assign(new Error('value out of range'), { code: '22003' })
    const { ask, answer } = posterWith({}, (cause) => (cause === 'bad' ? wrong : null))
    const asked = Promise.allSettled(['a', 'b', 'bad', 'c'].map(ask))
    for (let i = 0; i < 8; i++) await answer()
    expect((await asked).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
  })

  it('tells all of a batch when the database is gone, and goes on', async () => {
    let isGone = true
    const gone = Object.assign(new Error('terminating connection'), { code: '57P01' })
    const { ask, answer } = posterWith({}, () => (isGone ? gone : null))
    const asked = Promise.allSettled(['a', 'b'].map(ask))
    await answer()
    await answer()
    expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    isGone = false
    const again = ask('a')
    await answer()
    await answer()
    expect(await again).toMatchObject({ outcome: 'posted' })
  })
})
