import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import { checkBooks } from './books.ts'
import { type Clinic, findClinic, listClinics, slotsOf, stopClinic, viewClinic } from './clinics.ts'
import type { His } from './context.ts'
import { payOnce } from './pay-once.ts'
import type { Answer } from './protocol.ts'
import { answerQueue, checkIn } from './queue.ts'
import { approveRefund } from './refunds.ts'
import { cancelRegistration, register, type Registration } from './registrations.ts'
import { patientNoOf } from './registry.ts'
import { lockSlot, unlockSlot } from './slot-locks.ts'
import { sweep } from './sweep.ts'
import { openTestBooks, TestClock, world } from './testing.ts'

let clock: TestClock
let his: His
const opened: His[] = []
beforeEach(() => {
  clock = new TestClock('2026-11-23T07:20:00+08:00') // a Monday
  his = openTestBooks(clock)
  opened.push(his)
})
afterAll(() => {
  for (const { store } of opened) store.close()
})

/** Everything is asked as a face asks it: after the sweep, in one transaction. */
function ask<Body>(operation: (his: His, body: Body) => Answer, body: Body): Answer {
  return his.store.transaction(() => {
    sweep(his)
    return operation(his, body)
  })
}

const patients = () =>
  world.people
    .filter((p) => p.media.hospitalCards.some((card) => card.hospitalId === 1))
    .map((p) => patientNoOf(his.registry, p))
const patient = (i = 0) => patients()[i] ?? ''

function clinicToday(): Clinic {
  const clinic = listClinics(his, { from: '2026-11-23', to: '2026-11-23' })[0]
  if (!clinic) throw new Error('somebody sits today')
  return clinic
}

function booked(orderNo = 'O-1', patientNo = patient()): Registration {
  const { clinicNo } = clinicToday()
  const answer = ask(register, { orderNo, patientNo, clinicNo, number: null, lockNo: null })
  expect(answer.code).toBe('OK')
  return (answer.data as { registration: Registration }).registration
}

function pay({ billNo, feeFen }: Registration, paymentNo = 'P-1'): Answer {
  return ask((at, lie: boolean) => {
    const tenders = [{ kind: 'self_pay' as const, amountFen: feeFen, tradeNo: 'WX-1' }]
    const payment = { paymentNo, billNo: billNo ?? '', totalFen: feeFen, paidAt: clock.now() }
    return payOnce(at, { ...payment, tenders, insuranceSettlementNo: null }, lie)
  }, false)
}

describe('the clinics', () => {
  it('are the same at every reading, for eight days, every department on a weekday morning', () => {
    const clinics = listClinics(his, {})
    expect(listClinics(openTestBooksAgain(), {})).toEqual(clinics)
    expect([...new Set(clinics.map((c) => c.date))].sort()).toEqual([
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
      '2026-11-28',
      '2026-11-29',
      '2026-11-30',
    ])
    const monday = clinics.filter((c) => c.date === '2026-11-23' && c.halfDay === 'morning')
    const departments = new Set(monday.map((c) => c.department.code))
    expect(departments.size).toBe(his.registry.hospital.departments.length)
  })

  it('know their slots, of which some are taken from the beginning and none is left when stopped', () => {
    const clinic = clinicToday()
    const slots = slotsOf(his, clinic)
    expect(slots.map((s) => s.number)).toEqual(
      Array.from({ length: clinic.total }, (_, i) => i + 1),
    )
    const free = slots.filter((s) => s.state === 'free').length
    expect(viewClinic(his, clinic)).toMatchObject({ left: free, stopped: false })
    expect(free).toBeGreaterThan(0)
    expect(free).toBeLessThan(clinic.total)
    stopClinic(his, clinic.clinicNo, '医生停诊')
    expect(viewClinic(his, clinic)).toMatchObject({ left: 0, stopped: true })
  })

  it('are found by their number only', () => {
    const clinic = clinicToday()
    expect(findClinic(his, clinic.clinicNo)).toEqual(clinic)
    expect(findClinic(his, `${clinic.clinicNo}0`)).toBeNull()
    expect(findClinic(his, clinic.clinicNo.replace('PB01', 'PB02'))).toBeNull()
    expect(findClinic(his, clinic.clinicNo.replace('20261123', '20261201'))).toBeNull()
  })

  it('lose their slots as the time passes', () => {
    clock.set('2026-11-23T09:00:00+08:00')
    const states = slotsOf(his, clinicToday()).map((s) => s.state)
    expect(states.slice(0, 6)).not.toContain('free')
    expect(states.slice(6)).toContain('free')
  })
})

