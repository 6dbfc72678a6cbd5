import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Payment } from '../../contract/client.ts'
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import { type Bed, FOREIGN, openBed, OURS } from '../journeys/bad-input/bed.ts'
import { type Answer, type Caller, signInAs, signInStaff } from '../journeys/bad-input/client.ts'
import {
  billFor,
  confirm,
  hisOf,
  payInWallet,
  type Payer,
  signInPayer,
  wishFor,
} from '../journeys/bad-input/payer.ts'

// Doctors of one hospital ask for what another has of a patient: over HTTP, with the hospital's own system behind it.

const STARTS_WITHIN_MS = 180_000

let bed: Bed
let patient: Payer
let doctor: Caller
let auditor: Caller

beforeAll(async () => {
  bed = await openBed('records between hospitals')
}, STARTS_WITHIN_MS)
beforeEach(async () => {
  // A day later every time: what was opened in an emergency before has run out.
  bed.clock.advance(DAY_MS + HOUR_MS)
  await signIn()
  const { body } = await mine('my-record-consents')
  for (const { id, state } of body['items'] as { id: string; state: string }[]) {
    if (state === 'in_force') await say(`my-record-consents/${id}/withdrawal`, { holderId: OURS })
  }
})
afterAll(() => bed.stop())

async function signIn(): Promise<void> {
  patient = await signInPayer(bed, { insured: true })
  doctor = await signInStaff(bed, FOREIGN, 'doctor')
  auditor = await signInStaff(bed, OURS, 'auditor')
}

const coded = ({ status, body }: Answer) => [status, body['code']]
const medium = () => ({ kind: 'id_card', value: patient.person.idCardNo })
const wish = () => ({ medium: medium(), holderId: OURS, purpose: 'treatment', kind: 'report' })
const read = (changes = {}, by = doctor) => by.post('record-readings', { ...wish(), ...changes })
const mine = (path: string) => send('GET', path)
const say = (path: string, body: object) => send('POST', path, body)

/** The routes of a person name no hospital. */
async function send(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
  const { caller } = patient
  return method === 'GET' ? caller.get(`../../${path}`) : caller.post(`../../${path}`, body ?? {})
}

async function allow(changes = {}): Promise<Answer> {
  const { body } = await mine('my-record-consents')
  const { version } = body['text'] as { version: string }
  return say('my-record-consents', {
    holderId: OURS,
    readerId: FOREIGN,
    purpose: 'treatment',
    kinds: ['report'],
    textVersion: version,
    expiresAt: addMs(bed.clock.now(), 30 * DAY_MS).toISOString(),
    ...changes,
  })
}

/** A bill with a test in it, paid: the report of it is ready a while later. */
async function haveBloodTested(): Promise<void> {
  const blood = bed.world.catalogue.find(({ name }) => name === '血常规（五分类）')
  const bill = hisOf(bed).createBill({
    personNo: patient.person.no,
    departmentCode: bed.world.hospitals[0]?.departments[0]?.code ?? '',
    kind: 'outpatient',
    items: [{ code: blood?.code ?? '', quantity: 1 }],
  })
  const quoted = await patient.caller.post('payments', wishFor(bill))
  const payment = await confirm(patient, quoted.body as unknown as Payment)
  await payInWallet(bed, patient, payment)
  for (let minute = 0; minute < 60; minute++) {
    bed.clock.advance(MINUTE_MS)
    await bed.rest()
  }
  // An hour has gone by: whoever did nothing is signed out.
  await signIn()
}

const latest = async () => {
  const { body } = await mine('my-record-accesses?limit=1')
  return (body['items'] as { id: string; ground: string; allowed: boolean }[])[0]
}

describe('[I5] a doctor of another hospital', () => {
  it('reads by consent, until it is taken back, and the person sees every look', async () => {
    await haveBloodTested()
    expect(coded(await read())).toEqual([403, 'record_sharing.not_allowed'])
    expect(await latest()).toMatchObject({ allowed: false })

    const given = await allow()
    expect(given).toMatchObject({ status: 201, body: { state: 'in_force', kinds: ['report'] } })
    const list = await read()
    expect(list).toMatchObject({ status: 200, body: { ground: 'consent' } })
    const { reports } = list.body as { reports: { reportNo: string }[] }
    expect(reports.length).toBeGreaterThan(0)
    const [{ reportNo } = { reportNo: '' }] = reports
    expect((await read({ recordNo: reportNo })).body).toMatchObject({
      report: { head: { reportNo } },
    })
    expect(await latest()).toMatchObject({ allowed: true, ground: 'consent', recordNo: reportNo })
    // For what was not allowed it is no consent.
    expect((await read({ kind: 'visit' })).body).toMatchObject({
      params: { because: 'other_kind' },
    })
    expect((await read({ purpose: 'referral' })).body).toMatchObject({
      params: { because: 'other_purpose' },
    })

    const { id } = given.body as { id: string }
    await say(`my-record-consents/${id}/withdrawal`, { holderId: OURS })
    expect((await read()).body).toMatchObject({ params: { because: 'withdrawn' } })
    expect((await mine('my-record-consents')).body).toMatchObject({
      items: [{ id, state: 'withdrawn' }],
    })
  })

  it('gets nobody else’s report by its number, and nothing of a person nobody knows', async () => {
    await allow()
    const other = await signInPayer(bed, { insured: true, not: patient.person })
    const bill = billFor(bed, other)
    const foreign = await read({ recordNo: `BG001${bill.billNo}` })
    expect(coded(foreign)).toEqual([404, 'record_sharing.record_not_found'])
    const nobody = { kind: 'id_card', value: '110101199003070011' }
    expect(coded(await read({ medium: nobody }))).toEqual([404, 'record_sharing.person_not_found'])
  })

  it('is the only one who may: no other role, and no other hospital', async () => {
    await allow()
    for (const role of ['finance', 'cashier', 'it', 'auditor'] as const) {
      expect((await read({}, await signInStaff(bed, FOREIGN, role))).status).toBe(403)
    }
    expect((await read({}, doctor.at(OURS))).status).toBe(403)
    expect((await read({}, patient.caller)).status).toBe(403)
  })

  it('needs no consent at home', async () => {
    const own = await signInStaff(bed, OURS, 'doctor')
    expect((await read({}, own)).body).toMatchObject({ ground: 'own_hospital' })
  })
})

