import { generateKeyPairSync } from 'node:crypto'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createStandardHis } from '../../adapters/hospitals/standard/index.ts'
import { startHis } from '../../apps/simulators/his/index.ts'
import { testOptions } from '../../apps/simulators/his/testing.ts'
import { seededRandom } from '../../kernel/random.ts'
import { addDays, businessDateOf, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { createBilling } from '../../modules/billing/index.ts'
import type { BookingSession, SessionId } from '../../modules/booking/index.ts'
import { bookingWorld, EASY, HOSPITAL } from '../../modules/booking/testing/world.ts'
import type { HospitalSystem } from '../../modules/hospitals/index.ts'
import { createPayments, type Payments } from '../../modules/payments/index.ts'
import { PERSON } from '../../modules/payments/testing/hospital.ts'
import { paymentsWorld } from '../../modules/payments/testing/world.ts'
import { deliverEvents } from '../../platform/events.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { personOf } from '../hospitals/stage.ts'

// The numbers of a hospital's own system, over the wire: the reference simulator behind the standard interface.

const MORNING = new Date('2026-11-23T07:20:00+08:00')
const REASON = '医生停诊'

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
const hubKeys = pair()
const hospitalKeys = pair()

let database: TestDatabase
let world: Awaited<ReturnType<typeof openWorld>>
let worlds = 0

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.his.stop())

type Wire = { silent: boolean; losesAnswers: boolean }

/** What is asked arrives all the same when the answer is lost; nothing arrives at one that is silent. */
function faulty(system: HospitalSystem, wire: Wire): HospitalSystem {
  const operations = Object.entries(system).map(([name, ask]) => {
    const asked = async (...about: unknown[]) => {
      if (wire.silent) return { outcome: 'unknown', reason: 'nobody answers' }
      const answer: unknown = await (ask as (...about: unknown[]) => Promise<unknown>)(...about)
      return wire.losesAnswers ? { outcome: 'unknown', reason: 'the answer was lost' } : answer
    }
    return [name, asked] as const
  })
  return Object.fromEntries(operations) as unknown as HospitalSystem
}

async function openWorld() {
  const seed = `his-${(worlds += 1)}`
  const around = paymentsWorld(database, { hospitalId: HOSPITAL, sharePercent: 0, seed })
  const { clock, newId } = around
  clock.set(new Date(MORNING.getTime() + worlds * 14 * 24 * HOUR_MS))
  const keys = {
    hospitalKeyId: 'hospital-1',
    hospitalPrivateKeyPem: hospitalKeys.privateKey,
    hubKeyId: 'hub',
    hubPublicKeyPem: hubKeys.publicKey,
  }
  const his = await startHis({ ...testOptions(clock), keys })
  const params = {
    baseUrl: his.url,
    hubKeyId: 'hub',
    hospitalKeyId: 'hospital-1',
    hubPrivateKeyPem: hubKeys.privateKey,
    hospitalPublicKeyPem: hospitalKeys.publicKey,
  }
  const random = seededRandom(seed)
  const straight = createStandardHis(params, { clock, random, timeoutMs: 20_000 })
  const wire: Wire = { silent: false, losesAnswers: false }
  const system = faulty(straight, wire)
  const systemOf = async () => system
  // The first two have names that only some systems can write.
  const person = personOf(2)
  const patientNoOf = async (): Promise<string | null> => {
    const of = { idCardNo: person.idCardNo, name: person.name }
    const answer = await straight.resolvePatient({ trace: () => undefined }, of)
    return answer.outcome === 'ok' ? answer.data.patientNo : null
  }
  let payments: Payments | null = null
  const hub = () => payments ?? around.payments
  const parts = {
    systemOf,
    patientNoOf,
    billsOfPayment: (...of: Parameters<Payments['billNosOf']>) => hub().billNosOf(...of),
  }
  const booking = bookingWorld(
    database,
    { ...parts, requestRefund: (...wish) => hub().requestRefund(...wish) },
    around,
  )
  const billing = createBilling({ ...parts, db: database, clock, newId })
  const desk = booking.booking.billDesk(billing.desk)
  payments = createPayments({ ...around.payments.dependencies, desk })
  const { version } = await booking.booking.rulesOf(HOSPITAL)
  const rules = { ...EASY, origin: 'his' as const, holdMinutes: 10 }
  await booking.booking.changeRules({ hospitalId: HOSPITAL, rules, after: version }, IT)
  return { ...around, his, wire, straight, payments: hub(), booking }
}

