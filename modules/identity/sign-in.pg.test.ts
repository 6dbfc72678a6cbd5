import { hash } from '@node-rs/argon2'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { addMs, businessDate, DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createIdentity, type Identity, type PersonId, type StaffId } from './index.ts'

const platform = testPlatform()
const { clock } = platform
const seal = createSeal(new Uint8Array(32).fill(7), platform.random)
const hospitalId = 1 as HospitalId
const PASSWORD = 'a long walk to the hospital'
let db: TestDatabase
let identity: Identity
let personId: PersonId
let staffId: StaffId

beforeAll(async () => {
  db = await createTestDatabase()
  identity = createIdentity({ db, ...platform, seal })
  personId = await identity.registerPerson(person('1', { login: 'Wang', password: PASSWORD }))
  staffId = await identity.registerStaff({
    hospitalId,
    name: '赵会计',
    roles: ['finance', 'cashier'],
    login: 'zhao',
    password: PASSWORD,
  })
})
afterAll(() => db[Symbol.asyncDispose]())

function person(number: string, change: object = {}) {
  return {
    name: '王小明',
    idCardNo: `37020219800101${number.padStart(4, '0')}`,
    phone: null,
    gender: 'male' as const,
    birthDate: businessDate('1980-01-01'),
    media: [],
    ...change,
  }
}

const asPerson = (password = PASSWORD, login = 'wang') =>
  identity.login({ app: 'patient', login, password })
const asStaff = (password = PASSWORD, login = 'zhao') =>
  identity.login({ app: 'console', login, password })

describe('login', () => {
  it('gives a new token each time, good for its own app alone', async () => {
    const first = await asPerson()
    const second = await asPerson(PASSWORD, ' ＷＡＮＧ ')
    expect(first.token).toMatch(/^[0-9a-f]{64}$/)
    expect(second.token).not.toBe(first.token)
    expect(first.expiresAt).toEqual(addMs(clock.now(), 30 * DAY_MS))
    const principal = { kind: 'person', personId }
    expect(await identity.authenticateToken(first.token, 'patient')).toEqual(principal)
    expect(await identity.authenticateToken(first.token, 'console')).toBeNull()
  })

  it('gives staff their hospital and roles, and writes it down', async () => {
    const { token, expiresAt } = await asStaff()
    expect(expiresAt).toEqual(addMs(clock.now(), 12 * HOUR_MS))
    expect(await identity.authenticateToken(token, 'console')).toEqual({
      kind: 'staff',
      staffId,
      hospitalId,
      roles: ['finance', 'cashier'],
    })
    const { rows } = await inHospital(db, hospitalId, (tx) =>
      sql`select action, subject from platform.audit
        where hospital_id = ${hospitalId} order by id`.execute(tx),
    )
    expect(rows).toEqual([
      { action: 'identity.register_staff', subject: `staff:${staffId}` },
      { action: 'identity.login', subject: `staff:${staffId}` },
    ])
  })

  it('keeps no token', async () => {
    const { token } = await asPerson()
    const { rows } = await sql<{ row: string }>`
      select s::text as row from identity.session s`.execute(db)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.map(({ row }) => row).join()).not.toContain(token)
  })

  it('hashes a password anew that was hashed more weakly', async () => {
    const weak = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1 })
    await identity.registerPerson(person('2', { login: 'weak', passwordHash: weak }))
    const weakOnes = async () => {
      const { rows } = await sql`select 1 from identity.credential
        where password_hash like '%m=8192%'`.execute(db)
      return rows.length
    }
    expect(await weakOnes()).toBe(1)
    await asPerson(PASSWORD, 'weak')
    expect(await weakOnes()).toBe(0)
    expect((await asPerson(PASSWORD, 'weak')).token).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('a wrong login', () => {
  beforeEach(() => clock.advance(DAY_MS)) // so that what was tried before is forgotten

  it.each([
    ['another password', () => asPerson('not that')],
    ['a name that nobody has', () => asPerson(PASSWORD, 'nobody')],
    ['the other app', () => asStaff(PASSWORD, 'wang')],
  ])('by %s gets one and the same answer', async (_what, login) => {
    await expect(login()).rejects.toMatchObject({
      code: 'identity.login_failed',
      kind: 'unauthenticated',
      params: {},
    })
  })

  it.each(['zhao', 'nobody-at-all'])('of %s makes wait after five, and longer', async (login) => {
    const failed = { code: 'identity.login_failed' }
    const wait = (retryAfterSeconds: number) => ({
      code: 'identity.too_many_attempts',
      kind: 'limited',
      params: { retryAfterSeconds },
    })
    for (let i = 0; i < 5; i++) {
      await expect(asStaff('not that', login)).rejects.toMatchObject(failed)
    }
    await expect(asStaff('not that', login)).rejects.toMatchObject(wait(30))
    await expect(asStaff(PASSWORD, login)).rejects.toMatchObject(wait(30))
    clock.advance(29_500)
    await expect(asStaff('not that', login)).rejects.toMatchObject(wait(1))
    clock.advance(500)
    await expect(asStaff('not that', login)).rejects.toMatchObject(failed)
    await expect(asStaff('not that', login)).rejects.toMatchObject(wait(60))
  })

  it('is forgotten once the right password came', async () => {
    for (let i = 0; i < 4; i++) await expect(asStaff('not that')).rejects.toThrow('login_failed')
    await asStaff()
    for (let i = 0; i < 5; i++) await expect(asStaff('not that')).rejects.toThrow('login_failed')
    await expect(asStaff()).rejects.toThrow('too_many_attempts')
  })

  it('is tried five times by forty at the same moment', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 40 }, () => asStaff('not that')))
    const codes = tries.map((one) => (one.status === 'rejected' ? String(one.reason) : 'in'))
    expect(codes.filter((text) => text.includes('login_failed'))).toHaveLength(5)
    expect(codes.filter((text) => text.includes('too_many_attempts'))).toHaveLength(35)
  })

  it('takes as long for a name that nobody has', async () => {
    const TRIES = 40
    const passwordHash = await identity.hashPassword(PASSWORD)
    const names = Array.from({ length: TRIES }, (_, i) => `timed-${i}`)
    await identity.registerPeople(
      names.map((login, i) => person(String(100 + i), { login, passwordHash })),
    )
    const timeOf = async (login: string) => {
      const startedMs = performance.now()
      await asPerson('not that', login).catch(() => undefined)
      return performance.now() - startedMs
    }
    const times = { known: [] as number[], unknown: [] as number[] }
    for (const name of names) {
      times.known.push(await timeOf(name))
      times.unknown.push(await timeOf(`no-${name}`))
    }
    const median = (list: number[]) => list.toSorted((a, b) => a - b)[list.length / 2] ?? 0
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(10)
    expect(median(times.unknown)).toBeGreaterThan(5) // it did the work
  })
})