describe('[I5] a glass that is broken', () => {
  const breakIt = (changes = {}, by = doctor) =>
    by.post('broken-glasses', {
      medium: medium(),
      holderId: OURS,
      reason: 'unconscious',
      words: '昏迷送来，需查既往过敏史',
      ...changes,
    })

  it('opens records to treat, to whoever broke it, for four hours; the person is told at once', async () => {
    const broken = await breakIt()
    expect(broken.status).toBe(201)
    expect((await mine('my-record-alerts')).body).toMatchObject({
      items: [{ holderId: OURS, readerId: FOREIGN, reason: 'unconscious' }],
    })
    expect((await read()).body).toMatchObject({ ground: 'break_glass' })
    expect((await read({ purpose: 'referral' })).status).toBe(403)
    // Another doctor of the same hospital says why for themself.
    const passwordHash = await bed.hub.identity.hashPassword('Yiqiao-2026-demo')
    const login = `doctor2-${bed.clock.now().getTime()}`
    const roles = ['doctor' as const]
    await bed.hub.identity.registerStaff({
      hospitalId: FOREIGN,
      name: '新医生',
      roles,
      login,
      passwordHash,
    })
    const second = (await signInAs(bed, login)).at(FOREIGN)
    expect((await read({}, second)).status).toBe(403)
    bed.clock.advance(4 * HOUR_MS)
    await signIn()
    expect((await read()).body).toMatchObject({ params: { because: 'withdrawn' } })

    const [alert] = (await mine('my-record-alerts')).body['items'] as { id: string }[]
    await say(`my-record-alerts/${alert?.id}/seen`, {})
    expect((await mine('my-record-alerts')).body).toEqual({ items: [] })
  })

  it('is judged by another person, once; abuse ends it', async () => {
    await breakIt()
    const { body } = await auditor.get('broken-glasses')
    const items = body['items'] as { id: string; name: string; words: string }[]
    const waiting = items.at(-1)
    expect(waiting).toMatchObject({ words: '昏迷送来，需查既往过敏史', review: null })
    expect(waiting?.name).toMatch(/^\*/)
    const at = `broken-glasses/${waiting?.id}/review`
    expect((await doctor.at(FOREIGN).post(at, { verdict: 'justified' })).status).toBe(403)
    const judged = await auditor.post(at, { verdict: 'abuse', note: '未到本院就诊' })
    expect(judged.body).toMatchObject({ review: { verdict: 'abuse' } })
    expect(coded(await auditor.post(at, { verdict: 'justified' }))).toEqual([
      409,
      'record_sharing.review_done',
    ])
    expect((await read()).status).toBe(403)
  })

  it('is not needed where a consent stands, and not for one’s own records', async () => {
    await allow({ kinds: ['report', 'visit'] })
    expect(coded(await breakIt())).toEqual([409, 'record_sharing.glass_not_needed'])
    const own = { holderId: FOREIGN }
    expect(coded(await breakIt(own))).toEqual([400, 'record_sharing.own_hospital'])
  })
})

describe('[I5] a person who asks', () => {
  it('what a look was for, is answered by the hospital whose records they are', async () => {
    await read()
    const look = await latest()
    const asked = await say(`my-record-accesses/${look?.id}/question`, {
      words: '我没去过这家医院',
    })
    expect(asked).toMatchObject({ status: 200, body: { question: { answer: null } } })
    const again = await say(`my-record-accesses/${look?.id}/question`, { words: '?' })
    expect(coded(again)).toEqual([409, 'record_sharing.asked_already'])
    const { body } = await auditor.get('record-questions')
    const question = (body['items'] as { id: string; words: string; access: object }[]).find(
      ({ id }) => id === look?.id,
    )
    expect(question).toMatchObject({
      words: '我没去过这家医院',
      access: { readerId: FOREIGN, ground: 'withdrawn' },
    })
    const answer = { answer: '该次未获准，未显示任何记录' }
    const answered = await auditor.post(`record-questions/${look?.id}/answer`, answer)
    expect(answered.status).toBe(204)
    expect(await latest()).toMatchObject({ question: answer })
    // What is another's is not theirs to ask about.
    const id = look?.id
    patient = await signInPayer(bed, { insured: true, not: patient.person })
    const foreign = await say(`my-record-accesses/${id}/question`, { words: '?' })
    expect(coded(foreign)).toEqual([404, 'record_sharing.access_not_found'])
  })

  it('for a consent that is wrong is told why', async () => {
    expect(coded(await allow({ readerId: OURS }))).toEqual([400, 'record_sharing.own_hospital'])
    const long = addMs(bed.clock.now(), 400 * DAY_MS).toISOString()
    expect(coded(await allow({ expiresAt: long }))).toEqual([
      400,
      'record_sharing.consent_expires_wrong',
    ])
    expect(coded(await allow({ textVersion: '2020' }))).toEqual([
      409,
      'record_sharing.consent_outdated',
    ])
    expect((await allow({ holderId: 99 })).status).toBe(404)
  })
})
