import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { businessDate } from '../../../../kernel/time.ts'
import type { Fault } from '../../kit/simulator.ts'
import {
  nodeOf,
  openBill,
  rowsOf,
  startTestCentre,
  stopSound,
  type TestCentre,
} from '../testing.ts'
import { admission, discharge, ok, openStay, settling, stayLine } from './testing.ts'

let centre: TestCentre
let fault: Fault | null = null

beforeEach(async () => {
  fault = null
  centre = await startTestCentre({
    faults: ({ operation, attempt }) => (operation === '2304' && attempt === 1 ? fault : null),
  })
  await centre.client.signIn()
})

afterEach(() => stopSound(centre))

const LINES = [
  { code: 'XA01', yuan: '3000.00' },
  { code: 'XB20', yuan: '1000.00' },
  { code: 'XC01', yuan: '500.00' },
]

const settle = (data: object) => centre.client.call('2304', { data })
const refuses = async (infno: string, input: object, reason: string) =>
  expect((await centre.client.call(infno, input)).err_msg).toBe(reason)

describe('a stay', () => {
  it('is settled by its own deductible and bands, out of the caps of the year', async () => {
    const { data } = await openStay(centre.client, { iptNo: 'I1', lines: LINES })
    const quoted = nodeOf(await centre.client.call('2303', { data }), 'setlinfo')
    const settled = nodeOf(await settle(data), 'setlinfo')
    // In scope 3000 + 800; of level three 900 are borne, and 85 % of 2900 are paid.
    expect(settled).toMatchObject({
      medfee_sumamt: 4500,
      fulamt_ownpay_amt: 500,
      preselfpay_amt: 200,
      inscp_scp_amt: 3800,
      act_pay_dedc: 900,
      hifp_pay: 2465,
      pool_prop_selfpay: 0.85,
      acct_pay: 200,
      psn_cash_pay: 1835,
      clr_type: '21',
      med_type: '21',
    })
    expect(quoted).toMatchObject({ hifp_pay: 2465, psn_cash_pay: 1835 })
    const totals = centre.simulator.totals(businessDate('2026-11-21'), 'H99990000001', '21')
    expect(totals).toMatchObject({ count: 1, totalFen: 450_000, fundFen: 246_500 })
    expect(centre.simulator.totals(businessDate('2026-11-21'), 'H99990000001').count).toBe(0)
  })

  it('has half the deductible the second time in a year, and the whole one again after 2305', async () => {
    const first = await openStay(centre.client, { iptNo: 'I1', lines: LINES })
    const settled = nodeOf(await settle(first.data), 'setlinfo')
    const second = await openStay(centre.client, { iptNo: 'I2', lines: LINES })
    const before = await centre.client.call('2303', { data: second.data })
    expect(nodeOf(before, 'setlinfo').act_pay_dedc).toBe(450)

    const refund = { ...first.ids, setl_id: settled.setl_id }
    const back = nodeOf(await centre.client.call('2305', { data: refund }), 'setlinfo')
    expect(back).toMatchObject({ medfee_sumamt: -4500, hifp_pay: -2465, psn_cash_pay: -1835 })
    const after = await centre.client.call('2303', { data: second.data })
    expect(nodeOf(after, 'setlinfo').act_pay_dedc).toBe(900)
  })

  it('leaves the yearly deductible of outpatients alone', async () => {
    const { data } = await openStay(centre.client, { iptNo: 'I1', lines: LINES })
    ok(await settle(data))
    const bill = await openBill(centre.client, {
      visitNo: 'V1',
      lines: [{ code: 'XA01', yuan: '1000.00' }],
    })
    const quoted = await centre.client.call('2206', { data: bill.data })
    expect(nodeOf(quoted, 'setlinfo').act_pay_dedc).toBe(300)
  })

  it('pays by cap and large-amount fund when the stay is dear', async () => {
    const lines = [{ code: 'XA01', yuan: '60900.00' }]
    const { data } = await openStay(centre.client, { iptNo: 'I1', lines })
    // 85 % of 30 000 pass the cap of 20 000, so the fund is full and 80 % of what is cut off follow.
    const settled = nodeOf(await settle(data), 'setlinfo')
    expect(settled.hifp_pay).toBe(20_000)
    expect(Number(settled.hifob_pay)).toBeGreaterThan(29_000)
  })

  it('is not settled before the discharge, which 2405 takes back until it is settled', async () => {
    const { client } = centre
    const { ids, data } = await openStay(client, { iptNo: 'I1', lines: LINES })
    ok(await client.call('2405', { data: ids }))
    await refuses('2304', { data }, 'data.mdtrt_id：未办理出院(2402)，不能结算')
    ok(await client.call('2303', { data }))
    await refuses('2405', { data: ids }, 'data.mdtrt_id：未办理出院')
    ok(await client.call('2402', discharge(ids)))
    ok(await settle(data))
    await refuses('2405', { data: ids }, 'data.mdtrt_id：住院已结算')
    await refuses('2304', { data }, 'data.mdtrt_id：住院已结算')
    expect(centre.simulator.settlements()).toHaveLength(1)
  })

  it('is cancelled by 2404 while it has no lines, and a person has one at a time', async () => {
    const { client } = centre
    const admitted = nodeOf(await client.call('2401', admission()), 'result')
    const ids = { mdtrt_id: admitted.mdtrt_id, psn_no: 'P1' }
    await refuses('2401', admission({ ipt_no: 'I9' }), 'mdtrtinfo.psn_no：人员已在本机构住院')
    ok(
      await client.call('2301', {
        feedetail: [stayLine(ids, { sn: '1', code: 'XA01', yuan: '10.00' })],
      }),
    )
    await refuses('2404', { data: ids }, 'data.mdtrt_id：已有费用明细，不能撤销入院')
    ok(await client.call('2302', { data: [{ ...ids, feedetl_sn: '0000' }] }))
    ok(await client.call('2404', { data: ids }))
    await refuses('2303', { data: settling(ids, 1000) }, 'data.mdtrt_id：就诊登记已撤销')
    expect((await client.call('2401', admission({ ipt_no: 'I9' }))).infcode).toBe(0)
  })

  it('names what its input lacks', async () => {
    await refuses('2401', admission({ adm_bed: '' }), 'mdtrtinfo.adm_bed：必填')
    await refuses('2401', admission({ ipt_no: 'x'.repeat(31) }), 'mdtrtinfo.ipt_no：长度超过30')
    const outpatient = await centre.client.call('2401', admission({ med_type: '11' }))
    expect(outpatient.err_msg).toMatch(/^mdtrtinfo\.med_type：取值应为21、/)
    await refuses(
      '2401',
      admission({ begntime: '2026-11-31 08:00:00' }),
      'mdtrtinfo.begntime：应为yyyy-MM-dd HH:mm:ss',
    )
  })
})

