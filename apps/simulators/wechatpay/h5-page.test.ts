import { request } from 'undici'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { MINUTE_MS } from '../../../kernel/time.ts'
import { OPENID, POOR_OPENID, startTestBed, type TestBed } from './testing/bed.ts'

// Where the h5_url of an order leads.

let bed: TestBed
let h5Url: string
beforeEach(async () => {
  bed = await startTestBed()
  const { payer: _payer, ...order } = bed.order({ description: '<b>门诊</b>' })
  const scene = { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } }
  const placed = await bed.merchant.post('/v3/pay/transactions/h5', { ...order, scene_info: scene })
  h5Url = (placed.json as { h5_url: string }).h5_url
})
afterEach(() => bed.stop())

const back = () => `&redirect_url=${encodeURIComponent(bed.receiver.url)}`

async function send(url: string, form?: Record<string, string>) {
  const response = await request(url, {
    method: form ? 'POST' : 'GET',
    headers: form ? { 'content-type': 'application/x-www-form-urlencoded' } : {},
    body: form ? new URLSearchParams(form).toString() : null,
  })
  const { statusCode: status, headers } = response
  return { status, location: headers['location'], text: await response.body.text() }
}

const pay = (changes: Record<string, string> = {}) => ({
  openid: OPENID,
  password: '123456',
  action: 'pay',
  ...changes,
})
const state = () => bed.simulator.orders()[0]?.state

it('shows the order and who may pay, pays, and goes back', async () => {
  const page = await send(h5Url + back())
  expect(page.status).toBe(200)
  expect(page.text).toContain('28.50')
  expect(page.text).toContain('王芳')
  expect(page.text).not.toContain('<b>门诊')
  expect(await send(h5Url + back(), pay())).toMatchObject({
    status: 303,
    location: bed.receiver.url,
  })
  expect(state()).toBe('SUCCESS')
  expect((await send(h5Url)).status).toBe(409)
})

it('pays nothing without the password, the money or the will', async () => {
  expect((await send(h5Url, pay({ password: '1' }))).status).toBe(422)
  expect((await send(h5Url, pay({ openid: POOR_OPENID }))).status).toBe(409)
  expect((await send(h5Url, pay({ openid: 'nobody' }))).status).toBe(409)
  expect((await send(h5Url + back(), pay({ action: 'cancel' }))).status).toBe(303)
  expect(state()).toBe('NOTPAY')
})

it('holds for five minutes, on this machine only', async () => {
  expect((await send(`${h5Url}&redirect_url=https%3A%2F%2Fexample.com%2F`)).status).toBe(400)
  expect((await send(h5Url.replace('prepay_id=wx', 'prepay_id=wy'))).status).toBe(404)
  bed.clock.advance(5 * MINUTE_MS)
  expect((await send(h5Url)).status).toBe(409)
  expect((await send(h5Url, pay())).status).toBe(409)
  expect(state()).toBe('NOTPAY')
})

it('wants the payer’s address and the kind of browser with the order', async () => {
  const { payer: _payer, ...order } = bed.order()
  const place = (more: object) =>
    bed.merchant.post('/v3/pay/transactions/h5', { ...order, ...more })
  for (const scene of [
    undefined,
    { payer_client_ip: '203.0.113.7' },
    { h5_info: { type: 'Wap' } },
    { payer_client_ip: 'here', h5_info: { type: 'Wap' } },
    { payer_client_ip: '203.0.113.7', h5_info: { type: 'TV' } },
  ]) {
    expect(await place(scene ? { scene_info: scene } : {})).toMatchObject({
      status: 400,
      json: { code: 'PARAM_ERROR' },
    })
  }
})
