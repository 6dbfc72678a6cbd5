import { expect, it } from 'vitest'

import { codeOf } from '../../apps/simulators/his/testing.ts'
import { businessDate, instantAt } from '../../kernel/time.ts'
import { call, type Offer, ok, payment, personOf, refused, selfPaid, type Stage } from './stage.ts'

const TODAY = businessDate('2026-11-23')
const TUESDAY = businessDate('2026-11-24')

/** From the list of clinics to the number that is called, and to the report of what was found. */
export function bookingJourney(stage: () => Stage, { operations }: Offer): void {
  it.runIf(operations.has('schedules.list'))(
    'lists clinics with their fees and what is left',
    async () => {
      const schedules = ok(await stage().system.schedules(call, week))
      expect(schedules.length).toBeGreaterThan(10)
      for (const { businessDate: day, total, left } of schedules) {
        expect(day >= TODAY && day <= TUESDAY).toBe(true)
        expect(left).toBeLessThanOrEqual(total)
      }
      const { departmentCode } = schedules[0] ?? { departmentCode: '' }
      const one = ok(await stage().system.schedules(call, { ...week, departmentCode }))
      expect(one.length).toBeGreaterThan(0)
      expect(one.every((each) => each.departmentCode === departmentCode)).toBe(true)
    },
  )

  it.runIf(operations.has('slots.lock'))(
    'locks what is free, again the same, and lets it go',
    async () => {
      const { system, clock } = stage()
      const patientNo = await patientOf(stage(), 0)
      const { scheduleNo } = await openClinic(stage(), 0)
      const wish = { lockNo: 'JL1', scheduleNo, slotNo: null, patientNo, holdSeconds: 600 }
      const lock = ok(await system.lockSlot(call, wish))
      expect(lock.lockedUntil > clock.now()).toBe(true)
      clock.move(1_000)
      expect(ok(await system.lockSlot(call, wish))).toEqual(lock)
      const { unlockedAt } = ok(await system.unlockSlot(call, { lockNo: 'JL1', reason: '不看了' }))
      expect(ok(await system.unlockSlot(call, { lockNo: 'JL1', reason: '不看了' }))).toEqual({
        unlockedAt,
      })
    },
  )

  it.runIf(operations.has('slots.unlock'))(
    'refuses a lock that was let go before it came',
    async () => {
      const { system } = stage()
      const patientNo = await patientOf(stage(), 0)
      const { scheduleNo } = await openClinic(stage(), 0)
      ok(await system.unlockSlot(call, { lockNo: 'JL2', reason: '超时' }))
      const late = { lockNo: 'JL2', scheduleNo, slotNo: null, patientNo, holdSeconds: 600 }
      expect(await system.lockSlot(call, late)).toEqual(refused('lock_expired'))
    },
  )

  it.runIf(operations.has('slots.lock'))('does not book by a lock that has run out', async () => {
    const { system, clock } = stage()
    const patientNo = await patientOf(stage(), 1)
    const { scheduleNo } = await openClinic(stage(), 1)
    const wish = { lockNo: 'JL3', scheduleNo, slotNo: null, patientNo, holdSeconds: 600 }
    const { slotNo } = ok(await system.lockSlot(call, wish))
    clock.move(11 * 60_000)
    const place = { appointmentNo: 'JA3', lockNo: 'JL3', scheduleNo, slotNo, patientNo }
    expect(await system.register(call, place)).toEqual(refused('lock_expired'))
    expect(ok(await system.registration(call, 'JA3')).status).toBe('absent')
  })

  it.runIf(operations.has('appointments.register'))(
    'books, by a lock where there are any, is paid, cancelled, and given back',
    async () => {
      const { system, clock } = stage()
      const patientNo = await patientOf(stage(), 0)
      const { scheduleNo } = await openClinic(stage(), 2)
      const lockNo = operations.has('slots.lock') ? 'JL4' : null
      const { slotNo, startsAt } =
        lockNo === null
          ? await freeSlot(stage(), scheduleNo)
          : ok(
              await system.lockSlot(call, {
                lockNo,
                scheduleNo,
                slotNo: null,
                patientNo,
                holdSeconds: 600,
              }),
            )
      const place = { appointmentNo: 'JA4', lockNo, scheduleNo, slotNo, patientNo }
      const booked = ok(await system.register(call, place))
      expect(booked.startsAt).toEqual(startsAt)
      expect(ok(await system.register(call, place))).toEqual(booked)
      expect(ok(await system.registration(call, 'JA4'))).toMatchObject({
        status: 'registered',
        billNo: booked.billNo,
      })
      const bill = ok(await system.bill(call, booked.billNo ?? ''))
      expect(bill).toMatchObject({ kind: 'registration', patientNo, status: 'open' })
      const paid = payment(bill, 'JPLACE4', clock)
      const receipt = ok(await system.writeBack(call, paid))
      expect(ok(await system.writeBack(call, paid))).toEqual(receipt)
      const other = await system.writeBack(call, payment(bill, 'JPLACE4B', clock))
      expect(other).toEqual(refused('bill_already_paid'))
      const key = { paymentNo: 'JPLACE4', billNo: bill.billNo }
      expect(ok(await system.payment(call, key)).status).toBe('written_back')
      ok(await system.cancelRegistration(call, { appointmentNo: 'JA4', reason: '有事' }))
      expect(ok(await system.registration(call, 'JA4')).status).toBe('cancelled')
      const refund = {
        refundNo: 'JRF4',
        ...key,
        lineNos: [],
        amountFen: bill.totalFen,
        reason: '退号',
      }
      ok(await system.approveRefund(call, refund))
      const done = { refundNo: 'JRF4', completedAt: clock.now(), tenders: selfPaid(bill.totalFen) }
      const back = ok(await system.completeRefund(call, done))
      expect(ok(await system.completeRefund(call, done))).toEqual(back)
      expect(ok(await system.payment(call, key)).status).toBe('refunded')
      const { status } = ok(await system.bill(call, bill.billNo))
      expect(status).toBe('refunded')
    },
  )

  it.runIf(operations.has('appointments.cancel'))(
    'does not know an appointment that is none',
    async () => {
      const none = { appointmentNo: 'JNONE', reason: '有事' }
      expect(await stage().system.cancelRegistration(call, none)).toEqual(
        refused('registration_not_found'),
      )
      expect(ok(await stage().system.registration(call, 'JNONE')).status).toBe('absent')
    },
  )

  it.runIf(operations.has('slots.lock'))('sells a clinic out, and then no more', async () => {
    const { system } = stage()
    const schedule = await openClinic(stage(), 3)
    const { scheduleNo, left } = schedule
    const patients = await Promise.all([0, 1, 2].map((i) => patientOf(stage(), i)))
    const answers = []
    for (let i = 0; i <= left; i++) {
      const patientNo = patients[i % patients.length] ?? ''
      const lock = { lockNo: `JS${i}`, scheduleNo, slotNo: null, patientNo, holdSeconds: 300 }
      answers.push(await system.lockSlot(call, lock))
    }
    expect(answers.filter(({ outcome }) => outcome === 'ok')).toHaveLength(left)
    expect(answers.at(-1)).toEqual(refused('sold_out'))
    const slots = ok(await system.slots(call, scheduleNo))
    expect(slots.filter(({ status }) => status === 'free')).toEqual([])
  })

  it.runIf(operations.has('appointments.register') && !operations.has('slots.lock'))(
    'gives a place to one only, where nothing is locked before',
    async () => {
      const { system } = stage()
      const { scheduleNo } = await openClinic(stage(), 3)
      const { slotNo } = await freeSlot(stage(), scheduleNo)
      const [first = '', second = ''] = await Promise.all([1, 2].map((i) => patientOf(stage(), i)))
      const place = { lockNo: null, scheduleNo, slotNo }
      const answers = await Promise.all([
        system.register(call, { ...place, appointmentNo: 'JT1', patientNo: first }),
        system.register(call, { ...place, appointmentNo: 'JT2', patientNo: second }),
      ])
      expect(answers.filter(({ outcome }) => outcome === 'ok')).toHaveLength(1)
      expect(answers).toContainEqual(refused('slot_taken'))
    },
  )

  it.runIf(operations.has('appointments.takeNumber'))(
    'takes a number on the day, and tells the queue',
    async () => {
      const { system, clock } = stage()
      const patientNo = await patientOf(stage(), 2)
      const schedule = await openClinic(stage(), 0, TODAY)
      const slot = await freeSlot(stage(), schedule.scheduleNo)
      const { scheduleNo, slotNo } = slot
      const place = { appointmentNo: 'JA5', lockNo: null, scheduleNo, slotNo, patientNo }
      const { billNo } = ok(await system.register(call, place))
      const bill = ok(await system.bill(call, billNo ?? ''))
      ok(await system.writeBack(call, payment(bill, 'JPLACE5', clock)))
      const queue = ok(await system.takeNumber(call, 'JA5'))
      expect(queue).toMatchObject({ status: 'waiting', calling: null })
      expect(ok(await system.registration(call, 'JA5')).status).toBe('number_taken')
      expect(ok(await system.queue(call, 'JA5')).queueNo).toBe(queue.queueNo)
    },
  )

  it.runIf(operations.has('reports.list'))(
    'lists what was ordered, and gives it once it is ready',
    async () => {
      const { system, his, clock } = stage()
      const patientNo = await patientOf(stage(), 4)
      const bill = his.createBill({
        personNo: personOf(4).no,
        departmentCode: (await openClinic(stage(), 0)).departmentCode,
        kind: 'outpatient',
        items: TESTS,
      })
      const open = ok(await system.openBills(call, patientNo))
      const read = open.find(({ billNo }) => billNo === bill.billNo)
      if (read === undefined) throw new Error('the bill is not listed')
      ok(await system.writeBack(call, payment(read, 'JPLAB', clock)))
      const of = { patientNo, from: TODAY, to: TODAY }
      const [early] = ok(await system.reports(call, of))
      expect(early?.status).not.toBe('ready')
      expect(await system.report(call, early?.reportNo ?? '')).toEqual(refused('report_not_found'))
      clock.move(3 * 3_600_000)
      const reports = ok(await system.reports(call, of))
      expect(reports.map(({ status }) => status)).toEqual(reports.map(() => 'ready'))
      for (const head of reports) {
        const report = ok(await system.report(call, head.reportNo))
        expect(report).toMatchObject({
          patientNo,
          head: { reportNo: head.reportNo, kind: head.kind },
        })
        const found = head.kind === 'laboratory' ? report.findings : [report.conclusion]
        expect(found.filter((each) => each !== '')).not.toEqual([])
      }
      expect(new Set(reports.map(({ kind }) => kind))).toEqual(new Set(['laboratory', 'imaging']))
      expect(await system.report(call, 'NOREPORT')).toEqual(refused('report_not_found'))
    },
  )
}

