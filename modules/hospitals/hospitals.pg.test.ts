import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import {
  createChannelConnections,
  createConnections,
  createHospitals,
  type Department,
  type HisAnswer,
  type HisDepartment,
  type Hospital,
  hospitalRoutes,
  type Hospitals,
  type HospitalSystem,
  useNonce,
} from './index.ts'

const { clock, random, newId } = testPlatform()
const seal = createSeal(new Uint8Array(32).fill(7), random)
let db: TestDatabase
let hospitals: Hospitals
let answer: HisAnswer<HisDepartment[]>
let reached = true

const first = hospital(1, 'H37020000001')
const second = hospital(2, 'H37020000002')

beforeAll(async () => {
  db = await createTestDatabase()
  // Only what is asked here; a call to anything else of the port would fail the test.
  const his = {
    async departments({ trace }: Parameters<HospitalSystem['departments']>[0]) {
      trace({
        system: 'his',
        operation: 'departments.list',
        direction: 'out',
        request: '{}',
        response: '{}',
        outcome: answer.outcome,
        startedAt: clock.now(),
        durationMs: 3,
      })
      return answer
    },
  } as HospitalSystem
  const systemOf = async () => (reached ? his : null)
  hospitals = createHospitals({ db, clock, newId, seal, systemOf })
  await hospitals.register(first)
  await hospitals.register(second)
})
afterAll(() => db[Symbol.asyncDispose]())

describe('the directory', () => {
  it('lists hospitals by number and takes changes over', async () => {
    await hospitals.register({ ...second, status: 'suspended' })
    expect(await hospitals.list()).toEqual([first, { ...second, status: 'suspended' }])
    await hospitals.register(second)
    expect(await hospitals.get(second.id)).toEqual(second)
  })

  it('says which hospital is not there', async () => {
    await expect(hospitals.get(9 as HospitalId)).rejects.toMatchObject({
      code: 'hospitals.hospital_not_found',
      params: { hospitalId: 9 },
    })
  })

  it('gives one insurance number to one hospital', async () => {
    const other = { ...hospital(3, first.insuranceCode) }
    await expect(hospitals.register(other)).rejects.toMatchObject({
      code: 'hospitals.insurance_code_taken',
    })
  })

  it('writes down who changed it', async () => {
    const actions = await inHospital(db, second.id, async (tx) => {
      const { rows } = await sql<{ action: string; actor: string }>`
        select action, actor from platform.audit where hospital_id = ${second.id}
        order by id`.execute(tx)
      return rows
    })
    expect(actions).toContainEqual({ action: 'hospitals.register', actor: 'system:hospitals' })
  })
})

describe('syncDepartments', () => {
  const surgery = department('02', [doctor('D2', 1_500), doctor('D3', 2_500)])
  const medicine = department('01', [doctor('D1', 1_000)])

  it('takes the list over whole, and unlists what is gone from it', async () => {
    answer = { outcome: 'ok', data: [surgery, medicine] }
    expect(await hospitals.syncDepartments(first.id)).toEqual([medicine, surgery])

    const renamed = { ...surgery, name: '普外科', doctors: [doctor('D3', 3_000)] }
    answer = { outcome: 'ok', data: [renamed] }
    expect(await hospitals.syncDepartments(first.id)).toEqual([renamed])

    answer = { outcome: 'ok', data: [] }
    expect(await hospitals.syncDepartments(first.id)).toEqual([])
    answer = { outcome: 'ok', data: [surgery, medicine] }
    expect(await hospitals.syncDepartments(first.id)).toEqual([medicine, surgery])
    expect(await hospitals.departments(second.id)).toEqual([])
  })

  it('keeps the list it has when the hospital says no or nothing', async () => {
    answer = { outcome: 'unknown', reason: 'no answer within 400 ms' }
    await expect(hospitals.syncDepartments(first.id)).rejects.toMatchObject({
      code: 'hospitals.his_unavailable',
    })
    answer = { outcome: 'refused', code: 'signature_invalid', detail: { message: 'no' } }
    await expect(hospitals.syncDepartments(first.id)).rejects.toMatchObject({
      code: 'hospitals.his_refused',
      params: { code: 'signature_invalid' },
    })
    expect(await hospitals.departments(first.id)).toEqual([medicine, surgery])
  })

  it('keeps every exchange, of failures too', async () => {
    const { rows } = await inHospital(db, first.id, (tx) =>
      sql<{ outcome: string }>`select outcome from platform.exchange
        where hospital_id = ${first.id} and subject = 'hospital:1' order by id`.execute(tx),
    )
    expect(rows.map(({ outcome }) => outcome).slice(-2)).toEqual(['unknown', 'refused'])
  })

  it('[H2] is read again when it is old; what is kept is given, marked stale, while the hospital is silent', async () => {
    const readAt = clock.now()
    answer = { outcome: 'ok', data: [medicine] }
    expect(await hospitals.directory(first.id)).toMatchObject({ readAt, stale: false })
    clock.advance(10 * 60_000)
    answer = { outcome: 'unknown', reason: 'no answer within 400 ms' }
    const kept = { departments: [medicine, surgery], readAt, stale: true }
    expect(await hospitals.directory(first.id)).toEqual(kept)
    answer = { outcome: 'ok', data: [medicine] }
    expect(await hospitals.directory(first.id)).toEqual(kept) // it is left in peace
    clock.advance(30_000)
    expect(await hospitals.directory(first.id)).toEqual({
      departments: [medicine],
      readAt: clock.now(),
      stale: false,
    })
    answer = { outcome: 'ok', data: [medicine, surgery] }
    await hospitals.syncDepartments(first.id)
  })

  it('[H2] does not wait for a slow hospital, and has what it says for the next who looks', async () => {
    clock.advance(10 * 60_000)
    let asked = 0
    let release: () => void = () => undefined
    const slow = new Promise<void>((done) => void (release = done))
    const his = {
      async departments() {
        asked += 1
        await slow
        return { outcome: 'ok', data: [surgery] }
      },
    } as unknown as HospitalSystem
    const patient = createHospitals({
      db,
      clock,
      newId,
      seal,
      systemOf: async () => his,
      pause: async () => undefined,
    })
    const looks = await Promise.all([1, 2, 3].map(() => patient.directory(first.id)))
    expect(looks.map(({ stale }) => stale)).toEqual([true, true, true])
    expect(asked).toBe(1)
    release()
    await expect.poll(async () => (await patient.directory(first.id)).stale).toBe(false)
    expect((await patient.directory(first.id)).departments).toEqual([surgery])
    await hospitals.syncDepartments(first.id)
  })

  it('says that a hospital has no system', async () => {
    reached = false
    await expect(hospitals.syncDepartments(first.id)).rejects.toMatchObject({
      code: 'hospitals.connection_missing',
    })
    reached = true
  })

  it('takes a large list in one go', async () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      department(String(i).padStart(4, '0'), [doctor('A', i), doctor('B', i)]),
    )
    answer = { outcome: 'ok', data: many }
    expect(await hospitals.syncDepartments(second.id)).toEqual(many)
  })
})

