import type { HospitalId, Id } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import { createAudit } from '../../../platform/audit.ts'
import { createHttp } from '../../../platform/http/server.ts'
import type { Principal, Role } from '../../../platform/principal.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createTestDatabase } from '../../../platform/testing/database.ts'
import type { Wish } from '../choose.ts'
import { channelsRoutes, createChannels, type ListFacts, type Volume } from '../index.ts'
import { scriptedChannel } from './scripted-channel.ts'

export const HOSPITAL = 1 as HospitalId
const CHANNELS = '/hospitals/1/channels'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** A hospital with two channels that answer as the test says, and the routes to keep them. */
export async function openBed() {
  const platform = testPlatform()
  const { clock, newId } = platform
  const db = await createTestDatabase()
  const wechat = scriptedChannel('wechat', clock, ['account', 'qr_code'])
  const icbc = scriptedChannel('icbc', clock, ['card', 'qr_code'])
  const providers = new Map([wechat, icbc].map(({ channel }) => [channel.name, channel]))
  const facts: { volumes: Volume[]; lists: ListFacts | null } = { volumes: [], lists: null }
  const payer = { preferred: null, lastUsed: 'icbc', attributes: { ageYears: 70 } }
  const deps = {
    db,
    clock,
    newId,
    audit: createAudit(platform),
    providersOf: async () => providers,
    volumesOf: async (_id: HospitalId, from: BusinessDate, to: BusinessDate) =>
      facts.volumes.filter(({ businessDate }) => businessDate >= from && businessDate <= to),
    listsOf: async () => facts.lists,
    payerFactsOf: async () => payer,
  }
  const channels = createChannels(deps)
  const http = await createHttp({ newId, authenticate: authenticateAs(newId(), newId()) })
  await http.register(channelsRoutes({ ...deps, channels }))
  await http.ready()

  /** Asks a route below the hospital's channels, or another by its whole path. */
  async function ask(
    method: Method,
    path: string,
    body?: object,
    role: Role | 'person' | null = 'it',
  ) {
    const response = await http.inject({
      method,
      url: path.startsWith('/hospitals') ? path : `${CHANNELS}${path}`,
      headers: role ? { 'x-role': role } : {},
      ...(body ? { payload: body } : {}),
    })
    return { status: response.statusCode, body: response.body === '' ? null : response.json() }
  }

  return {
    ...platform,
    db,
    channels,
    wechat,
    icbc,
    facts,
    ask,
    tier: (name: string, tier: string | null, byException = true) =>
      ask('POST', `/${name}/tier`, { tier, reason: '首批上线', byException }),
    tryOut: async (changes: object = {}) => (await ask('POST', '/dry-run', wish(changes))).body,
    close: async () => {
      await http.close()
      await db[Symbol.asyncDispose]()
    },
  }
}

export type Bed = Awaited<ReturnType<typeof openBed>>

const authenticateAs =
  (staffId: Id<'Staff'>, personId: Id<'Person'>) =>
  async ({ headers }: { headers: Record<string, unknown> }): Promise<Principal | null> => {
    const role = headers['x-role']
    if (typeof role !== 'string') return null
    if (role === 'person') return { kind: 'person', personId }
    return { kind: 'staff', staffId, hospitalId: HOSPITAL, roles: [role as Role] }
  }

export const terms = (changes: object = {}) => ({
  title: { zh: '微信支付', en: 'WeChat Pay' },
  methods: ['account', 'qr_code'],
  scenes: ['outpatient', 'registration'],
  departments: null,
  paymentLimitFen: null,
  dayLimitFen: null,
  feePpm: 3_800,
  feeFixedFen: 0,
  settlementDays: 1,
  sharePpm: null,
  enabled: true,
  order: 0,
  ...changes,
})

export const bankTerms = (changes: object = {}) =>
  terms({
    title: { zh: '工商银行', en: 'ICBC' },
    methods: ['card', 'qr_code'],
    feePpm: 3_000,
    sharePpm: 400_000,
    order: 1,
    ...changes,
  })

/** What a payer asks for; a dry run says of the payer, too. */
export const payersWish = (changes: object = {}) => ({
  amountFen: 10_000,
  scene: 'outpatient',
  department: '0203',
  method: null,
  ...changes,
})

const NOBODY = { preferred: null, lastUsed: null, devices: null, attributes: {} }

export const wish = (changes: object = {}) => payersWish({ payer: NOBODY, ...changes })

export const elder = { payer: { ...NOBODY, attributes: { ageYears: 70 } } }

/** The same, as the module is asked by another. */
export const wishOf = (changes: Partial<Wish> = {}): Wish => ({
  paymentId: null,
  amountFen: fen(10_000),
  scene: 'outpatient',
  department: null,
  method: null,
  payer: NOBODY,
  ...changes,
})

export const rule = (changes: object) => ({
  name: 'r',
  words: { zh: '规则', en: 'rule' },
  enabled: true,
  when: {},
  effect: { do: 'exclude', channels: ['wechat'] },
  ...changes,
})
