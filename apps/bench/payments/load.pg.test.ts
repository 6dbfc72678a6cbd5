import { expect, it } from 'vitest'

import { assert } from '../../../kernel/assert.ts'
import { systemClock } from '../../../platform/system.ts'
import { createTestDatabase } from '../../../platform/testing/database.ts'
import { checkInvariants } from '../../cli/invariants/index.ts'
import { createWorker } from '../../worker/worker.ts'
import { HOSPITALS, openTestHub, PAYER, workUntilStopped } from '../testing/hub.ts'
import { payForAWhile } from './load.ts'

const [HOSPITAL] = HOSPITALS

it('payers pay in full by the public API, and the books hold', { timeout: 120_000 }, async () => {
  await using database = await createTestDatabase()
  assert(HOSPITAL, 'there is a hospital')
  const { hub, platform, url, close } = await openTestHub(database)
  const worker = workUntilStopped(createWorker(hub, platform, { atOnce: 4 }))
  const payers = [PAYER, PAYER]
  const paying = payForAWhile({ url, hospitalId: HOSPITAL, payers, seconds: 1 })
  await Promise.allSettled([paying])
  await worker.stop()
  await close()
  const work = await paying

  expect(work.payments).toBeGreaterThanOrEqual(2)
  expect(work.latenciesMs).toHaveLength(work.payments)
  expect(work.seconds).toBeGreaterThanOrEqual(1)
  const results = await checkInvariants({ url: database.url, now: systemClock.now() })
  expect(results.filter(({ state }) => state === 'broken')).toEqual([])
  const settled = results.find(({ id }) => id === 'I11')?.figure
  expect(settled).toBe(
    `${work.payments} bills of payments that succeeded, ${work.payments} receipts`,
  )
})
