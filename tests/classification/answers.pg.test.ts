import { afterAll, beforeAll, expect, it } from 'vitest'

import { createApi } from '../../apps/api/app.ts'
import { createHub, type Hub } from '../../apps/hub/create-hub.ts'
import hubContract from '../../contract/hub.json' with { type: 'json' }
import type { HospitalId } from '../../kernel/id.ts'
import { seededRandom } from '../../kernel/random.ts'
import { businessDate } from '../../kernel/time.ts'
import type { PersonId } from '../../modules/identity/index.ts'
import { type DataClass, shown, type Viewer } from '../../platform/classification.ts'
import { type Role, systemActor } from '../../platform/principal.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { wakeBySweep } from '../../platform/wake.ts'

// Every route that reads is asked about one person by every role; no answer shows more of that person than the table of
// classes lets the role see. What is shown in full after a step-up is tested with it.

const HOSPITAL = 1 as HospitalId
const PASSWORD = 'a long walk to the hospital'
const ROLES = ['finance', 'cashier', 'it', 'auditor', 'doctor'] as const satisfies readonly Role[]

const NAME = '买买提·吐尔逊𠮷'
/** What is known of the person, by its class. */
const KNOWN: readonly (readonly [DataClass, string])[] = [
  ['name', NAME],
  ['identityNumber', '11010119840615003X'],
  ['phone', '13912345678'],
  ['birthDate', '1984-06-15'],
  ['address', '海岳市和平区建设路12号3-401'],
  ['account', 'oUpF8uMuAJO-M2pxb1Q9zNjWeS6o'],
  ['account', '370000SOCIAL9981'],
  ['account', '37000099120051'],
  ['bankAccount', '6225751234561496'],
]
/** What people see of themselves as hospitals call it, and what the desk asks them for. */
const CARD_NO = '37000099120051'

/** Routes that show something of a person, with a body where they take one. */
const POSTED: Record<string, object> = {
  'hospitals/1/media/presented': { kind: 'social_card', value: '370000SOCIAL9981' },
  'hospitals/1/person-index/match': {
    name: NAME,
    idNumber: '11010119840615003X',
    idKind: 'id_card',
    birthDate: '1984-06-15',
    gender: 'male',
    phone: null,
    address: null,
  },
  'hospitals/1/patient-lookups': { kind: 'id_card', number: '11010119840615003X' },
}

let db: TestDatabase
let app: Awaited<ReturnType<typeof createApi>>
let hub: Hub
let person: PersonId

beforeAll(async () => {
  db = await createTestDatabase()
  const platform = { ...testPlatform(), db }
  hub = createHub({
    ...platform,
    seal: createSeal(new Uint8Array(32).fill(5), seededRandom('answers')),
    wake: wakeBySweep,
    canaries: new Set(),
    providerTimeoutMs: 500,
    quoteDeadlineMs: 500,
    environment: 'sandbox',
    pause: async () => undefined,
  })
  await hub.hospitals.register({
    id: HOSPITAL,
    insuranceCode: 'H31010100001',
    name: '测试医院',
    shortName: '测试',
    level: '三级甲等',
    status: 'active',
  })
  person = await registerPerson()
  for (const role of ROLES) {
    const staff = { hospitalId: HOSPITAL, name: '赵会计', login: role, password: PASSWORD }
    await hub.identity.registerStaff({ ...staff, roles: [role] })
  }
  app = await createApi(hub, { platform, logger: false, demo: null, webRoot: null })
}, 60_000)
afterAll(async () => {
  await app?.close()
  await db?.[Symbol.asyncDispose]()
})

async function registerPerson(): Promise<PersonId> {
  const { identity, personIndex } = hub
  const id = await identity.registerPerson({
    name: NAME,
    idCardNo: '11010119840615003X',
    phone: '13912345678',
    gender: 'male',
    birthDate: businessDate('1984-06-15'),
    address: '海岳市和平区建设路12号3-401',
    media: [
      { kind: 'wechat_openid', value: 'oUpF8uMuAJO-M2pxb1Q9zNjWeS6o' },
      { kind: 'social_card', value: '370000SOCIAL9981' },
      { kind: 'bank_card', value: '6225751234561496' },
    ],
    password: PASSWORD,
  })
  const data = { patientNo: 'P1', cardNo: CARD_NO }
  const his = { resolvePatient: async () => ({ outcome: 'ok' as const, data }) }
  await identity.resolvePatient(id, HOSPITAL, his as never, { trace: () => undefined })
  const twin = await identity.registerPerson({
    name: NAME,
    idCardNo: 'E12345678',
    idKind: 'passport',
    phone: '13912345678',
    gender: 'male',
    birthDate: businessDate('1984-06-15'),
    media: [],
  })
  await personIndex.enter([id, twin])
  await personIndex.lookAt(twin, HOSPITAL, systemActor('test'))
  return id
}

