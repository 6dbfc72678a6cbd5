import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import type { Policy } from './index.ts'
import {
  type Answer,
  createClient,
  nodeOf,
  openBill,
  OP1_LINES,
  OTHER_HOSPITAL,
  rowsOf,
  startTestCentre,
  stopSound,
  type TestCentre,
} from './testing.ts'

// The policy of example OP-1: 100 yuan deductible, 70 % whatever the level.
const flat = { 1: 700_000, 2: 700_000, 3: 700_000 }
const scheme = {
  deductibleFen: fen(100_00),
  bands: [{ upToFen: null, active: flat, retired: flat }],
  poolCapFen: fen(2_000_00),
  aboveCap: { ratioPpm: 800_000, capFen: fen(100_000_00) },
  seriousIllness: null,
}
const policy: Policy = { fundIncludesAccount: false, schemes: { '310': scheme, '390': scheme } }

let centre: TestCentre
let client: TestCentre['client']

beforeAll(async () => {
  centre = await startTestCentre({ policy })
  client = centre.client
  await client.signIn()
})
afterAll(() => stopSound(centre))

const refusal = async (infno: string, input: object, changes: object = {}) => {
  const answer = await client.call(infno, input, changes)
  expect(answer.infcode).toBe(-1)
  return answer.err_msg
}
const setlinfo = (answer: Answer) => nodeOf(answer, 'setlinfo')
const total = { code: 'XA01', yuan: '1000.00' }

