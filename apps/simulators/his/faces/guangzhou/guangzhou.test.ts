import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { businessDate } from '../../../../../kernel/time.ts'
import type { HisSimulator } from '../../index.ts'
import { startGuangzhouHis } from '../../index.ts'
import { firstDepartment, simpleBill, TestClock, testOptions, world } from '../../testing.ts'
import { callService, type Fields } from './testing.ts'

const HOSPITAL = '440188'
const folder = mkdtempSync(join(tmpdir(), 'his-guangzhou-'))
const clock = new TestClock('2026-11-23T07:20:00+08:00') // a Monday
let his: HisSimulator
beforeAll(async () => {
  his = await startGuangzhouHis({ ...testOptions(clock), hospitalCode: HOSPITAL, folder })
})
afterAll(async () => {
  await his.stop()
  rmSync(folder, { recursive: true, force: true })
})

const call = (service: string, fields: Fields) => callService(his.url, service, fields)

const at = () => '2026-11-23 07:20:00'
const holder = (i: number) => {
  const people = world.people.filter((p) =>
    p.media.hospitalCards.some((card) => card.hospitalId === 1),
  )
  const person = people[i]
  if (!person) throw new Error('people have cards here')
  return person
}
const doctor = firstDepartment().doctors[0] ?? { code: '', registrationFeeFen: 0 }
const CLINIC = {
  hospitalId: HOSPITAL,
  deptId: firstDepartment().code,
  doctorId: doctor.code,
  regDate: '2026-11-23',
}

function orderOf(orderId: string, i = 0): Fields {
  const person = holder(i)
  return {
    orderId,
    ...CLINIC,
    timfFlag: '1',
    startTime: '09:00',
    endTime: '10:00',
    regType: '1',
    userIdType: '01',
    userIdCard: person.idCardNo,
    userName: person.name,
    userMobile: person.phone,
    orderType: '2',
    orderTime: at(),
    regFee: 0,
    treatFee: doctor.registrationFeeFen,
  }
}

const payOf = (orderId: string, payAmout: number = doctor.registrationFeeFen): Fields => ({
  orderId,
  orderIdPAY: `PAY${orderId}`,
  payCardNum: `WX${orderId}`,
  payAmout,
  payMode: '9',
  payTime: at(),
  payRespCode: '0000',
})

describe('the directory', () => {
  it('has departments, doctors, half-days and ranges of time', async () => {
    const departments = await call('getDeptInfo', { hospitalId: HOSPITAL })
    expect(departments).toMatchObject({ resultCode: '0', resultDesc: '成功' })
    expect(departments['deptInfo']).toHaveLength(12)
    const doctors = await call('getDoctorInfo', { hospitalId: HOSPITAL, deptId: CLINIC.deptId })
    expect(doctors['doctorInfo']?.[0]).toMatchObject({
      doctorId: doctor.code,
      regFee: '0',
      treatFee: String(doctor.registrationFeeFen),
    })
    const { hospitalId, deptId } = CLINIC
    const days = { startDate: '2026-11-23', endDate: '2026-11-30' }
    const clinics = await call('getRegInfo', { hospitalId, deptId, ...days })
    expect(clinics['regInfo']?.[0]).toMatchObject({
      regDate: '2026-11-23',
      timeFlag: '1',
      regStatus: '1',
      regTotalCount: '20',
      regleaveCount: expect.stringMatching(/^\d+$/),
    })
    const ranges = await call('getTimeRegInfo', { ...CLINIC, timeFlag: '1' })
    expect(ranges['timeRegInfo']).toMatchObject([
      { startTime: '08:00', endTime: '09:00', regTotalCount: '5' },
      { startTime: '09:00', endTime: '10:00' },
      { startTime: '10:00', endTime: '11:00' },
      { startTime: '11:00', endTime: '12:00' },
    ])
    expect(await call('getTimeRegInfo', { ...CLINIC, timeFlag: '4' })).toMatchObject({
      resultCode: '2001',
    })
  })

  it('shows a stopped clinic as such', async () => {
    const { deptId } = CLINIC
    const days = { startDate: '2026-11-24', endDate: '2026-11-24' }
    his.stopClinic(`PB0120261124${doctor.code}1`, '外出会诊')
    const listed = await call('getRegInfo', {
      hospitalId: HOSPITAL,
      deptId,
      doctorId: doctor.code,
      ...days,
    })
    expect(listed['regInfo']?.[0]).toMatchObject({ regStatus: '0', regleaveCount: '0' })
    const order = { ...orderOf('S1'), regDate: '2026-11-24', orderType: '1' }
    expect(await call('addOrder', order)).toMatchObject({ resultCode: '2002' })
  })
})