const IT = { name: 'staff:it', requestId: null }

async function work(ms = 0): Promise<void> {
  world.clock.advance(ms)
  const by = { db: database, clock: world.clock }
  const handlers = {
    'payments.ended': [world.booking.booking.onPaymentEnded],
    'refunds.ended': [world.booking.booking.onRefundEnded],
  }
  for (let quiet = 0; quiet < 2;) {
    const done =
      (await world.payments.sweep(HOSPITAL)) +
      (await deliverEvents(by, HOSPITAL, handlers)) +
      (await world.booking.booking.sweep(HOSPITAL))
    quiet = done === 0 ? quiet + 1 : 0
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 8; i++) await work(15 * SECOND_MS)
}

const list = () => {
  const from = addDays(businessDateOf(world.clock.now()), 2)
  const filter = { from, to: addDays(from, 3) }
  return world.booking.booking.sessions(HOSPITAL, filter, { limit: 100 })
}

/** A session with a number left and a fee, of the days after tomorrow. */
async function openSession(place = 0): Promise<BookingSession> {
  const open = (await list()).items.filter(({ left, feeFen }) => left > 1 && feeFen > 0)
  const session = open[place]
  if (!session) throw new Error('the hospital has sessions')
  return session
}

const freeAtHospital = async (sessionId: SessionId): Promise<number> => {
  const { items } = await world.booking.booking.slots(HOSPITAL, sessionId, { limit: 100 })
  return items.filter(({ status }) => status === 'free').length
}

const fresh = () => world.clock.advance(MINUTE_MS)

