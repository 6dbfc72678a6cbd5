import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { HisAnswer, HospitalSystem } from '../hospitals/index.ts'
import { createIdentity, type Identity, type NewPerson, type PersonId } from './index.ts'

const platform = testPlatform()
const { random } = platform
const seal = createSeal(new Uint8Array(32).fill(7), random)
const hospitalId = 1 as HospitalId
let db: TestDatabase
let identity: Identity
let personId: PersonId
let passwordHash: string

const wang: NewPerson = {
  name: '王小明',
  idCardNo: '37020219800101001x',
  phone: '13712345650',
  gender: 'male',
  birthDate: businessDate('1980-01-01'),
  media: [
    { kind: 'social_card', value: 'A99012345' },
    { kind: 'insurance_voucher', value: '370000VOUCHER00000001' },
    { kind: 'health_code', value: 'JKM-7F3A-0001' },
    { kind: 'hospital_card', value: 'C0009', hospitalId },
    { kind: 'bank_card', value: '6225751234561496' },
    { kind: 'wechat_openid', value: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  ],
}

beforeAll(async () => {
  db = await createTestDatabase()
  identity = createIdentity({ db, ...platform, seal })
  passwordHash = await identity.hashPassword('shared by the demo')
  personId = await identity.registerPerson({ ...wang, passwordHash })
})
afterAll(() => db[Symbol.asyncDispose]())

const somebody = (number: number, change: Partial<NewPerson> = {}): NewPerson => ({
  name: `测试${number}`,
  idCardNo: `3702021990${String(number).padStart(8, '0')}`,
  phone: `138${String(number).padStart(8, '0')}`,
  gender: 'female',
  birthDate: businessDate('1990-02-03'),
  media: [],
  ...change,
})

describe('a person', () => {
  it('[I1] is found by every medium, however it is written', async () => {
    const find = identity.findPersonByMedium
    expect(await find('id_card', ' 37020219800101001X ')).toBe(personId)
    expect(await find('id_card', '37020219800101001ｘ')).toBe(personId)
    for (const { kind, value, hospitalId: of } of wang.media) {
      expect([kind, await find(kind, value, of)]).toEqual([kind, personId])
    }
    expect(await find('hospital_card', 'C0009', 2 as HospitalId)).toBeNull()
    expect(await find('social_card', '370000VOUCHER00000001')).toBeNull()
  })

  it('is shown masked to others, and to the owner with the full name', async () => {
    const masked = {
      personId,
      idCardNo: '3****************X',
      phone: '137******50',
      gender: 'male',
    }
    expect(await identity.personView(personId, 'owner')).toEqual({
      ...masked,
      name: '王小明',
      birthDate: '1980-01-01',
    })
    expect(await identity.personView(personId, 'others')).toEqual({
      ...masked,
      name: '*小明',
      birthDate: null,
    })
  })

  it('[I1] has media, masked, in the order they were bound', async () => {
    const media = await identity.mediaOf(personId)
    expect(media.map(({ kind, masked, hospitalId: of }) => [kind, masked, of])).toEqual([
      ['id_card', '3****************X', null],
      ['social_card', 'A9*****45', null],
      ['insurance_voucher', '37*****************01', null],
      ['health_code', 'JK*********01', null],
      ['hospital_card', '*****', hospitalId],
      ['bank_card', '622575******1496', null],
      ['wechat_openid', 'oU************************6o', null],
    ])
  })

  it('is told in full to the adapters that must send it on', async () => {
    expect(await identity.insuredPerson(personId)).toEqual({
      voucherToken: '370000VOUCHER00000001',
      idCardNo: '37020219800101001X',
      name: '王小明',
    })
    expect(await identity.payerAccount(personId, 'wechat')).toBe('oUpF8uMuAJO_M2pxb1Q9zNjWeS6o')
    const other = await identity.registerPerson(somebody(1))
    expect(await identity.insuredPerson(other)).toBeNull()
    expect(await identity.payerAccount(other, 'wechat')).toBeNull()
  })

  it('that nobody is, is not found', async () => {
    const nobody = '01935000-0000-7000-8000-000000000000' as PersonId
    const notFound = { code: 'identity.person_not_found' }
    await expect(identity.personView(nobody, 'owner')).rejects.toMatchObject(notFound)
    await expect(identity.insuredPerson(nobody)).rejects.toMatchObject(notFound)
  })

  it.each<[string, Partial<NewPerson>, string]>([
    ['no name', { name: ' ' }, 'name'],
    ['a name with a letter that is not seen', { name: '王\u200B小明' }, 'name'],
    ['a short identity number', { idCardNo: '12345' }, 'idCardNo'],
    ['a phone with letters', { phone: '137-ABC' }, 'phone'],
    ['a day that is none', { birthDate: '1980-02-30' as never }, 'birthDate'],
    ['a card of no hospital', { media: [{ kind: 'hospital_card', value: 'C1' }] }, 'media'],
    [
      'an openid of a hospital',
      { media: [{ kind: 'wechat_openid', value: 'o', hospitalId }] },
      'm',
    ],
    ['a password and no login', { phone: null, passwordHash: '$argon2id$' }, 'login'],
  ])('is not registered with %s', async (_what, change, field) => {
    await expect(identity.registerPerson(somebody(2, change))).rejects.toMatchObject({
      code: 'identity.person_invalid',
      params: { field: expect.stringMatching(field) },
    })
  })
})

describe('registering', () => {
  it('[I1] refuses a medium that is somebody’s, and keeps nothing of the try', async () => {
    const taken = { code: 'identity.medium_taken' }
    await expect(identity.registerPerson(wang)).rejects.toMatchObject(taken)
    const voucher = { kind: 'insurance_voucher', value: '370000VOUCHER00000001' } as const
    const list = [somebody(3), somebody(4, { media: [voucher] })]
    await expect(identity.registerPeople(list)).rejects.toMatchObject(taken)
    expect(await identity.findPersonByMedium('id_card', somebody(3).idCardNo)).toBeNull()
  })

  it('refuses a login name that is somebody’s', async () => {
    const person = somebody(5, { login: '１３７12345650', passwordHash })
    await expect(identity.registerPerson(person)).rejects.toMatchObject({
      code: 'identity.login_taken',
    })
  })

  it('refuses a password that is guessed first', async () => {
    const person = somebody(6, { password: 'password1' })
    await expect(identity.registerPerson(person)).rejects.toMatchObject({
      code: 'identity.password_unacceptable',
      params: { rule: 'common' },
    })
  })

  it('[I1] registers one person once, of many tries at the same moment', async () => {
    const tries = Array.from({ length: 10 }, () => identity.registerPerson(somebody(7)))
    const done = await Promise.allSettled(tries)
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('registers two thousand people with four media each in seconds, in their order', async () => {
    const people = Array.from({ length: 2_000 }, (_, i) =>
      somebody(10_000 + i, {
        passwordHash,
        media: [
          { kind: 'insurance_voucher', value: `V${i}` },
          { kind: 'wechat_openid', value: `o${i}` },
          { kind: 'hospital_card', value: `C${i}`, hospitalId: 2 as HospitalId },
        ],
      }),
    )
    const startedMs = performance.now()
    const ids = await identity.registerPeople(people)
    expect(performance.now() - startedMs).toBeLessThan(15_000)
    expect(new Set(ids).size).toBe(2_000)
    expect(await identity.findPersonByMedium('wechat_openid', 'o1999')).toBe(ids[1_999])
    const login = { app: 'patient', login: '13800010500', password: 'shared by the demo' } as const
    const { token } = await identity.login(login)
    expect(await identity.authenticateToken(token, 'patient')).toEqual({
      kind: 'person',
      personId: ids[500],
    })
  })
})

describe('resolvePatient', () => {
  const asked: object[] = []
  let answer: HisAnswer<{ patientNo: string; cardNo: string }>
  // Only what is asked here; a call to anything else of the port would fail the test.
  const system = {
    async resolvePatient(_call: unknown, person: object) {
      asked.push(person)
      return answer
    },
  } as HospitalSystem
  const resolve = () =>
    identity.resolvePatient(personId, hospitalId, system, { trace: () => undefined })

  it.each<[HisAnswer<never>, string]>([
    [{ outcome: 'unknown', reason: 'silence' }, 'identity.hospital_unavailable'],
    [
      { outcome: 'refused', code: 'patient_not_found', detail: { message: '' } },
      'identity.patient_not_found',
    ],
    [
      { outcome: 'refused', code: 'invalid_request', detail: { message: '' } },
      'identity.hospital_refused',
    ],
  ])('says that the hospital answered %o', async (said, code) => {
    answer = said
    await expect(resolve()).rejects.toMatchObject({ code, params: { hospitalId } })
  })

  it('asks the hospital once, with the real name and number, and remembers', async () => {
    asked.length = 0
    answer = { outcome: 'ok', data: { patientNo: 'P00001', cardNo: '0000123456' } }
    expect(await resolve()).toBe('P00001')
    expect(await resolve()).toBe('P00001')
    expect(asked).toEqual([{ idCardNo: '37020219800101001X', name: '王小明' }])
    expect(await identity.hospitalsOf(personId)).toEqual([
      { hospitalId, patientNo: 'P00001', cardNo: '00******56' },
    ])
  })

  it('bears to be asked twice at the same moment', async () => {
    const both = await Promise.all(
      [1, 2, 3, 4].map(() =>
        identity.resolvePatient(personId, 3 as HospitalId, system, { trace: () => undefined }),
      ),
    )
    expect(both).toEqual(['P00001', 'P00001', 'P00001', 'P00001'])
  })
})

it('no column holds personal data in the clear', async () => {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'identity'`.execute(db)
  expect(tables.length).toBeGreaterThanOrEqual(10)
  const dumps = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await sql<{ row: string }>`
        select t::text as row from ${sql.table(`identity.${name}`)} t`.execute(db)
      return rows.map(({ row }) => row).join('\n')
    }),
  )
  const dump = dumps.join('\n')
  expect(dump.length).toBeGreaterThan(100_000)
  const media = wang.media.map(({ value }) => value)
  const facts = [wang.name, '37020219800101001', '13712345650', '1980-01-01', 'male', '0000123456']
  for (const secret of [...facts, ...media]) {
    expect(dump).not.toContain(secret)
  }
})
