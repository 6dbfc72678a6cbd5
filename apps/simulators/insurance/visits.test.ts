import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  createClient,
  feeDetail,
  nodeOf,
  openBill,
  OP1_LINES,
  OTHER_HOSPITAL,
  registration,
  rowsOf,
  startTestCentre,
  type TestCentre,
  visitInfo,
} from './testing.ts'

let centre: TestCentre
let client: TestCentre['client']
const who = {
  psn_no: 'P1',
  insutype: '310',
  mdtrt_cert_type: '02',
  mdtrt_cert_no: '999900198001010001',
}

beforeAll(async () => {
  centre = await startTestCentre()
  client = centre.client
  await client.signIn()
})
afterAll(() => centre.simulator.stop())

const refusal = async (infno: string, input: object, changes: object = {}) => {
  const answer = await client.call(infno, input, changes)
  expect(answer.infcode).toBe(-1)
  return answer.err_msg
}
const changed = (input: { data: object }, changes: object) => ({
  data: { ...input.data, ...changes },
})

describe('2201 and 2202', () => {
  it('registers, and the same visit number again as a visit of its own', async () => {
    const first = nodeOf(await client.call('2201', registration(who, 'R1')), 'data')
    const second = nodeOf(await client.call('2201', registration(who, 'R1')), 'data')
    expect(first).toMatchObject({ psn_no: 'P1', ipt_otp_no: 'R1' })
    expect(first.mdtrt_id).toMatch(/^999900\d{24}$/)
    expect(second.mdtrt_id).not.toBe(first.mdtrt_id)
  })

  it.each<[string, object, object]>([
    ['psn_no', { psn_no: 'P9' }, {}],
    ['psn_no', { psn_no: '' }, {}],
    ['insuplc_admdvs', {}, { insuplc_admdvs: null }],
    ['insuplc_admdvs', {}, { insuplc_admdvs: '440300' }],
    ['insutype', { insutype: '390' }, {}],
    ['mdtrt_cert_no', { mdtrt_cert_no: '999900198001010002' }, {}],
    ['begntime', { begntime: '2026-11-21' }, {}],
    ['ipt_otp_no', { ipt_otp_no: 'x'.repeat(31) }, {}],
    ['ipt_otp_no', { psn_no: 'P2', mdtrt_cert_no: '999900198001010002' }, {}],
    ['dept_name', { dept_name: '科'.repeat(101) }, {}],
    ['caty', { caty: 'A03.01.' }, {}],
  ])('refuses a wrong %s', async (field, changes, envelope) => {
    const input = changed(registration(who, 'R1'), changes)
    expect(await refusal('2201', input, envelope)).toContain(field)
  })

  it('cancels once, and lets nothing more be done to the visit', async () => {
    const { mdtrt_id } = nodeOf(await client.call('2201', registration(who, 'R2')), 'data')
    const data = { psn_no: 'P1', mdtrt_id, ipt_otp_no: 'R2' }
    expect(await refusal('2202', { data: { ...data, ipt_otp_no: 'R1' } })).toContain('ipt_otp_no')
    expect((await client.call('2202', { data })).infcode).toBe(0)
    expect(await refusal('2202', { data })).toContain('mdtrt_id')
    expect(await refusal('2203', visitInfo({ mdtrt_id, psn_no: 'P1' }))).toContain('mdtrt_id')
  })

  it("knows no visit of another hospital's, nor another person's", async () => {
    const { mdtrt_id } = nodeOf(await client.call('2201', registration(who, 'R3')), 'data')
    const other = createClient(centre.simulator.url, centre.clock, OTHER_HOSPITAL)
    await other.signIn()
    const answer = await other.call('2203', visitInfo({ mdtrt_id, psn_no: 'P1' }))
    expect(answer.err_msg).toContain('mdtrtinfo.mdtrt_id')
    expect(await refusal('2203', visitInfo({ mdtrt_id, psn_no: 'P2' }))).toContain('psn_no')
  })
})

describe('2203', () => {
  it('wants diagnoses, each with a number of its own', async () => {
    const { mdtrt_id } = nodeOf(await client.call('2201', registration(who, 'R4')), 'data')
    const input = visitInfo({ mdtrt_id, psn_no: 'P1' })
    expect((await client.call('2203', input)).infcode).toBe(0)
    expect((await client.call('2203', input)).infcode).toBe(0) // the last one holds
    expect(await refusal('2203', { ...input, diseinfo: [] })).toContain('diseinfo')
    const twice = [...input.diseinfo, ...input.diseinfo]
    expect(await refusal('2203', { ...input, diseinfo: twice })).toContain(
      'diseinfo[1].diag_srt_no',
    )
    const inpatient = { ...input, mdtrtinfo: { ...input.mdtrtinfo, med_type: '21' } }
    expect(await refusal('2203', inpatient)).toContain('med_type')
  })
})

