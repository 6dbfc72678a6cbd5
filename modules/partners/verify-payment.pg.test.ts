import { createHash, createPublicKey, verify } from 'node:crypto'

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { AppError } from '../../kernel/error.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import { type Fen, fen } from '../../kernel/money.ts'
import { inHospital } from '../../platform/db.ts'
import type { Identity, PersonId } from '../identity/index.ts'
import { createPayableStanding } from './payable-standing.ts'
import {
  addApplication,
  allow,
  bearer,
  HOSPITAL,
  openPartnersWorld,
  OTHER_HOSPITAL,
  type PartnersWorld,
  tokenOf,
} from './testing/world.ts'

const PERSON = '0190b3a0-0000-7000-8000-0000000000aa' as Id<'Person'>
const QUESTION = { patient_id: PERSON, amount: 300, hospital_id: HOSPITAL }

let world: PartnersWorld
let token: string
beforeAll(async () => {
  world = await openPartnersWorld()
  const bank = await addApplication(world)
  await allow(world, bank, PERSON)
  token = await tokenOf(world, bank)
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  world.standing.answer = { outcome: 'payable', personId: PERSON, maskedName: '*三' }
  world.standing.remainingFen = 300_000
})

const ask = (payload: object, headers: object = bearer(token)) =>
  world.app.inject({ method: 'POST', url: '/verify_payment', headers: { ...headers }, payload })

describe('[N8] POST /verify_payment', () => {
  it('answers with the names of the document, and a proof that stands by itself', async () => {
    const answer = await ask(QUESTION)
    expect(answer.statusCode).toBe(200)
    const body = answer.json<Record<string, unknown> & { proof: Record<string, string> }>()
    expect(body).toEqual({
      status: 'success',
      message: '验证通过,可支付300.00元',
      remaining_credit: 2_700,
      payment_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      patient_name: '*三',
      proof: {
        statement: expect.any(String),
        algorithm: 'ed25519',
        keyId: expect.stringMatching(/^ed25519-/),
        signature: expect.any(String),
      },
    })
    const { statement = '', signature = '', keyId } = body.proof
    expect(createHash('sha256').update(statement).digest('hex')).toBe(body['payment_hash'])
    expect(JSON.parse(statement)).toEqual({
      statement: 'payment_verification',
      version: 1,
      personId: PERSON,
      hospitalId: HOSPITAL,
      amountFen: 30_000,
      remainingCreditFen: 270_000,
      verifiedAt: '2026-11-21T10:00:00+08:00',
    })
    const keys = (await world.app.inject('/v1/partner-keys')).json<{
      items: { keyId: string; publicKey: string }[]
    }>()
    const key = createPublicKey(keys.items.find((one) => one.keyId === keyId)?.publicKey ?? '')
    const isGenuine = (text: string) =>
      verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
    expect(isGenuine(statement)).toBe(true)
    expect(isGenuine(statement.replace('30000', '30001'))).toBe(false)
  })

  it.each([
    [0.1, 10, 2_999.9],
    ['300.00', 30_000, 2_700],
    [2_999.99, 299_999, 0.01],
    [3_000, 300_000, 0],
    ['0.01', 1, 2_999.99],
  ])('reads %s yuan to the fen', async (amount, amountFen, left) => {
    const answer = await ask({ ...QUESTION, amount })
    const body = answer.json<{ remaining_credit: number; proof: { statement: string } }>()
    expect(JSON.parse(body.proof.statement)).toMatchObject({ amountFen })
    expect(body.remaining_credit).toBe(left)
  })

  it('says null of a credit that nobody has given', async () => {
    world.standing.remainingFen = null
    const answer = await ask(QUESTION)
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { remaining_credit: null }])
  })

  it.each([
    ['without a patient', { amount: 300, hospital_id: 1 }],
    ['without an amount', { patient_id: PERSON, hospital_id: 1 }],
    ['without a hospital', { patient_id: PERSON, amount: 300 }],
    ['of nothing', { ...QUESTION, amount: 0 }],
    ['of less than nothing', { ...QUESTION, amount: -300 }],
    ['of a part of a fen', { ...QUESTION, amount: 0.001 }],
    ['of too much', { ...QUESTION, amount: 1e21 }],
    ['of words', { ...QUESTION, amount: 'all' }],
    ['of a list', { ...QUESTION, amount: [300] }],
    ['of null', { ...QUESTION, amount: null }],
    ['at no hospital', { ...QUESTION, hospital_id: 'x' }],
    ['with more than is asked', { ...QUESTION, status: 'paid' }],
  ])('answers 400 %s', async (_what, payload) => {
    const answer = await ask(payload)
    expect([answer.statusCode, answer.json()]).toEqual([400, { error: '缺少参数' }])
  })

  it('answers 404 and 402 in the words of the document', async () => {
    world.standing.answer = { outcome: 'not_bound' }
    const unbound = await ask(QUESTION)
    expect([unbound.statusCode, unbound.json()]).toEqual([404, { error: '患者未绑定银行卡' }])
    world.standing.answer = { outcome: 'payable', personId: PERSON, maskedName: '*三' }
    world.standing.remainingFen = 29_999
    const poor = await ask(QUESTION)
    expect([poor.statusCode, poor.json()]).toEqual([402, { error: '信用额度不足' }])
    world.standing.answer = { outcome: 'not_owed' }
    const settled = await ask(QUESTION)
    expect([settled.statusCode, settled.json()]).toEqual([402, { error: '应付金额不足' }])
  })

  it('is of nobody who did not allow it, whether they are there or not', async () => {
    const stranger = '0190b3a0-0000-7000-8000-0000000000bb'
    const other = bearer(await tokenOf(world, await addApplication(world)))
    for (const answer of [
      await ask({ ...QUESTION, patient_id: stranger }),
      await ask(QUESTION, other),
    ]) {
      expect([answer.statusCode, answer.json()]).toEqual([404, { error: '患者未授权' }])
    }
  })

  it('is for applications that the hospital lets ask it', async () => {
    expect((await ask(QUESTION, {})).statusCode).toBe(401)
    const narrow = await addApplication(world, { scopes: ['events:read'] })
    const refused = await ask(QUESTION, bearer(await tokenOf(world, narrow)))
    expect([refused.statusCode, refused.json()]).toMatchObject([
      403,
      { code: 'partners.scope_missing' },
    ])
    expect((await ask({ ...QUESTION, hospital_id: OTHER_HOSPITAL })).statusCode).toBe(403)
  })

  it('is written down each time, with what came of it', async () => {
    await ask({ ...QUESTION, amount: 77.77 })
    world.standing.answer = { outcome: 'not_bound' }
    await ask({ ...QUESTION, patient_id: '370202198001010013', amount: 77.77 })
    const { rows } = await inHospital(world.db, HOSPITAL, (tx) =>
      sql<{ subject: string; outcome: string; actor: string; text: string }>`
        select subject, outcome, actor, a::text as text from platform.audit a
        where hospital_id = ${HOSPITAL} and action = 'partners.verify_payment'
          and detail->>'amountFen' = '7777' order by id`.execute(tx),
    )
    expect(rows).toMatchObject([
      { subject: `person:${PERSON}`, outcome: 'payable' },
      { subject: expect.stringMatching(/^application:/), outcome: 'not_bound' },
    ])
    expect(rows.every(({ actor }) => actor.startsWith('application:'))).toBe(true)
    expect(rows.map(({ text }) => text).join()).not.toContain('370202198001010013')
  })
})