describe('a session', () => {
  const alive = (token: string, app: 'patient' | 'console' = 'patient') =>
    identity.authenticateToken(token, app).then((principal) => principal !== null)

  it('ends at logout, at once and for good', async () => {
    const { token } = await asPerson()
    expect(await alive(token)).toBe(true)
    await identity.logout(token)
    expect(await alive(token)).toBe(false)
    await identity.logout(token)
    await identity.logout('never was a token')
  })

  it('ends after 30 minutes without use', async () => {
    const { token } = await asPerson()
    clock.advance(30 * MINUTE_MS - 1)
    expect(await alive(token)).toBe(true)
    clock.advance(30 * MINUTE_MS - 1)
    expect(await alive(token)).toBe(true)
    clock.advance(30 * MINUTE_MS)
    expect(await alive(token)).toBe(false)
  })

  it('of staff ends after 12 hours, however much it is used', async () => {
    const { token } = await asStaff()
    for (let i = 0; i < 12 * 4 - 1; i++) {
      clock.advance(15 * MINUTE_MS)
      expect(await alive(token, 'console')).toBe(true)
    }
    clock.advance(15 * MINUTE_MS)
    expect(await alive(token, 'console')).toBe(false)
  })

  it('is written to at most once a minute', async () => {
    const { token } = await asPerson()
    const version = async () => {
      const { rows } = await sql<{ xmin: string }>`select xmin::text from identity.session
        order by created_at desc limit 1`.execute(db)
      return rows[0]?.xmin
    }
    const first = await version()
    clock.advance(MINUTE_MS - 1)
    await alive(token)
    expect(await version()).toBe(first)
    clock.advance(1)
    await alive(token)
    expect(await version()).not.toBe(first)
  })

  it('of staff ends with their employment, and none begins after it', async () => {
    const id = await identity.registerStaff({
      hospitalId,
      name: '钱某',
      roles: ['it'],
      login: 'qian',
      password: PASSWORD,
    })
    const { token } = await asStaff(PASSWORD, 'qian')
    await identity.disableStaff(id)
    expect(await alive(token, 'console')).toBe(false)
    await expect(asStaff(PASSWORD, 'qian')).rejects.toThrow('login_failed')
  })

  it.each(['', 'x', "' or 1=1 --", 'A'.repeat(64), '0'.repeat(64)])(
    'is not had by %s',
    async (token) => {
      expect(await alive(token)).toBe(false)
    },
  )

  it('is forgotten a month after it ran out, and so are failed logins after a day', async () => {
    const count = async () => {
      const { rows } = await sql<{ sessions: number; attempts: number }>`
        select (select count(*) from identity.session) as sessions,
          (select count(*) from identity.login_attempt) as attempts`.execute(db)
      return rows[0]
    }
    clock.advance(DAY_MS + 1)
    await asPerson()
    await expect(asPerson('not that', 'nobody')).rejects.toThrow('login_failed')
    await identity.purgeExpired()
    expect(await count()).toMatchObject({ sessions: expect.any(Number), attempts: 1 })
    clock.advance(60 * DAY_MS + 1)
    await identity.purgeExpired()
    expect(await count()).toEqual({ sessions: 0, attempts: 0 })
  })

  it('is forgotten with no more than 999 others at a time, as are failed logins', async () => {
    const longAgo = addMs(clock.now(), -100 * DAY_MS)
    await sql`insert into identity.session
        (token_hash, app, person_id, created_at, expires_at, idle_expires_at)
      select n::text, 'patient', '01935000-0000-7000-8000-000000000000', ${longAgo}, ${longAgo}, ${longAgo}
      from generate_series(1, 1500) n`.execute(db)
    await sql`insert into identity.login_attempt (app, login_index, failures, last_at)
      select 'patient', n::text, 1, ${longAgo} from generate_series(1, 1200) n`.execute(db)
    const { token } = await asPerson()
    const forgotten: number[] = []
    for (let turn = 0; turn < 3; turn++) forgotten.push(await identity.purgeExpired())
    expect(forgotten).toEqual([2_000, 700, 0])
    expect(await alive(token)).toBe(true)
  })
})