describe('2204 and 2205', () => {
  it('answers how each line divides', async () => {
    const { uploaded } = await openBill(client, { visitNo: 'L1', lines: OP1_LINES })
    expect(
      rowsOf(uploaded, 'result').map((row) => [
        row.feedetl_sn,
        row.chrgitm_lv,
        row.selfpay_prop,
        row.fulamt_ownpay_amt,
        row.overlmt_amt,
        row.preselfpay_amt,
        row.inscp_scp_amt,
        row.pric_uplmt_amt,
      ]),
    ).toEqual([
      ['F1', '03', 1, 98, 0, 0, 0, 999999],
      ['F2', '02', 0.2, 0, 18, 20, 80, 100],
      ['F3', '02', 0.2, 0, 0, 44, 176, 999999],
      ['F4', '01', 0, 0, 0, 0, 202, 999999],
    ])
  })

  it('takes all lines or none, and names the one that is wrong', async () => {
    const { batch } = await openBill(client, {
      visitNo: 'L2',
      lines: [{ code: 'XA01', yuan: '1.00' }],
    })
    const line = feeDetail(batch)
    const good = { ...line({ code: 'XA01', yuan: '3.00' }, 1) }
    const bad: [string, object][] = [
      ['feedetl_sn', { feedetl_sn: 'F1' }],
      ['med_list_codg', { med_list_codg: 'nothing' }],
      ['det_item_fee_sumamt', { det_item_fee_sumamt: 3.02 }],
      ['det_item_fee_sumamt', { det_item_fee_sumamt: '3.005' }],
      ['det_item_fee_sumamt', { det_item_fee_sumamt: -3, pric: 3 }],
      ['cnt', { cnt: 0 }],
      ['cnt', { cnt: 0.00001 }],
      ['pric', { pric: '3,00' }],
      ['pric', { pric: 3.0000001 }],
      ['fee_ocur_time', { fee_ocur_time: '12' }],
      ['rx_circ_flag', { rx_circ_flag: '' }],
      ['hosp_appr_flag', { hosp_appr_flag: '9' }],
      ['bilg_dr_name', { bilg_dr_name: undefined }],
      ['chrg_bchno', { chrg_bchno: '0000' }],
      ['dise_codg', { dise_codg: 'M001' }],
      ['mdtrt_id', { mdtrt_id: 'nothing' }],
    ]
    for (const [field, changes] of bad) {
      const wrong = { ...line({ code: 'XA01', yuan: '3.00' }, 2), ...changes }
      const message = await refusal('2204', { feedetail: [good, wrong] })
      expect(message).toMatch(new RegExp(`^feedetail\\[1\\]\\.${field}：`))
    }
    // The good first line of every one of them was not kept: it can be uploaded still.
    expect((await client.call('2204', { feedetail: [good] })).infcode).toBe(0)
  })

  it('reads amounts as numbers and as texts, and takes one fen of rounding', async () => {
    const { batch } = await openBill(client, {
      visitNo: 'L3',
      lines: [{ code: 'XA01', yuan: '1.00' }],
    })
    const line = {
      ...feeDetail(batch)({ code: 'XA01', yuan: '0' }, 1),
      det_item_fee_sumamt: '3.33',
      cnt: '3.0000',
      pric: '1.111111',
    }
    const answer = await client.call('2204', { feedetail: [line] })
    expect(rowsOf(answer, 'result')[0]).toMatchObject({
      det_item_fee_sumamt: 3.33,
      cnt: 3,
      pric: 1.111111,
    })
  })

  it('takes back a batch, or all that are not settled', async () => {
    const { batch, data, visit } = await openBill(client, {
      visitNo: 'L4',
      lines: [{ code: 'XA01', yuan: '5.00' }],
    })
    const second = { ...visit, chrg_bchno: 'B2' }
    const line = feeDetail(second)({ code: 'XA01', yuan: '7.00' }, 4)
    const upload = () => client.call('2204', { feedetail: [line] })
    await upload()
    expect((await client.call('2205', { data: second })).infcode).toBe(0)
    expect(await refusal('2205', { data: second })).toContain('chrg_bchno')
    expect((await upload()).infcode).toBe(0) // its number is free again

    expect((await client.call('2207', { data })).infcode).toBe(0)
    expect(await refusal('2205', { data: batch })).toContain('chrg_bchno')
    expect((await client.call('2205', { data: { ...visit, chrg_bchno: '0000' } })).infcode).toBe(0)
    expect((await upload()).infcode).toBe(0) // was taken back with "all"
    const settled = nodeOf(await client.call('5203', { data: visit }), 'setlinfo')
    const refund = { data: { ...visit, setl_id: settled.setl_id } }
    expect((await client.call('2208', refund)).infcode).toBe(0)
    expect((await client.call('2207', { data })).infcode).toBe(0) // its lines are still there
    const late = feeDetail(batch)({ code: 'XA01', yuan: '5.00' }, 9)
    expect(await refusal('2204', { feedetail: [late] })).toContain('feedetail[0].chrg_bchno')
    expect(await refusal('2202', { data: { ...visit, ipt_otp_no: 'L4' } })).toContain('mdtrt_id')
  })
})
