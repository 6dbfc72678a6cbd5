import { afterEach, expect, it } from 'vitest'

import { startGoBetween } from '../journeys/bad-input/go-between.ts'
import { openWechatBench, type WechatBench } from './wechatpay-bench.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

// The port of the protocol "discard": nobody listens there.
const DEAD = 'http://127.0.0.1:9'

it('F-38: with the primary host dead, the backup host has the order under the same number, and its money', async () => {
  let simulatorUrl = ''
  const backup = await startGoBetween(() => simulatorUrl)
  stops.push(() => backup.stop())
  const params = { baseUrl: DEAD, backupUrl: backup.url }
  const bench: WechatBench = await openWechatBench('account', { params })
  stops.push(() => bench.close())
  simulatorUrl = bench.simulator.url
  const order = bench.newOrder()
  const call = { hospitalId: order.hospitalId, trace: () => {} }
  const charged = await bench.channel.charge(call, order)
  if (charged.outcome !== 'pending') throw new Error(charged.outcome)
  const [heard] = backup.heard
  expect(JSON.parse(heard?.body.toString('utf8') ?? '{}')).toMatchObject({
    out_trade_no: order.tradeNo,
  })
  await bench.pay?.(order, charged.payerAction)
  expect(await bench.channel.query(call, order)).toMatchObject({ outcome: 'confirmed' })
  expect(bench.simulator.orders().map(({ outTradeNo }) => outTradeNo)).toEqual([order.tradeNo])
})
