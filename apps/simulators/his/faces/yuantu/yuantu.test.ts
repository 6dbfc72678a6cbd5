import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { businessDate } from '../../../../../kernel/time.ts'
import type { HisSimulator } from '../../index.ts'
import { startYuantuHis } from '../../index.ts'
import { firstDepartment, simpleBill, TestClock, testOptions, world } from '../../testing.ts'
import { caller, callGateway, type Fields, formOf, post, signed } from './testing.ts'

const clock = new TestClock('2026-11-23T07:20:00+08:00') // a Monday
let his: HisSimulator
beforeAll(async () => {
  const options = { hospitalCode: '549', callerPublicKeyPem: caller.publicKey }
  his = await startYuantuHis({ ...testOptions(clock), ...options })
})
afterAll(() => his.stop())

const call = (service: string, fields: Fields) => callGateway(his.url, service, fields)
const codeOf = async (service: string, fields: Fields) => (await call(service, fields)).code

async function dataOf<Data>(service: string, fields: Fields): Promise<Data> {
  const answer = await call(service, fields)
  expect(answer).toMatchObject({ success: true, code: 0, msg: '成功', extend: null })
  return answer.data as Data
}

const holder = (i: number) => {
  const people = world.people.filter((p) =>
    p.media.hospitalCards.some((card) => card.hospitalId === 1),
  )
  const person = people[i]
  if (!person) throw new Error('people have cards here')
  return person
}
const patientIdOf = (i: number) => `P01${String(holder(i).no).padStart(8, '0')}`
const doctor = firstDepartment().doctors[0] ?? { code: '', registrationFeeFen: 0 }
const fee: number = doctor.registrationFeeFen
const scheduleId = `PB0120261123${doctor.code}1`

const paymentOf = (outTradeNo: string, cash: number): Fields => ({
  tradeMode: 'WX',
  cash,
  bankDate: '2026-11-23',
  bankTime: '07:20:00',
  transNo: `WX-${outTradeNo}`,
  outTradeNo,
})

type Source = { appoNo: number; sourceStatus: string }
async function freeSource(): Promise<number> {
  const sources = await dataOf<Source[]>('query.registration.sources', { scheduleId })
  const free = sources.find(({ sourceStatus }) => sourceStatus === '0')
  if (!free) throw new Error('a number is free')
  return free.appoNo
}

