import { expect, it } from 'vitest'

import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { lenderId } from '../../modules/credit/index.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createVisitBillLooks } from './visit-bills.ts'

const LENDER = lenderId(900_001)

function scripted(visits: string[], failing: string[] = []) {
  const { clock } = testPlatform('2026-11-22T09:00:10+08:00')
  const asked: string[] = []
  const failures: unknown[] = []
  const looks = createVisitBillLooks(
    {
      sources: {
        credit: {
          lenders: async () => [
            { lenderId: LENDER, name: { zh: '', en: '' }, form: 'built_in', status: 'active' },
          ],
          async *openVisits() {
            if (visits.length > 0) yield visits.map((id) => ({ id }) as never)
          },
        },
      },
      visitBills: {
        async payBillsOf({ id }) {
          asked.push(id)
          if (failing.includes(id)) throw new Error('the hospital is silent')
          return 1
        },
      },
    },
    { clock, everyMs: MINUTE_MS, atOnce: 2, onError: (error) => void failures.push(error) },
  )
  return { clock, looks, asked, failures }
}

it('[N5] looks for the bills of every open visit once a minute, whatever asks it to', async () => {
  const { clock, looks, asked } = scripted(['a', 'b'])
  expect(await looks.look()).toBe(2)
  expect(await looks.look()).toBe(0)
  expect(asked).toEqual(['a', 'b'])
  const due = await looks.nextDueAt()
  expect(due?.toISOString()).toBe('2026-11-22T01:01:00.000Z')
  clock.set(addMs(clock.now(), MINUTE_MS))
  expect(await looks.look()).toBe(2)
})

it('has a visit that fails keep no other waiting, and looks at it again', async () => {
  const failing = ['a']
  const { clock, looks, failures } = scripted(['a', 'b'], failing)
  expect(await looks.look()).toBe(1)
  expect(failures).toHaveLength(1)
  failing.length = 0
  clock.set(addMs(clock.now(), MINUTE_MS))
  expect(await looks.look()).toBe(2)
})

it('has nothing due while no visit is open', async () => {
  const { looks } = scripted([])
  expect(await looks.nextDueAt()).toBeNull()
})
