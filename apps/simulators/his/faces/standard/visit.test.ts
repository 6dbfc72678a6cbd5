import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Compile } from 'typebox/compile'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import type { HisSimulator } from '../../index.ts'
import {
  call as callHis,
  codeOf as itemCode,
  firstDepartment,
  simpleBill,
  startTestHis,
  TestClock,
  world,
  writeBackOf,
} from '../../testing.ts'

// Everything that §2.2 of the page asks, and every answer held against the published contract.

let clock: TestClock
let his: HisSimulator
const started: HisSimulator[] = []
beforeEach(async () => {
  clock = new TestClock('2026-11-23T07:20:00+08:00') // a Monday
  his = await startTestHis(clock)
  started.push(his)
})
afterAll(async () => {
  for (const simulator of started) await simulator.stop()
})

type Contract = { paths: Record<string, { post: { responses: Record<string, Response> } }> }
type Response = { content: { 'application/json': { schema: { oneOf: [object, object] } } } }
const contract = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../../contract/hospital.json'), 'utf8'),
) as Contract & { components: { schemas: { Refusal: object } } }
const isRefusal = Compile(contract.components.schemas.Refusal)

/** The answer, once it is as the contract has it. */
async function call(operation: string, body: object) {
  const answer = await callHis(his, clock, operation, body)
  const responses = contract.paths[`/yiqiao/v1/${operation}`]?.post.responses
  const schema = responses?.['200']?.content['application/json'].schema.oneOf[0] ?? {}
  const validator = answer.code === 'OK' ? Compile(schema) : isRefusal
  expect([...validator.Errors(answer)]).toEqual([])
  return answer
}

async function dataOf(operation: string, body: object) {
  const answer = await call(operation, body)
  expect([answer.code, answer.message]).toEqual(['OK', ''])
  return answer.data ?? {}
}
const codeOf = async (operation: string, body: object) => (await call(operation, body)).code

const holders = world.people.filter((p) =>
  p.media.hospitalCards.some((card) => card.hospitalId === 1),
)
const patientNo = (i = 0) => `P01${String(holders[i]?.no).padStart(8, '0')}`
const doctor = firstDepartment().doctors[0]?.code ?? ''
const scheduleNo = `PB0120261123${doctor}1`
const TODAY = '2026-11-23'

const lockOf = (lockNo: string, slotNo: string | null = null) => ({
  lockNo,
  scheduleNo,
  slotNo,
  patientNo: patientNo(),
  holdSeconds: 300,
})

async function registered(appointmentNo: string, i = 0) {
  const { slots } = await dataOf('slots.list', { scheduleNo })
  const free = (slots as unknown as { slotNo: string; status: string }[]).find(
    ({ status }) => status === 'free',
  )
  const wish = { appointmentNo, lockNo: null, scheduleNo, slotNo: free?.slotNo ?? '' }
  const { billNo } = await dataOf('appointments.register', { ...wish, patientNo: patientNo(i) })
  const [bill] = his.bills({}).filter((b) => b.billNo === String(billNo))
  if (!bill) throw new Error('the fee has its bill')
  return bill
}

