import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fen, parseYuan, toYuanText } from '../../../../../kernel/money.ts'
import { businessDate } from '../../../../../kernel/time.ts'
import type { HisSimulator } from '../../index.ts'
import { startSoapHis } from '../../index.ts'
import { firstDepartment, simpleBill, TestClock, testOptions, world } from '../../testing.ts'
import { ACCOUNT, callClient, type Fields } from './testing.ts'

const clock = new TestClock('2026-11-23T07:20:00+08:00') // a Monday
let his: HisSimulator
beforeAll(async () => {
  his = await startSoapHis({ ...testOptions(clock), hospitalCode: '4507', account: ACCOUNT })
})
afterAll(() => his.stop())

const call = (service: string, operation: string, fields: Fields) =>
  callClient(his.url, [service, operation], fields)

async function dataOf(service: string, operation: string, fields: Fields) {
  const answer = await call(service, operation, fields)
  expect(answer).toMatchObject({ code: '1', message: '成功' })
  return answer.data
}
const codeOf = async (service: string, operation: string, fields: Fields) =>
  (await call(service, operation, fields)).code

const holder = (i: number) => {
  const people = world.people.filter((p) =>
    p.media.hospitalCards.some((card) => card.hospitalId === 1),
  )
  const person = people[i]
  if (!person) throw new Error('people have cards here')
  return person
}
const patientIdOf = (i: number) => `P01${String(holder(i).no).padStart(8, '0')}`
const doctor = firstDepartment().doctors[0] ?? { code: '', registrationFeeFen: fen(0) }
const fee = toYuanText(doctor.registrationFeeFen)
const sourceId = `PB0120261123${doctor.code}1`
const NOW = '2026-11-23 07:20:00'

const paymentOf = (payNo: string, potype: string, payMoney: string): Fields => ({
  payNo,
  potype,
  payType: '5',
  payMoney,
  tradeNo: `WX-${payNo}`,
  payTime: NOW,
})

async function firstFree(): Promise<string> {
  const { timeList } = await dataOf('Reg', 'queryToRegDoctorTimes', { sourceId })
  const [time] = timeList as unknown as { sortNo: string }[]
  return time?.sortNo ?? ''
}

describe('a place with a doctor', () => {
  it('is found, locked, taken, paid, taken up and waited for', async () => {
    const sourceDate = '2026-11-23 00:00:00'
    const { deptList } = await dataOf('Reg', 'queryDepartmentBysourceDate', { sourceDate })
    expect(deptList).toHaveLength(12)
    const deptCode = firstDepartment().code
    const { doctorList } = await dataOf('Reg', 'queryToRegDoctorList', { deptCode, sourceDate })
    expect(doctorList?.[0]).toMatchObject({ sourceId, regMoney: fee, totalNum: '20', isStop: '0' })
    const sortNo = await firstFree()
    const patientId = patientIdOf(0)
    const place = { patientId, sourceId, sortNo }
    const lock = await dataOf('Reg', 'lockRegisterNo', { ...place, lockNo: 'L1' })
    expect(lock).toMatchObject({ expireTime: '2026-11-23 07:25:00' })
    expect(await codeOf('Reg', 'doReg', { ...place, orderNo: 'A1' })).toBe('-303')
    const extend = JSON.stringify({ lockId: lock['lockId'] })
    const taken = await dataOf('Reg', 'doReg', { ...place, orderNo: 'A1', extend })
    expect(taken).toMatchObject({ regStatus: '0', regMoney: fee, sortNo })
    expect(await dataOf('Reg', 'doReg', { ...place, orderNo: 'A1', extend })).toEqual(taken)
    const regNo = String(taken['regNo'])
    expect(await codeOf('Reg', 'doTaketheNo', { regNo })).toBe('-308')
    const pay = { regNo, ...paymentOf('PA1', '3', fee) }
    expect(await codeOf('Reg', 'doRegPay', { ...pay, payMoney: '0.01' })).toBe('-402')
    const paid = await dataOf('Reg', 'doRegPay', pay)
    expect(await dataOf('Reg', 'doRegPay', { ...pay, payTime: '2026-11-23 07:19:00' })).toEqual(
      paid,
    )
    expect(await codeOf('Reg', 'doRegPay', { ...pay, payNo: 'PA2' })).toBe('-403')
    expect(await dataOf('Reg', 'queryTaketheNo', { regNo })).toMatchObject({ regStatus: '1' })
    expect(await dataOf('Reg', 'doTaketheNo', { regNo })).toMatchObject({
      waitStatus: '1',
      callNo: '0',
    })
    expect(await dataOf('Reg', 'queryRegWaitNum', { regNo })).toMatchObject({ queueNo: sortNo })
    const { lineList } = await dataOf('Reg', 'doctorSurNumLine', { deptCode })
    expect(lineList?.[0]).toMatchObject({ sourceId, surplusNum: '1' })
    expect(await codeOf('Reg', 'doRegCancel', { regNo, reason: '不去了' })).toBe('-310')
    expect(his.checkBooks()).toEqual([])
  })

  it('is cancelled and given back, and a lock is let go', async () => {
    const sortNo = await firstFree()
    const place = { patientId: patientIdOf(1), sourceId, sortNo }
    const { lockId } = await dataOf('Reg', 'lockRegisterNo', { ...place, lockNo: 'L2' })
    await dataOf('Reg', 'unlockRegisterNo', { lockId })
    const { regNo } = await dataOf('Reg', 'doReg', { ...place, orderNo: 'B1' })
    await dataOf('Reg', 'doRegPay', { regNo, ...paymentOf('PB1', '3', fee) })
    const cancel = { regNo, reason: '有事' }
    expect(await dataOf('Reg', 'doRegCancel', cancel)).toMatchObject({ refundMoney: fee })
    const back = { payNo: 'PB1', refundNo: 'RB1', money: fee, reason: '退号' }
    await dataOf('Pay', 'tradeFallback', { ...back, fallbackType: '1' })
    const told = { ...back, fallbackType: '2', refundTime: NOW }
    const booked = await dataOf('Pay', 'tradeFallback', told)
    expect(booked).toMatchObject({ money: fee, receiptNo: expect.stringMatching(/^HC/) })
    expect(await dataOf('Pay', 'tradeFallback', told)).toEqual(booked)
    expect(await dataOf('Pay', 'queryPaymentRecordStatus', { payNo: 'PB1' })).toMatchObject({
      payStatus: '3',
    })
    expect(his.checkBooks()).toEqual([])
  })
})

