import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Payment } from '../../contract/client.ts'
import { addMs, DAY_MS, SECOND_MS } from '../../kernel/time.ts'
import { rsaSigner, signedHeaders } from '../../modules/partners/testing/signer.ts'
import { systemActor } from '../../platform/principal.ts'
import { type Bed, FOREIGN, openBed, OURS } from '../journeys/bad-input/bed.ts'
import { send } from '../journeys/bad-input/client.ts'
import {
  billFor,
  payFenOf,
  payInWallet,
  type Payer,
  signInPayer,
} from '../journeys/bad-input/payer.ts'
import {
  allow,
  confirmFor,
  type Institution,
  openInstitution,
  patientIdOf,
  quoteFor,
  see,
  wishFor,
} from './institution.ts'

// A bank pays its customer's hospital bill over the interface: hub, worker, wallet, insurer and hospital over HTTP.

const STARTS_WITHIN_MS = 180_000

let bed: Bed
let bank: Institution
let payer: Payer
let patientId: string

beforeAll(async () => {
  bed = await openBed('institutions pay')
  bank = await openInstitution(bed)
}, STARTS_WITHIN_MS)
beforeEach(async () => {
  payer = await signInPayer(bed, { insured: true })
  patientId = await patientIdOf(bed, payer.person)
  await allow(bank, payer)
})
afterAll(() => bed.stop())

const newBill = () => billFor(bed, payer)
const quoteNew = (by = bank) => quoteFor(by, newBill(), patientId)

async function rest(ms = 10 * SECOND_MS) {
  for (let passed = 0; passed < ms; passed += SECOND_MS) {
    bed.clock.advance(SECOND_MS)
    await bed.rest()
  }
}

async function auditOf(subject: string): Promise<[string, string][]> {
  const { rows } = await bed.owner.query<{ actor: string; action: string }>(
    'select actor, action from platform.audit where hospital_id = $1 and subject = $2 order by id',
    [OURS, subject],
  )
  return rows.map(({ actor, action }) => [actor, action])
}

