import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import { businessDate } from '../../../kernel/time.ts'
import { createBill } from './bills.ts'
import { checkBooks } from './books.ts'
import type { His } from './context.ts'
import { dayBook } from './day-book.ts'
import { createPatient, findPatient, type PatientView } from './patients.ts'
import { payOnce } from './pay-once.ts'
import { patientNoOf } from './registry.ts'
import { findReport, listReports } from './reports.ts'
import { payDeposit, preSettleStay, refundDeposit, settleStay } from './stay-money.ts'
import { admit, answerDailyList, getStay, orderDischarge } from './stays.ts'
import {
  codeOf,
  firstDepartment,
  newDatabaseFile,
  openTestBooks,
  TestClock,
  world,
} from './testing.ts'

let clock: TestClock
let his: His
const opened: His[] = []
beforeEach(() => {
  clock = new TestClock('2026-11-21T09:00:00+08:00')
  his = openTestBooks(clock)
  opened.push(his)
})
afterAll(() => {
  for (const { store } of opened) store.close()
})

const uninsured = () => {
  const person = world.people.find((p) => p.insurance === null)
  if (!person) throw new Error('somebody has no insurance')
  return person
}

const deposit = (stayNo: string, amountFen = 50_000, paymentNo = 'P-1') =>
  payDeposit(his, { paymentNo, stayNo, amountFen, paidAt: clock.now(), tradeNo: 'WX-1' }, false)

describe('a stay', () => {
  it('costs something every day, and its list is the same at every reading', () => {
    const stay = admit(his, { personNo: 1, departmentCode: firstDepartment().code })
    const today = answerDailyList(his, { stayNo: stay.stayNo, date: '2026-11-21' })
    expect(today.data).toMatchObject({ totalFen: stay.costFen })
    clock.set('2026-11-23T09:00:00+08:00')
    expect(answerDailyList(his, { stayNo: stay.stayNo, date: '2026-11-21' })).toEqual(today)
    expect(getStay(his, stay.stayNo).costFen).toBeGreaterThan(stay.costFen)
    const none = answerDailyList(his, { stayNo: stay.stayNo, date: '2026-11-24' })
    expect(none.data).toMatchObject({ items: [], totalFen: 0 })
  })

  it('takes deposits once each, and gives back no more than is left', () => {
    const { stayNo, costFen } = admit(his, { personNo: 1, departmentCode: firstDepartment().code })
    const first = deposit(stayNo)
    expect(first.data).toMatchObject({ balanceFen: 50_000 - costFen })
    expect(deposit(stayNo)).toEqual(first)
    expect(deposit(stayNo, 60_000).code).toBe('DUPLICATE_DIFFERENT')
    expect(deposit(stayNo, 0, 'P-2').code).toBe('INVALID_REQUEST')
    expect(deposit('ZY0', 100, 'P-2').code).toBe('STAY_NOT_FOUND')
    const back = { refundNo: 'R-1', paymentNo: 'P-1', at: clock.now() }
    expect(refundDeposit(his, { ...back, amountFen: 50_000 }).code).toBe('BALANCE_TOO_SMALL')
    const refunded = refundDeposit(his, { ...back, amountFen: 100 })
    expect(refunded.data).toMatchObject({ balanceFen: 49_900 - costFen })
    expect(refundDeposit(his, { ...back, amountFen: 100 })).toEqual(refunded)
    expect(
      dayBook(his, businessDate('2026-11-21')).map((line) => [line.kind, line.amountFen]),
    ).toEqual([
      ['payment', 50_000],
      ['refund', 100],
    ])
    expect(checkBooks(his)).toEqual([])
  })

  it('is settled once the ward has let go: insurance, then deposits, then the patient', () => {
    const { stayNo } = admit(his, {
      personNo: uninsured().no,
      departmentCode: firstDepartment().code,
    })
    deposit(stayNo, 1_000)
    expect(preSettleStay(his, { stayNo }).code).toBe('STAY_NOT_LEAVING')
    orderDischarge(his, stayNo)
    clock.set('2026-11-25T09:00:00+08:00')
    const { costFen } = getStay(his, stayNo)
    expect(preSettleStay(his, { stayNo }).data).toMatchObject({
      totalFen: costFen,
      pooledFen: 0,
      depositUsedFen: 1_000,
      payableFen: costFen - 1_000,
      refundableFen: 0,
    })
    const settle = { paymentNo: 'P-2', stayNo, pooledFen: 0, accountFen: 0, paidAt: clock.now() }
    const wish = { ...settle, payFen: costFen - 1_000, tradeNo: null }
    expect(settleStay(his, { ...wish, payFen: costFen }, false).code).toBe('AMOUNT_MISMATCH')
    const settled = settleStay(his, wish, false)
    expect(settled.code).toBe('OK')
    expect(settleStay(his, wish, false)).toEqual(settled)
    expect(settleStay(his, { ...wish, paymentNo: 'P-3' }, false).code).toBe('STAY_OVER')
    expect(getStay(his, stayNo)).toMatchObject({ status: 'discharged', balanceFen: 0 })
    expect(checkBooks(his)).toEqual([])
  })

  it('leaves what the deposits were too much to be given back', () => {
    const { stayNo } = admit(his, {
      personNo: uninsured().no,
      departmentCode: firstDepartment().code,
    })
    deposit(stayNo, 1_000_000)
    orderDischarge(his, stayNo)
    const { costFen } = getStay(his, stayNo)
    const settle = { paymentNo: 'P-2', stayNo, pooledFen: 0, accountFen: 0, paidAt: clock.now() }
    const settled = settleStay(his, { ...settle, payFen: 0, tradeNo: null }, false)
    expect(settled.data).toMatchObject({ refundableFen: 1_000_000 - costFen })
    const back = { refundNo: 'R-1', paymentNo: 'P-1', at: clock.now() }
    expect(refundDeposit(his, { ...back, amountFen: 1_000_000 - costFen }).code).toBe('OK')
    expect(getStay(his, stayNo).balanceFen).toBe(0)
    expect(checkBooks(his)).toEqual([])
  })
})