describe('an outpatient visit', () => {
  it('comes to example OP-1 on the wire, and is all given back by 2208', async () => {
    const { visit, data } = await openBill(client, { visitNo: 'OP1', lines: OP1_LINES })
    const expected = {
      medfee_sumamt: 638,
      fulamt_ownpay_amt: 98,
      overlmt_selfpay: 18,
      preselfpay_amt: 64,
      inscp_scp_amt: 458,
      act_pay_dedc: 100,
      hifp_pay: 250.6,
      pool_prop_selfpay: 0.7,
      hifob_pay: 0,
      hifmi_pay: 0,
      fund_pay_sumamt: 250.6,
      psn_part_amt: 387.4,
      acct_pay: 200,
      psn_cash_pay: 187.4,
      hosp_part_amt: 0,
      balc: 0,
    }
    const quote = await client.call('2206', { data })
    expect(setlinfo(quote)).toMatchObject(expected)
    expect(setlinfo(quote)).not.toHaveProperty('setl_id')
    expect(centre.simulator.balanceOf('P1')).toBe(200_00)

    const claims = {
      fulamt_ownpay_amt: '98.00',
      overlmt_selfpay: 18,
      preselfpay_amt: 64,
      inscp_scp_amt: '458',
    }
    const msgid = client.newMsgid()
    const settled = await client.call('2207', { data: { ...data, ...claims } }, { msgid })
    const info = setlinfo(settled)
    expect(info).toMatchObject({ ...expected, medins_setl_id: msgid, clr_type: '11' })
    expect(info.setl_id).toMatch(/^999900\d{24}$/)
    expect(rowsOf(settled, 'setldetail')).toMatchObject([
      { fund_pay_type: '310100', inscp_scp_amt: 358, fund_payamt: 250.6, crt_payb_lmt_amt: 2000 },
    ])
    expect(centre.simulator.balanceOf('P1')).toBe(0)

    const query = { ...visit, setl_id: info.setl_id }
    expect(setlinfo(await client.call('5203', { data: query }))).toMatchObject({
      setl_id: info.setl_id,
      medins_setl_id: msgid,
      setl_time: '2026-11-21 09:00:00',
      medfee_sumamt: 638,
      fund_pay_sumamt: 250.6,
      psn_pay: 387.4,
      acct_pay: 200,
      cash_payamt: 187.4,
      refd_setl_flag: '0',
      year: '2026',
    })

    const refunded = await client.call('2208', { data: query })
    expect(setlinfo(refunded)).toMatchObject({
      medfee_sumamt: -638,
      fund_pay_sumamt: -250.6,
      acct_pay: -200,
      pdn_cash_pay: -187.4,
      balc: 200,
    })
    expect(rowsOf(refunded, 'setldetail')).toMatchObject([{ fund_payamt: -250.6 }])
    expect(centre.simulator.balanceOf('P1')).toBe(200_00)
    const refundId = setlinfo(refunded).setl_id
    const record = await client.call('5203', { data: { ...visit, setl_id: refundId } })
    expect(setlinfo(record)).toMatchObject({ refd_setl_flag: '1', cash_payamt: -187.4 })
    const newest = await client.call('5203', { data: visit })
    expect(setlinfo(newest).setl_id).toBe(refundId)

    expect(await refusal('2208', { data: query })).toContain('data.setl_id')
    expect(await refusal('2208', { data: { ...query, setl_id: refundId } })).toContain('setl_id')

    // The deductible is there again, and the batch can be settled anew.
    expect(setlinfo(await client.call('2207', { data }))).toMatchObject(expected)
  })

  it('writes amounts as numbers with their two decimals', async () => {
    const { data } = await openBill(client, {
      visitNo: 'TEXT',
      personNo: 'P2',
      lines: [{ code: 'XA01', yuan: '100.10' }],
    })
    const body = JSON.stringify(client.envelope('2206', { data }))
    const { text } = await client.post('2206', body)
    expect(text).toContain('"medfee_sumamt":100.10,')
    expect(text).toContain('"hifp_pay":0.07,')
    expect(text).toContain('"pool_prop_selfpay":0.7000,')
    expect(text).toContain('"cvlserv_pay":0.00,')
  })

  it('leaves the account alone where the person does not want it used', async () => {
    const { data } = await openBill(client, {
      visitNo: 'NOACCT',
      personNo: 'P2',
      lines: OP1_LINES,
      useAccount: false,
    })
    expect(setlinfo(await client.call('2206', { data }))).toMatchObject({
      acct_pay: 0,
      psn_cash_pay: 387.4,
      balc: 50,
    })
  })

  it('remembers what the year has used up, up to the cap and above it', async () => {
    const settle = async (visitNo: string) => {
      const bill = await openBill(client, {
        visitNo,
        personNo: 'P3',
        insutype: '390',
        lines: [{ code: 'XA01', yuan: '2000.00' }],
      })
      return client.call('2207', { data: bill.data })
    }
    expect(setlinfo(await settle('Y1'))).toMatchObject({ act_pay_dedc: 100, hifp_pay: 1330 })
    const second = await settle('Y2')
    // 670 are left of the cap, for which it takes 957.15; 80 % of the other 1042.85 is 大额.
    expect(setlinfo(second)).toMatchObject({
      act_pay_dedc: 0,
      hifp_pay: 670,
      hifob_pay: 834.28,
      fund_pay_sumamt: 1504.28,
      psn_cash_pay: 495.72,
    })
    expect(rowsOf(second, 'setldetail').map((row) => [row.fund_pay_type, row.fund_payamt])).toEqual(
      [
        ['390100', 670],
        ['330100', 834.28],
      ],
    )
  })
})

