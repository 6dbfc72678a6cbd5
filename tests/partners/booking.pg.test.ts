import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addDays, addMs, businessDateOf, HOUR_MS, instantAt, SECOND_MS } from '../../kernel/time.ts'
import type { Scope } from '../../modules/partners/index.ts'
import { systemActor } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { type Bed, FOREIGN, openBed, OURS } from '../journeys/bad-input/bed.ts'
import { type Answer, send } from '../journeys/bad-input/client.ts'
import { payInWallet, type Payer, signInPayer } from '../journeys/bad-input/payer.ts'
import {
  allow,
  confirmFor,
  type Institution,
  openInstitution,
  patientIdOf,
  quoteFor,
} from './institution.ts'

// Two banks in front of one hospital, and one of them in front of two: they book and pay for their customers over the
// routes that the patients' own app uses, and each sees what it did itself and was allowed.

const STARTS_WITHIN_MS = 180_000
const FEE = fen(2_500)
const ALL: Scope[] = ['schedules:read', 'bookings:write', 'payments:read', 'payments:write']
const ACTOR = systemActor('test')

let bed: Bed
let wide: Institution
let narrow: Institution
let payer: Payer
let patientId: string

beforeAll(async () => {
  bed = await openBed('institutions book')
  for (const hospitalId of [OURS, FOREIGN]) await keepNumbersHere(hospitalId)
  wide = await openInstitution(bed, ALL)
  narrow = await openInstitution(bed, ALL)
  const admission = { clientId: wide.clientId, scopes: ALL }
  await bed.hub.partners.admitApplication(FOREIGN, admission, ACTOR)
  payer = await signInPayer(bed, { insured: true, cardOf: [OURS, FOREIGN] })
  patientId = await patientIdOf(bed, payer.person)
}, STARTS_WITHIN_MS)
afterAll(() => bed.stop())

async function keepNumbersHere(hospitalId: HospitalId): Promise<void> {
  const { version, rules } = await bed.hub.booking.rulesOf(hospitalId)
  const caps = { ...rules.caps, perDay: 20, perWeek: 20, perQuarter: 20 }
  const ours = { ...rules, origin: 'pool' as const, caps }
  const change = { hospitalId, rules: ours, after: version }
  await bed.hub.booking.changeRules(change, ACTOR)
}

const { newId } = testPlatform('2026-11-23T09:00:00+08:00', 'sessions of doctors')
let doctors = 0

async function newSession(hospitalId: HospitalId, feeFen = fen(0)): Promise<string> {
  const code = `D${(doctors += 1)}`
  const businessDate = addDays(businessDateOf(bed.clock.now()), 2)
  const startsAt = addMs(instantAt(businessDate, '08:00:00'), doctors * HOUR_MS)
  const { id } = await bed.hub.booking.addSession(
    {
      id: newId(),
      hospitalId,
      department: { code: `K${code}`, name: '心血管内科' },
      doctor: { code, name: '张医生' },
      clinic: '专家',
      location: '门诊楼 3 层',
      businessDate,
      period: 'morning',
      startsAt,
      endsAt: addMs(startsAt, HOUR_MS),
      feeFen,
      total: 4,
      quotas: [],
    },
    ACTOR,
  )
  return id
}

async function rest(): Promise<void> {
  for (let second = 0; second < 10; second++) {
    bed.clock.advance(SECOND_MS)
    await bed.rest()
  }
}

const coded = ({ status, body }: Answer) => [status, body['code']]
const hold = (by: Institution, sessionId: string, hospitalId = OURS) =>
  by.caller.at(hospitalId).post('booking/holds', { sessionId, patientId })
const idIn = ({ body }: Answer) => String(body['id'])

it('[H5] many banks before one hospital, and many hospitals behind one bank, each with what it began', async () => {
  await allow(wide, payer)
  await allow(narrow, payer)
  await allow(wide, { caller: payer.caller.at(FOREIGN) })
  const session = await newSession(OURS, FEE)

  const day = addDays(businessDateOf(bed.clock.now()), 2)
  const listed = await wide.caller.get(`booking/sessions?from=${day}&to=${day}`)
  expect(listed).toMatchObject({ status: 200, body: { items: [{ id: session, left: 4 }] } })
  const held = await hold(wide, session)
  expect(held).toMatchObject({
    status: 201,
    body: { source: 'partner', status: 'held' },
  })
  const due = await wide.caller.post(`my-appointments/${idIn(held)}/booking`, {})
  expect(due).toMatchObject({ status: 200, body: { fee: 'due', feeFen: FEE } })

  // The fee is paid by the person, at the wallet, in a payment that the bank began.
  const bill = due.body['bill'] as { billNo: string; version: number }
  const payment = await quoteFor(wide, { ...bill, totalFen: FEE }, patientId)
  await payInWallet(bed, payer, await confirmFor(wide, payment))
  await rest()
  const booked = await wide.caller.get(`my-appointments/${idIn(held)}`)
  expect(booked).toMatchObject({ status: 200, body: { status: 'booked', fee: 'paid' } })

  // The other bank is allowed as much, and it is none of its business.
  expect(coded(await narrow.caller.get(`my-appointments/${idIn(held)}`))).toEqual([
    404,
    'booking.appointment_not_found',
  ])
  const ended = await narrow.caller.post(`my-appointments/${idIn(held)}/cancellation`, {})
  expect(coded(ended)).toEqual([404, 'booking.appointment_not_found'])
  const own = await hold(narrow, await newSession(OURS))
  const lists = await Promise.all(
    [wide, narrow].map(({ caller }) => caller.get(`my-appointments?patientId=${patientId}`)),
  )
  const idsIn = ({ body }: Answer) => (body['items'] as { id: string }[]).map(({ id }) => id)
  expect(lists.map(idsIn)).toEqual([[idIn(held)], [idIn(own)]])

  const elsewhere = await hold(wide, await newSession(FOREIGN), FOREIGN)
  expect(elsewhere.status).toBe(201)
  const noAccess = await hold(narrow, await newSession(FOREIGN), FOREIGN)
  expect(noAccess.status).toBe(403)
  // All of it is the person's, and they see all of it.
  expect(idsIn(await payer.caller.get('my-appointments')).toSorted()).toEqual(
    [idIn(held), idIn(own)].toSorted(),
  )
})

