import { expect, it } from 'vitest'

import { addMs, SECOND_MS } from '../../kernel/time.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { remembered } from './remembered.ts'

it('asks again after five seconds, for each key by itself, and at once after a failure', async () => {
  const { clock } = testPlatform('2026-11-22T09:00:00+08:00')
  const asked: number[] = []
  let fails = false
  const read = remembered(clock, async (key: number) => {
    asked.push(key)
    if (fails) throw new Error('down')
    return key * 10
  })
  expect([await read(1), await read(1), await read(2)]).toEqual([10, 10, 20])
  expect(asked).toEqual([1, 2])
  clock.set(addMs(clock.now(), 5 * SECOND_MS))
  fails = true
  await expect(read(1)).rejects.toThrow('down')
  fails = false
  expect(await read(1)).toBe(10)
  expect(asked).toEqual([1, 2, 1, 1])
})