describe('the usual ground', () => {
  const identity = (media: { kind: 'bank_card' | 'id_card'; status: 'active' | 'ended' }[]) =>
    ({
      personView: async (personId: PersonId) => {
        if (personId !== PERSON) throw new AppError('identity.person_not_found', 'not_found', {})
        return { personId, name: '*三' }
      },
      mediaOf: async () => media,
    }) as unknown as Pick<Identity, 'personView' | 'mediaOf'>
  const CARD = { kind: 'bank_card', status: 'active' } as const

  const judge = (
    media: Parameters<typeof identity>[0],
    owed: number | null,
    patientId: string = PERSON,
  ) => {
    const owedFen = async (): Promise<Fen | null> => (owed === null ? null : fen(owed))
    const standing = createPayableStanding({ identity: identity(media), owedFen })
    return standing({ patientId }, 1 as HospitalId, fen(300))
  }

  it('is a person with a bank card, who owes at least as much', async () => {
    const payable = { outcome: 'payable', personId: PERSON, maskedName: '*三' }
    expect(await judge([CARD], 300)).toEqual(payable)
    expect(await judge([CARD], 299)).toEqual({ outcome: 'not_owed' })
    for (const media of [[], [{ kind: 'id_card', status: 'active' } as const]]) {
      expect(await judge(media, 300)).toEqual({ outcome: 'not_bound' })
    }
    expect(await judge([{ ...CARD, status: 'ended' }], 300)).toEqual({ outcome: 'not_bound' })
    expect(await judge([CARD], 300, 'patient_001')).toEqual({ outcome: 'not_bound' })
    const stranger = '0190b3a0-0000-7000-8000-0000000000bb'
    expect(await judge([CARD], 300, stranger)).toEqual({ outcome: 'not_bound' })
  })

  it('is not known while the hospital is silent', async () => {
    await expect(judge([CARD], null)).rejects.toMatchObject({ code: 'partners.standing_unknown' })
  })
})