it('[H5] books for nobody who did not allow it, and no longer than they do', async () => {
  const session = await newSession(OURS)
  const nobody = await wide.caller.post('booking/holds', { sessionId: session })
  expect(coded(nobody)).toEqual([400, 'booking.patient_missing'])
  const stranger = await patientIdOf(
    bed,
    (await signInPayer(bed, { insured: true, not: payer.person })).person,
  )
  const wish = { sessionId: session, patientId: stranger }
  expect(coded(await wide.caller.post('booking/holds', wish))).toEqual([
    403,
    'partners.grant_missing',
  ])
  // A person books for themself.
  expect((await payer.caller.post('booking/holds', wish)).status).toBe(403)

  const reader = await openInstitution(bed, ['schedules:read', 'payments:write'])
  expect(coded(await hold(reader, session))).toEqual([403, 'partners.scope_missing'])
  await allow(reader, payer)
  const { body } = await payer.caller.get('application-grants')
  const grants = body['grants'] as { id: string; applicationId: string; scopes: string[] }[]
  expect(grants.find(({ applicationId }) => applicationId === reader.id)?.scopes).toEqual(['pay'])

  const held = await hold(wide, session)
  const given = grants.find(({ applicationId }) => applicationId === wide.id)
  await payer.caller.post(`application-grants/${given?.id}/withdrawal`, {})
  const at = `my-appointments/${idIn(held)}`
  expect(coded(await wide.caller.get(at))).toEqual([403, 'partners.grant_missing'])
  expect(coded(await wide.caller.post(`${at}/cancellation`, {}))).toEqual([
    403,
    'partners.grant_missing',
  ])
  expect((await payer.caller.post(`${at}/cancellation`, {})).status).toBe(200)
  await allow(wide, payer)
})

it('[H5] the same over FHIR: find, hold, book, and nothing of others', async () => {
  await newSession(OURS)
  const day = addDays(businessDateOf(bed.clock.now()), 2)
  const own = await fhir(wide, '$find', [
    { name: 'start', valueDateTime: day },
    { name: 'end', valueDateTime: day },
    { name: 'specialty', valueString: `urn:yiqiao:hospital:1:department|KD${doctors}` },
    { name: '_count', valueInteger: 1 },
  ])
  const { id } = firstOf(own)
  const wish = [
    { name: 'appointment-reference', valueReference: { reference: `Appointment/${id}` } },
    { name: 'patient-reference', valueReference: { reference: `Patient/${patientId}` } },
  ]
  const held = firstOf(await fhir(wide, '$hold', wish))
  expect(held).toMatchObject({ resourceType: 'Appointment', status: 'pending' })
  // Sent again it is the same, and the other bank has none of it.
  expect(firstOf(await fhir(wide, '$hold', wish)).id).toBe(held.id)
  expect((await fhir(narrow, '$hold', wish)).status).toBe(409)
  const reference = { reference: `Appointment/${held.id}` }
  const booking = [{ name: 'appointment-reference', valueReference: reference }]
  expect((await fhir(narrow, '$book', booking)).status).toBe(404)
  expect(firstOf(await fhir(wide, '$book', booking))).toMatchObject({
    id: held.id,
    status: 'booked',
  })
})

type Found = { id: string; resourceType: string; status: string }

const firstOf = ({ body }: Answer): Found => {
  const [first] = (body['entry'] ?? []) as { resource: Found }[]
  if (!first) throw new Error(JSON.stringify(body))
  return first.resource
}

const fhir = (by: Institution, operation: string, parameter: object[]): Promise<Answer> =>
  send(
    `${bed.hubUrl}/v1/fhir/${OURS}/Appointment/${operation}`,
    'POST',
    {
      ...by.proof,
      'content-type': 'application/fhir+json',
      'idempotency-key': randomUUID(),
    },
    { resourceType: 'Parameters', parameter },
  )
