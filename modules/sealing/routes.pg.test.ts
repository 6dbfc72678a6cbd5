import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { addMs, DAY_MS } from '../../kernel/time.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal } from '../../platform/principal.ts'
import { systemActor } from '../../platform/principal.ts'
import { addPartnerHooks } from '../partners/index.ts'
import { rsaSigner, sm2Signer } from '../partners/testing/signer.ts'
import {
  addApplication,
  asStaff,
  bearer,
  openPartnersWorld,
  type PartnersWorld,
  tokenOf,
} from '../partners/testing/world.ts'
import { sealingRoutes } from './routes.ts'
import { madeAtMs } from './sealed-log.ts'
import { createSealing } from './sealing.ts'
import {
  HOSPITAL,
  openSealingWorld,
  OTHER_HOSPITAL,
  postEntries,
  type SealingWorld,
} from './testing/world.ts'

let partners: PartnersWorld
let world: SealingWorld
let app: FastifyInstance
let ids: string[]

const LOG = `/v1/hospitals/${HOSPITAL}/sealing/ledger`

beforeEach(async () => {
  partners = await openPartnersWorld()
  world = await openSealingWorld()
  ids = await postEntries(world, HOSPITAL, 9)
  await world.sealing.sealNext(HOSPITAL)
  ids.push(...(await postEntries(world, HOSPITAL, 4)))
  await world.sealing.sealNext(HOSPITAL)
  app = await serve()
})
afterEach(async () => {
  await app.close()
  await world[Symbol.asyncDispose]()
  await partners[Symbol.asyncDispose]()
})

it('shows heads and proofs to applications with the scope and to finance, and to nobody else', async () => {
  const application = await addApplication(partners)
  const poor = await addApplication(partners, { scopes: ['payments:read'] })
  const token = bearer(await tokenOf(partners, application))
  const paths = [
    'heads/newest',
    'heads/9',
    `items/${ids[3]}/proof`,
    `items/${ids[3]}/proof?size=9`,
    'leaves/12/proof',
    'consistency?from=9&to=13',
  ]
  for (const path of paths) {
    const url = `${LOG}/${path}`
    const seen = await app.inject({ url, headers: token })
    expect(seen.statusCode, seen.body).toBe(200)
    // Hashes only: nothing of what is in the log.
    expect(seen.body).not.toMatch(/wechat|income|payment:/)
    expect((await app.inject({ url, headers: asStaff('auditor') })).statusCode).toBe(200)
    expect((await app.inject({ url, headers: asStaff('cashier') })).statusCode).toBe(403)
    expect(
      (await app.inject({ url, headers: asStaff('finance', OTHER_HOSPITAL) })).statusCode,
    ).toBe(403)
    const denied = bearer(await tokenOf(partners, poor))
    expect((await app.inject({ url, headers: denied })).statusCode).toBe(403)
    expect((await app.inject({ url })).statusCode).toBe(401)
  }
})

it('[B1] says how far sealing has come, and lists heads, to the hospital alone', async () => {
  const read = async (path: string, as = asStaff('finance')) =>
    app.inject({ url: `/v1/hospitals/${HOSPITAL}/sealing${path}`, headers: as })
  expect((await read('')).json()).toMatchObject({
    items: [
      { log: 'ledger', head: { size: 13 }, waiting: 0, waitingSince: null, lagMs: 0 },
      { log: 'audit', head: null, waiting: 0 },
    ],
    partners: [],
  })
  const [late = ''] = await postEntries(world, HOSPITAL, 3)
  const standing = (await read('', asStaff('auditor'))).json<{
    items: [{ waiting: number; waitingSince: string; lagMs: number }]
  }>()
  expect(standing.items[0]).toMatchObject({ waiting: 3, head: { size: 13 } })
  expect(Date.parse(standing.items[0].waitingSince)).toBe(madeAtMs(late))
  expect((await read('/ledger/heads?limit=1')).json()).toMatchObject({
    items: [{ size: 13 }],
    next: 13,
  })
  expect((await read('/ledger/heads?limit=1&before=13')).json()).toMatchObject({
    items: [{ size: 9, previousHash: null, countersignatures: [] }],
    next: null,
  })
  for (const path of ['', '/ledger/heads']) {
    expect((await read(path, asStaff('cashier'))).statusCode).toBe(403)
    expect((await read(path, asStaff('finance', OTHER_HOSPITAL))).statusCode).toBe(403)
  }
})