describe('what 2206 and 2207 refuse', () => {
  it.each<[string, object]>([
    ['data.fulamt_ownpay_amt', { fulamt_ownpay_amt: 98.01 }],
    ['data.overlmt_selfpay', { overlmt_selfpay: '0' }],
    ['data.preselfpay_amt', { preselfpay_amt: 64.1 }],
    ['data.inscp_scp_amt', { inscp_scp_amt: 457.99 }],
    ['data.medfee_sumamt', { medfee_sumamt: 638.01 }],
    ['data.medfee_sumamt', { medfee_sumamt: 'many' }],
    ['data.medfee_sumamt', { medfee_sumamt: 638.001 }],
    ['data.chrg_bchno', { chrg_bchno: 'B9' }],
    ['data.mdtrt_id', { mdtrt_id: '12' }],
    ['data.psn_no', { psn_no: 'P2' }],
    ['data.med_type', { med_type: '13' }],
    ['data.insutype', { insutype: '390' }],
    ['data.psn_setlway', { psn_setlway: '02' }],
    ['data.acct_used_flag', { acct_used_flag: '2' }],
    ['data.mdtrt_cert_no', { mdtrt_cert_no: '999900198001010002' }],
    ['data.invono', { invono: 'x'.repeat(21) }],
  ])('%s', async (field, changes) => {
    const { data } = await openBill(client, { visitNo: 'BAD', lines: OP1_LINES })
    expect(await refusal('2207', { data: { ...data, ...changes } })).toMatch(`${field}：`)
  })

  it('a person whose insurance is suspended', async () => {
    const { data } = await openBill(client, { visitNo: 'S1', personNo: 'P4', lines: OP1_LINES })
    expect(await refusal('2206', { data })).toContain('psn_no')
    expect(await refusal('2207', { data })).toContain('psn_no')
  })

  it('a visit without 2203, and a batch that is settled', async () => {
    const bill = await openBill(client, { visitNo: 'T1', personNo: 'P2', lines: [total] })
    expect((await client.call('2207', { data: bill.data })).infcode).toBe(0)
    expect(await refusal('2207', { data: bill.data })).toContain('chrg_bchno')
    expect(await refusal('2206', { data: bill.data })).toContain('chrg_bchno')
  })

  it("nor does 5203 or 2208 know a settlement of another hospital's", async () => {
    const bill = await openBill(client, { visitNo: 'T2', personNo: 'P2', lines: [total] })
    const info = setlinfo(await client.call('2207', { data: bill.data }))
    const data = { ...bill.visit, setl_id: info.setl_id }
    const other = createClient(centre.simulator.url, centre.clock, OTHER_HOSPITAL)
    await other.signIn()
    expect((await other.call('5203', { data })).err_msg).toContain('setl_id')
    expect((await other.call('2208', { data })).err_msg).toContain('mdtrt_id')
    expect(await refusal('5203', { data: { ...data, mdtrt_id: 'x' } })).toContain('setl_id')
  })
})