describe('[J1] a number of the hospital’s own system', () => {
  it('is listed as the hospital says, held there, paid by its bill, and cancelled with its fee', async () => {
    const session = await openSession()
    const before = await freeAtHospital(session.id)
    const held = await world.booking.hold(session.id, PERSON)
    expect(held).toMatchObject({ status: 'held', hisStep: 'locked', bill: null })
    fresh()
    expect(await freeAtHospital(session.id)).toBe(before - 1)
    const due = await world.booking.book(held.id, PERSON)
    expect(due).toMatchObject({ status: 'held', fee: 'due', feeFen: session.feeFen })
    const paymentId = await world.quote(due.bill ? [due.bill] : [], world.payments)
    await world.confirm(paymentId, world.payments)
    world.wallet.payAll()
    await settle()
    expect(await world.booking.appointment(held.id)).toMatchObject({ status: 'booked', paymentId })
    const cancelled = await world.booking.cancel(held.id, PERSON)
    expect(cancelled).toMatchObject({ status: 'cancelled', fee: 'returning' })
    await settle()
    expect(await world.booking.appointment(held.id)).toMatchObject({ fee: 'returned' })
    expect(world.wallet.balanceFen()).toBe(0)
    expect(await freeAtHospital(session.id)).toBe(before)
  })

  it('locked without an answer is let go there, and never sold twice', async () => {
    const session = await openSession()
    const before = await freeAtHospital(session.id)
    world.wire.losesAnswers = true
    const id = world.newId<'Appointment'>()
    await expect(world.booking.hold(session.id, PERSON, { id })).rejects.toMatchObject({
      code: 'booking.hospital_silent',
    })
    world.wire.losesAnswers = false
    fresh()
    expect(await freeAtHospital(session.id)).toBe(before - 1)
    await work(2 * MINUTE_MS)
    expect(await world.booking.appointment(id)).toMatchObject({
      status: 'expired',
      hisStep: 'ended',
    })
    expect(await freeAtHospital(session.id)).toBe(before)
    expect(await world.booking.hold(session.id, PERSON)).toMatchObject({ status: 'held' })
  })

  it('asked for again under the same id after silence is the same lock', async () => {
    const session = await openSession()
    const before = await freeAtHospital(session.id)
    const id = world.newId<'Appointment'>()
    world.wire.losesAnswers = true
    await expect(world.booking.hold(session.id, PERSON, { id })).rejects.toThrow(/hospital_silent/)
    world.wire.losesAnswers = false
    expect(await world.booking.hold(session.id, PERSON, { id })).toMatchObject({
      hisStep: 'locked',
    })
    fresh()
    expect(await freeAtHospital(session.id)).toBe(before - 1)
  })

  it('registered without an answer is found, and can be paid', async () => {
    const session = await openSession(1)
    const held = await world.booking.hold(session.id, PERSON)
    world.wire.losesAnswers = true
    await expect(world.booking.book(held.id, PERSON)).rejects.toMatchObject({
      code: 'booking.hospital_silent',
    })
    world.wire.losesAnswers = false
    await work(2 * MINUTE_MS)
    const found = await world.booking.appointment(held.id)
    expect(found).toMatchObject({ status: 'held', hisStep: 'registered', fee: 'due' })
    expect(found.bill).not.toBeNull()
  })

  it('not paid in time is cancelled at the hospital', async () => {
    const session = await openSession()
    const before = await freeAtHospital(session.id)
    const held = await world.booking.hold(session.id, PERSON)
    await world.booking.book(held.id, PERSON)
    await work(11 * MINUTE_MS)
    await settle()
    const { status, hisStep } = await world.booking.appointment(held.id)
    expect([status, hisStep]).toEqual(['expired', 'ended'])
    expect(await freeAtHospital(session.id)).toBe(before)
  })

  it('is shown as it was while the hospital is silent, and says so', async () => {
    const { items } = await list()
    expect(items.every(({ stale }) => !stale)).toBe(true)
    world.wire.silent = true
    fresh()
    const later = await list()
    expect(later.items.map(({ id }) => id)).toEqual(items.map(({ id }) => id))
    expect(later.items.every(({ stale, fetchedAt }) => stale && fetchedAt !== null)).toBe(true)
  })

  it('cancelled while the hospital is silent stays booked until it answers', async () => {
    const session = await openSession()
    const held = await world.booking.hold(session.id, PERSON)
    const { bill } = await world.booking.book(held.id, PERSON)
    const paymentId = await world.quote(bill ? [bill] : [], world.payments)
    await world.confirm(paymentId, world.payments)
    world.wallet.payAll()
    await settle()
    world.wire.silent = true
    await expect(world.booking.cancel(held.id, PERSON)).rejects.toMatchObject({
      code: 'booking.hospital_silent',
    })
    expect(await world.booking.appointment(held.id)).toMatchObject({
      status: 'booked',
      fee: 'paid',
    })
    world.wire.silent = false
    await work(2 * MINUTE_MS)
    await settle()
    expect(await world.booking.appointment(held.id)).toMatchObject({
      status: 'cancelled',
      fee: 'returned',
    })
  })
})

describe('[J11] a clinic that the hospital stops', () => {
  it('is told to whoever has a number there, and their money goes back', async () => {
    const session = await openSession()
    const held = await world.booking.hold(session.id, PERSON)
    const { bill } = await world.booking.book(held.id, PERSON)
    const paymentId = await world.quote(bill ? [bill] : [], world.payments)
    await world.confirm(paymentId, world.payments)
    world.wallet.payAll()
    await settle()
    const schedules = await world.straight.schedules(
      { trace: () => undefined },
      { from: session.businessDate, to: session.businessDate, departmentCode: null },
    )
    if (schedules.outcome !== 'ok') throw new Error('the hospital lists its schedules')
    const { scheduleNo = '' } =
      schedules.data.find(
        ({ doctorCode, session: period }) =>
          doctorCode === session.doctor.code && period === session.period,
      ) ?? {}
    world.his.stopClinic(scheduleNo, REASON)
    const about = { scheduleNo, slotNo: null, reason: REASON }
    const notice = { hospitalId: HOSPITAL, noticeNo: 'N1', kind: 'schedule.stopped', about }
    await world.booking.booking.onNotice(notice)
    await work()
    await settle()
    expect(await world.booking.appointment(held.id)).toMatchObject({
      status: 'stopped',
      reason: REASON,
      fee: 'returned',
    })
    expect(world.wallet.balanceFen()).toBe(0)
    await world.booking.booking.onNotice(notice)
    const kinds = (await world.booking.booking.messagesOf(HOSPITAL, PERSON, { limit: 3 })).map(
      ({ kind }) => kind,
    )
    expect(kinds.slice(0, 2)).toEqual(['returned', 'stopped'])
  })
})