const week = { from: TODAY, to: TUESDAY, departmentCode: null }

async function patientOf({ system }: Stage, i: number): Promise<string> {
  const { idCardNo, name } = personOf(i)
  return ok(await system.resolvePatient(call, { idCardNo, name })).patientNo
}

/** The n-th clinic of a day that has places and a fee. */
async function openClinic({ system }: Stage, n: number, day = TUESDAY) {
  const schedules = ok(await system.schedules(call, { from: day, to: day, departmentCode: null }))
  const open = schedules.filter(({ status, left }) => status === 'open' && left > 0)
  const schedule = open.filter(({ session }) => session === 'morning')[n]
  if (schedule === undefined) throw new Error(`there are ${open.length} open clinics`)
  return schedule
}

async function freeSlot({ system, clock }: Stage, scheduleNo: string) {
  const slots = ok(await system.slots(call, scheduleNo))
  const slot = slots.find(
    ({ status, startsAt }) =>
      status === 'free' && startsAt > instantAt(TODAY, '08:00:00.000') && startsAt > clock.now(),
  )
  if (slot === undefined) throw new Error('no slot is free')
  return { scheduleNo, slotNo: slot.slotNo, startsAt: slot.startsAt }
}

/** A blood count and a picture. */
const TESTS = ['血常规（五分类）', '胸部CT平扫'].map((name) => ({
  code: codeOf(name),
  quantity: 1,
}))
