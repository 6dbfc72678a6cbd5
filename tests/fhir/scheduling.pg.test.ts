import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { assert } from '../../kernel/assert.ts'
import type { Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addMs, businessDate, HOUR_MS, instantAt, MINUTE_MS } from '../../kernel/time.ts'
import { EASY } from '../../modules/booking/testing/world.ts'
import { systemActor } from '../../platform/principal.ts'
import { type Bed, openBed, OURS } from '../journeys/bad-input/bed.ts'
import { type Payer, signInPayer } from '../journeys/bad-input/payer.ts'
import { patientIdOf } from '../partners/institution.ts'
import {
  type Answer,
  asPatient,
  asStaff,
  type Fhir,
  found,
  issueOf,
  linkTo,
  parameters,
} from './client.ts'

// IHE ITI Scheduling (ITI-115 to ITI-118) against the running system. Every answer is validated by the client itself.

const STARTS_WITHIN_MS = 180_000
const DAY = businessDate('2026-11-25')
const GUIDE = join(import.meta.dirname, '../../docs/interface/fhir.md')

let bed: Bed
let payer: Payer
let personId: string
let own: Fhir
let other: Fhir
let otherId: string
let cashier: Fhir

beforeAll(async () => {
  bed = await openBed('fhir scheduling')
  payer = await signInPayer(bed, { insured: true })
  const second = await signInPayer(bed, { insured: true, not: payer.person })
  personId = await patientIdOf(bed, payer.person)
  otherId = await patientIdOf(bed, second.person)
  own = await asPatient(bed, payer.person)
  other = await asPatient(bed, second.person)
  cashier = await asStaff(bed, 'cashier')
  const actor = systemActor('test')
  await bed.hub.booking.changeRules({ hospitalId: OURS, rules: EASY, after: 0 }, actor)
  bed.clock.advance(6_000) // the rules are remembered for five seconds
  await addSession('K1', 'D1', 4, '08:00:00', 0)
  await addSession('K2', 'D2', 4, '14:00:00', 2_000)
}, STARTS_WITHIN_MS)
afterAll(() => bed.stop())

let sessions = 0

async function addSession(
  department: string,
  doctor: string,
  total: number,
  at: string,
  feeFen: number,
) {
  sessions += 1
  const startsAt = instantAt(DAY, at)
  await bed.hub.booking.addSession(
    {
      id: `0190b3a0-0000-7000-8000-0000000000a${sessions}` as Id<'BookingSession'>,
      hospitalId: OURS,
      department: { code: department, name: `科室${department}` },
      doctor: { code: doctor, name: `医生${doctor}` },
      clinic: '专家',
      location: '门诊楼三层',
      businessDate: DAY,
      period: at < '12' ? 'morning' : 'afternoon',
      startsAt,
      endsAt: addMs(startsAt, 4 * HOUR_MS),
      feeFen: fen(feeFen),
      total,
      quotas: [],
    },
    systemActor('test'),
  )
}

const offered = (more: Record<string, object> = {}) =>
  parameters({
    start: { valueDateTime: `${DAY}T00:00:00+08:00` },
    end: { valueDateTime: `${DAY}T23:59:59+08:00` },
    ...more,
  })

const about = (id: string, patient?: string) =>
  parameters({
    'appointment-reference': { valueReference: { reference: `Appointment/${id}` } },
    ...(patient === undefined
      ? {}
      : { 'patient-reference': { valueReference: { reference: `Patient/${patient}` } } }),
  })

const cancelling = (id: string) =>
  parameters({
    'appointment-resource': {
      resource: { resourceType: 'Appointment', id, status: 'cancelled' },
    },
  })

const idsOf = (answer: Answer) => found(answer).map(({ id }) => id)

it('[F3] sessions and their numbers are schedules and slots', async () => {
  const schedules = await own.get(`Schedule?date=${DAY}&specialty=K1`)
  expect(found(schedules)).toMatchObject([{ active: true, actor: [{ display: '医生D1' }, {}] }])
  const [schedule] = found(schedules)
  expect((await own.get(`Schedule/${schedule?.id}`)).status).toBe(200)
  const slots = await own.get(`Slot?schedule=Schedule/${schedule?.id}&_count=3&status=free`)
  expect(found(slots)).toHaveLength(3)
  const rest = await own.get(linkTo(slots, 'next') ?? '')
  expect(found(rest)).toHaveLength(1)
  const [slot] = found(slots)
  expect((await own.get(`Slot/${slot?.id}`)).body).toMatchObject({ status: 'free' })
  expect(issueOf(await own.get('Slot'))).toMatchObject({ status: 400, code: 'required' })
  expect(found(await own.get(`Schedule?date=${DAY}&actor=D2`))).toHaveLength(1)
})