describe('a place at a clinic', () => {
  it('is ordered, paid, taken up and called', async () => {
    const order = await call('addOrder', orderOf('A1'))
    expect(order).toMatchObject({ resultCode: '0', userFlag: '0', cardType: '1' })
    expect(await call('addOrder', orderOf('A1'))).toEqual(order)
    expect(await call('getPayOrderStatus', { hospitalId: HOSPITAL, orderId: 'A1' })).toMatchObject({
      payStatus: '1',
      orderStutes: '0',
    })
    const check = { hospitalId: HOSPITAL, orderId: 'A1' }
    expect(await call('getRegistrCheck', check)).toMatchObject({ resultCode: '2008' })
    expect(await call('payOrder', payOf('A1', 1))).toMatchObject({ resultCode: '3002' })
    const paid = await call('payOrder', payOf('A1'))
    expect(paid).toMatchObject({ resultCode: '0', busType: '2', placeCode: '01' })
    expect(await call('payOrder', { ...payOf('A1'), payTime: '2026-11-23 07:19:00' })).toEqual(paid)
    const other = { ...payOf('A1'), orderIdPAY: 'ANOTHER' }
    expect(await call('payOrder', other)).toMatchObject({ resultCode: '3003' })
    expect(await call('getRegistrCheck', check)).toMatchObject({
      orderStutes: '1',
      seqNum: paid['infoSeq'],
    })
    expect(await call('getPatientQueueInfo', check)).toMatchObject({ callFlag: '0', callNum: '0' })
    const wish = { hospitalId: HOSPITAL, deptId: CLINIC.deptId }
    const { queueInfo } = await call('getDaptQueueInfo', wish)
    expect(queueInfo?.[0]).toMatchObject({ doctorId: doctor.code, waitingNum: '1', callNum: '0' })
    expect(his.checkBooks()).toEqual([])
  })

  it('is locked, ordered by its lock, cancelled and paid back', async () => {
    const lock = { orderId: 'B1', ...CLINIC, timeFlag: '1', startTime: '10:00', endTime: '11:00' }
    const locked = await call('lockReg', lock)
    expect(locked).toMatchObject({ resultCode: '0', expireTime: '2026-11-23 07:25:00' })
    expect(await call('lockReg', lock)).toEqual(locked)
    const lockId = String(locked['lockId'])
    const order = { ...orderOf('B1', 1), lockId, startTime: '10:00', endTime: '11:00' }
    expect(await call('addOrderByLock', order)).toMatchObject({ resultCode: '0' })
    await call('payOrder', payOf('B1'))
    const returned = {
      orderId: 'B1',
      refundId: 'RB1',
      returnAmout: doctor.registrationFeeFen,
      returnTime: at(),
    }
    expect(await call('returnPay', returned)).toMatchObject({ resultCode: '2010' })
    const cancel = { orderId: 'B1', cancelTime: at(), concelReason: '临时有事' }
    const cancelled = await call('cancelOrder', cancel)
    expect(cancelled).toMatchObject({ orderStutes: '2', isRefound: '1' })
    const back = await call('returnPay', returned)
    expect(back).toMatchObject({ resultCode: '0', payStatus: '3' })
    expect(await call('returnPay', returned)).toEqual(back)
    expect(await call('getPayOrderStatus', { hospitalId: HOSPITAL, orderId: 'B1' })).toMatchObject({
      payStatus: '3',
      orderStutes: '2',
    })
    expect(his.checkBooks()).toEqual([])
  })

  it('is let go with its lock', async () => {
    const lock = { orderId: 'C1', ...CLINIC, timeFlag: '1', startTime: '11:00', endTime: '12:00' }
    const { lockId } = await call('lockReg', lock)
    const unlock = { hospitalId: HOSPITAL, lockId: String(lockId) }
    expect(await call('unlockReg', unlock)).toMatchObject({ resultCode: '0' })
    expect(await call('unlockReg', { ...unlock, lockId: 'SH-NONE' })).toMatchObject({
      resultCode: '2005',
    })
  })
})