describe('an application pays for a person it may name', () => {
  it('[F3] from the bills over the plan to the money, and asks for it back; all of it written down as its own', async () => {
    const bill = newBill()
    const owed = await bank.caller.get(`bills?patientId=${patientId}`)
    expect(owed).toMatchObject({ status: 200, body: { stale: false } })
    const { bills } = owed.body as {
      bills: { billNo: string; version: number; totalFen: number }[]
    }
    const found = bills.find(({ billNo }) => billNo === bill.billNo)
    // What was done and for what is between the hospital and the person.
    const untold = { title: '门诊费用', lines: [] }
    const { version, totalFen } = bill
    expect(found).toMatchObject({ version, totalFen, ...untold })

    const plan = await quoteFor(bank, bill, patientId)
    expect(plan).toMatchObject({ status: 'quoted', totalFen, bills: [untold] })
    const confirmed = await confirmFor(bank, plan)
    expect(confirmed).toMatchObject({ status: 'charging', payerState: 'to_pay' })
    await payInWallet(bed, payer, confirmed)
    await rest()
    const paid = await see(bank, plan)
    expect(paid).toMatchObject({ status: 'succeeded', inTransitFen: 0, bills: [untold] })

    const wish = { billNo: bill.billNo, lineNos: [], reason: '患者退费' }
    const asked = await bank.caller.post(`payments/${plan.id}/refunds`, wish)
    expect(asked).toMatchObject({ status: 202, body: { cause: 'requested' } })
    await rest(60 * SECOND_MS)
    const refunded = await see(bank, plan)
    expect(refunded.payerState).toBe('refunded')
    const name = `application:${bank.id}`
    expect(await auditOf(`payment:${plan.id}`)).toEqual(
      expect.arrayContaining([
        [name, 'payments.quote'],
        [name, 'payments.confirm'],
        [name, 'payments.request_refund'],
      ]),
    )
    expect(await auditOf(`person:${patientId}`)).toContainEqual([name, 'partners.name_patient'])
    // The person sees in their own app what was paid for them.
    const own = await payer.caller.get(`payments/${plan.id}`)
    expect(own.body).toMatchObject({ id: plan.id, payerState: 'refunded' })
    expect((own.body as unknown as Payment).bills[0]?.lines).not.toEqual([])
  })

  it('and stops a payment before the money comes', async () => {
    const plan = await confirmFor(bank, await quoteNew())
    const stopped = await bank.caller.post(`payments/${plan.id}/cancellation`, {})
    expect(stopped.status).toBe(200)
    await rest()
    expect(await see(bank, plan)).toMatchObject({ status: 'closed', payerState: 'closed' })
    expect(await auditOf(`payment:${plan.id}`)).toContainEqual([
      `application:${bank.id}`,
      'payments.cancel',
    ])
  })

  it('once for each idempotency key, which it cannot do without', async () => {
    const wish = wishFor(newBill(), patientId)
    const key = { 'idempotency-key': randomUUID() }
    const first = await bank.caller.post('payments', wish, key)
    expect(first.status).toBe(201)
    expect(await bank.caller.post('payments', wish, key)).toEqual(first)
    const other = { ...wish, devices: ['browser'] }
    expect(await bank.caller.post('payments', other, key)).toMatchObject({
      status: 422,
      body: { code: 'http.idempotency_key_reused' },
    })
    const { body } = await bank.caller.post('payments', wish, { 'idempotency-key': '' })
    expect(body).toMatchObject({ code: 'http.idempotency_key_missing' })
  })

  it('by a signed request as well, which counts once', async () => {
    const signer = rsaSigner()
    const until = addMs(bed.clock.now(), 30 * DAY_MS)
    const wish = { algorithm: signer.algorithm, publicKey: signer.publicKey, validFrom: null }
    const actor = systemActor('test')
    const added = await bed.hub.partners.addKey(
      OURS,
      bank.id as never,
      { ...wish, validUntil: until },
      actor,
    )
    const path = `/v1/hospitals/${OURS}/payments`
    const body = JSON.stringify(wishFor(newBill(), patientId))
    const headers = {
      'idempotency-key': randomUUID(),
      ...signedHeaders(signer, {
        keyId: added.id,
        method: 'POST',
        path,
        body,
        timestamp: Math.floor(bed.clock.now().getTime() / SECOND_MS),
        nonce: randomUUID().replaceAll('-', ''),
      }),
    }
    const answer = await send(bed.hubUrl + path, 'POST', headers, body)
    expect(answer).toMatchObject({ status: 201, body: { status: 'quoted' } })
    const again = await send(bed.hubUrl + path, 'POST', headers, body)
    expect(again).toMatchObject({ status: 409, body: { code: 'partners.request_replayed' } })
    expect(await see(bank, answer.body as unknown as Payment)).toMatchObject({ status: 'quoted' })
  })
})

