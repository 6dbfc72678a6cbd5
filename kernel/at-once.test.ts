import { describe, expect, it } from 'vitest'

import { eachAtOnce } from './at-once.ts'

const tick = () => new Promise<void>((resolve) => void setImmediate(resolve))

describe('work on each item', () => {
  it.each([1, 3, 10])(
    '%s at once: every item, begun in order, never more than that',
    async (atOnce) => {
      const items = [1, 2, 3, 4, 5, 6, 7]
      const begun: number[] = []
      let running = 0
      let most = 0
      await eachAtOnce(items, atOnce, async (item) => {
        begun.push(item)
        most = Math.max(most, ++running)
        for (let i = 0; i < 8 - item; i++) await tick()
        running--
      })
      expect(begun).toEqual(items)
      expect(most).toBe(Math.min(atOnce, items.length))
      expect(running).toBe(0)
    },
  )

  it('begins nothing more after a failure, and waits for what runs', async () => {
    const ended: number[] = []
    const work = eachAtOnce([1, 2, 3, 4], 2, async (item) => {
      if (item === 1) throw new Error('no')
      for (let i = 0; i < 3; i++) await tick()
      ended.push(item)
    })
    await expect(work).rejects.toThrow('no')
    expect(ended).toEqual([2])
  })

  it('of nothing is done', async () => {
    const work = eachAtOnce([], 4, () => Promise.reject(new Error('never called')))
    await expect(work).resolves.toBeUndefined()
  })
})