it('[F3] $find offers what is free, counts it, and honours _count', async () => {
  const all = await own.post('Appointment/$find', offered())
  expect(all.body.total).toBe(8)
  expect(found(all).every(({ status }) => status === 'proposed')).toBe(true)
  const few = await own.post('Appointment/$find', offered({ _count: { valueInteger: 3 } }))
  expect([few.body.total, found(few).length]).toEqual([8, 3])
  const seen = idsOf(few)
  for (let next = linkTo(few, 'next'); next;) {
    const page = await own.get(next)
    seen.push(...idsOf(page))
    next = linkTo(page, 'next')
  }
  expect(seen).toEqual(idsOf(all))
  const specialty = { valueString: `urn:yiqiao:hospital:${OURS}:department|K2` }
  expect((await own.post('Appointment/$find', offered({ specialty }))).body.total).toBe(4)
  const practitioner = {
    valueReference: { identifier: { system: `urn:yiqiao:hospital:${OURS}:doctor`, value: 'D1' } },
  }
  expect((await own.post('Appointment/$find', offered({ practitioner }))).body.total).toBe(4)
  const byUrl = await own.get(`Appointment/$find?start=${DAY}&end=${DAY}&specialty=K1`)
  expect(byUrl.body.total).toBe(4)
  const past = await own.get('Appointment/$find?start=2020-01-01&end=2020-01-02')
  expect(past.body.total).toBe(0)
})

it('[F3] $hold makes it pending, $book books it, and nobody else has it meanwhile', async () => {
  const offer = idsOf(await own.post('Appointment/$find', offered()))[0] ?? ''
  const held = await own.post('Appointment/$hold', about(offer))
  const [appointment] = found(held)
  expect(appointment).toMatchObject({ status: 'pending', slot: [{ reference: `Slot/${offer}` }] })
  assert(appointment, 'it is held')
  // Sent again, as when no answer came: the same hold.
  expect(idsOf(await own.post('Appointment/$hold', about(offer)))).toEqual([appointment.id])
  expect((await other.get(`Slot/${offer}`)).body).toMatchObject({ status: 'busy-tentative' })
  expect(idsOf(await other.post('Appointment/$find', offered()))).not.toContain(offer)

  const gone = { status: 409, severity: 'fatal', code: 'not-found', error: 'booking.slot_taken' }
  expect(issueOf(await other.post('Appointment/$hold', about(offer)))).toMatchObject(gone)
  const notTheirs = await other.post('Appointment/$book', about(appointment.id))
  expect(issueOf(notTheirs)).toMatchObject({ status: 404, code: 'not-found' })

  const booked = await own.post('Appointment/$book', about(appointment.id))
  expect(found(booked)).toMatchObject([{ id: appointment.id, status: 'booked' }])
  expect(idsOf(await own.post('Appointment/$book', about(appointment.id)))).toEqual([
    appointment.id,
  ])
  expect((await other.get(`Slot/${offer}`)).body).toMatchObject({ status: 'busy' })
  // A double booking, in one step.
  expect(issueOf(await other.post('Appointment/$book', about(offer)))).toMatchObject(gone)
  expect(issueOf(await other.get(`Appointment/${appointment.id}`))).toMatchObject({ status: 404 })
  expect(idsOf(await own.get('Appointment?status=booked'))).toEqual([appointment.id])
  expect(idsOf(await other.get('Appointment'))).toEqual([])

  const ended = await own.post('Appointment/$book', cancelling(appointment.id))
  expect(found(ended)).toMatchObject([{ status: 'cancelled' }])
  expect(idsOf(await own.get('Appointment?status=booked'))).toEqual([])
})

