import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import type { Actor } from '../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { lenderId, type PersonId } from './terms.ts'
import { createLending, type Lending } from './testing/lending.ts'

const STAFF = (name: string) => ({ name: `staff:${name}`, requestId: null })

let db: TestDatabase
let world: Lending
beforeAll(async () => {
  db = await createTestDatabase()
  world = await createLending(db, 'authority', lenderId(940_001), lenderId(940_002))
})
afterAll(() => db[Symbol.asyncDispose]())

describe('[N6] a line that a bank says is good', () => {
  const told = () =>
    world.credit.source.quote(world.call, world.quoteRequest(person, 100, true)).then(() => line())
  const line = () => world.line(person, world.bankId)
  const change = async (
    what: Parameters<Lending['credit']['changeLine']>[1],
    by: { actor: Actor; reason: string },
  ) => {
    const key = { lenderId: world.bankId, lineId: (await line()).id }
    return world.credit.changeLine(key, what, by)
  }
  let person: PersonId
  beforeEach(async () => void (person = await world.person(world.bankId, 40_000)))

  it('keeps the limit and the suspension of the staff', async () => {
    expect(await told()).toMatchObject({ status: 'active', limitFen: 40_000 })
    await change({ kind: 'suspended' }, { actor: STAFF('a'), reason: 'x' })
    expect(await told()).toMatchObject({ status: 'suspended', limitFen: 40_000 })
    await change({ kind: 'resumed' }, { actor: STAFF('a'), reason: 'x' })
    expect(await told()).toMatchObject({ status: 'active' })
  })

  it('is used again only if it was the bank that suspended it, and nobody else since', async () => {
    const bank = { actor: { name: `lender:${world.bankId}`, requestId: null }, reason: 'told' }
    await change({ kind: 'suspended' }, bank)
    expect(await told()).toMatchObject({ status: 'active' })
    await change({ kind: 'suspended' }, bank)
    await change({ kind: 'suspended' }, { actor: STAFF('a'), reason: 'x' })
    expect(await told()).toMatchObject({ status: 'suspended' })
  })

  it('follows the bank down, and up to the limit of ours', async () => {
    world.bank.limitFen = fen(10_000)
    expect(await told()).toMatchObject({ limitFen: 10_000 })
    world.bank.limitFen = fen(90_000)
    expect(await told()).toMatchObject({ limitFen: 40_000 })
  })
})