describe('connections', () => {
  const made: unknown[] = []
  const connections = () =>
    createConnections({
      db,
      clock,
      seal,
      kind: 'his',
      makers: {
        standard: (params, { hospitalId }) => {
          made.push(params)
          return { params, hospitalId }
        },
      },
    })

  it('makes the adapter once, and again when the connection is saved anew', async () => {
    const { of } = connections()
    expect(await of(first.id)).toBeNull()

    await hospitals.saveConnection(first.id, 'his', 'standard', { baseUrl: 'http://a' })
    const system = await of(first.id)
    expect(system).toEqual({ params: { baseUrl: 'http://a' }, hospitalId: 1 })

    await hospitals.saveConnection(first.id, 'his', 'standard', { baseUrl: 'http://b' })
    expect(await of(first.id)).toBe(system) // looked at less than five seconds ago
    clock.advance(5_000)
    expect(await of(first.id)).toEqual({ params: { baseUrl: 'http://b' }, hospitalId: 1 })
    clock.advance(5_000)
    await of(first.id)
    expect(made).toHaveLength(2)
  })

  it('finds nothing once the connection is switched off, and for another kind', async () => {
    const { of } = connections()
    expect(await of(first.id)).not.toBeNull()
    await hospitals.saveConnection(first.id, 'his', 'standard', {}, { enabled: false })
    clock.advance(5_000)
    expect(await of(first.id)).toBeNull()
    const wechat = createConnections({ db, clock, seal, kind: 'wechat', makers: {} })
    expect(await wechat.of(first.id)).toBeNull()
  })

  it('makes every channel of a hospital, and leaves out only what cannot be made', async () => {
    const failed: string[] = []
    const channels = createChannelConnections({
      db,
      clock,
      seal,
      makers: {
        wallet: (params, { kind }) => {
          if (kind === 'broken') throw new Error('no key')
          return { kind, params }
        },
      },
      onError: (_error, { subject }) => void failed.push(subject),
    })
    const third = { ...hospital(3, 'H37020000003'), status: 'suspended' as const }
    await hospitals.register(third)
    expect((await channels.of(third.id)).size).toBe(0)
    clock.advance(5_000)
    await hospitals.saveConnection(third.id, 'his', 'standard', {})
    for (const kind of ['alipay', 'broken', 'wechat']) {
      await hospitals.saveConnection(third.id, kind, 'wallet', { of: kind })
    }
    await hospitals.saveConnection(third.id, 'old_bank', 'wallet', {}, { enabled: false })
    await hospitals.saveConnection(third.id, 'strange', 'nobody', {})
    const found = await channels.of(third.id)
    expect([...found.keys()]).toEqual(['alipay', 'wechat'])
    expect(found.get('alipay')).toEqual({ kind: 'alipay', params: { of: 'alipay' } })
    expect(failed).toEqual(['connection:broken', 'connection:strange'])
    clock.advance(5_000)
    await hospitals.saveConnection(third.id, 'alipay', 'wallet', { of: 'another' })
    const later = await channels.of(third.id)
    expect(later.get('wechat')).toBe(found.get('wechat'))
    expect(later.get('alipay')).toEqual({ kind: 'alipay', params: { of: 'another' } })
  })

  it.each(['soap', 'constructor'])('names the adapter %s it does not have', async (adapter) => {
    await hospitals.saveConnection(second.id, 'his', adapter, {})
    await expect(connections().of(second.id)).rejects.toMatchObject({
      code: 'hospitals.adapter_unknown',
      params: { adapter },
    })
  })

  it('keeps parameters sealed, and each for its own hospital', async () => {
    const secret = 'a-secret-of-the-hospital'
    await hospitals.saveConnection(first.id, 'his', 'standard', { secret })
    const sealed = await inHospital(db, first.id, async (tx) => {
      const { rows } = await sql<{ params_sealed: string }>`
        select params_sealed from hospitals.connection where hospital_id = ${first.id}`.execute(tx)
      return rows[0]?.params_sealed ?? ''
    })
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64').toString('latin1')).not.toContain(
      secret,
    )
    await inHospital(db, second.id, (tx) =>
      sql`update hospitals.connection set params_sealed = ${sealed}, adapter = 'standard'
        where hospital_id = ${second.id}`.execute(tx),
    )
    await expect(connections().of(second.id)).rejects.toMatchObject({
      name: 'SealError',
      fault: 'moved_or_changed',
    })
  })

  it('shows a hospital only its own', async () => {
    const rows = await inHospital(db, second.id, async (tx) => {
      const found = await sql<{ hospital_id: number }>`
        select hospital_id from hospitals.connection`.execute(tx)
      return found.rows
    })
    expect(rows).toEqual([{ hospital_id: 2 }])
    const outside = await sql`select 1 from hospitals.connection`.execute(db)
    expect(outside.rows).toEqual([])
  })

  it('connects only a hospital that is there', async () => {
    await expect(
      hospitals.saveConnection(9 as HospitalId, 'his', 'standard', {}),
    ).rejects.toMatchObject({ code: 'hospitals.hospital_not_found' })
  })
})

