import { expect, it } from 'vitest'

import { addMs, DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { lenderId } from '../../modules/credit/index.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createLenders } from './lenders.ts'

function scripted(failing: number[] = [], failingDebits: number[] = []) {
  const { clock } = testPlatform('2026-11-22T09:00:00+08:00')
  const asked: string[] = []
  const failures: unknown[] = []
  const dueAt = new Map<number, Date>()
  const lenders = createLenders(
    {
      credit: {
        lenders: async () =>
          [900_001, 900_002].map((id) => ({
            lenderId: lenderId(id),
            name: { zh: '', en: '' },
            form: 'built_in' as const,
            status: 'active' as const,
          })),
        async sweep(id) {
          asked.push(`sweep ${id}`)
          if (failing.includes(id)) throw new Error(`lender ${id} is broken`)
          return 1
        },
        nextDueAt: async (id) => dueAt.get(id) ?? null,
      },
      loans: {
        resolveRepayments: async () => 0,
        async closeDaysTo(id, date) {
          asked.push(`close ${id} ${date}`)
          return 1
        },
        async debitDue(id, onError) {
          asked.push(`debit ${id}`)
          if (failingDebits.includes(id)) onError?.(new Error('a loan'), 'loan:1')
          return 0
        },
      },
    },
    { clock },
    (error) => void failures.push(error),
  )
  return { clock, asked, failures, lenders }
}

it('closes yesterday and debits once a day, and looks for the rest each time', async () => {
  const { clock, asked, lenders } = scripted()
  await lenders.workOff()
  expect(asked.filter((what) => !what.startsWith('sweep'))).toEqual([
    'close 900001 2026-11-21',
    'debit 900001',
    'close 900002 2026-11-21',
    'debit 900002',
  ])
  asked.length = 0
  expect(await lenders.workOff()).toBe(2)
  expect(asked).toEqual(['sweep 900001', 'sweep 900002'])
  clock.set(addMs(clock.now(), DAY_MS))
  await lenders.workOff()
  expect(asked).toContain('close 900001 2026-11-22')
})

it('has a lender that fails keep no other waiting, and tries it again', async () => {
  const failing = [900_001]
  const { asked, failures, lenders } = scripted(failing)
  await lenders.workOff()
  expect(failures).toHaveLength(1)
  expect(asked).toContain('close 900002 2026-11-21')
  // A sweep that fails keeps neither the close nor the debits of its own lender waiting.
  expect(asked).toContain('close 900001 2026-11-21')
  expect(asked).toContain('debit 900001')
  failing.length = 0
  await lenders.workOff()
  expect(asked.filter((what) => what === 'sweep 900001')).toHaveLength(2)
})

it('tries debits again of which one failed, some minutes later', async () => {
  const failingDebits = [900_001]
  const { clock, asked, failures, lenders } = scripted([], failingDebits)
  const debits = () => asked.filter((what) => what.startsWith('debit'))
  await lenders.workOff()
  await lenders.workOff()
  expect([debits(), failures.length]).toEqual([['debit 900001', 'debit 900002'], 1])
  const againAt = addMs(clock.now(), 10 * MINUTE_MS)
  expect(await lenders.nextDueAt()).toEqual(againAt)
  failingDebits.length = 0
  clock.set(againAt)
  await lenders.workOff()
  await lenders.workOff()
  expect(debits()).toEqual(['debit 900001', 'debit 900002', 'debit 900001'])
})
