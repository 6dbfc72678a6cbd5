import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import type { Channel, RefundOrder } from '../../../modules/payments/index.ts'
import { type Bed, startBed } from './testing/bed.ts'
import type { Reply } from './testing/gateway.ts'
import { QUERY_ID, REFUND_NO, refundOrder, succeeded, tracedCall } from './testing/orders.ts'

const NOT_FOUND = { respCode: '34', respMsg: '查无此交易[2600000]' }
const RETURNED = succeeded({
  queryId: '202611211100050000002',
  txnAmt: '2345',
  traceTime: '1121110005',
})
const orig = (origRespCode: string) => ({ respCode: '00', origRespCode, origRespMsg: '说明' })
const FULL = { amountFen: fen(12_345) }

let bed: Bed
let channel: Channel
beforeAll(async () => {
  bed = await startBed()
  channel = bed.channelWith()
})
afterAll(() => bed.stop())
beforeEach(() => {
  bed.setNow('2026-11-21T11:00:01')
  bed.gateway.heard.length = 0
})

const tell = (...replies: Reply[]) => bed.gateway.tell(...replies)
const refund = (changes: Partial<RefundOrder> = {}) =>
  channel.refund(tracedCall(), refundOrder(changes))
const query = () => channel.queryRefund(tracedCall(), refundOrder())

describe('a refund', () => {
  it('is a transaction of its own, under its own number and moment', async () => {
    tell({ respCode: '00', queryId: '202611211100050000002' })
    expect(await refund()).toEqual({ outcome: 'pending' })
    expect(bed.gateway.heard[0]).toMatchObject({
      path: '/gateway/api/backTransReq.do',
      isSigned: true,
      fields: {
        txnType: '04',
        txnSubType: '00',
        orderId: REFUND_NO,
        txnTime: '20261121110000',
        txnAmt: '2345',
        origQryId: QUERY_ID,
      },
    })
  })

  it('of all of it on its settlement day is a void, and a refund from 23:00 on', async () => {
    tell({ respCode: '00' }, { respCode: '00' }, { respCode: '00' })
    await refund(FULL)
    bed.setNow('2026-11-21T22:59:59')
    await refund(FULL)
    bed.setNow('2026-11-21T23:00:00')
    await refund(FULL)
    expect(bed.gateway.heard.map(({ fields }) => fields['txnType'])).toEqual(['31', '31', '04'])
    const names = bed.gateway.heard.map(({ fields }) => [fields['orderId'], fields['txnTime']])
    expect(new Set(names.map(String)).size).toBe(1)
  })

  it('is never a void where the merchant has none', async () => {
    tell({ respCode: '00' })
    await bed.channelWith({ voidSameDay: false }).refund(tracedCall(), refundOrder(FULL))
    expect(bed.gateway.heard[0]?.fields['txnType']).toBe('04')
  })

  it('that there is already is what the query says of it', async () => {
    tell({ respCode: '12' }, RETURNED)
    expect(await refund()).toEqual({
      outcome: 'confirmed',
      moves: [
        {
          kind: 'return',
          ourNo: REFUND_NO,
          providerNo: '202611211100050000002',
          parts: [{ kind: 'self_pay', amountFen: 2_345 }],
          at: new Date('2026-11-21T11:00:05+08:00'),
        },
      ],
    })
    tell({ respCode: '12' }, NOT_FOUND)
    expect(await refund()).toMatchObject({ outcome: 'unknown' })
  })

  it.each([
    ['33', 'amount_limit'],
    ['35', 'original_not_found'],
    ['36', 'original_differs'],
    ['39', 'outside_hours'],
    ['45', 'already_returned'],
    ['10', 'param_error'],
  ])('refused with %s is declined when no earlier try got through', async (respCode, code) => {
    tell({ respCode }, NOT_FOUND)
    expect(await refund()).toMatchObject({ outcome: 'declined', code })
    tell({ respCode }, RETURNED)
    expect(await refund()).toMatchObject({ outcome: 'confirmed' })
    tell({ respCode }, 'hang_up')
    expect(await refund()).toMatchObject({ outcome: 'unknown' })
  })

  it.each<Reply>([
    { respCode: '03' },
    { respCode: '06' },
    { respCode: '11' },
    { respCode: '99' },
    'html',
    'silence',
  ])('answered with %j is unknown', async (reply) => {
    tell(reply)
    expect(await refund()).toMatchObject({ outcome: 'unknown' })
  })
})

describe('the query of a refund', () => {
  it.each([
    ['05', 'pending'],
    ['03', 'unknown'],
    ['04', 'unknown'],
    ['01', 'unknown'],
    ['61', 'declined'],
    ['45', 'declined'],
    ['34', 'absent'],
    ['ZZ', 'unknown'],
  ])('in state %s is %s', async (code, outcome) => {
    tell(orig(code))
    expect(await query()).toMatchObject({ outcome })
  })

  it('believes every refusal after the last question', async () => {
    bed.setNow('2026-11-21T13:00:01')
    tell(orig('01'), orig('03'))
    expect(await query()).toMatchObject({ outcome: 'declined', code: 'failed' })
    expect(await query()).toMatchObject({ outcome: 'unknown' })
  })

  it('that finds none says absent', async () => {
    tell(NOT_FOUND)
    expect(await query()).toEqual({ outcome: 'absent' })
  })
})
