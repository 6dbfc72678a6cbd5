import { request } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'

import {
  CARD,
  isSignedByUnionPay,
  postForm,
  sign,
  startTestBed,
  type TestBed,
} from './testing/bed.ts'

let bed: TestBed
afterEach(() => bed.stop())

const FRONT_URL = 'http://127.0.0.1:3000/pay/1'
const front = (changes = {}) =>
  bed.order({ txnSubType: '01', bizType: '000201', frontUrl: FRONT_URL, ...changes })
const open = (fields: Record<string, string>) =>
  postForm(`${bed.simulator.url}/gateway/api/frontTransReq.do`, sign(fields))
const confirm = (page: string, changes = {}) =>
  postForm(`${bed.simulator.url}/cashier/pay`, {
    token: /name="token" value="(\d+)"/.exec(page)?.[1] ?? '',
    card: CARD,
    password: '123456',
    action: 'pay',
    ...changes,
  })

describe('the page', () => {
  it('shows the order, takes the password, and posts what became of it back, signed', async () => {
    bed = await startTestBed()
    const order = front({ riskRateInfo: '{commodityName=<b>门诊</b>}' })
    const page = await open(order)
    expect(page.statusCode).toBe(200)
    expect(page.text).toContain('28.50')
    expect(page.text).not.toContain('<b>')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect((await confirm(page.text, { password: '000000' })).statusCode).toBe(422)
    const done = await confirm(page.text)
    expect(done.text).toContain(`action="${FRONT_URL}"`)
    const fields = Object.fromEntries(
      [...done.text.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        value.replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code))),
      ]),
    )
    expect(fields).toMatchObject({ orderId: order['orderId'], respCode: '00' })
    expect(isSignedByUnionPay(fields)).toBe(true)
    expect(await bed.query(order)).toMatchObject({ origRespCode: '00' })
    expect((await open(order)).text).toContain('订单已支付')
  })

  it('leads back with a plain visit where that is wanted', async () => {
    bed = await startTestBed({ frontReturn: 'get' })
    const page = await open(front())
    const done = await confirm(page.text)
    expect([done.statusCode, done.headers['location']]).toEqual([303, FRONT_URL])
  })

  it('takes no order that is not signed, too late, or leads out into the world', async () => {
    bed = await startTestBed()
    const order = sign(front())
    const url = `${bed.simulator.url}/gateway/api/frontTransReq.do`
    expect((await postForm(url, { ...order, txnAmt: '1' })).statusCode).toBe(400)
    expect((await postForm(url, { merId: 'x' })).statusCode).toBe(404)
    const outside = await open(front({ frontUrl: 'http://example.com/' }))
    expect((await confirm(outside.text)).text).not.toContain('example.com')
    const late = front()
    await bed.pass(901_000)
    expect((await open(late)).statusCode).toBe(400)
  })

  it('opens by the code that was shown, and pays once', async () => {
    bed = await startTestBed()
    const order = bed.order()
    const { qrCode = '' } = await bed.back(order)
    const page = await (await request(qrCode)).body.text()
    expect((await confirm(page, { action: 'cancel' })).text).toContain('已取消支付')
    expect((await confirm(page)).text).toContain('支付成功')
    expect((await confirm(page)).statusCode).toBe(409)
    expect((await request(`${qrCode}0`)).statusCode).toBe(404)
  })
})