describe('a newcomer', () => {
  const wish = { name: '欧阳新来', idCardNo: '990101199003071214', phone: '19900000000' }
  const right = { ...wish, idCardNo: withCheckDigit('99010119900307121') }

  it('is given a file that outlives the program, and the same one again', () => {
    const databaseFile = newDatabaseFile()
    const first = openTestBooks(clock, databaseFile)
    const created = createPatient(first, right)
    const { patient } = created.data as { patient: PatientView }
    expect(patient).toMatchObject({ birthDate: '1990-03-07', gender: 'male', name: '欧阳新来' })
    expect((createPatient(first, right).data as { patient: PatientView }).patient).toEqual(patient)
    expect(createPatient(first, { ...right, name: '别人' }).code).toBe('IDENTITY_INVALID')
    first.store.close()
    const second = openTestBooks(clock, databaseFile)
    expect(findPatient(second, { cardNo: patient.cardNo })).toEqual(patient)
    expect(findPatient(second, { idCardNo: right.idCardNo })).toEqual(patient)
    second.store.close()
  })

  it('is refused with a wrong check digit', () => {
    const digit = right.idCardNo.endsWith('1') ? '2' : '1'
    const wrong = { ...right, idCardNo: right.idCardNo.slice(0, 17) + digit }
    expect(createPatient(his, wrong).code).toBe('IDENTITY_INVALID')
  })
})

describe('a report', () => {
  it('is there some time after the payment, with the same values at every reading', () => {
    const person = world.people[0]
    if (!person) throw new Error('the world has people')
    const items = ['血常规（五分类）', '胸部CT平扫', '阿司匹林肠溶片'].map((name) => ({
      code: codeOf(name),
      quantity: 1,
    }))
    const order = {
      personNo: 1,
      departmentCode: firstDepartment().code,
      kind: 'outpatient' as const,
    }
    const { billNo, totalFen } = createBill(his, { ...order, items })
    const patientNo = patientNoOf(his.registry, person)
    expect(listReports(his, patientNo)).toEqual([])
    const tenders = [{ kind: 'self_pay' as const, amountFen: totalFen, tradeNo: 'WX-1' }]
    const payment = { paymentNo: 'P-1', billNo, totalFen, paidAt: clock.now(), tenders }
    payOnce(his, { ...payment, insuranceSettlementNo: null }, false)
    expect(listReports(his, patientNo).map((r) => [r.kind, r.status])).toEqual([
      ['laboratory', 'pending'],
      ['examination', 'pending'],
    ])
    clock.move(45 * 60_000)
    const reports = listReports(his, patientNo)
    expect(reports.map((r) => r.status)).toEqual(['ready', 'pending'])
    const reportNo = reports[0]?.reportNo ?? ''
    const report = findReport(his, { reportNo, patientNo })
    expect(report?.values.map((v) => v.code)).toEqual(['WBC', 'RBC', 'HGB', 'PLT', 'NEUT', 'LYMPH'])
    for (const { value, reference, flag } of report?.values ?? []) {
      const [low = '', high = ''] = reference.split('-')
      const expected = Number(value) > Number(high) ? 'H' : Number(value) < Number(low) ? 'L' : 'N'
      expect(flag).toBe(expected)
    }
    expect(findReport(his, { reportNo, patientNo })).toEqual(report)
    expect(findReport(his, { reportNo, patientNo: 'P0100000002' })).toBeNull()
  })
})

function withCheckDigit(first17: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((s, weight, i) => s + weight * Number(first17[i]), 0)
  return first17 + '10X98765432'.charAt(sum % 11)
}
