import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../../kernel/id.ts'
import type { Channel } from '../../../modules/payments/index.ts'
import { type Bed, startBed } from './testing/bed.ts'
import { MER_ID, signAs } from './testing/gateway.ts'
import type { Issued } from './testing/keys.ts'
import { QUERY_ID, REFUND_NO, TRADE_NO } from './testing/orders.ts'

const PAID = {
  version: '5.1.0',
  encoding: 'UTF-8',
  merId: MER_ID,
  txnType: '01',
  txnSubType: '07',
  orderId: TRADE_NO,
  txnTime: '20261121100000',
  queryId: QUERY_ID,
  txnAmt: '12345',
  respCode: '00',
  respMsg: '成功[0000000]',
  accNo: '6217001210024455220',
}

let bed: Bed
let channel: Channel
beforeAll(async () => {
  bed = await startBed()
  channel = bed.channelWith()
})
afterAll(() => bed.stop())

const noticeOf = (fields: Record<string, string>) => ({
  hospitalId: 1 as HospitalId,
  headers: {},
  body: Buffer.from(new URLSearchParams(fields).toString()),
})
const read = (changes: Record<string, string> = {}, by: Issued = bed.keys.signer) =>
  channel.readNotice(noticeOf(signAs(by, { ...PAID, ...changes })))

describe('a notice', () => {
  it('of a payment says what to ask about, in words without the card', () => {
    const reading = read()
    expect(reading).toMatchObject({
      outcome: 'read',
      about: { kind: 'charge', tradeNo: TRADE_NO },
      dedupeKey: `01:${TRADE_NO}:20261121100000:${QUERY_ID}:00`,
    })
    expect(reading).toEqual(read())
    expect(JSON.stringify(reading)).not.toContain(PAID.accNo)
  })

  it.each(['04', '31'])('of a return (%s) is about the refund', (txnType) => {
    const about = { kind: 'refund', refundNo: REFUND_NO }
    expect(read({ txnType, orderId: REFUND_NO })).toMatchObject({ outcome: 'read', about })
  })

  it('is refused when it is not proven', () => {
    expect(read({}, bed.keys.forged)).toEqual({ outcome: 'refused', code: 'signature' })
    const signed = signAs(bed.keys.signer, PAID)
    const altered = noticeOf({ ...signed, txnAmt: '1' })
    expect(channel.readNotice(altered)).toEqual({ outcome: 'refused', code: 'signature' })
  })

  it('is refused when it is of another merchant, or of something else', () => {
    expect(read({ merId: '777290058110048' })).toEqual({ outcome: 'refused', code: 'foreign' })
    expect(read({ txnType: '79' })).toEqual({ outcome: 'refused', code: 'unreadable' })
    expect(read({ orderId: 'a-b' })).toEqual({ outcome: 'refused', code: 'unreadable' })
  })

  it.each(['', 'a', 'a=1&a=2', '\u0000', '{"a":1}'])('that is %j is refused', (text) => {
    const body = Buffer.from(text)
    const reading = channel.readNotice({ hospitalId: 1 as HospitalId, headers: {}, body })
    expect(reading.outcome).toBe('refused')
  })
})
