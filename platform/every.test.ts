import { afterEach, expect, it, vi } from 'vitest'

import { every } from './every.ts'

afterEach(() => vi.useRealTimers())

it('does it again and again, whatever fails, until it is ended', async () => {
  vi.useFakeTimers()
  const action = vi.fn<() => Promise<void>>(async () => {
    throw new Error('the database is away')
  })
  const end = every(1_000, action)
  await vi.advanceTimersByTimeAsync(2_500)
  expect(action).toHaveBeenCalledTimes(2)
  end()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(action).toHaveBeenCalledTimes(2)
})