describe('a recipe', () => {
  it('is listed, reckoned, paid once by insurance and payer, and given back in part', async () => {
    const bill = simpleBill(his, holder(2).no)
    const patientId = patientIdOf(2)
    const { recipeList } = await dataOf('Pay', 'queryToPayRecipeInfoList', { patientId })
    const totalMoney = toYuanText(bill.totalFen)
    expect(recipeList).toMatchObject([{ recipeNo: bill.billNo, totalMoney, recipeVersion: '1' }])
    const asked = { patientId, recipeNo: bill.billNo }
    const reckoned = await dataOf('Pay', 'preDoPay', { ...asked, isMedicare: '1' })
    const parts = ['payMoney', 'medicareMoney', 'overMoney'].map((n) =>
      parseYuan(reckoned[n] ?? ''),
    )
    expect(parts.reduce((sum, part) => sum + (part ?? 0), 0)).toBe(bill.totalFen)
    const pay = {
      ...asked,
      ...paymentOf('C1', '5', toYuanText(fen(bill.totalFen - 300))),
      totalMoney,
      medicareMoney: '1.00',
      overMoney: '2.00',
      extend: JSON.stringify({ recipeVersion: '1', medicareNo: 'YB-1' }),
    }
    const old = { ...pay, extend: JSON.stringify({ recipeVersion: '2' }) }
    expect(await codeOf('Pay', 'doPay', old)).toBe('-405')
    expect(await codeOf('Pay', 'doPay', { ...pay, overMoney: '2.01' })).toBe('-402')
    const paid = await dataOf('Pay', 'doPay', pay)
    expect(await dataOf('Pay', 'doPay', { ...pay, payTime: '2026-11-23 07:19:00' })).toEqual(paid)
    expect(await codeOf('Pay', 'doPay', { ...pay, payNo: 'C2' })).toBe('-403')
    const [line] = his.dayBook(businessDate('2026-11-23')).filter((l) => l.paymentNo === 'C1')
    expect(line).toMatchObject({ pooledFen: 200, accountFen: 100, amountFen: bill.totalFen })
    const money = toYuanText(fen(bill.items[0]?.amountFen ?? 0))
    const part = { payNo: 'C1', money, reason: '退药', itemList: [{ itemNo: '1' }] }
    await dataOf('Pay', 'tradeFallback', { ...part, refundNo: 'RC1', fallbackType: '1' })
    const again = { ...part, refundNo: 'RC2', fallbackType: '1' }
    expect(await codeOf('Pay', 'tradeFallback', again)).toBe('-407')
    await dataOf('Pay', 'tradeFallback', { ...part, refundNo: 'RC1', fallbackType: '3' })
    await dataOf('Pay', 'tradeFallback', again)
    expect(his.checkBooks()).toEqual([])
  })

  it('is open again when its payment is taken back', async () => {
    const bill = simpleBill(his, holder(3).no)
    const totalMoney = toYuanText(bill.totalFen)
    const pay = {
      patientId: patientIdOf(3),
      recipeNo: bill.billNo,
      ...paymentOf('D1', '5', totalMoney),
      totalMoney,
      medicareMoney: '0.00',
      overMoney: '0.00',
      extend: '{"recipeVersion":"1"}',
    }
    await dataOf('Pay', 'doPay', pay)
    const back = { payNo: 'D1', refundNo: 'RD1', money: totalMoney, reason: '冲正' }
    await dataOf('Pay', 'tradeFallback', { ...back, fallbackType: '0' })
    expect(await codeOf('Pay', 'queryPaymentRecordStatus', { payNo: 'D1' })).toBe('-401')
    expect(await codeOf('Pay', 'doPay', pay)).toBe('-404')
    expect(await codeOf('Pay', 'doPay', { ...pay, payNo: 'D2' })).toBe('1')
    expect(his.checkBooks()).toEqual([])
  })
})