describe('useNonce', () => {
  const nonce = 'abcdef0123456789'
  const use = (hospitalId: HospitalId, text = nonce) =>
    inHospital(db, hospitalId, (tx) => useNonce(tx, hospitalId, text, clock.now()))

  it('counts once, even for fifty at the same moment', async () => {
    const uses = await Promise.all(Array.from({ length: 50 }, () => use(first.id)))
    expect(uses.filter(Boolean)).toHaveLength(1)
    expect(await use(second.id)).toBe(true)
  })

  it('is not used up by a transaction that fails', async () => {
    const failing = inHospital(db, first.id, async (tx) => {
      await useNonce(tx, first.id, 'failing000000000', clock.now())
      throw new Error('the work failed')
    })
    await expect(failing).rejects.toThrow('the work failed')
    expect(await use(first.id, 'failing000000000')).toBe(true)
  })

  it('is remembered for as long as its signature could be believed', async () => {
    clock.advance(15 * 60_000)
    expect(await use(first.id)).toBe(false)
    clock.advance(1)
    expect(await use(first.id)).toBe(true)
  })
})

describe('routes', () => {
  it('list what a patient may see, without signing in', async () => {
    await hospitals.register({ ...second, status: 'suspended' })
    const app = await createHttp({ newId, authenticate: async () => null, logger: false })
    await app.register(hospitalRoutes(hospitals), { prefix: '/v1' })
    const get = async (path: string) => {
      const response = await app.inject({ url: `/v1${path}` })
      return { status: response.statusCode, body: response.json() as unknown }
    }
    const { status, ...view } = first
    expect(status).toBe('active')
    expect(await get('/hospitals')).toEqual({ status: 200, body: { items: [view] } })
    expect(await get('/hospitals/1/departments')).toEqual({
      status: 200,
      body: {
        items: await hospitals.departments(first.id),
        readAt: clock.now().toISOString(),
        stale: false,
      },
    })
    expect(await get('/hospitals/9/departments')).toMatchObject({
      status: 404,
      body: { code: 'hospitals.hospital_not_found' },
    })
    expect(await get('/hospitals/1.5/departments')).toMatchObject({ status: 400 })
    await app.close()
  })
})

function hospital(id: number, insuranceCode: string): Hospital {
  return {
    id: id as HospitalId,
    insuranceCode,
    name: `第${id}人民医院`,
    shortName: `${id} 院`,
    level: '三级甲等',
    status: 'active',
  }
}

function department(code: string, doctors: Department['doctors']): Department {
  return { code, name: `科室 ${code}`, subjectCode: '03', location: '2 楼', doctors }
}

function doctor(code: string, feeFen: number) {
  return { code, name: `医生 ${code}`, title: '主任医师', registrationFeeFen: fen(feeFen) }
}