describe('a bill', () => {
  it('is listed, read, settled in advance, paid once, asked about and given back', async () => {
    const bill = simpleBill(his, holder(2).no)
    const { idCardNo } = holder(2)
    const listed = await call('getPayInfo', {
      hospitalId: HOSPITAL,
      userIdType: '01',
      userIdCard: idCardNo,
    })
    expect(listed['payInfo']).toMatchObject([
      { infoSeq: bill.billNo, totalAmout: String(bill.totalFen), ordserSum: '3', payStatus: '1' },
    ])
    const infoSeq = bill.billNo
    const details = await call('getPayDetailInfo', { hospitalId: HOSPITAL, infoSeq })
    expect(details['orderDetailInfo']).toHaveLength(3)
    const settle = { hospitalId: HOSPITAL, infoSeq, userIdCard: idCardNo, medInsFaceType: '0' }
    const self = await call('medicalInsAppBalance', { ...settle, medCode: '68' })
    expect(self).toMatchObject({ overAllAmt: '0', payAmt: String(bill.totalFen) })
    const insured = await call('medicalInsAppBalance', { ...settle, medCode: '414' })
    const parts = ['overAllAmt', 'payedAmt', 'payAmt'].map((name) => Number(insured[name]))
    expect(parts.reduce((sum, part) => sum + part)).toBe(bill.totalFen)

    const pay = bigOrder(infoSeq, bill.totalFen, idCardNo)
    expect(await call('payBigOrder', { ...pay, payAmout: bill.totalFen + 1 })).toMatchObject({
      resultCode: '3002',
    })
    expect(await call('payBigOrder', { ...pay, orderDetailInfo: [{ detailID: 1 }] })).toMatchObject(
      {
        resultCode: '3005',
      },
    )
    const paid = await call('payBigOrder', pay)
    expect(paid).toMatchObject({ resultCode: '0', orderIdHIS: infoSeq })
    expect(await call('payBigOrder', pay)).toEqual(paid)
    expect(await call('payBigOrder', { ...pay, orderId: 'D2' })).toMatchObject({
      resultCode: '3003',
    })
    expect(await call('getPayOrderStatus', { hospitalId: HOSPITAL, orderId: 'D1' })).toMatchObject({
      payStatus: '2',
      receiptID: paid['receiptID'],
    })

    const [line] = bill.items
    const refund = { hospitalId: HOSPITAL, orderId: 'D1', refundId: 'RD1', refundReason: '退药' }
    const part = {
      ...refund,
      refundAmout: line?.amountFen ?? 0,
      orderDetailInfo: [{ detailID: 1 }],
    }
    const asked = await call('applyRefund', { ...part, methodCode: 'applyRefund001' })
    expect(asked).toMatchObject({ resultCode: '0', canRefund: 'Y' })
    const again = { ...part, refundId: 'RD2', methodCode: 'applyRefund001' }
    expect(await call('applyRefund', again)).toMatchObject({ resultCode: '0', canRefund: 'N' })
    const done = { ...part, methodCode: 'applyRefund002', refundTime: at() }
    const booked = await call('applyRefund', done)
    expect(booked).toMatchObject({ canRefund: 'Y', cancelSerialNo: expect.stringMatching(/^HC/) })
    expect(await call('applyRefund', done)).toEqual(booked)
    expect(his.checkBooks()).toEqual([])
  })

  it('is paid by the insurance and the payer together, and the parts have to add up', async () => {
    const bill = simpleBill(his, holder(5).no)
    const pay = { ...bigOrder(bill.billNo, bill.totalFen, holder(5).idCardNo), orderId: 'G1' }
    const parts = { insurancFee: 300, insuranceSelfFee: 100, insuranceFundFee: 200 }
    const insured = { ...pay, payType: '1', ...parts, extOrderNo: 'YB-1' }
    expect(await call('payBigOrder', { ...insured, insurancFee: 299 })).toMatchObject({
      resultCode: '3002',
    })
    expect(await call('payBigOrder', { ...insured, payType: '0' })).toMatchObject({
      resultCode: '1001',
    })
    expect(await call('payBigOrder', insured)).toMatchObject({ resultCode: '0' })
    const [line] = his.dayBook(businessDate('2026-11-23')).filter((l) => l.paymentNo === 'G1')
    expect(line).toMatchObject({ amountFen: bill.totalFen, pooledFen: 200, accountFen: 100 })
  })

  it('is given free again when an approved refund does not happen', async () => {
    const bill = simpleBill(his, holder(3).no)
    const pay = { ...bigOrder(bill.billNo, bill.totalFen, holder(3).idCardNo), orderId: 'E1' }
    await call('payBigOrder', pay)
    const refund = { hospitalId: HOSPITAL, orderId: 'E1', refundReason: '退药' }
    const all = { ...refund, refundAmout: bill.totalFen }
    const ask = { ...all, methodCode: 'applyRefund001' }
    await call('applyRefund', { ...ask, refundId: 'RE1' })
    await call('applyRefund', { ...all, refundId: 'RE1', methodCode: 'applyRefund003' })
    expect(await call('applyRefund', { ...ask, refundId: 'RE2' })).toMatchObject({ canRefund: 'Y' })
  })
})