describe('a stay', () => {
  it('is paid in for, listed, settled and its rest given back', async () => {
    const uninsured = world.people.find((p) => p.insurance === null)
    const stay = his.admit({ personNo: uninsured?.no ?? 0, departmentCode: firstDepartment().code })
    const { stayNo: inHosNo, patientNo: patientId } = stay
    const cost = toYuanText(stay.costFen)
    expect(await dataOf('InHos', 'queryArrears', { inHosNo })).toMatchObject({ arrearsMoney: cost })
    const pay = { inHosNo, ...paymentOf('E1', '6', '500.00') }
    const paid = await dataOf('InHos', 'inpatientPayment', pay)
    expect(await dataOf('InHos', 'inpatientPayment', pay)).toEqual(paid)
    const { inHosList } = await dataOf('InHos', 'queryPatientInHosInfo', { patientId })
    expect(inHosList).toMatchObject([{ inHosNo, deposit: '500.00', totalMoney: cost }])
    const day = { inHosNo, detailDate: '2026-11-23 00:00:00' }
    expect(await dataOf('InHos', 'inHosDetail', day)).toMatchObject({ totalMoney: cost })
    expect(await codeOf('InHos', 'applyLeaveHos', { inHosNo })).toBe('-602')
    his.orderDischarge(inHosNo)
    const rest = toYuanText(fen(50_000 - stay.costFen))
    expect(await dataOf('InHos', 'applyLeaveHos', { inHosNo })).toMatchObject({
      payMoney: '0.00',
      refundMoney: rest,
    })
    const leave = {
      inHosNo,
      ...paymentOf('E2', '6', '0.00'),
      medicareMoney: '0.00',
      overMoney: '0.00',
    }
    expect(await codeOf('InHos', 'leaveHosPay', { ...leave, payMoney: '0.01' })).toBe('-402')
    expect(await dataOf('InHos', 'leaveHosPay', leave)).toMatchObject({ depositUsed: cost })
    const back = { payNo: 'E1', refundNo: 'RE1', money: rest, reason: '退余额', fallbackType: '2' }
    await dataOf('Pay', 'tradeFallback', { ...back, refundTime: NOW })
    expect(await dataOf('InHos', 'queryLeaveHosDetail', { inHosNo })).toMatchObject({
      inHosStatus: '3',
      balance: '0.00',
    })
    const { payList } = await dataOf('InHos', 'payDetail', { inHosNo })
    expect(payList).toHaveLength(3)
    expect(his.checkBooks()).toEqual([])
  })
})

describe('people', () => {
  it('are found, given a file, and read their records', async () => {
    const { idCardNo, name } = holder(0)
    const patientId = patientIdOf(0)
    const found = await dataOf('HisUser', 'queryPatientInfoByIdNO', { idNo: idCardNo, name })
    expect(found).toMatchObject({ patientId, name })
    expect(
      await codeOf('HisUser', 'queryPatientInfoByIdNO', { idNo: idCardNo, name: '别人' }),
    ).toBe('-201')
    const file = { name, idNo: idCardNo, phone: '19900000001' }
    expect(await dataOf('HisUser', 'doCreatCardInfo', file)).toEqual(found)
    const { recordList } = await dataOf('HisUser', 'queryExaminationRecordList', { patientId })
    expect(recordList).toEqual([])
    const none = { patientId, recordId: 'BG001' }
    expect(await codeOf('HisUser', 'queryExaminationRecordStatus', none)).toBe('-501')
    expect(await dataOf('ICommon', 'signOrsignUp', { signType: '1' })).toMatchObject({
      serverTime: NOW,
    })
  })
})

it('lists its day in agreement with the books, what went back below zero', async () => {
  const asked = { tradeDate: '2026-11-23 00:00:00', pageNo: '1' }
  expect(await codeOf('ICommon', 'queryTradeList', asked)).toBe('-1')
  clock.set('2026-11-24T00:05:00+08:00')
  const { tradeList, totalCount } = await dataOf('ICommon', 'queryTradeList', asked)
  const rows = tradeList as unknown as { money: string }[]
  const lines = his.dayBook(businessDate('2026-11-23'))
  expect(totalCount).toBe(String(lines.length))
  const net = lines.reduce((s, l) => s + (l.kind === 'payment' ? l.amountFen : -l.amountFen), 0)
  expect(rows.reduce((sum, { money }) => sum + (parseYuan(money) ?? 0), 0)).toBe(net)
  expect(rows.filter(({ money }) => money.startsWith('-'))).toHaveLength(2)
  expect(his.checkBooks()).toEqual([])
})
