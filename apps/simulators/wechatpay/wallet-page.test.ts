import { createSign } from 'node:crypto'

import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { MINUTE_MS } from '../../../kernel/time.ts'
import {
  APPID,
  MCHID,
  merchantKeys,
  OPENID,
  platformKeys,
  POOR_OPENID,
  startTestBed,
  type TestBed,
} from './testing/bed.ts'

let bed: TestBed
beforeEach(async () => {
  bed = await startTestBed()
})
afterEach(() => bed.stop())

const RETURN_URL = 'http://127.0.0.1:4173/pay/result?bill=7&x="><script>'
type Fields = Record<string, string>

async function place(overrides: Record<string, unknown> = {}) {
  const body = bed.order(overrides)
  const placed = await bed.merchant.post('/v3/pay/transactions/jsapi', body)
  return { body, prepayId: (placed.json as { prepay_id: string }).prepay_id }
}

/** What the merchant's page hands to the wallet. */
function invocation(prepayId: string, changed: Fields = {}, appId = APPID): Fields {
  const signed = {
    appId,
    timeStamp: String(Math.floor(bed.clock.now().getTime() / 1000)),
    nonceStr: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
    package: `prepay_id=${prepayId}`,
  }
  const text = [signed.appId, signed.timeStamp, signed.nonceStr, signed.package, ''].join('\n')
  const paySign = createSign('RSA-SHA256').update(text).sign(merchantKeys.privateKey, 'base64')
  return { ...signed, signType: 'RSA', paySign, return_url: RETURN_URL, ...changed }
}

async function open(fields: Fields) {
  const response = await request(
    `${bed.simulator.url}/wallet/pay?${new URLSearchParams(fields).toString()}`,
  )
  return { ...response, status: response.statusCode, html: await response.body.text() }
}

