import { expect, it } from 'vitest'

import { resultOf } from './quotes.ts'

const OPTIONS = { seconds: 1, concurrency: 2, rounds: 1, load: 0.5 }
const from = (least: number) => Array.from({ length: 100 }, (_, i) => least + i + 1)

it("takes the slowest source's own time off, and says how much of the limit is left", () => {
  const quoted = new Map([
    [0, from(50)],
    [200, from(200)],
  ])
  const { figures, conditions } = resultOf(quoted, OPTIONS)
  expect(figures.map(({ value, beside, ratio }) => [value, beside.value, ratio])).toEqual([
    [100, 300, 3],
    [149, 300, 2.01],
    [50, 300, 6],
    [99, 300, 3.03],
  ])
  expect(conditions).toMatchObject({ 'quotes measured': '100 of 0 ms, 100 of 200 ms' })
})