describe('a place at a clinic', () => {
  it('is looked for, locked, registered, paid, taken up and called', async () => {
    const { schedules } = await dataOf('schedules.list', {
      from: TODAY,
      to: TODAY,
      departmentCode: null,
    })
    expect(schedules?.[0]).toMatchObject({
      scheduleNo,
      session: 'morning',
      status: 'open',
      total: 20,
    })
    const locked = await dataOf('slots.lock', lockOf('L-1'))
    expect(locked).toMatchObject({ lockedUntil: '2026-11-23T07:25:00+08:00' })
    expect(await dataOf('slots.lock', lockOf('L-1'))).toEqual(locked)
    expect(await codeOf('slots.lock', { ...lockOf('L-1'), holdSeconds: 60 })).toBe(
      'DUPLICATE_DIFFERENT',
    )
    const slotNo = String(locked['slotNo'])
    expect(await codeOf('slots.lock', lockOf('L-2', slotNo))).toBe('SLOT_TAKEN')
    const wish = { appointmentNo: 'A-1', lockNo: 'L-1', scheduleNo, slotNo, patientNo: patientNo() }
    const registration = await dataOf('appointments.register', wish)
    expect(await dataOf('appointments.register', wish)).toEqual(registration)
    expect(await codeOf('appointments.takeNumber', { appointmentNo: 'A-1' })).toBe(
      'INVALID_REQUEST',
    )
    const { billNo } = registration
    const bill = his.bills({}).find((b) => b.billNo === String(billNo))
    if (!bill) throw new Error('the fee has its bill')
    await dataOf('bills.writeBack', writeBackOf(bill, 'P-1', clock))
    expect(await dataOf('payments.get', { paymentNo: 'P-1', billNo })).toMatchObject({
      status: 'written_back',
    })
    expect(await dataOf('appointments.takeNumber', { appointmentNo: 'A-1' })).toMatchObject({
      queueNo: slotNo,
      calling: null,
      status: 'waiting',
    })
    expect(await dataOf('appointments.get', { appointmentNo: 'A-1' })).toMatchObject({
      status: 'number_taken',
    })
    expect(await codeOf('appointments.cancel', { appointmentNo: 'A-1', reason: '' })).toBe(
      'TOO_LATE',
    )
    clock.set('2026-11-23T08:00:00+08:00')
    clock.move((Number(slotNo) - 1) * 12 * 60_000)
    expect(await dataOf('queue.get', { appointmentNo: 'A-1' })).toMatchObject({
      status: 'called',
      calling: slotNo,
    })
    clock.move(12 * 60_000)
    expect(await dataOf('appointments.get', { appointmentNo: 'A-1' })).toMatchObject({
      status: 'seen',
    })
    expect(his.checkBooks()).toEqual([])
  })

  it('is cancelled with its open bill, is lost unpaid, and stands as stopped when it is', async () => {
    const first = await registered('A-1')
    const cancel = { appointmentNo: 'A-1', reason: '有事' }
    const cancelled = await dataOf('appointments.cancel', cancel)
    clock.move(60_000)
    expect(await dataOf('appointments.cancel', cancel)).toEqual(cancelled)
    expect(await codeOf('bills.writeBack', writeBackOf(first, 'P-1', clock))).toBe('BILL_VOID')
    await registered('A-2')
    await registered('A-3', 1)
    clock.move(30 * 60_000)
    expect(await dataOf('appointments.get', { appointmentNo: 'A-2' })).toMatchObject({
      status: 'cancelled',
    })
    await registered('A-4', 2)
    his.stopClinic(scheduleNo, '停诊')
    expect(await dataOf('appointments.get', { appointmentNo: 'A-4' })).toMatchObject({
      status: 'stopped',
    })
    expect(await codeOf('slots.lock', lockOf('L-9'))).toBe('SCHEDULE_STOPPED')
    expect(await dataOf('appointments.get', { appointmentNo: 'A-9' })).toMatchObject({
      status: 'absent',
    })
    expect(await codeOf('queue.get', { appointmentNo: 'A-9' })).toBe('REGISTRATION_NOT_FOUND')
    expect(his.checkBooks()).toEqual([])
  })

  it('knows a lock that was let go before it came, and one that has run out', async () => {
    const unlock = { lockNo: 'L-1', reason: '不要了' }
    const unlocked = await dataOf('slots.unlock', unlock)
    clock.move(1_000)
    expect(await dataOf('slots.unlock', unlock)).toEqual(unlocked)
    expect(await codeOf('slots.lock', lockOf('L-1'))).toBe('LOCK_EXPIRED')
    const { slotNo } = await dataOf('slots.lock', lockOf('L-2'))
    clock.move(300_000)
    const wish = { appointmentNo: 'A-1', lockNo: 'L-2', scheduleNo, slotNo, patientNo: patientNo() }
    expect(await codeOf('appointments.register', wish)).toBe('LOCK_EXPIRED')
    expect(await codeOf('slots.list', { scheduleNo: 'PB' })).toBe('SCHEDULE_NOT_FOUND')
    const days = { from: TODAY, departmentCode: null }
    expect(await codeOf('schedules.list', { ...days, to: '2026-12-24' })).toBe('INVALID_REQUEST')
    expect(await codeOf('slots.lock', { ...lockOf('L-3'), patientNo: 'P1' })).toBe(
      'PATIENT_NOT_FOUND',
    )
  })
})

