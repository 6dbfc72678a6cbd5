import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { addFen, fen } from '../../kernel/money.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { chargeOrder, createFixture, type Fixture } from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void (fixture = createFixture(db, `bad-input-${seed++}`)))

const settlements = () => fixture.centre.log.filter(({ infno }) => infno === '2207')

it('F-41 a quote that has changed since the payer agreed is not settled', async () => {
  const insurance = fixture.start()
  const request = fixture.quoteRequest()
  const order = chargeOrder(request, await insurance.quote(fixture.call, request))
  await insurance.quote(fixture.call, { ...request, useAccount: false })
  expect(await insurance.charge(fixture.call, order)).toMatchObject({
    outcome: 'declined',
    code: 'quote_superseded',
  })
  expect(settlements()).toEqual([])
})

it.each([1, -1])('F-52 parts that are %s fen off are refused before any call', async (off) => {
  const insurance = fixture.start()
  const request = fixture.quoteRequest()
  const order = chargeOrder(request, await insurance.quote(fixture.call, request))
  const parts = order.parts.map((part, i) =>
    i === 0 ? { ...part, amountFen: addFen(part.amountFen, fen(off)) } : part,
  )
  const said = fixture.centre.log.length
  expect(await insurance.charge(fixture.call, { ...order, parts })).toMatchObject({
    outcome: 'declined',
    code: 'quote_superseded',
  })
  expect(fixture.centre.log).toHaveLength(said)
})