describe('2601', () => {
  const settleOne = async (visitNo: string, lines = OP1_LINES) => {
    const bill = await openBill(client, { visitNo, personNo: 'P2', lines })
    const msgid = client.newMsgid()
    const answer = await client.call('2207', { data: bill.data }, { msgid })
    return { ...bill, msgid, setlId: setlinfo(answer).setl_id }
  }
  const reverse = (omsgid: string, oinfno = '2207', psn_no = 'P2') =>
    client.call('2601', { data: { psn_no, omsgid, oinfno } })
  const onList = (msgid: string) => centre.simulator.settlements().some((s) => s.msgid === msgid)

  it('makes a settlement as if it had never been, and does so twice', async () => {
    const before = centre.simulator.balanceOf('P2')
    const { msgid, visit, data } = await settleOne('V1')
    expect(onList(msgid)).toBe(true)
    expect((await reverse(msgid)).infcode).toBe(0)
    expect((await reverse(msgid)).infcode).toBe(0)
    expect(centre.simulator.balanceOf('P2')).toBe(before)
    expect(onList(msgid)).toBe(false)
    expect(await refusal('5203', { data: visit })).toContain('mdtrt_id')
    expect(await refusal('2207', { data }, { msgid })).toContain('msgid') // void for good
    expect((await client.call('2207', { data })).infcode).toBe(0) // under a new id
  })

  it('remembers a message it never heard of, and refuses it afterwards', async () => {
    const { data } = await openBill(client, { visitNo: 'V2', personNo: 'P2', lines: [total] })
    const msgid = client.newMsgid()
    expect((await reverse(msgid)).infcode).toBe(0)
    expect(await refusal('2207', { data }, { msgid })).toContain('msgid')
    expect(onList(msgid)).toBe(false)
  })

  it('takes back a refund, and the settlement stands again', async () => {
    const { setlId, visit } = await settleOne('V3')
    const settledBalance = centre.simulator.balanceOf('P2')
    const msgid = client.newMsgid()
    const data = { ...visit, setl_id: setlId }
    await client.call('2208', { data }, { msgid })
    expect((await reverse(msgid, '2208')).infcode).toBe(0)
    expect(centre.simulator.balanceOf('P2')).toBe(settledBalance)
    expect(setlinfo(await client.call('5203', { data: visit })).refd_setl_flag).toBe('0')
    expect((await client.call('2208', { data })).infcode).toBe(0) // and can be refunded after all
  })

  it('does not take back a refund once its batch is settled anew or its lines are gone', async () => {
    const again = await settleOne('V4')
    const first = client.newMsgid()
    const refund = { ...again.visit, setl_id: again.setlId }
    await client.call('2208', { data: refund }, { msgid: first })
    await client.call('2207', { data: again.data })
    expect((await reverse(first, '2208')).err_msg).toContain('omsgid')

    const gone = await settleOne('V5')
    const second = client.newMsgid()
    await client.call('2208', { data: { ...gone.visit, setl_id: gone.setlId } }, { msgid: second })
    await client.call('2205', { data: gone.batch })
    expect((await reverse(second, '2208')).err_msg).toContain('omsgid')
  })

  it('does not take back a refund whose money or deductible others have used since', async () => {
    const own = await startTestCentre({ policy, signInRequired: false })
    const use = async (visitNo: string, useAccount: boolean) => {
      const bill = await openBill(own.client, { visitNo, lines: [total], useAccount })
      const { setl_id } = setlinfo(await own.client.call('2207', { data: bill.data }))
      return { ...bill.visit, setl_id }
    }
    const undo = async (data: object) => {
      const msgid = own.client.newMsgid()
      expect((await own.client.call('2208', { data }, { msgid })).infcode).toBe(0)
      return { psn_no: 'P1', omsgid: msgid, oinfno: '2208' }
    }
    const withAccount = await undo(await use('W1', true))
    await use('W2', true)
    const spent = await own.client.call('2601', { data: withAccount })
    expect(spent.err_msg).toMatch(/^data\.omsgid：个人账户余额不足/)

    const other = await startTestCentre({ policy, signInRequired: false })
    own.client = other.client
    const withoutAccount = await undo(await use('W3', false))
    await use('W4', false)
    const used = await own.client.call('2601', { data: withoutAccount })
    expect(used.err_msg).toMatch(/^data\.omsgid：年度累计/)
    await stopSound(own)
    await stopSound(other)
  })

  it('names what is wrong with it', async () => {
    const { msgid, setlId, visit } = await settleOne('V6')
    expect((await reverse(msgid, '2206')).err_msg).toContain('oinfno')
    expect((await reverse(msgid, '2208')).err_msg).toContain('oinfno')
    expect((await reverse(msgid, '2207', 'P3')).err_msg).toContain('psn_no')
    expect((await reverse('12')).err_msg).toContain('omsgid')
    expect((await reverse(msgid.replace('0001', '0002'))).err_msg).toContain('omsgid')
    await client.call('2208', { data: { ...visit, setl_id: setlId } })
    expect((await reverse(msgid)).err_msg).toContain('omsgid')
  })
})

describe('the turn of the year', () => {
  it("gives an old year's use back to the old year", async () => {
    const own = await startTestCentre({ policy, signInRequired: false })
    const use = async (visitNo: string) => {
      const bill = await openBill(own.client, { visitNo, lines: [total] })
      const answer = await own.client.call('2207', { data: bill.data })
      return { visit: bill.visit, info: setlinfo(answer) }
    }
    own.clock.at = new Date('2026-12-31T23:59:59+08:00')
    const old = await use('N1')
    own.clock.at = new Date('2027-01-01T00:00:00+08:00')
    const fresh = await use('N2')
    expect([old.info.act_pay_dedc, fresh.info.act_pay_dedc]).toEqual([100, 100])
    await own.client.call('2208', { data: { ...old.visit, setl_id: old.info.setl_id } })
    expect((await use('N3')).info.act_pay_dedc).toBe(0) // the new year's is used up
    own.clock.at = new Date('2026-12-31T23:59:59+08:00')
    expect((await use('N4')).info.act_pay_dedc).toBe(100) // the old year's is there again
    expect(own.simulator.settlements(businessDate('2027-01-01')).map((s) => s.isRefund)).toEqual([
      false,
      true,
      false,
    ])
    expect(own.simulator.checkBooks()).toEqual([])
    await own.simulator.stop()
  })
})
