import { beforeEach, expect, it } from 'vitest'

import { createBulkhead } from './bulkhead.ts'
import { type HisAnswer, OPERATIONS, type OperationName, type Question } from './index.ts'
import type { Ask } from './interface/ask.ts'

const limits = {
  atOnce: 4,
  readsAtOnce: 2,
  slowMs: 1_000,
  slowInARow: 3,
  restMs: 5_000,
  longestRestMs: 20_000,
}
const OK: HisAnswer<never> = { outcome: 'ok', data: undefined as never }
const SILENT: HisAnswer<never> = { outcome: 'unknown', reason: 'silence' }
const call = { trace: () => undefined }

let now: number
let began: OperationName[]
let said: { answer: HisAnswer<never>; tookMs: number }
let held: (() => void)[] | null
let ask: Ask

beforeEach(() => {
  now = Date.parse('2026-11-23T08:00:00+08:00')
  began = []
  said = { answer: OK, tookMs: 0 }
  held = null
  const inner: Ask = async (_call, { name }) => {
    began.push(name)
    const waiting = held
    if (waiting) await new Promise<void>((done) => void waiting.push(done))
    now += said.tookMs
    return said.answer
  }
  ask = createBulkhead(inner, { now: () => new Date(now) }, limits)
})

const question = (name: OperationName): Question<never> => ({
  name,
  body: {},
  read: () => ({ value: undefined as never }),
})
const read = () => ask(call, question('bills.list'))
const act = () => ask(call, question('bills.writeBack'))
const nothingSent = {
  outcome: 'unknown',
  reason: expect.stringMatching(/nothing was sent/) as unknown,
}

it('[H2] leaves room for what changes something while everybody reads', async () => {
  held = []
  const waiting = [read(), read()]
  expect(await read()).toMatchObject(nothingSent)
  waiting.push(act(), act())
  expect(await act()).toMatchObject(nothingSent)
  for (const done of held) done()
  expect(await Promise.all(waiting)).toEqual([OK, OK, OK, OK])
  held = null
  expect(await read()).toEqual(OK)
})

it('[H2] asks no more of who is slow and silent, tries one after a while, and rests longer each time', async () => {
  said = { answer: SILENT, tookMs: 8_000 }
  for (let i = 0; i < 3; i++) await read()
  expect(began).toHaveLength(3)
  expect(await read()).toMatchObject(nothingSent)
  now += 5_000
  held = []
  const tried = read()
  expect(await read()).toMatchObject(nothingSent)
  for (const done of held) done()
  held = null
  expect(await tried).toEqual(SILENT)
  now += 9_999
  expect(await read()).toMatchObject(nothingSent)
  now += 1
  said = { answer: OK, tookMs: 100 }
  expect(await read()).toEqual(OK)
  expect(await read()).toEqual(OK)
})

it('[H2] always tries what changes something', async () => {
  said = { answer: SILENT, tookMs: 8_000 }
  for (let i = 0; i < 4; i++) await read()
  expect(await act()).toEqual(SILENT)
  expect(began.at(-1)).toBe('bills.writeBack')
})

it('does not rest for who says no, or for who is gone at once', async () => {
  said = { answer: SILENT, tookMs: 3 }
  for (let i = 0; i < 10; i++) await read()
  said = {
    answer: { outcome: 'refused', code: 'bill_not_found', detail: { message: '' } },
    tookMs: 5_000,
  }
  for (let i = 0; i < 10; i++) await read()
  expect(began).toHaveLength(20)
})

it('takes for reading what the interface gives no key', () => {
  expect(OPERATIONS['bills.list'].key).toEqual([])
  expect(OPERATIONS['bills.writeBack'].key).not.toEqual([])
})