describe('a file', () => {
  const wish = {
    requestNo: 'F-1',
    name: 'Anna Müller',
    idType: 'passport',
    idNo: 'C01X00T47',
    gender: 'female',
    birthDate: '1990-02-28',
    phone: null,
    guardianPatientNo: null,
  }

  it('is made for who has another paper, or none and a guardian, and for the same person once', async () => {
    const made = await dataOf('patients.create', wish)
    expect(await dataOf('patients.create', wish)).toEqual(made)
    expect(await dataOf('patients.create', { ...wish, requestNo: 'F-2' })).toEqual(made)
    const child = { ...wish, requestNo: 'F-3', name: '小宝', idType: 'none', idNo: null }
    expect(await codeOf('patients.create', child)).toBe('PATIENT_NOT_FOUND')
    const guarded = {
      ...child,
      guardianPatientNo: String(made['patientNo']),
      birthDate: '2026-11-20',
    }
    const baby = await dataOf('patients.create', guarded)
    expect(baby['patientNo']).not.toBe(made['patientNo'])
    expect(await dataOf('bills.list', { patientNo: baby['patientNo'] })).toEqual({ bills: [] })
  })

  it('is refused with a wrong number, of another name, or of a day that is none', async () => {
    const right = holders[0]?.idCardNo ?? ''
    const last = right.endsWith('1') ? '2' : '1'
    const card = { ...wish, idType: 'id_card', idNo: right.slice(0, 17) + last }
    expect(await codeOf('patients.create', card)).toBe('INVALID_REQUEST')
    const known = { ...card, idNo: right, name: '别人' }
    expect(await codeOf('patients.create', known)).toBe('INVALID_REQUEST')
    expect(await codeOf('patients.create', { ...wish, birthDate: '1990-02-30' })).toBe(
      'INVALID_REQUEST',
    )
    expect(await codeOf('patients.create', { ...wish, gender: 'unknown' })).toBe('INVALID_REQUEST')
  })
})

describe('a bill', () => {
  it('is reckoned with and without the insurance, and its payment is known', async () => {
    const bill = simpleBill(his, holders[0]?.no)
    const asked = { billNo: bill.billNo, version: 1, insuranceToken: null }
    expect(await dataOf('bills.preSettle', asked)).toEqual({
      totalFen: bill.totalFen,
      pooledFen: 0,
      accountFen: 0,
      otherFen: 0,
      selfPayFen: bill.totalFen,
    })
    const insured = await dataOf('bills.preSettle', { ...asked, insuranceToken: 'TOKEN' })
    const { totalFen, ...parts } = insured as unknown as Record<string, number>
    expect(Object.values(parts).reduce((sum, part) => sum + part)).toBe(totalFen)
    expect(await codeOf('bills.preSettle', { ...asked, version: 2 })).toBe('BILL_CHANGED')
    const payment = { paymentNo: 'P-1', billNo: bill.billNo }
    expect(await dataOf('payments.get', payment)).toEqual({ status: 'absent', receiptNo: null })
    await dataOf('bills.writeBack', writeBackOf(bill, 'P-1', clock))
    expect(await codeOf('bills.preSettle', asked)).toBe('BILL_ALREADY_PAID')
    await dataOf('bills.voidWriteBack', { ...payment, reason: '撤销' })
    expect(await dataOf('payments.get', payment)).toEqual({ status: 'voided', receiptNo: null })
  })

  it('brings its reports some time later', async () => {
    const items = ['血常规（五分类）', '胸部CT平扫'].map((name) => ({
      code: itemCode(name),
      quantity: 1,
    }))
    const order = { personNo: holders[0]?.no ?? 0, departmentCode: firstDepartment().code }
    const bill = his.createBill({ ...order, kind: 'outpatient', items })
    await dataOf('bills.writeBack', writeBackOf(bill, 'P-1', clock))
    const wish = { patientNo: patientNo(), from: TODAY, to: TODAY }
    const { reports } = await dataOf('reports.list', wish)
    const heads = reports as unknown as { reportNo: string; status: string; kind: string }[]
    expect(heads.map(({ kind, status }) => [kind, status])).toEqual([
      ['laboratory', 'in_progress'],
      ['imaging', 'in_progress'],
    ])
    const reportNo = heads[0]?.reportNo ?? ''
    expect(await codeOf('reports.get', { reportNo })).toBe('REPORT_NOT_FOUND')
    clock.move(120 * 60_000)
    const report = await dataOf('reports.get', { reportNo })
    expect(report['findings']).toHaveLength(6)
    expect(report).toMatchObject({ head: { status: 'ready' }, patientNo: patientNo() })
    const picture = await dataOf('reports.get', { reportNo: heads[1]?.reportNo })
    expect(picture).toMatchObject({ findings: [], reportedBy: '医学影像科' })
    expect(await dataOf('reports.list', { ...wish, from: '2026-11-24', to: '2026-11-24' })).toEqual(
      {
        reports: [],
      },
    )
  })
})