it('gives the proof file, with what is in the log, to the hospital alone', async () => {
  const url = `${LOG}/items/${ids[3]}/proof-file`
  const file = await app.inject({ url, headers: asStaff('finance') })
  expect(file.statusCode).toBe(200)
  expect(file.json()).toMatchObject({ form: 'yiqiao/proof/1', items: [{ leafIndex: 3 }] })
  const application = await addApplication(partners)
  const token = bearer(await tokenOf(partners, application))
  expect((await app.inject({ url, headers: token })).statusCode).toBe(403)
})

it.each([
  ['RSA', rsaSigner],
  ['SM2', sm2Signer],
])(
  'takes a partner’s signature by %s over a head, and keeps it with it',
  async (_name, newSigner) => {
    const application = await addApplication(partners)
    const headers = bearer(await tokenOf(partners, application))
    const signer = newSigner()
    const key = await addKey(application.application.id, signer)
    const { text } = (await app.inject({ url: `${LOG}/heads/9`, headers })).json<{ text: string }>()
    const signedText = JSON.stringify([
      'yiqiao/countersignature/1',
      application.application.id,
      key,
      text,
    ])
    const post = (size: number, signature: string, keyId: string | undefined = key) =>
      app.inject({
        method: 'POST',
        url: `${LOG}/heads/${size}/countersignatures`,
        headers,
        payload: { keyId, signature },
      })
    const signature = signer.sign(signedText)
    expect((await post(9, signature)).statusCode).toBe(201)
    expect((await post(9, signature)).statusCode).toBe(201)
    const head = await app.inject({ url: `${LOG}/heads/9`, headers })
    expect(head.json()).toMatchObject({
      countersignatures: [{ applicationId: application.application.id, keyId: key }],
    })
    const codeOf = async (answer: ReturnType<typeof post>) =>
      (await answer).json<{ code: string }>().code
    expect(await codeOf(post(13, signature))).toBe('sealing.countersignature_wrong')
    expect(await codeOf(post(9, signer.sign(text)))).toBe('sealing.countersignature_wrong')
    expect(await codeOf(post(10, signature))).toBe('sealing.head_not_found')
    expect(await codeOf(post(9, signature, ids[0]))).toBe('sealing.key_not_found')
    expect(await world.findings()).toEqual([])
    await world.owner.query(`update sealing.countersignature set application_id = $1`, [ids[0]])
    expect(await world.findings()).toEqual([`countersignature_wrong head 9, application ${ids[0]}`])
  },
)

async function addKey(
  id: Parameters<PartnersWorld['partners']['addKey']>[1],
  signer: ReturnType<typeof rsaSigner>,
) {
  const { algorithm, publicKey } = signer
  const validUntil = addMs(partners.clock.now(), DAY_MS)
  const wish = { algorithm, publicKey, validFrom: null, validUntil }
  const key = await partners.partners.addKey(HOSPITAL, id, wish, systemActor('test'))
  return key.id
}

/** The routes as the api has them, on the sealed database, for the applications of the other one. */
async function serve(): Promise<FastifyInstance> {
  const { partners: module } = partners
  const sealing = createSealing({
    ...world.dependencies,
    clock: partners.clock,
    keysOf: async (hospitalId, id) =>
      (
        await module.applicationDetail(
          hospitalId,
          id as Parameters<typeof module.applicationDetail>[1],
        )
      ).keys,
  })
  const http = await createHttp({
    newId: partners.newId,
    async authenticate(request) {
      const as = request.headers['x-as']
      const partner = await module.authenticatePartner(request)
      return partner ?? (as === undefined ? null : (JSON.parse(String(as)) as Principal))
    },
  })
  addPartnerHooks(http, module, partners.options)
  await http.register(sealingRoutes(sealing), { prefix: '/v1' })
  await http.ready()
  return http as unknown as FastifyInstance
}
