import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { addMs, DAY_MS, SECOND_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { rsaSigner, signedHeaders } from './testing/signer.ts'
import {
  addApplication,
  asPerson,
  bearer,
  HOSPITAL,
  openPartnersWorld,
  OTHER_HOSPITAL,
  type PartnersWorld,
  type TestApplication,
  tokenOf,
} from './testing/world.ts'

const PERSON = '0190b3a0-0000-7000-8000-0000000000ab' as Id<'Person'>
const STRANGER = '0190b3a0-0000-7000-8000-0000000000ac' as Id<'Person'>
const PATH = `/v1/hospitals/${HOSPITAL}/application-grants`
const BRING = `/v1/hospitals/${HOSPITAL}/partner/person-grants`

let world: PartnersWorld
let bank: TestApplication
beforeAll(async () => void (world = await openPartnersWorld()))
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  bank = await addApplication(world)
  world.standing.answer = { outcome: 'payable', personId: PERSON, maskedName: '*三' }
})

async function call(who: Id<'Person'>, method: 'GET' | 'POST', url: string, payload?: object) {
  const headers = asPerson(who)
  const answer = await world.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  const body = answer.body === '' ? {} : answer.json<Record<string, unknown>>()
  return { status: answer.statusCode, body }
}

const wish = (changes: object = {}) => ({
  applicationId: bank.application.id,
  scopes: ['pay', 'verify'],
  textVersion: '2026-11-23',
  expiresAt: addMs(world.clock.now(), 30 * DAY_MS).toISOString(),
  ...changes,
})

const naming = (hospitalId: HospitalId = HOSPITAL) => {
  const question = { hospitalId, applicationId: bank.application.id, patientId: PERSON }
  return world.partners.acting.namePatient(question, systemActor('test'))
}

const begin = (paymentId: Id<'Payment'>) => {
  const at = { hospitalId: HOSPITAL, applicationId: bank.application.id }
  return world.partners.acting.begin({ ...at, patientId: PERSON }, paymentId)
}

const auditOf = async (id: unknown) => {
  const { rows } = await inHospital(world.db, HOSPITAL, (tx) =>
    sql<{ action: string; actor: string }>`select action, actor from platform.audit
      where hospital_id = ${HOSPITAL} and subject = ${`person_grant:${String(id)}`} order by id`.execute(
      tx,
    ),
  )
  return rows.map(({ action, actor }) => `${action} ${actor.split(':')[0]}`)
}

const MISSING = { code: 'partners.grant_missing' }

describe('an application names a person', () => {
  it('who allowed it at that hospital, for as long as they do', async () => {
    await expect(naming()).rejects.toMatchObject(MISSING)
    const given = await call(PERSON, 'POST', PATH, wish())
    expect(given).toMatchObject({ status: 201, body: { state: 'in_force', by: 'person' } })
    expect(await naming()).toBe(PERSON)
    await expect(naming(OTHER_HOSPITAL)).rejects.toMatchObject(MISSING)
    const paymentId = world.newId<'Payment'>()
    await begin(paymentId)
    const payerOf = () => world.partners.acting.payerOf(HOSPITAL, bank.application.id, paymentId)
    expect(await payerOf()).toBe(PERSON)

    const withdrawal = `${PATH}/${String(given.body['id'])}/withdrawal`
    expect((await call(STRANGER, 'POST', withdrawal)).body).toMatchObject({
      code: 'partners.grant_not_found',
    })
    expect((await call(PERSON, 'POST', withdrawal)).status).toBe(204)
    await expect(naming()).rejects.toMatchObject(MISSING)
    await expect(payerOf()).rejects.toMatchObject(MISSING)
    expect(await auditOf(given.body['id'])).toEqual([
      'partners.give_grant person',
      'partners.withdraw_grant person',
    ])
  })

  it('by ten taps at once, of which the last stands', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call(PERSON, 'POST', PATH, wish())),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201))
    const { body } = await call(PERSON, 'GET', PATH)
    const states = (body['grants'] as { state: string }[]).map(({ state }) => state)
    expect(states.filter((state) => state === 'in_force')).toHaveLength(1)
  })

  it('for what they ticked alone, and no longer than they said', async () => {
    await call(PERSON, 'POST', PATH, wish({ scopes: ['verify'] }))
    await expect(naming()).rejects.toMatchObject(MISSING)
    const soon = addMs(world.clock.now(), SECOND_MS).toISOString()
    await call(PERSON, 'POST', PATH, wish({ expiresAt: soon }))
    expect(await naming()).toBe(PERSON)
    world.clock.advance(2 * SECOND_MS)
    await expect(naming()).rejects.toMatchObject(MISSING)
    const { body } = await call(PERSON, 'GET', PATH)
    const states = (body['grants'] as { state: string; applicationId: string }[])
      .filter(({ applicationId }) => applicationId === bank.application.id)
      .map(({ state }) => state)
    expect(states).toEqual(['ended', 'replaced'])
    expect((await call(STRANGER, 'GET', PATH)).body).toMatchObject({ grants: [] })
  })

  it('a hundred and twenty times an hour, and searches for nobody', async () => {
    await call(PERSON, 'POST', PATH, wish())
    for (let times = 0; times < 120; times++) await naming()
    await expect(naming()).rejects.toMatchObject({ code: 'partners.asked_too_often' })
  })
})