describe('lines given back', () => {
  it('leave what only the rest would have been, to the fen', async () => {
    const { client } = centre
    const admitted = nodeOf(await client.call('2401', admission()), 'result')
    const ids = { mdtrt_id: admitted.mdtrt_id, psn_no: 'P1' }
    const line = { code: 'XB10', yuan: '0.35' }
    ok(await client.call('2301', { feedetail: [stayLine(ids, { sn: '1', ...line, cnt: 3 })] }))
    const returned = await client.call('2301', {
      feedetail: [stayLine(ids, { sn: '2', ...line, cnt: -1, of: '1' })],
    })
    // 10 % of 1.05 is 0.11 and of 0.70 is 0.07: four fen of first share go back, and not three.
    expect(rowsOf(returned, 'result')[0]).toMatchObject({
      det_item_fee_sumamt: -0.35,
      cnt: -1,
      preselfpay_amt: -0.04,
      inscp_scp_amt: -0.31,
    })
    const tooMany = { feedetail: [stayLine(ids, { sn: '3', ...line, cnt: -3, of: '1' })] }
    await refuses('2301', tooMany, 'feedetail[0].cnt：退单数量或金额超过剩余')
    await refuses(
      '2302',
      { data: [{ ...ids, feedetl_sn: '1' }] },
      'data[0].feedetl_sn：该明细已有退单，请先撤销退单',
    )
    const rest = { feedetail: [stayLine(ids, { sn: '4', ...line, cnt: -2, of: '1' })] }
    expect(rowsOf(await client.call('2301', rest), 'result')[0]).toMatchObject({
      preselfpay_amt: -0.07,
      inscp_scp_amt: -0.63,
    })
    await refuses('2303', { data: settling(ids, 0) }, 'data.medfee_sumamt：应大于0')
  })
})

describe('a lost answer to 2304', () => {
  it('is found by 5203, and 2601 with the same msgid makes it void', async () => {
    const { client } = centre
    fault = { kind: 'lose_answer' }
    const { ids, data } = await openStay(client, { iptNo: 'I1', lines: LINES })
    const message = client.envelope('2304', { data })
    await expect(client.post('2304', JSON.stringify(message))).rejects.toThrow(/socket|closed/)
    const found = nodeOf(await client.call('5203', { data: ids }), 'setlinfo')
    expect(found).toMatchObject({ medins_setl_id: message.msgid, hifp_pay: 2465, clr_type: '21' })

    const wrong = { psn_no: 'P1', omsgid: message.msgid, oinfno: '2207' }
    await refuses('2601', { data: wrong }, 'data.oinfno：原交易为2304')
    ok(await client.call('2601', { data: { ...wrong, oinfno: '2304' } }))
    expect(centre.simulator.settlements()).toEqual([])
    expect(centre.simulator.balanceOf('P1')).toBe(20_000)
    ok(await settle(data))
  })

  it('is restored when its 2305 is void', async () => {
    const { client } = centre
    const { ids, data } = await openStay(client, { iptNo: 'I1', lines: LINES })
    const settled = nodeOf(await settle(data), 'setlinfo')
    const message = client.envelope('2305', { data: { ...ids, setl_id: settled.setl_id } })
    await client.post('2305', JSON.stringify(message))
    const voiding = { psn_no: 'P1', omsgid: message.msgid, oinfno: '2305' }
    ok(await client.call('2601', { data: voiding }))
    expect(centre.simulator.settlements()).toMatchObject([{ fundFen: 246_500, isRefund: false }])
  })
})