async function submit(fields: Fields) {
  const response = await request(`${bed.simulator.url}/wallet/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
  return { ...response, status: response.statusCode, html: await response.body.text() }
}

describe('the wallet page', () => {
  it('shows merchant, description, amount and payer, and asks for the password', async () => {
    const { prepayId } = await place({ amount: { total: 123_450 } })
    const { status, html, headers } = await open(invocation(prepayId))
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    for (const text of ['市立医院', '门诊缴费', '1,234.50', '王芳', '123456', '确认支付', '取消']) {
      expect(html).toContain(text)
    }
    expect(html).toContain('<html lang="zh-CN">')
    expect(html).toContain('<label for="password">')
    expect(html).toMatch(/<input\s[^>]*id="password"[^>]*type="password"/)
    expect(html).toContain('width=device-width')
    expect(html).not.toContain('<script')
  })

  it('pays by the right password and goes back', async () => {
    const { prepayId } = await place()
    const answer = await submit({ ...invocation(prepayId), password: '123456', action: 'pay' })
    expect(answer.status).toBe(303)
    const goneTo = new URL(String(answer.headers['location']))
    expect(goneTo.origin).toBe('http://127.0.0.1:4173')
    expect(goneTo.searchParams.get('bill')).toBe('7')
    expect(bed.simulator.orders()).toMatchObject([{ state: 'SUCCESS', payerOpenid: OPENID }])
    const again = await open(invocation(prepayId))
    expect(again.status).toBe(409)
    expect(again.html).toContain('订单已支付')
  })

  it('does not pay by a wrong password, nor when cancelled', async () => {
    const { prepayId } = await place()
    const wrong = await submit({ ...invocation(prepayId), password: '654321', action: 'pay' })
    expect(wrong.status).toBe(422)
    expect(wrong.html).toContain('role="alert"')
    expect(wrong.html).toContain('支付密码错误')
    const none = await submit({ ...invocation(prepayId), action: 'pay' })
    expect(none.status).toBe(422)
    const cancelled = await submit({ ...invocation(prepayId), action: 'cancel' })
    expect(cancelled.status).toBe(303)
    expect(bed.simulator.orders()).toMatchObject([{ state: 'NOTPAY' }])
  })

  it('refuses a forged paySign, when opened and when paid', async () => {
    const { prepayId } = await place()
    const { prepayId: otherId } = await place()
    const genuine = invocation(prepayId)
    const otherKey = createSign('RSA-SHA256')
      .update(`${APPID}\n${genuine['timeStamp']}\n${genuine['nonceStr']}\nprepay_id=${prepayId}\n`)
      .sign(platformKeys.privateKey, 'base64')
    for (const forged of [
      { ...genuine, paySign: otherKey },
      { ...genuine, paySign: '' },
      { ...genuine, nonceStr: 'another' },
      { ...genuine, timeStamp: '1' },
      { ...genuine, package: `prepay_id=${otherId}` },
      { ...genuine, appId: 'wx7777777777777777' },
      { ...genuine, signType: 'MD5' },
      invocation(prepayId, {}, 'wx7777777777777777'), // signed, but for another app
    ]) {
      expect((await open(forged)).status).toBe(403)
      const paid = await submit({ ...forged, password: '123456', action: 'pay' })
      expect(paid.status).toBe(403)
      expect(paid.html).toContain('签名失败')
    }
    expect(bed.simulator.orders().every(({ state }) => state === 'NOTPAY')).toBe(true)
  })

  it.each([
    'https://evil.example/',
    'http://evil.example/',
    'http://127.0.0.1.evil.example/',
    'http://127.0.0.1@evil.example/',
    'http://user@127.0.0.1/',
    '//evil.example/',
    'javascript:alert(1)',
    '',
  ])('sends nobody to %s', async (returnUrl) => {
    const { prepayId } = await place()
    const fields = invocation(prepayId, { return_url: returnUrl })
    expect((await open(fields)).status).toBe(400)
    const answer = await submit({ ...fields, password: '123456', action: 'pay' })
    expect(answer.status).toBe(400)
    expect(answer.headers['location']).toBeUndefined()
    expect(bed.simulator.orders()).toMatchObject([{ state: 'NOTPAY' }])
  })

  it('goes back to localhost as well, and needs no return_url', async () => {
    const { prepayId } = await place()
    const local = invocation(prepayId, { return_url: 'http://localhost:5173/x' })
    expect((await submit({ ...local, action: 'cancel' })).headers['location']).toBe(
      'http://localhost:5173/x',
    )
    const { return_url: _none, ...without } = invocation(prepayId)
    const paid = await submit({ ...without, password: '123456', action: 'pay' })
    expect(paid.status).toBe(200)
    expect(paid.html).toContain('支付成功')
  })

  it('escapes everything that comes from outside', async () => {
    const { prepayId } = await place({ description: '<img src=x onerror=alert(1)> & "科"' })
    const { html } = await open(invocation(prepayId))
    expect(html).toContain('&#60;img src=x onerror=alert(1)&#62; &#38; &#34;科&#34;')
    expect(html).not.toMatch(/<img|<script/)
    expect(html).toContain('value="http://127.0.0.1:4173/pay/result?bill=7&#38;x=&#34;&#62;&#60;')
  })

  it('says what is the matter', async () => {
    const { body, prepayId: closedId } = await place()
    await bed.merchant.post(`/v3/pay/transactions/out-trade-no/${body.out_trade_no}/close`, {
      mchid: MCHID,
    })
    const { prepayId: poorId } = await place({ payer: { openid: POOR_OPENID } })
    const { prepayId: expiredId } = await place({ time_expire: '2026-11-21T09:31:00+08:00' })
    const { prepayId: shutId } = await place({
      payer: { openid: POOR_OPENID },
      amount: { total: 1 },
    })
    bed.clock.advance(MINUTE_MS)
    const read = async (prepayId: string) => {
      const opened = await open(invocation(prepayId))
      const paid = await submit({ ...invocation(prepayId), password: '123456', action: 'pay' })
      expect(paid.html).toBe(opened.html)
      return `${opened.status} ${/<h1>(.*)<\/h1>/.exec(opened.html)?.[1]}`
    }
    expect(await read(closedId)).toBe('409 订单已关闭')
    expect(await read(expiredId)).toBe('409 订单已过期')
    expect(await read(poorId)).toBe('409 零钱余额不足')
    expect(await read(`wx${'0'.repeat(34)}`)).toBe('404 订单不存在')
    expect(await read('nonsense')).toBe('404 订单不存在')
    bed.simulator.topUp(POOR_OPENID, fen(1))
    bed.simulator.closeWallet(POOR_OPENID)
    expect(await read(shutId)).toBe('409 钱包已停用')
  })
})
