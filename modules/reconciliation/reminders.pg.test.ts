import { afterAll, beforeAll, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { HOSPITAL, reconciliationWorld } from './testing/world.ts'

const D = businessDate('2026-11-20')
const NEXT = businessDate('2026-11-21')

let db: TestDatabase
let world: ReturnType<typeof reconciliationWorld>

beforeAll(async () => {
  db = await createTestDatabase()
  world = reconciliationWorld(db)
  await world.pay('B1')
  world.wallet.script.relist = (lines, date) =>
    date === D ? lines.map((line) => ({ ...line, amountFen: fen(line.amountFen + 5) })) : lines
  await world.passTo(NEXT, '10:20:00')
})
afterAll(() => db[Symbol.asyncDispose]())

const reminders = () =>
  world.overdue.map(({ reminderNo, caseId }) => `${reminderNo} ${caseId.length}`)

it('[B3] a case is told of at its deadline, again after as long, five times at most', async () => {
  const [known] = await world.cases()
  expect(known?.dueAt.toISOString()).toBe('2026-11-21T04:10:00.000Z')
  await world.passTo(NEXT, '12:05:00')
  expect(reminders()).toEqual([])
  await world.passTo(NEXT, '12:15:00')
  expect(reminders()).toEqual(['1 36'])
  await world.passTo(NEXT, '14:15:00')
  expect(reminders()).toEqual(['1 36', '2 36'])
  await world.passTo(businessDate('2026-11-25'), '12:00:00')
  expect(reminders()).toHaveLength(5)
})

it('a case that has ended is not told of', async () => {
  const told = world.overdue.length
  const [known] = await world.cases()
  if (!known) throw new Error('there is a case')
  const actor = { name: 'staff:test', requestId: null }
  const end = { resolution: 'written_off' as const, note: '五分钱' }
  await world.reconciliation.resolveCase(HOSPITAL, known.id, end, actor)
  await world.passTo(businessDate('2026-11-28'), '12:00:00')
  expect(world.overdue).toHaveLength(told)
})