describe('a stay', () => {
  it('is paid in for, listed, reckoned, ended and what is left given back', async () => {
    const uninsured = holders.find((p) => p.insurance === null)
    const {
      stayNo,
      costFen,
      patientNo: who,
    } = his.admit({
      personNo: uninsured?.no ?? 0,
      departmentCode: firstDepartment().code,
    })
    expect(await dataOf('stays.get', { patientNo: who })).toMatchObject({
      stay: { stayNo, status: 'in_hospital', depositFen: 0, costFen },
    })
    const tenders = [{ kind: 'self_pay', amountFen: 30_000, tradeNo: 'WX-1' }]
    const paidAt = clock.now().toISOString()
    const deposit = { depositNo: 'D-1', stayNo, amountFen: 30_000, paidAt, tenders }
    const paid = await dataOf('stays.payDeposit', deposit)
    expect(paid).toMatchObject({ depositFen: 30_000 })
    expect(await dataOf('stays.payDeposit', deposit)).toEqual(paid)
    expect(await codeOf('stays.payDeposit', { ...deposit, depositNo: 'D-2', amountFen: 1 })).toBe(
      'AMOUNT_MISMATCH',
    )
    await dataOf('stays.payDeposit', { ...deposit, depositNo: 'D-3' })
    const day = { stayNo, businessDate: TODAY }
    expect(await dataOf('stays.dailyList', day)).toMatchObject({ totalFen: costFen })
    const settled = await dataOf('stays.preSettle', { stayNo })
    const toReturnFen = 60_000 - costFen
    expect(settled).toMatchObject({ totalFen: costFen, toPayFen: 0, toReturnFen })
    const used = [{ kind: 'deposit', amountFen: costFen, tradeNo: stayNo }]
    const end = { settlementNo: 'S-1', stayNo, totalFen: costFen, settledAt: paidAt, tenders: used }
    const discharge = { ...end, returnedFen: toReturnFen, insuranceSettlementNo: null }
    expect(await codeOf('stays.discharge', discharge)).toBe('INVALID_REQUEST')
    his.orderDischarge(stayNo)
    expect(await codeOf('stays.discharge', { ...discharge, totalFen: costFen - 1 })).toBe(
      'BILL_CHANGED',
    )
    expect(await codeOf('stays.discharge', { ...discharge, returnedFen: 0 })).toBe(
      'AMOUNT_MISMATCH',
    )
    const over = await dataOf('stays.discharge', discharge)
    expect(await dataOf('stays.discharge', discharge)).toEqual(over)
    expect(await dataOf('stays.get', { patientNo: who })).toEqual({ stay: null })
    expect(await codeOf('stays.payDeposit', { ...deposit, depositNo: 'D-4' })).toBe('TOO_LATE')
    expect(his.checkBooks()).toEqual([])
  })
})