it.each(ROLES)(
  '[S5] no answer to %s shows more of a person than the role may see',
  async (role) => {
    const seen = await walk('console', role)
    expect(offencesOf(seen, [role])).toEqual([])
    expect(seen.length).toBeGreaterThan(20)
    const isDesk = role === 'cashier' || role === 'it'
    const forThem = [...new Set(seen.filter(showsSomething).map(({ path }) => path))]
    expect(forThem.some((path) => path.includes('person-index'))).toBe(
      role !== 'finance' && role !== 'doctor',
    )
    expect(forThem.includes('/v1/hospitals/1/media/presented')).toBe(isDesk)
  },
)

it('[S5] people see their own name in full, and their own numbers masked', async () => {
  const seen = await walk('patient', '13912345678')
  expect(offencesOf(seen, ['owner'])).toEqual([])
  const me = seen.find(({ path }) => path === '/v1/me')
  expect(me?.text).toContain(NAME)
  expect(me?.text).toContain('1****************X')
})

type Seen = { path: string; text: string }

/** Shows some form of one of the names: the walk has come to the person. */
const showsSomething = ({ text }: Seen) => text.includes('吐尔逊𠮷') || text.includes('逊𠮷')

function offencesOf(seen: readonly Seen[], viewers: readonly Viewer[]): string[] {
  return seen.flatMap(({ path, text }) =>
    KNOWN.filter(
      ([dataClass, value]) => shown(dataClass, value, viewers) !== value && text.includes(value),
    ).map(([dataClass, value]) => `${path}: ${dataClass} ${value}`),
  )
}

/** The bodies of all answers of routes that read, and of those above, to whoever signs in by the name. */
async function walk(name: 'patient' | 'console', login: string): Promise<Seen[]> {
  const payload = { app: name, login, password: PASSWORD }
  const session = await app.inject({ method: 'POST', url: '/v1/sessions', payload })
  expect(session.statusCode).toBe(201)
  const cookies = Object.fromEntries(session.cookies.map((one) => [one.name, one.value]))
  const headers = { 'x-yiqiao-app': name }
  const seen: Seen[] = []
  const fhir = ['Patient', 'Coverage'].map((type) => `/v1/fhir/1/${type}/${person}`)
  for (const path of [...(await readPaths()), ...fhir]) {
    const answer = await app.inject({ url: path, cookies, headers })
    if (answer.statusCode === 200) seen.push({ path, text: answer.body })
  }
  for (const [path, body] of Object.entries(POSTED)) {
    const url = `/v1/${path}`
    const answer = await app.inject({ method: 'POST', url, payload: body, cookies, headers })
    if (answer.statusCode === 200) seen.push({ path: url, text: answer.body })
  }
  return seen
}

/** They answer for as long as they are heard; what they show is what the queue’s own tests look at. */
const STREAMS = /queue.*\/events$/

async function readPaths(): Promise<string[]> {
  const candidates = await hub.personIndex.candidates(HOSPITAL, { after: undefined, limit: 10 })
  const candidate = candidates[0]?.id ?? person
  return Object.entries(hubContract.paths as unknown as Paths).flatMap(([path, { get }]) => {
    if (!get || STREAMS.test(path)) return []
    const query = new URLSearchParams()
    let filled = path
    for (const { name, in: place, required, schema } of get.parameters ?? []) {
      const value =
        name === 'id' && path.includes('candidates') ? candidate : valueFor(name, schema)
      if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(value))
      else if (required === true || name === 'waitSeconds') query.set(name, value)
    }
    return [query.size === 0 ? filled : `${filled}?${query.toString()}`]
  })
}

function valueFor(name: string, schema: ParameterSchema = {}): string {
  if (name === 'hospitalId') return String(HOSPITAL)
  if (name === 'waitSeconds') return '0'
  if (schema.default !== undefined) return String(schema.default)
  if (schema.enum) return String(schema.enum[0])
  if (schema.format === 'uuid') return person
  if (schema.format === 'date') return '2026-11-20'
  if (schema.format === 'date-time') return '2026-11-20T00:00:00Z'
  if (schema.type === 'integer') return String(schema.minimum ?? 1)
  return 'x'
}

type Paths = Record<string, { get?: { parameters?: Parameter[] } }>
type Parameter = { name: string; in: string; required?: boolean; schema?: ParameterSchema }
type ParameterSchema = {
  default?: string | number | boolean
  enum?: (string | number)[]
  format?: string
  type?: string
  minimum?: number
}