describe('a lock', () => {
  it('holds a slot for five minutes from everybody else, and is the same when asked again', () => {
    const { clinicNo } = clinicToday()
    const lock = ask(lockSlot, { lockKey: 'L-1', clinicNo, number: null })
    const { lockNo, number } = lock.data as { lockNo: string; number: number }
    expect(ask(lockSlot, { lockKey: 'L-1', clinicNo, number: null })).toEqual(lock)
    expect(ask(lockSlot, { lockKey: 'L-2', clinicNo, number }).code).toBe('SLOT_TAKEN')
    const order = { orderNo: 'O-9', patientNo: patient(), clinicNo, number, lockNo: null }
    expect(ask(register, order).code).toBe('SLOT_TAKEN')
    expect(ask(register, { ...order, lockNo }).code).toBe('OK')
    expect(ask(unlockSlot, { lockNo }).code).toBe('LOCK_NOT_FOUND')
    expect(checkBooks(his)).toEqual([])
  })

  it('runs out, and is let go', () => {
    const { clinicNo } = clinicToday()
    const first = ask(lockSlot, { lockKey: 'L-1', clinicNo, number: null })
    const { lockNo, number } = first.data as { lockNo: string; number: number }
    clock.move(5 * 60_000)
    const order = { orderNo: 'O-9', patientNo: patient(), clinicNo, number, lockNo }
    expect(ask(register, order).code).toBe('LOCK_EXPIRED')
    const second = ask(lockSlot, { lockKey: 'L-2', clinicNo, number })
    expect(second.code).toBe('OK')
    const { lockNo: again } = second.data as { lockNo: string }
    expect(ask(unlockSlot, { lockNo: again }).code).toBe('OK')
    expect(ask(unlockSlot, { lockNo: again }).code).toBe('OK')
    expect(ask(lockSlot, { lockKey: 'L-3', clinicNo, number }).code).toBe('OK')
  })
})

