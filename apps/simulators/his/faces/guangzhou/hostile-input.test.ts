import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { seededRandom } from '../../../../../kernel/random.ts'
import { bySandboxValue, type SandboxValue } from '../../../kit/sandbox-values.ts'
import type { FaultPlan } from '../../../kit/simulator.ts'
import type { HisSimulator } from '../../index.ts'
import { startGuangzhouHis } from '../../index.ts'
import { TestClock, testOptions, world } from '../../testing.ts'
import { callService, type Fields, sendXml } from './testing.ts'

const HOSPITAL = '440188'
const clock = new TestClock('2026-11-23T07:20:00+08:00')
let his: HisSimulator
let faults: FaultPlan = () => null
beforeAll(async () => {
  const options = testOptions(clock, { faults: (point) => faults(point) })
  his = await startGuangzhouHis({ ...options, hospitalCode: HOSPITAL, folder: '/nowhere' })
})
afterAll(() => his.stop())

const send = (service: string, body: string) => sendXml(his.url, service, body)
const call = (service: string, fields: Fields) => callService(his.url, service, fields)

const payment: Fields = {
  orderId: 'A1',
  orderIdPAY: 'PAYA1',
  payCardNum: 'WXA1',
  payAmout: 4000,
  payMode: '9',
  payTime: '2026-11-23 07:20:00',
  payRespCode: '0000',
}

describe('what is wrong', () => {
  it.each([
    ['a field spelt right', { ...payment, payAmout: '', payAmount: 100 }, 'payAmount'],
    ['an amount in yuan', { ...payment, payAmout: '40.00' }, 'payAmout is not a whole number'],
    ['a moment without blank', { ...payment, payTime: '20261123072000' }, 'payTime is not'],
    ['another way to pay', { ...payment, payMode: '99' }, 'payMode is not one of'],
  ])('is refused: %s', async (_what, fields, why) => {
    const res = await call('payOrder', fields)
    expect(res['resultCode']).toBe('1001')
    expect(res['resultDesc']).toContain(why)
  })

  it('is refused: another hospital, service, root, document type, or no XML', async () => {
    expect(await call('getDeptInfo', { hospitalId: '999' })).toMatchObject({ resultCode: '1001' })
    expect(await call('getDeptinfo', { hospitalId: HOSPITAL })).toMatchObject({
      resultCode: '9001',
    })
    for (const body of [
      `<request><hospitalId>${HOSPITAL}</hospitalId></request>`,
      `<!DOCTYPE req [<!ENTITY a "b">]><req><hospitalId>&a;</hospitalId></req>`,
      `<req><hospitalId>${HOSPITAL}</req>`,
      '{"hospitalId":"440188"}',
      '',
    ]) {
      expect(await send('getDeptInfo', body)).toContain('<resultCode>1001</resultCode>')
    }
  })

  it('is answered in the product’s own words when the hospital is in trouble', async () => {
    faults = ({ operation }) => (operation === 'departments.list' ? { kind: 'refuse' } : null)
    expect(await call('getDeptInfo', { hospitalId: HOSPITAL })).toMatchObject({ resultCode: '-1' })
    faults = () => ({ kind: 'garble' })
    expect(await send('getDeptInfo', `<req><hospitalId>${HOSPITAL}</hospitalId></req>`)).toContain(
      '<html>',
    )
    faults = () => ({ kind: 'drop' })
    await expect(send('getDeptInfo', '<req/>')).resolves.toContain('1001')
    await expect(
      send('getDeptInfo', `<req><hospitalId>${HOSPITAL}</hospitalId></req>`),
    ).rejects.toThrow('other side closed')
    faults = () => null
  })
})

describe('a bill with a value of the sandbox', () => {
  /** Made by the hospital's staff, and what the platform then sends to pay it. */
  function billOf(value: SandboxValue, orderId: string): Fields {
    const person = world.people[0]
    if (!person) throw new Error('the world has people')
    const bill = his.createRandomBill(seededRandom(value), person.no, value)
    return {
      hospitalId: HOSPITAL,
      userIdCard: person.idCardNo,
      payType: '0',
      infoSeq: bill.billNo,
      orderId,
      payCardNum: `WX-${orderId}`,
      payAmout: bill.totalFen,
      payMode: '9',
      payTime: '2026-11-23 07:20:00',
      insurancFee: 0,
      insuranceSelfFee: 0,
      insuranceFundFee: 0,
      orderDetailInfo: bill.items.map(({ lineNo }) => ({ detailID: lineNo })),
    }
  }

  it('goes wrong behind this face as it does behind the standard one', async () => {
    faults = bySandboxValue
    expect(await call('payBigOrder', billOf('HIS-REFUSE', 'V1'))).toMatchObject({
      resultCode: '3004',
    })
    expect(await call('payBigOrder', billOf('PAID-TWICE', 'V2'))).toMatchObject({
      resultCode: '3003',
    })
    const busy = billOf('HIS-BUSY', 'V3')
    for (const resultCode of ['-1', '-1', '-1', '0']) {
      expect(await call('payBigOrder', busy)).toMatchObject({ resultCode })
    }
    const lost = billOf('HIS-LOST', 'V4')
    await expect(call('payBigOrder', lost)).rejects.toThrow('other side closed')
    const status = { hospitalId: HOSPITAL, orderId: 'V4' }
    expect(await call('getPayOrderStatus', status)).toMatchObject({ payStatus: '2' })
    expect(await call('payBigOrder', lost)).toMatchObject({ resultCode: '0' })
    expect(his.checkBooks()).toEqual([])
    faults = () => null
  })
})