describe('a place with a doctor', () => {
  it('is found from the departments down to the number', async () => {
    const departments = await dataOf<object[]>('query.registration.dep.list', {})
    expect(departments).toHaveLength(12)
    const days = { startDate: '2026-11-23', endDate: '2026-11-23' }
    const wish = { deptCode: firstDepartment().code, ...days }
    const [first] = await dataOf<object[]>('query.registration.schedule.info.list', wish)
    expect(first).toMatchObject({ scheduleId, regAmount: fee, totalNum: 20, scheduleStatus: '1' })
    expect(await dataOf<object[]>('query.registration.sources', { scheduleId })).toHaveLength(20)
    expect(await codeOf('query.registration.sources', { scheduleId: 'PB0' })).toBe(-2001)
  })

  it('is locked, taken, confirmed with its payment, and taken up', async () => {
    const appoNo = await freeSource()
    const patientId = patientIdOf(0)
    const place = { patientId, scheduleId, appoNo, regMode: '2' }
    const lock = await dataOf<{ lockId: string }>('lock.registration.source', {
      ...place,
      lockId: 'L1',
    })
    expect(lock).toMatchObject({ appoNo, appointMode: '1', expireTime: '2026-11-23 07:25:00' })
    const pre = { ...place, outTradeNo: 'A1' }
    expect(await codeOf('pre.appoint.reg', pre)).toBe(-2003)
    const taken = { ...pre, lockId: lock.lockId }
    const order = await dataOf<{ orderNo: string }>('pre.appoint.reg', taken)
    expect(order).toMatchObject({ orderStatus: '101', regAmount: fee, appoNo })
    expect(await dataOf('pre.appoint.reg', taken)).toEqual(order)
    expect(await dataOf('sao.ma.query.order', { outTradeNo: 'A1' })).toMatchObject({
      orderStatus: '101',
    })
    const { orderNo } = order
    expect(await codeOf('take.registration.no', { orderNo, patientId })).toBe(-2009)
    const confirm = { orderNo, ...paymentOf('PA1', fee) }
    expect(await codeOf('pre.appoint.reg.confirm', { ...confirm, cash: fee + 1 })).toBe(-3002)
    const paid = await dataOf('pre.appoint.reg.confirm', confirm)
    expect(paid).toMatchObject({ orderStatus: '200', orderNo })
    expect(await dataOf('pre.appoint.reg.confirm', { ...confirm, bankTime: '07:21:00' })).toEqual(
      paid,
    )
    expect(await dataOf('sao.ma.query.order', { outTradeNo: 'PA1' })).toMatchObject({
      orderStatus: '200',
      cash: fee,
    })
    const somebody = { orderNo, patientId: patientIdOf(1) }
    expect(await codeOf('take.registration.no', somebody)).toBe(-2008)
    expect(await dataOf('take.registration.no', { orderNo, patientId })).toMatchObject({
      queueNo: appoNo,
      callNo: 0,
    })
    expect(his.checkBooks()).toEqual([])
  })

  it('is taken and paid in one, or not at all, and cancelled with its money', async () => {
    const appoNo = await freeSource()
    const patientId = patientIdOf(1)
    const place = { patientId, scheduleId, appoNo, regMode: '2' }
    const wrong = { ...place, ...paymentOf('B1', fee - 1) }
    expect(await codeOf('appointment.or.registration', wrong)).toBe(-3002)
    expect(await freeSource()).toBe(appoNo)
    const right = { ...place, ...paymentOf('B1', fee) }
    const taken = await dataOf<{ orderNo: string }>('appointment.or.registration', right)
    expect(taken).toMatchObject({ orderStatus: '200', appoNo })
    expect(await dataOf('appointment.or.registration', right)).toEqual(taken)
    const cancel = { orderNo: taken.orderNo, patientId, reason: '有事' }
    expect(await dataOf('cancel.appointment.or.registration', cancel)).toMatchObject({
      refundAmt: fee,
    })
    const back = { outTradeNo: 'B1', refundTradeNo: 'RB1', cash: fee, reason: '退号' }
    expect(await codeOf('back.fee.user.cash', { ...back, refundStatus: '500' })).toBe(-3007)
    await dataOf('back.fee.user.cash', { ...back, refundStatus: '101' })
    const told = { ...back, refundStatus: '500', refundTime: '2026-11-23 07:20:00' }
    expect(await dataOf('back.fee.user.cash', told)).toMatchObject({ orderStatus: '500' })
    expect(await dataOf('sao.ma.query.order', { outTradeNo: 'B1' })).toMatchObject({
      orderStatus: '500',
    })
    expect(await freeSource()).toBe(appoNo)
    expect(his.checkBooks()).toEqual([])
  })

  it('is let go with its lock', async () => {
    const appoNo = await freeSource()
    const place = { patientId: patientIdOf(1), scheduleId, appoNo, regMode: '2', lockId: 'L2' }
    const { lockId } = await dataOf<{ lockId: string }>('lock.registration.source', place)
    expect(await freeSource()).not.toBe(appoNo)
    await dataOf('un.lock.registration.source', { lockId })
    expect(await freeSource()).toBe(appoNo)
  })
})