describe('a registration', () => {
  it('makes its bill, and is answered the same for the same order', () => {
    const registration = booked()
    expect(registration).toMatchObject({ status: 'booked', number: expect.any(Number) })
    expect(booked()).toEqual(registration)
    const { clinicNo } = clinicToday()
    const other = { orderNo: 'O-1', patientNo: patient(1), clinicNo, number: null, lockNo: null }
    expect(ask(register, other).code).toBe('DUPLICATE_DIFFERENT')
    expect(ask(register, { ...other, orderNo: 'O-2', patientNo: patient() }).code).toBe(
      'ALREADY_REGISTERED',
    )
    expect(ask(register, { ...other, orderNo: 'O-3', patientNo: 'P0199999999' }).code).toBe(
      'PATIENT_NOT_FOUND',
    )
    expect(pay(registration).code).toBe('OK')
    expect(pay(registration)).toEqual(pay(registration))
    expect(pay(registration, 'P-2').code).toBe('BILL_ALREADY_PAID')
    expect(checkBooks(his)).toEqual([])
  })

  it('is refused when all is gone, and when the clinic does not take place', () => {
    const { clinicNo } = clinicToday()
    const wish = { clinicNo, number: null, lockNo: null }
    for (let i = 0; slotsOf(his, clinicToday()).some((s) => s.state === 'free'); i++) {
      expect(ask(lockSlot, { lockKey: `L-${i}`, clinicNo, number: null }).code).toBe('OK')
    }
    expect(ask(register, { ...wish, orderNo: 'O-1', patientNo: patient() }).code).toBe('SOLD_OUT')
    stopClinic(his, clinicNo, '停诊')
    expect(ask(register, { ...wish, orderNo: 'O-2', patientNo: patient() }).code).toBe(
      'CLINIC_STOPPED',
    )
  })

  it('that nobody pays is given up after half an hour, and its payment comes back', () => {
    const registration = booked()
    clock.move(29 * 60_000)
    sweep(his)
    clock.move(60_000)
    expect(pay(registration).code).toBe('BILL_VOID')
    const order = { orderNo: 'O-1', patientNo: patient(), clinicNo: registration.clinicNo }
    expect(ask(cancelRegistration, { registrationNo: 'O-1' }).data).toMatchObject({
      refundDueFen: 0,
    })
    const again = { ...order, orderNo: 'O-2', number: registration.number, lockNo: null }
    clock.set('2026-11-23T07:59:59+08:00')
    expect(ask(register, again).code).toBe('OK')
    expect(checkBooks(his)).toEqual([])
  })

  it('is cancelled with its open bill, and when it is paid says what is to be given back', () => {
    const unpaid = booked()
    const cancelled = ask(cancelRegistration, { registrationNo: unpaid.registrationNo })
    expect(cancelled.data).toMatchObject({ refundDueFen: 0 })
    expect(pay(unpaid).code).toBe('BILL_VOID')
    const paid = booked('O-2')
    expect(paid.number).toBe(unpaid.number)
    expect(pay(paid, 'P-2').code).toBe('OK')
    expect(ask(cancelRegistration, { registrationNo: paid.registrationNo }).data).toMatchObject({
      refundDueFen: paid.feeFen,
    })
    expect(checkBooks(his)).toEqual([])
  })
})

describe('the queue', () => {
  it('takes who has paid, on the day, moves with the clock, and ends what can be refunded', () => {
    const registration = booked()
    const { registrationNo, number } = registration
    expect(ask(checkIn, { registrationNo }).code).toBe('REGISTRATION_NOT_PAID')
    pay(registration)
    expect(ask(answerQueue, { registrationNo }).data).toMatchObject({ status: 'not_checked_in' })
    expect(ask(checkIn, { registrationNo }).data).toMatchObject({
      status: 'waiting',
      queueNo: number,
      callingNo: 0,
      ahead: number - 1,
    })
    expect(ask(cancelRegistration, { registrationNo }).code).toBe('CANCEL_NOT_ALLOWED')
    clock.set('2026-11-23T08:00:00+08:00')
    clock.move((number - 1) * 12 * 60_000)
    expect(ask(answerQueue, { registrationNo }).data).toMatchObject({
      status: 'calling',
      callingNo: number,
      ahead: 0,
      waitMinutes: 0,
    })
    clock.move(12 * 60_000)
    expect(ask(answerQueue, { registrationNo }).data).toMatchObject({ status: 'seen' })
    const refund = { refundNo: 'R-1', paymentNo: 'P-1', billNo: registration.billNo ?? '' }
    const wish = { ...refund, lines: [], amountFen: registration.feeFen, reason: '不看了' }
    expect(ask(approveRefund, wish).code).toBe('REFUND_NOT_ALLOWED')
    expect(checkBooks(his)).toEqual([])
  })

  it('takes who comes late as the next but one, and nobody on another day', () => {
    const registration = booked()
    pay(registration)
    clock.set('2026-11-23T11:00:00+08:00')
    const { registrationNo } = registration
    expect(ask(checkIn, { registrationNo }).data).toMatchObject({
      callingNo: 16,
      queueNo: registration.number > 16 ? registration.number : 18,
    })
    const other = booked('O-2', patient(1))
    pay(other, 'P-2')
    clock.set('2026-11-24T08:00:00+08:00')
    expect(ask(checkIn, { registrationNo: other.registrationNo }).code).toBe('REGISTRATION_OVER')
  })
})

function openTestBooksAgain(): His {
  const again = openTestBooks(clock)
  opened.push(again)
  return again
}