const bigOrder = (infoSeq: string, payAmout: number, userIdCard: string): Fields => ({
  hospitalId: HOSPITAL,
  userIdCard,
  payType: '0',
  infoSeq,
  orderId: 'D1',
  payCardNum: 'WX-D1',
  payAmout,
  payMode: '9',
  payTime: at(),
  insurancFee: 0,
  insuranceSelfFee: 0,
  insuranceFundFee: 0,
  orderDetailInfo: [{ detailID: 1 }, { detailID: 2 }, { detailID: 3 }],
})

describe('people', () => {
  it('are found by card and identity, and given a file', async () => {
    const { idCardNo, name } = holder(0)
    const wish = { hospitalId: HOSPITAL, userIdType: '01', userIdCard: idCardNo, userName: name }
    const found = await call('medicalCardQuery', wish)
    expect(found).toMatchObject({ userName: name, cardType: '1' })
    const byCard = { hospitalId: HOSPITAL, medicalCard: String(found['medicalCard']) }
    expect(await call('medicalCardQuery', byCard)).toMatchObject({ patientId: found['patientId'] })
    expect(await call('medicalCardQuery', { ...wish, userName: '别人' })).toMatchObject({
      resultCode: '1002',
    })
    const confirm = { ...wish, userMobile: '19900000001' }
    expect(await call('confirmUser', confirm)).toMatchObject({ userFlag: '0' })
    expect(await call('confirmUser', { ...confirm, userName: '别人' })).toMatchObject({
      resultCode: '1003',
    })
  })

  it('read what was found once it is there', async () => {
    const person = holder(4)
    const item = world.catalogue.find((i) => i.name === '血脂四项')
    const bill = his.createBill({
      personNo: person.no,
      departmentCode: CLINIC.deptId,
      kind: 'outpatient',
      items: [{ code: item?.code ?? '', quantity: 1 }],
    })
    const pay = { ...bigOrder(bill.billNo, bill.totalFen, person.idCardNo), orderId: 'F1' }
    await call('payBigOrder', { ...pay, orderDetailInfo: [{ detailID: 1 }] })
    const wish = { hospitalId: HOSPITAL, userIdType: '01', userIdCard: person.idCardNo }
    expect(await call('getMedicalResults', wish)).toMatchObject({
      resultInfo: [{ resultName: '血脂四项', resultStatus: '0', resultTime: '' }],
    })
    clock.move(45 * 60_000)
    const results = await call('getMedicalResults', wish)
    clock.move(-45 * 60_000)
    expect(results['resultInfo']?.[0]).toMatchObject({
      resultStatus: '1',
      resultItem: [
        { itemCode: 'TC' },
        { itemCode: 'TG' },
        { itemCode: 'HDL' },
        { itemCode: 'LDL' },
      ],
    })
  })
})

it('lays the day into a file in GBK that agrees with the books', async () => {
  const wish = { hospitalId: HOSPITAL, checkDate: '2026-11-23' }
  expect(await call('getHisCheckFile', wish)).toMatchObject({ fileStatus: 'I' })
  clock.set('2026-11-24T00:05:00+08:00')
  expect(his.nextDueAt()?.getTime()).toBeLessThanOrEqual(clock.now().getTime())
  await his.runDue()
  const answer = await call('getHisCheckFile', wish)
  expect(answer).toMatchObject({ fileStatus: 'Y', fileName: `HIS_${HOSPITAL}_20261123.txt` })
  expect(await call('getHisCheckFile', { ...wish, checkDate: '2026-11-22' })).toMatchObject({
    fileStatus: 'N',
  })
  const file = iconv.decode(readFileSync(join(folder, String(answer['fileName']))), 'gbk')
  const [head, columns, ...rest] = file.split('\r\n')
  const totals = his.dayTotals(businessDate('2026-11-23'))
  const { payments, paymentsFen, refunds, refundsFen } = totals
  expect(payments).toBeGreaterThan(3)
  expect(refunds).toBe(2)
  const figures = [payments + refunds, paymentsFen, refundsFen].join('|')
  expect(head).toBe(`#${HOSPITAL}|2026-11-23|${figures}`)
  expect(columns?.split('|')).toHaveLength(11)
  expect(rest.slice(-2)).toEqual(['#END', ''])
  const rows = rest.slice(0, -2).map((row) => row.split('|'))
  expect(rows).toHaveLength(payments + refunds)
  const sum = (kind: string) =>
    rows.reduce((total, row) => (row[0] === kind ? total + Number(row[6]) : total), 0)
  expect([sum('1'), sum('2')]).toEqual([paymentsFen, refundsFen])
  expect(rows.some((row) => row[9] === holder(0).name)).toBe(true)
  expect(his.nextDueAt()).toEqual(new Date('2026-11-24T16:05:00Z'))
  expect(his.checkBooks()).toEqual([])
})
