import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { BUILT_IN, createFixture } from './testing/fixture.ts'
import { type End, LineModel } from './testing/line-model.ts'

// A line against a model of a few numbers: whatever is done, the two agree, and no new promise passes the limit.

let db: TestDatabase
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

type Step = (model: LineModel) => Promise<void>

const amount = fc.integer({ min: 1, max: 60_000 })
const anyEnd = fc.constantFrom<End[]>('charge', 'release')

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(amount, fc.constantFrom<(End | 'keep')[]>('charge', 'release', 'keep')).map(
    ([most, end]): Step =>
      (model) =>
        model.draw(most, end),
  ),
  anyEnd.map(
    (end): Step =>
      (model) =>
        model.finish(end),
  ),
  amount.map(
    (back): Step =>
      (model) =>
        model.refund(back),
  ),
  fc.integer({ min: 1, max: 150_000 }).map(
    (limit): Step =>
      (model) =>
        model.setLimit(limit),
  ),
  amount.map(
    (reserve): Step =>
      (model) =>
        model.agree(reserve),
  ),
  fc.constant<Step>((model) => model.leave()),
)

it('keeps to its model, step by step', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (steps) => {
      const fixture = await createFixture(db, `model-${run++}`)
      const model = new LineModel(fixture, await fixture.person(BUILT_IN, 100_000))
      for (const step of steps) {
        await step(model)
        const { actual, expected } = await model.compare()
        expect(actual).toEqual(expected)
      }
    }),
    { numRuns: 25, seed: 20_261_122 },
  )
}, 120_000)
