import { randomUUID } from 'node:crypto'

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'

import { parseYuan } from '../../../kernel/money.ts'
import { SECOND_MS } from '../../../kernel/time.ts'
import { administer } from '../../../platform/testing/admin.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { checkInvariants, type InvariantResult } from './check.ts'
import { formatInvariants } from './format.ts'
import { readInvariants } from './invariant.ts'
import {
  type BusyHospital,
  busyHospital,
  liveThroughTwoDays,
  UNKNOWN_CHARGE,
  register,
} from './testing/busy-hospital.ts'
import { PLANTS } from './testing/plants.ts'

const broken = (results: readonly InvariantResult[]) =>
  results.filter(({ state }) => state === 'broken').map(({ id }) => id)

/** What is broken, with its words: they stand in the failure when it is not what was expected. */
const wordsOf = (results: readonly InvariantResult[]) =>
  results.filter(({ state }) => state === 'broken').map(({ id, sample }) => `${id}: ${sample[0]}`)

/** None of them is kept by there being nothing to look at. */
const SEEN = {
  I1: /over [1-9]\d* transfers of [1-9]\d* entries/,
  I1b: /^¥[1-9].* of [1-9]\d* open payments/,
  I1c: /^¥[1-9].* held by [1-9]\d* open holds, [1-9]\d* ended/,
  I2: /^[1-9]\d tables .*; 0 triggers, 0 rules/,
  I3: /^[1-9]\d* tenders charged, [1-9]\d* bills settled/,
  I4: /^[1-9]\d* moves/,
  I5: /^[1-9]\d* refunds, ¥[1-9]/,
  I7: /^[1-9]\d* charges and [1-9]\d* returns/,
  I8: /^[1-9]\d* payments and [1-9]\d* refunds on their way/,
  I8b: /^[1-9]\d* call for a person, [1-9]\d* cases open/,
  I9: /^[1-9]\d* steps of [1-9]\d* payments and [1-9]\d* refunds/,
  I11: /^[1-9]\d* bills/,
  I12: /^[1-9]\d* numbers at channels and [1-9]\d* references/,
  I15: /^[1-9]\d* days closed, [1-9]\d* comparisons/,
}

describe('the invariants, in a hospital where everything has happened', () => {
  let database: TestDatabase
  let hospital: BusyHospital

  beforeAll(async () => {
    database = await createTestDatabase()
    hospital = busyHospital(database)
    await liveThroughTwoDays(hospital)
  })
  afterAll(() => database[Symbol.asyncDispose]())

  it.each([undefined, 'yiqiao_app'])('hold, read as %s', async (role) => {
    const now = hospital.clock.now()
    const results = await checkInvariants({ url: database.url, now, ...(role ? { role } : {}) })
    expect(wordsOf(results)).toEqual([])
    expect(formatInvariants(results)).toMatch(/\n21 passed, 0 failed$/)
  })

  it('look at rows of every kind, and at the very money the wallet and the insurer have', async () => {
    const results = await checkInvariants({ url: database.url, now: hospital.clock.now() })
    const figureOf = (id: string) => results.find((result) => result.id === id)?.figure ?? ''
    const yuanIn = (id: string) =>
      [...figureOf(id).matchAll(/¥([\d,]+\.\d\d)/g)].map(([, yuan = '']) =>
        parseYuan(yuan.replaceAll(',', '')),
      )
    for (const [id, seen] of Object.entries(SEEN)) expect(figureOf(id), id).toMatch(seen)

    const [chargedFen, returnedFen] = yuanIn('I4')
    const paidFen = hospital.wallet.balanceFen() + hospital.insurer.paidFen()
    expect((chargedFen ?? 0) - (returnedFen ?? 0)).toBe(paidFen)
    const [debitFen, creditFen] = yuanIn('I1')
    expect(debitFen).toBe(creditFen)
    expect(yuanIn('I1b')).toEqual([0 - ((await hospital.balances())['in-transit'] ?? 0)])
    const [oursFen, theirsFen] = yuanIn('I15')
    expect((theirsFen ?? 0) - (oursFen ?? 0)).toBe(UNKNOWN_CHARGE.amountFen)
  })

  it('are looked at one by one, of those asked for', async () => {
    const now = hospital.clock.now()
    const results = await checkInvariants({ url: database.url, now, only: ['I1c', 'I6'] })
    expect(results.map(({ id, state }) => [id, state])).toEqual([
      ['I1c', 'held'],
      ['I6', 'not_applicable'],
    ])
  })

  describe.each(readInvariants().map(({ id }) => id))('%s', (id) => {
    const plants = PLANTS.filter((plant) => plant.breaks[0] === id)

    it('has something planted that breaks it', () => {
      expect(plants.length).toBeGreaterThan(0)
    })

    it.each(plants)('sees $what', async ({ statements, breaks }) => {
      const copy = await copyOf(database)
      await change(copy, statements)
      const results = await checkInvariants({ url: copy, now: hospital.clock.now() })
      expect(broken(results).toSorted(), wordsOf(results).join('\n')).toEqual(breaks.toSorted())
      await administer(inject('postgresUrl'), `drop database "${new URL(copy).pathname.slice(1)}"`)
    })
  })
})