describe('a grant', () => {
  it.each([
    ['an older text', { textVersion: '2025-01' }, 409, 'grant_outdated'],
    ['no end', { expiresAt: '2029-01-01T00:00:00.000Z' }, 400, 'grant_expires_wrong'],
    ['an end that is past', { expiresAt: '2020-01-01T00:00:00.000Z' }, 400, 'grant_expires_wrong'],
    ['nothing allowed', { scopes: [] }, 400, 'http.'],
    ['nobody to allow it to', { applicationId: STRANGER }, 404, 'application_not_found'],
  ])('is refused with %s', async (_what, changes, status, code) => {
    const answer = await call(PERSON, 'POST', PATH, wish(changes))
    expect(answer.status).toBe(status)
    expect(answer.body['code']).toContain(code)
  })

  it('is not offered to what the hospital has switched off', async () => {
    const offered = async () => {
      const { body } = await call(PERSON, 'GET', PATH)
      return (body['applications'] as { id: string }[]).map(({ id }) => id)
    }
    expect(await offered()).toContain(bank.application.id)
    const actor = systemActor('test')
    await world.partners.setApplicationStatus(HOSPITAL, bank.application.id, 'disabled', actor)
    expect(await offered()).not.toContain(bank.application.id)
    expect((await call(PERSON, 'POST', PATH, wish())).status).toBe(404)
  })
})

describe('a bank brings the consent that its customer signed', () => {
  let nonces = 0
  const paper = (changes: object = {}) => ({
    patientId: PERSON,
    scopes: ['verify'],
    expiresAt: addMs(world.clock.now(), 30 * DAY_MS).toISOString(),
    agreementNo: 'XY20261122001',
    documentSha256: 'a'.repeat(64),
    signedAt: world.clock.now().toISOString(),
    ...changes,
  })

  async function bringSigned(payload: object) {
    const signer = rsaSigner()
    const { algorithm, publicKey } = signer
    const validUntil = addMs(world.clock.now(), 30 * DAY_MS)
    const key = { algorithm, publicKey, validFrom: null, validUntil }
    const { id } = bank.application
    const added = await world.partners.addKey(HOSPITAL, id, key, systemActor('test'))
    const body = JSON.stringify(payload)
    const headers = signedHeaders(signer, {
      keyId: added.id,
      method: 'POST',
      path: BRING,
      body,
      timestamp: Math.floor(world.clock.now().getTime() / SECOND_MS),
      nonce: `nonce${String(++nonces).padStart(16, '0')}`,
    })
    const answer = await world.app.inject({
      method: 'POST',
      url: BRING,
      headers: { 'content-type': 'application/json', ...headers },
      payload: body,
    })
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
  }

  it('over its own signature, and it is kept with what it said of it', async () => {
    const brought = await bringSigned(paper())
    expect(brought).toMatchObject({
      status: 201,
      body: { by: 'institution', agreementNo: 'XY20261122001', state: 'in_force' },
    })
    const { body } = await call(PERSON, 'GET', PATH)
    expect(body['grants']).toContainEqual(brought.body)
    expect(await auditOf(brought.body['id'])).toEqual(['partners.give_grant application'])
    const { rows } = await sql<{ evidence: object }>`select evidence from partners.person_grant
      where person_id = ${PERSON} and id = ${String(brought.body['id'])}`.execute(world.db)
    expect(rows[0]?.evidence).toMatchObject({
      documentSha256: 'a'.repeat(64),
      keyId: expect.any(String),
      nonce: expect.stringMatching(/^nonce/),
    })
  })

  it('and not with a token, nor for one without a card, nor against the person’s own word', async () => {
    const byToken = await world.app.inject({
      method: 'POST',
      url: BRING,
      headers: bearer(await tokenOf(world, bank)),
      payload: paper(),
    })
    expect([byToken.statusCode, byToken.json()]).toMatchObject([
      403,
      { code: 'partners.grant_unsigned' },
    ])
    world.standing.answer = { outcome: 'not_bound' }
    expect((await bringSigned(paper())).body).toMatchObject({ code: 'partners.patient_not_bound' })
    world.standing.answer = { outcome: 'payable', personId: PERSON, maskedName: '*三' }
    const brought = await bringSigned(paper())
    await call(PERSON, 'POST', `${PATH}/${String(brought.body['id'])}/withdrawal`)
    expect(await bringSigned(paper())).toMatchObject({
      status: 409,
      body: { code: 'partners.grant_withdrawn' },
    })
  })
})

it('S-37: each kind of application is let do what its institution is there for', async () => {
  const register = (
    kind: 'app' | 'insurer' | 'his_vendor',
    scopes: ['grants:write' | 'verify:read'],
  ) =>
    world.partners.registerApplication(
      HOSPITAL,
      { name: '某应用', kind, scopes },
      systemActor('test'),
    )
  const wrong = { code: 'partners.scope_not_for_kind' }
  await expect(register('app', ['grants:write'])).rejects.toMatchObject(wrong)
  await expect(register('his_vendor', ['verify:read'])).rejects.toMatchObject(wrong)
  const { application } = await register('app', ['verify:read'])
  const scopes = ['reconciliation:read'] as const
  const change = world.partners.changeApplication(
    HOSPITAL,
    application.id,
    { scopes },
    systemActor('test'),
  )
  await expect(change).rejects.toMatchObject(wrong)
  const { clientId } = application
  await expect(
    world.partners.admitApplication(OTHER_HOSPITAL, { clientId, scopes }, systemActor('test')),
  ).rejects.toMatchObject(wrong)
})