describe('it may not', () => {
  const refusal = (status: number, code: string) => ({ status, body: { code } })

  it('do what its scopes do not say', async () => {
    const plan = await quoteNew()
    const reader = await openInstitution(bed, ['payments:read'])
    const missing = refusal(403, 'partners.scope_missing')
    const wish = wishFor(newBill(), patientId)
    expect(await reader.caller.post('payments', wish)).toMatchObject(missing)
    expect(await reader.caller.get(`bills?patientId=${patientId}`)).toMatchObject(missing)
    const writer = await openInstitution(bed, ['payments:write'])
    const path = `payments/${plan.id}/refunds`
    const back = { billNo: 'x', lineNos: [], reason: '退' }
    expect(await writer.caller.post(path, back)).toMatchObject(missing)
    expect(await writer.caller.get(`payments/${plan.id}`)).toMatchObject(missing)
  })

  it('act at a hospital that has not let it in', async () => {
    const wish = wishFor(newBill(), patientId)
    const foreign = bank.caller.at(FOREIGN)
    expect((await foreign.post('payments', wish)).status).toBe(403)
    expect((await foreign.get(`bills?patientId=${patientId}`)).status).toBe(403)
  })

  it('touch a payment that it did not begin: it finds none', async () => {
    const plan = await quoteNew()
    const other = await openInstitution(bed)
    const own = wishFor(newBill(), patientId)
    const byPerson = await payer.caller.post('payments', { ...own, patientId: undefined })
    expect(byPerson.status).toBe(201)
    const none = refusal(404, 'payments.payment_not_found')
    for (const [who, id] of [
      [other, plan.id],
      [bank, String(byPerson.body['id'])],
    ] as const) {
      const back = { billNo: 'x', lineNos: [], reason: '退' }
      expect(await who.caller.get(`payments/${id}`)).toMatchObject(none)
      const consent = { payFen: payFenOf(plan) }
      expect(await who.caller.post(`payments/${id}/confirmation`, consent)).toMatchObject(none)
      expect(await who.caller.post(`payments/${id}/cancellation`, {})).toMatchObject(none)
      expect(await who.caller.post(`payments/${id}/refunds`, back)).toMatchObject(none)
    }
  })

  it('name somebody who did not allow it, whether they are there or not', async () => {
    const missing = refusal(403, 'partners.grant_missing')
    const stranger = await signInPayer(bed, { insured: true, not: payer.person })
    for (const id of [randomUUID(), await patientIdOf(bed, stranger.person)]) {
      expect(await bank.caller.get(`bills?patientId=${id}`)).toMatchObject(missing)
      expect(await bank.caller.post('payments', wishFor(newBill(), id))).toMatchObject(missing)
    }
  })

  it('go on with a payment once the person has taken back what they allowed', async () => {
    const plan = await quoteNew()
    const { body } = await payer.caller.get('application-grants')
    const given = body['grants'] as { id: string; applicationId: string; state: string }[]
    const own = given.find((one) => one.applicationId === bank.id && one.state === 'in_force')
    const withdrawn = await payer.caller.post(`application-grants/${own?.id}/withdrawal`, {})
    expect(withdrawn.status).toBe(204)
    const missing = refusal(403, 'partners.grant_missing')
    const consent = { payFen: payFenOf(plan) }
    const path = `payments/${plan.id}`
    expect(await bank.caller.post(`${path}/confirmation`, consent)).toMatchObject(missing)
    expect(await bank.caller.get(path)).toMatchObject(missing)
  })

  it('name somebody who has unbound their bank card since', async () => {
    const unknown = refusal(404, 'partners.patient_not_bound')
    const plan = await quoteNew()
    const unbind = `update identity.medium set status = $2 where person_id = $1 and kind = 'bank_card'`
    await bed.owner.query(unbind, [patientId, 'ended'])
    const consent = { payFen: payFenOf(plan) }
    const path = `payments/${plan.id}/confirmation`
    expect(await bank.caller.post(path, consent)).toMatchObject(unknown)
    expect(await bank.caller.get(`payments/${plan.id}`)).toMatchObject(unknown)
    await bed.owner.query(unbind, [patientId, 'active'])
    expect((await bank.caller.post(path, consent)).status).toBe(200)
    await bank.caller.post(`payments/${plan.id}/cancellation`, {})
    await rest()
  })

  it('spend what only the person may, nor leave open who pays and how', async () => {
    const wish = wishFor(newBill(), patientId)
    const own = refusal(422, 'payments.payer_needed')
    const post = (changes: object) => bank.caller.post('payments', { ...wish, ...changes })
    expect(await post({ useAccount: true })).toMatchObject(own)
    expect(await post({ method: 'agreement' })).toMatchObject(own)
    expect(await post({ sources: { credit: true } })).toMatchObject(own)
    const way = refusal(400, 'payments.way_missing')
    expect(await post({ method: undefined })).toMatchObject(way)
    expect(await post({ channel: undefined })).toMatchObject(way)
    const whose = refusal(400, 'payments.patient_missing')
    expect(await post({ patientId: undefined })).toMatchObject(whose)
    expect(await bank.caller.get('bills')).toMatchObject(whose)
    expect(await post({ patientId: 'somebody' })).toMatchObject({ status: 400 })
  })

  it('be a person who pays for another', async () => {
    const other = await signInPayer(bed, { insured: true, not: payer.person })
    const wish = wishFor(newBill(), patientId)
    expect((await other.caller.post('payments', wish)).status).toBe(403)
    expect((await other.caller.get(`bills?patientId=${patientId}`)).status).toBe(403)
  })
})