describe('a bill', () => {
  it('is listed, reckoned, paid once, flushed, and cannot be paid by the same payment then', async () => {
    const bill = simpleBill(his, holder(2).no)
    const patientId = patientIdOf(2)
    const asked = { patientId, billNo: bill.billNo }
    const listed = await dataOf<object[]>('query.wait.balance.bill.list', { patientId })
    expect(listed).toMatchObject([
      { billNo: bill.billNo, billAmount: bill.totalFen, billStatus: '0' },
    ])
    const details = await dataOf<{ billItem: object[] }>('query.wait.balance.bill.item.list', asked)
    expect(details.billItem).toHaveLength(3)
    expect(await dataOf('pre.balance.bill', { ...asked, patientType: '0' })).toMatchObject({
      billVersion: 1,
      fundAmt: 0,
      selfAmt: bill.totalFen,
    })
    const pay = { ...asked, billVersion: 1, ...paymentOf('C1', bill.totalFen) }
    expect(await codeOf('balance.and.pay.bill', { ...pay, billVersion: 2 })).toBe(-3005)
    const paid = await dataOf('balance.and.pay.bill', pay)
    expect(paid).toMatchObject({ orderStatus: '200', billNo: bill.billNo })
    expect(await dataOf('balance.and.pay.bill', { ...pay, bankTime: '07:21:00' })).toEqual(paid)
    expect(await codeOf('balance.and.pay.bill', { ...pay, outTradeNo: 'C2' })).toBe(-3003)
    expect(await dataOf('op.pay.confirm', { outTradeNo: 'C1' })).toMatchObject({
      orderStatus: '200',
    })
    const flush = { outTradeNo: 'C1', billNo: bill.billNo, reason: '渠道撤销' }
    expect(await dataOf('consume.flushes.vs.cash', flush)).toMatchObject({ orderStatus: '400' })
    expect(await codeOf('balance.and.pay.bill', pay)).toBe(-3004)
    expect(await codeOf('sao.ma.query.order', { outTradeNo: 'C1' })).toBe(-2008)
    expect(await dataOf('balance.and.pay.bill', { ...pay, outTradeNo: 'C3' })).toMatchObject({
      orderStatus: '200',
    })
    expect(his.checkBooks()).toEqual([])
  })

  it('is paid by several at once, whose parts add up, and given back in part', async () => {
    const bill = simpleBill(his, holder(3).no)
    const list = [
      { tradeMode: 'MIC', cash: 300, accountAmt: 100, transNo: 'YB-1' },
      { tradeMode: 'WX', cash: bill.totalFen - 300 },
    ]
    const asked = { patientId: patientIdOf(3), billNo: bill.billNo, billVersion: 1 }
    const pay = { ...asked, ...paymentOf('D1', bill.totalFen), tradeModeList: list }
    expect(await codeOf('balance.and.pay.bill', { ...pay, tradeModeList: list.slice(1) })).toBe(
      -3002,
    )
    await dataOf('balance.and.pay.bill', pay)
    const [line] = his.dayBook(businessDate('2026-11-23')).filter((l) => l.paymentNo === 'D1')
    expect(line).toMatchObject({ amountFen: bill.totalFen, pooledFen: 200, accountFen: 100 })
    const amount = bill.items[0]?.amountFen ?? 0
    const part = { outTradeNo: 'D1', cash: amount, reason: '退药', billItem: [{ itemNo: 1 }] }
    const ask = { ...part, refundStatus: '101' }
    await dataOf('back.fee.user.cash', { ...ask, refundTradeNo: 'RD1' })
    expect(await codeOf('back.fee.user.cash', { ...ask, refundTradeNo: 'RD2' })).toBe(-3007)
    const not = { ...part, refundTradeNo: 'RD1', refundStatus: '501' }
    expect(await dataOf('back.fee.user.cash', not)).toMatchObject({ orderStatus: '501' })
    await dataOf('back.fee.user.cash', { ...ask, refundTradeNo: 'RD2' })
    expect(his.checkBooks()).toEqual([])
  })
})

describe('a stay', () => {
  it('is paid in for, listed day by day, given back from and settled', async () => {
    const uninsured = world.people.find((p) => p.insurance === null)
    const stay = his.admit({ personNo: uninsured?.no ?? 0, departmentCode: firstDepartment().code })
    const { stayNo: patientHosId, patientNo: patientId } = stay
    const pay = { patientHosId, ...paymentOf('E1', 50_000) }
    const paid = await dataOf('recharge.inhos.virtual.settlement', pay)
    expect(paid).toMatchObject({ orderStatus: '200', balance: 50_000 - stay.costFen })
    expect(await dataOf('recharge.inhos.virtual.settlement', pay)).toEqual(paid)
    expect(await dataOf('query.inhos.patient.info', { patientId })).toMatchObject([
      { patientHosId, accBalance: 50_000, cost: stay.costFen, IsArrearage: '0', status: '1' },
    ])
    const day = { patientHosId, billDate: '2026-11-23' }
    expect(await dataOf('query.inhos.bill.item.list', day)).toMatchObject({
      billAmount: stay.costFen,
    })
    const back = { patientHosId, outTradeNo: 'E1', refundTradeNo: 'RE1', cash: 1_000 }
    const told = { ...back, refundTime: '2026-11-23 07:20:00' }
    expect(await dataOf('inhos.back.fee.ack', told)).toMatchObject({ orderStatus: '500' })
    expect(
      await codeOf('inhos.back.fee.ack', { ...told, refundTradeNo: 'RE2', cash: 49_001 }),
    ).toBe(-4004)
    expect(await codeOf('query.zy.pre.out.hos.self', { patientHosId })).toBe(-4002)
    his.orderDischarge(patientHosId)
    expect(await dataOf('query.check.inhos.status', { patientHosId })).toMatchObject({
      status: '2',
    })
    expect(await dataOf('query.zy.pre.out.hos.self', { patientHosId })).toMatchObject({
      cost: stay.costFen,
      selfAmt: 0,
      refundAmt: 49_000 - stay.costFen,
    })
    const leave = { patientHosId, fundAmt: 0, accountAmt: 0, ...paymentOf('E2', 0) }
    expect(await dataOf('query.zy.out.hos.self', leave)).toMatchObject({ accUsed: stay.costFen })
    expect(await dataOf<object[]>('query.inhos.vs.record', { patientHosId })).toHaveLength(3)
    expect(his.checkBooks()).toEqual([])
  })
})

