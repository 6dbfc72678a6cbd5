import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import sqlite from 'node-sqlite3-wasm'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { DAY_MS, SECOND_MS } from '../../../kernel/time.ts'
import { startWechatPay } from './index.ts'
import {
  MCHID,
  OPENID,
  startChecked,
  startTestBed,
  testClock,
  testMerchant,
  testOptions,
} from './testing/bed.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'wechat-restart-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const JSAPI = '/v3/pay/transactions/jsapi'
const REFUNDS = '/v3/refund/domestic/refunds'

it('goes on after a restart as if there had been none', async () => {
  const databaseFile = join(dir, 'wechat.db')
  const first = await startTestBed({ databaseFile })
  first.receiver.answer = 500
  const { body } = await first.placeAndPay()
  await first.simulator.runDue()
  const waiting = first.order()
  const placed = await first.merchant.post(JSAPI, waiting)
  const refund = {
    out_trade_no: body.out_trade_no,
    out_refund_no: 'R1',
    amount: { refund: 2_850, total: 2_850, currency: 'CNY' },
  }
  await first.merchant.post(REFUNDS, refund)
  const asked = '/v3/pay/transactions/id/1?mchid=' + MCHID
  const header = first.merchant.authorize('GET', asked, '')
  await first.merchant.send('GET', asked, '', { authorization: header })
  const [orders, refunds, notices, dueAt] = [
    first.simulator.orders(),
    first.simulator.refunds(),
    first.simulator.notices(),
    first.simulator.nextDueAt(),
  ]
  await first.simulator.stop()

  const second = await startChecked(testOptions({ databaseFile, clock: first.clock }))
  expect(second.orders()).toEqual(orders)
  expect(second.refunds()).toEqual(refunds)
  expect(second.notices()).toEqual(notices)
  expect(second.nextDueAt()).toEqual(dueAt)
  expect(second.wallet(OPENID)?.balanceFen).toBe(100_000_000 - 2_850)
  const merchant = testMerchant(second.url, first.clock)
  const replayed = await merchant.send('GET', asked, '', { authorization: header })
  expect(replayed.status).toBe(401)
  expect((await merchant.post(REFUNDS, refund)).json).toMatchObject({ status: 'PROCESSING' })
  const { prepay_id: prepayId } = placed.json as { prepay_id: string }
  expect(await second.pay({ prepayId }, OPENID)).toBe('paid')
  expect(new Set(second.orders().map(({ transactionId }) => transactionId)).size).toBe(2)
  first.receiver.answer = 204
  first.clock.advance(30 * SECOND_MS)
  expect(await second.runDue()).toBe(3) // two notices of payment and a refund without notice
  expect(second.refunds()).toMatchObject([{ status: 'SUCCESS' }])
  expect(second.notices().map(({ status }) => status)).toEqual(['acknowledged', 'acknowledged'])
  await second.stop()
  await first.stop()
})

it('starts on what a killed process left: a log not written back, half a transaction, a lock', async () => {
  const databaseFile = join(dir, 'wechat.db')
  const bed = await startTestBed({ databaseFile })
  await bed.placeAndPay()
  // The bytes a kill -9 leaves are those on file while the process still runs.
  const left = join(dir, 'left.db')
  for (const end of ['', '-wal']) copyFileSync(databaseFile + end, left + end)
  mkdirSync(`${left}.lock`)
  const orders = bed.simulator.orders()
  await bed.stop()

  const after = await startChecked(testOptions({ databaseFile: left, clock: bed.clock }))
  expect(after.orders()).toEqual(orders)
  await after.stop()
  expect(existsSync(`${left}.lock`)).toBe(false)
})

it('makes no number twice, though seed and clock begin anew', async () => {
  const databaseFile = join(dir, 'wechat.db')
  const seen: string[] = []
  for (let start = 0; start < 3; start++) {
    const bed = await startTestBed({ databaseFile })
    await bed.placeAndPay()
    seen.push(...bed.simulator.orders().flatMap(({ transactionId }) => transactionId ?? []))
    seen.push(...bed.simulator.notices().map(({ id }) => id))
    await bed.stop()
  }
  expect(new Set(seen).size).toBe(6)
})

it('refuses a file of other merchants or another version, and leaves it unlocked', async () => {
  const databaseFile = join(dir, 'wechat.db')
  const bed = await startTestBed({ databaseFile })
  await bed.merchant.post(JSAPI, bed.order())
  await bed.stop()
  const options = testOptions({ databaseFile })
  const strangers = options.merchants.filter(({ mchid }) => mchid !== MCHID)
  await expect(startWechatPay({ ...options, merchants: strangers })).rejects.toThrow(MCHID)

  const db = new sqlite.Database(databaseFile)
  db.exec('pragma locking_mode = exclusive; pragma user_version = 99')
  db.close()
  await expect(startWechatPay(options)).rejects.toThrow('version')
  expect(existsSync(`${databaseFile}.lock`)).toBe(false)
})

it('makes the same file, answer for answer, from the same seed', async () => {
  const run = async () => {
    const bed = await startTestBed({ clock: testClock('2026-11-21T09:30:00+08:00') })
    const pay = { out_trade_no: 'SAME0001', notify_url: 'http://127.0.0.1:1/n' }
    const { prepayId } = await bed.placeAndPay(pay)
    bed.clock.advance(DAY_MS)
    const ids = bed.simulator.notices().map(({ id }) => id)
    const [order] = bed.simulator.orders()
    await bed.stop()
    return { prepayId, ids, transactionId: order?.transactionId }
  }
  expect(await run()).toEqual(await run())
})

it.each([
  ['an APIv3 key of 31 bytes', { apiV3Key: 'x'.repeat(31) }, 'has 32 bytes'],
  ['a fee of a whole', { feePpm: 1_000_000 }, 'has a fee rate'],
  ['a mchid that is no number', { mchid: 'hospital' }, 'is 6 to 32 digits'],
  ['no key', { merchantPublicKeyPem: 'none' }, 'DECODER'],
])('does not start with %s', async (_what, overrides, reason) => {
  const options = testOptions()
  const merchants = options.merchants.map((merchant) => ({ ...merchant, ...overrides }))
  await expect(startWechatPay({ ...options, merchants: merchants.slice(0, 1) })).rejects.toThrow(
    reason,
  )
})