it('[F3] the window books for whom it names, and each act is in the audit', async () => {
  const offer = idsOf(await cashier.post('Appointment/$find', offered()))[0] ?? ''
  const unnamed = await cashier.post('Appointment/$hold', about(offer))
  expect(issueOf(unnamed)).toMatchObject({ status: 400, code: 'required' })
  const [held] = found(await cashier.post('Appointment/$hold', about(offer, otherId)))
  expect(held).toMatchObject({
    participant: [{ actor: { reference: `Patient/${otherId}` } }, { actor: { display: '医生D1' } }],
  })
  const forOther = await own.post('Appointment/$hold', about(offer, otherId))
  expect(issueOf(forOther)).toMatchObject({ status: 403, code: 'forbidden' })
  const it_ = await asStaff(bed, 'it')
  expect(issueOf(await it_.post('Appointment/$hold', about(offer, otherId)))).toMatchObject({
    status: 403,
  })
  const auditor = await asStaff(bed, 'auditor')
  const events = found(await auditor.get('AuditEvent?_count=100'))
  const acts = events.flatMap(({ subtype }) =>
    (subtype as { code: string }[]).map(({ code }) => code),
  )
  expect(acts).toEqual(expect.arrayContaining(['fhir.find_appointments', 'booking.hold']))
  await cashier.post('Appointment/$book', cancelling(held?.id ?? ''))
})

it.each<[string, object, number, string]>([
  ['without a start', parameters({ end: { valueDateTime: DAY } }), 400, 'required'],
  ['with an end before the start', offered({ end: { valueDateTime: '2026-11-01' } }), 400, 'value'],
  ['of a year', offered({ end: { valueDateTime: '2027-11-01' } }), 400, 'too-costly'],
  ['with a bad date', offered({ start: { valueDateTime: 'soon' } }), 400, 'value'],
  ['that is no Parameters', { resourceType: 'Patient' }, 400, 'structure'],
])('$find %s is refused', async (_what, body, status, code) => {
  expect(issueOf(await own.post('Appointment/$find', body))).toMatchObject({ status, code })
})

it('$hold of what was not offered is refused', async () => {
  const unknown = '0190b3a0-0000-7000-8000-0000000000ff-1'
  const gone = await own.post('Appointment/$hold', about(unknown))
  expect(issueOf(gone)).toMatchObject({ status: 409, severity: 'fatal', code: 'not-found' })
  const notOffered = await own.post('Appointment/$hold', about(personId))
  expect(issueOf(notOffered)).toMatchObject({ status: 400, code: 'value' })
  const other_ = parameters({
    'appointment-resource': {
      resource: { resourceType: 'Appointment', id: 'x', status: 'booked' },
    },
  })
  expect(issueOf(await own.post('Appointment/$book', other_))).toMatchObject({ status: 400 })
})

it('[F3] the guide’s own program finds, holds, books and lets go', async () => {
  const [, program] = /```js\n([\s\S]*?)```/.exec(await readFile(GUIDE, 'utf8')) ?? []
  assert(program, 'the guide has a program')
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-fhir-'))
  try {
    const file = join(folder, 'book.mjs')
    await writeFile(file, program)
    const output = await run(file, [own.base, JSON.stringify(own.proof), DAY])
    expect(output.trim().split('\n')).toEqual(['proposed', 'pending', 'booked', 'cancelled'])
  } finally {
    await rm(folder, { recursive: true })
  }
})

it('[F3] a number with a fee is pending until it is paid, with the invoice to pay', async () => {
  const specialty = { valueString: `urn:yiqiao:hospital:${OURS}:department|K2` }
  const offer = idsOf(await own.post('Appointment/$find', offered({ specialty })))[0] ?? ''
  const [appointment] = found(await own.post('Appointment/$book', about(offer)))
  expect(appointment).toMatchObject({ status: 'pending' })
  expect(JSON.stringify(appointment?.['supportingInformation'])).toContain('Invoice/')
  bed.clock.advance(EASY.holdMinutes * MINUTE_MS + MINUTE_MS)
  await bed.rest()
  // The session has ended meanwhile.
  own = await asPatient(bed, payer.person)
  const { body } = await own.get(`Appointment/${appointment?.id}`)
  expect(body).toMatchObject({ status: 'cancelled' })
  const late = await own.post('Appointment/$book', about(appointment?.id ?? ''))
  expect(issueOf(late)).toMatchObject({ status: 409, error: 'booking.hold_expired' })
})

const run = (file: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args])
    const out: Buffer[] = []
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
    child.stderr.on('data', (bytes: Buffer) => out.push(bytes))
    child.on('error', reject)
    child.on('close', (code) => {
      const text = Buffer.concat(out).toString('utf8')
      if (code === 0) resolve(text)
      else reject(new Error(text))
    })
  })