describe('an API key', () => {
  const hospitalIds = [hospitalId, 2 as HospitalId]
  const key = (change: object = {}) =>
    identity.createApiKey({
      name: '合作银行',
      hospitalIds,
      expiresAt: addMs(clock.now(), DAY_MS),
      ...change,
    })

  it('is good for its hospitals until it runs out', async () => {
    const { keyId, key: text } = await key()
    expect(text).toMatch(/^yqk_[0-9a-f]{64}$/)
    expect(await identity.authenticateApiKey(text)).toEqual({
      kind: 'institution',
      keyId,
      hospitalIds,
    })
    clock.advance(DAY_MS)
    expect(await identity.authenticateApiKey(text)).toBeNull()
  })

  it('is good until it is revoked, while another takes over', async () => {
    const [first, second] = [await key(), await key()]
    await identity.revokeApiKey(first.keyId)
    expect(await identity.authenticateApiKey(first.key)).toBeNull()
    expect(await identity.authenticateApiKey(second.key)).not.toBeNull()
  })

  it.each([
    [{ hospitalIds: [] }, 'hospitalIds'],
    [{ name: '' }, 'name'],
    [{ expiresAt: new Date(0) }, 'expiresAt'],
  ])('is not made with %o', async (change, field) => {
    await expect(key(change)).rejects.toMatchObject({
      code: 'identity.api_key_invalid',
      params: { field },
    })
  })

  it('is nobody’s when it is made up', async () => {
    expect(await identity.authenticateApiKey(`yqk_${'0'.repeat(64)}`)).toBeNull()
    expect(await identity.authenticateApiKey('0'.repeat(64))).toBeNull()
  })
})