describe('a bug planted in the code', () => {
  it('double_posting is seen', async () => {
    await using database = await createTestDatabase()
    await register(database)
    const { pay, clock } = busyHospital(database, 'double_posting')
    await pay('B1', [10_000])
    const results = await checkInvariants({ url: database.url, now: clock.now() })
    expect(broken(results)).toEqual(['I4', 'I13'])
  })

  it('oversold_hold is seen while a refund is under way', async () => {
    await using database = await createTestDatabase()
    await register(database)
    const hospital = busyHospital(database, 'oversold_hold')
    const id = await hospital.pay('B1', [10_000, 5_000])
    hospital.wallet.script.refundsWait = true
    await hospital.refund(id, 'B1', [2])
    await hospital.pass(10 * SECOND_MS)
    const results = await checkInvariants({ url: database.url, now: hospital.clock.now() })
    expect(broken(results)).toEqual(['I1c'])
  })

  it('lost_write_back is seen by the second payment without a receipt of its own', async () => {
    await using database = await createTestDatabase()
    await register(database)
    const { pay, clock } = busyHospital(database, 'lost_write_back')
    await pay('B1', [10_000])
    await pay('B2', [10_000])
    const results = await checkInvariants({ url: database.url, now: clock.now() })
    expect(broken(results)).toEqual(['I11'])
  })
})

describe('a database that cannot be checked', () => {
  it('says so: nobody answers', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/none'
    await expect(checkInvariants({ url, now: new Date(0) })).rejects.toThrow(/ECONNREFUSED/)
  })

  it('says so: it is another database', async () => {
    const url = inject('postgresUrl')
    await expect(checkInvariants({ url, now: new Date(0) })).rejects.toThrow(/cannot be checked/)
  })
})

/** A copy of the database to spoil. The one it is of has no session left open. */
async function copyOf(database: TestDatabase): Promise<string> {
  const server = inject('postgresUrl')
  const name = `spoilt_${randomUUID().replaceAll('-', '')}`
  const original = new URL(database.url).pathname.slice(1)
  await administer(
    server,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${original}'`,
  )
  await administer(server, `create database ${name} template ${original} strategy file_copy`)
  return Object.assign(new URL(server), { pathname: `/${name}` }).href
}

/** As the owner of everything, by whom no foreign key is looked at: what no part of the system could do. */
async function change(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('set session_replication_role = replica')
  for (const statement of statements) {
    const { rowCount, command } = await client.query(statement)
    const isChange = ['INSERT', 'UPDATE', 'DELETE'].includes(command)
    expect(isChange ? rowCount : 1, statement).toBeGreaterThan(0)
  }
  await client.end()
}