describe('people', () => {
  it('are found, given a file, and read their reports', async () => {
    const { idCardNo, name } = holder(0)
    const [found] = await dataOf<{ cardNo: string }[]>('query.patient.info', {
      cardType: '1',
      cardNo: idCardNo,
    })
    expect(found).toMatchObject({ name, patientId: patientIdOf(0) })
    const byCard = { cardType: '2', cardNo: found?.cardNo ?? '' }
    expect(await dataOf('query.patient.info', byCard)).toEqual([found])
    expect(await codeOf('query.patient.info', { ...byCard, patientName: '别人' })).toBe(-1001)
    const file = { name, idNo: idCardNo, phone: '19900000001' }
    expect(await dataOf('set.patient.info', file)).toMatchObject({ patientId: patientIdOf(0) })
    const patientId = patientIdOf(0)
    expect(await dataOf('query.lis.report', { patientId })).toEqual([])
    expect(await dataOf('query.pacs.check.result', { patientId })).toEqual([])
  })
})

describe('what is wrong', () => {
  it('is not believed: no signature, another text, another key type', async () => {
    const form = formOf('monitor.service', {})
    const right = signed(form)
    expect(await post(his.url, right)).toMatchObject({ success: true })
    for (const wrong of [
      form,
      { ...right, operId: 'ZZJ002' },
      { ...right, extend: 'more' },
      { ...right, sign_type: 'MD5' },
      { ...right, sign: 'AAAA' },
    ]) {
      expect(await post(his.url, wrong)).toMatchObject({ success: false, code: -3, data: null })
    }
    expect(await post(his.url, { ...right, deviceMac: '' })).toMatchObject({ success: true })
  })

  it('is refused: an unknown field, amounts in yuan, gaps in lists, another hospital, an old moment', async () => {
    const asked = { patientId: 'P', billNo: 'B', billVersion: 1, ...paymentOf('X1', 100) }
    const refused = { success: false, code: -2 }
    expect(await call('balance.and.pay.bill', { ...asked, money: 1 })).toMatchObject(refused)
    expect(await call('balance.and.pay.bill', { ...asked, cash: '1.00' })).toMatchObject(refused)
    expect(await call('query.nothing', {})).toMatchObject({ code: -4 })
    const gap = { ...formOf('balance.and.pay.bill', asked), 'tradeModeList[1].cash': '1' }
    expect(await post(his.url, signed(gap))).toMatchObject(refused)
    const common = formOf('monitor.service', {})
    expect(await post(his.url, signed({ ...common, hospitalId: '1' }))).toMatchObject(refused)
    const old = { ...common, tradeTime: '2026-11-23 07:00:00' }
    expect(await post(his.url, signed(old))).toMatchObject(refused)
  })
})

it('lists its day, page by page, in agreement with the books', async () => {
  const common = (pageNo: number) => ({ startDate: '2026-11-23', pageNo })
  expect(await codeOf('dui.zhang', common(1))).toBe(-1)
  clock.set('2026-11-24T00:05:00+08:00')
  const form = { ...formOf('dui.zhang', common(1)), tradeTime: '2026-11-24 00:05:00' }
  const { data } = await post(his.url, signed(form))
  const day = data as { totalCount: number; payAmt: number; refundAmt: number; records: object[] }
  const lines = his.dayBook(businessDate('2026-11-23'))
  const sum = (kind: string) =>
    lines.reduce((total, line) => (line.kind === kind ? total + line.amountFen : total), 0)
  expect(day).toMatchObject({ payAmt: sum('payment'), refundAmt: sum('refund') })
  expect(day.records).toHaveLength(lines.length)
  expect(lines.length).toBeGreaterThan(6)
  const { paymentsFen } = his.dayTotals(businessDate('2026-11-23'))
  expect(day.payAmt).toBe(paymentsFen + 50_000)
  expect(his.checkBooks()).toEqual([])
})
