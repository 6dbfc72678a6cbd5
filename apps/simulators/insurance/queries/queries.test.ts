import { unzipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Fault } from '../../kit/simulator.ts'
import { discharge, ok, openStay, admission } from '../inpatient/testing.ts'
import {
  catalogue,
  HOSPITAL,
  nodeOf,
  OP1_LINES,
  openBill,
  rowsOf,
  startTestCentre,
  stopSound,
  type TestCentre,
} from '../testing.ts'

let centre: TestCentre
let fault: { operation: string; fault: Fault } | null = null

beforeEach(async () => {
  fault = null
  centre = await startTestCentre({
    faults: ({ operation, attempt }) =>
      attempt === 1 && fault?.operation === operation ? fault.fault : null,
  })
  await centre.client.signIn()
})
afterEach(() => stopSound(centre))

const call = (infno: string, data: object) => centre.client.call(infno, { data })
const bill = () => openBill(centre.client, { visitNo: 'V1', lines: OP1_LINES })

describe('what the centre knows', () => {
  it('of institutions, by a part of the name', async () => {
    const input = { medinsinfo: { fixmedins_type: '1', fixmedins_name: '中医' } }
    expect(rowsOf(await centre.client.call('1201', input), 'medinsinfo')).toMatchObject([
      { fixmedins_code: 'H99990000002', hosp_lv: '2' },
    ])
  })

  it('of codes', async () => {
    const ask = { admdvs: '999900', date: '2026-11-21', valiFlag: '1' }
    const list = rowsOf(await call('1901', { ...ask, type: 'clr_way' }), 'list')
    expect(list.map((row) => row.value)).toEqual(['1', '2', '3', '4'])
    expect((await call('1901', { ...ask, type: '__proto__' })).err_msg).toBe(
      'data.type：字典不存在',
    )
    expect((await call('1901', { ...ask, type: 'x'.repeat(31) })).err_msg).toBe(
      'data.type：长度超过30',
    )
  })

  it('of a visit, its diagnoses, its lines and its slip', async () => {
    const { data, visit } = await bill()
    const settled = nodeOf(await call('2207', data), 'setlinfo')
    const period = { begntime: '2026-11-01 00:00:00', endtime: '2026-11-30 00:00:00' }
    const visits = await call('5201', { psn_no: 'P1', med_type: '11', ...period })
    expect(rowsOf(visits, 'mdtrtinfo')).toMatchObject([{ ...visit, ipt_otp_no: 'V1' }])
    expect(rowsOf(await call('5202', visit), 'diseinfo')).toMatchObject([
      { diag_code: 'J06.900', inout_diag_type: '1', maindiag_flag: '1' },
    ])
    const lines = rowsOf(await call('5204', { ...visit, setl_id: settled.setl_id }), 'feedetail')
    expect(lines.map((row) => row.preselfpay_amt)).toEqual([0, 20, 44, 0])
    expect(lines[0]).toMatchObject({ chrgitm_lv: '03', fulamt_ownpay_amt: 98, list_type: '101' })
    const slip = nodeOf(await call('5261', { ...visit, setl_id: settled.setl_id }), 'data')
    expect(slip).toMatchObject({ medfee_sumamt: 638, psn_cash_pay: settled.psn_cash_pay })
    const others = { mdtrt_id: visit.mdtrt_id, psn_no: 'P2' }
    expect((await call('5202', others)).err_msg).toBe('data.mdtrt_id：就诊登记不存在')
  })

  it('of the year, before and after', async () => {
    const { data } = await bill()
    const cum = async () => {
      const rows = rowsOf(await call('5206', { psn_no: 'P1' }), 'cuminfo')
      return Object.fromEntries(rows.map((row) => [row.cum_type_code, row.cum]))
    }
    expect(await cum()).toMatchObject({ L0000_BIZ11: 300, Q0000_BIZ11: 0, L0000_BIZ21: 900 })
    await call('2207', data)
    expect(await cum()).toMatchObject({ L0000_BIZ11: 0, Q0000_BIZ11: 300, D310101: 94.8 })
  })

  it('of who is in hospital', async () => {
    const who = { mdtrt_cert_type: '02', mdtrt_cert_no: '999900198001010001' }
    ok(await centre.client.call('2401', admission()))
    const [stay] = rowsOf(await call('5303', who), 'data')
    expect(stay).toMatchObject({ ipt_no: 'I1', fixmedins_code: HOSPITAL.insuranceCode })
    ok(await centre.client.call('2402', discharge({ mdtrt_id: stay?.mdtrt_id, psn_no: 'P1' })))
    expect(rowsOf(await call('5303', who), 'data')).toEqual([])
  })

  it('of filings for chronic disease', async () => {
    const filing = {
      psn_no: 'P1',
      opsp_dise_code: 'M03900',
      opsp_dise_name: '高血压',
      ide_fixmedins_no: HOSPITAL.insuranceCode,
      ide_fixmedins_name: HOSPITAL.name,
      hosp_ide_date: '2026-11-01',
      diag_dr_codg: 'D1',
      diag_dr_name: '张医生',
      begndate: '2026-11-01',
    }
    const wrong = { ...filing, enddate: '2026-10-01' }
    expect((await call('2503', wrong)).err_msg).toBe('data.enddate：早于开始日期')
    const { trt_dcla_detl_sn: no } = nodeOf(await call('2503', filing), 'result')
    expect(rowsOf(await call('5301', { psn_no: 'P1' }), 'feedetail')).toMatchObject([
      { opsp_dise_code: 'M03900', begndate: '2026-11-01' },
    ])
    ok(await call('2504', { trt_dcla_detl_sn: no, psn_no: 'P1', memo: '撤销' }))
    expect(rowsOf(await call('5301', { psn_no: 'P1' }), 'feedetail')).toEqual([])
  })
})

describe('the catalogue', () => {
  const download = async (infno: string, ver: string) => {
    const answer = await call(infno, { ver })
    const { file_qury_no: no, data_cnt: count } = answer.output ?? {}
    const fetch = { file_qury_no: no, filename: 'plc', fixmedins_code: 'plc' }
    const envelope = centre.client.envelope('9102', { fsDownloadIn: fetch })
    const { bytes } = await centre.client.post('9102', JSON.stringify(envelope))
    const [file = new Uint8Array()] = Object.values(unzipSync(bytes))
    const rows = new TextDecoder().decode(file).split('\r\n').filter(Boolean)
    return { count, rows: rows.map((row) => row.split('\t')) }
  }

  it('comes as a file of what is newer than the version one has', async () => {
    const first = await download('1301', '0')
    expect(first.count).toBe(catalogue.length)
    expect(first.rows[3]).toEqual(
      ['XB20L', 'XB20L', '1', '次', '09', '02', '0.2000', '100.00', '1'].concat('V000000000004'),
    )
    const newest = first.rows.at(-1)?.at(-1) ?? ''
    expect((await download('1301', newest)).count).toBe(0)
    const [item] = catalogue
    if (item)
      centre.simulator.publishCatalogue([{ ...item, insuranceClass: 'B', firstSharePpm: 50_000 }])
    expect((await download('1301', newest)).rows).toEqual([
      ['XA01', 'XA01', '1', '次', '09', '02', '0.0500', 'null', '1', 'V000000000015'],
    ])
    expect((await download('1307', '0')).rows.length).toBeGreaterThan(3)
  })

  it('comes page by page', async () => {
    const page = (infno: string, no: number, size = 2) =>
      call(infno, { page_num: no, page_size: size })
    const first = await page('1312', 1)
    expect(first.output).toMatchObject({ recordCounts: 5, pages: 3 })
    expect(rowsOf(first, 'data').map((row) => row.hilist_code)).toEqual(['XA01', 'XB10'])
    expect(rowsOf(await page('1312', 3), 'data')).toHaveLength(1)
    expect(rowsOf(await page('1318', 1), 'data')).toMatchObject([{ hilist_pric_uplmt_amt: 100 }])
    expect(rowsOf(await page('1319', 1), 'data')[1]).toMatchObject({ selfpay_prop: 0.1 })
    expect(rowsOf(await page('1317', 1), 'data')[0]).toMatchObject({
      medins_list_codg: 'local-XA01',
    })
    expect((await page('1312', 1, 101)).err_msg).toBe('data.page_size：应为1至100')
  })
})

describe('the clearing of a month', () => {
  it('must be what the centre has, and stands once', async () => {
    const { data } = await openStay(centre.client, {
      iptNo: 'I1',
      lines: [{ code: 'XA01', yuan: '3000.00' }],
    })
    const settled = nodeOf(await call('2304', data), 'setlinfo')
    const claim = {
      clr_type: '21',
      clr_way: '1',
      setlym: '202611',
      psntime: 1,
      medfee_sumamt: settled.medfee_sumamt,
      fund_appy_sum: settled.hifp_pay,
      acct_pay: settled.acct_pay,
      cash_payamt: settled.psn_cash_pay,
      begndate: '2026-11-01',
      enddate: '2026-11-30',
    }
    expect((await call('3203', { ...claim, fund_appy_sum: 1 })).err_msg).toBe(
      'data.fund_appy_sum：与中心合计不一致',
    )
    const { clr_appy_evt_id: no } = nodeOf(await call('3203', claim), 'result')
    expect((await call('3203', claim)).err_msg).toBe('data.setlym：本月该类别已申请清算')
    ok(await call('3204', { clr_appy_evt_id: no }))
    ok(await call('3203', claim))
  })

  it('of stays is compared apart from outpatients', async () => {
    const { data } = await openStay(centre.client, {
      iptNo: 'I1',
      lines: [{ code: 'XA01', yuan: '3000.00' }],
    })
    const settled = nodeOf(await call('2304', data), 'setlinfo')
    const statement = {
      insutype: '310',
      setl_optins: '999900',
      stmt_begndate: '2026-11-21',
      stmt_enddate: '2026-11-21',
      medfee_sumamt: settled.medfee_sumamt,
      fund_pay_sumamt: settled.fund_pay_sumamt,
      acct_pay: settled.acct_pay,
      fixmedins_setl_cnt: 1,
    }
    const compare = async (clrType: string) =>
      nodeOf(await call('3201', { ...statement, clr_type: clrType }), 'stmtinfo').stmt_rslt
    expect(await compare('21')).toBe('0')
    expect(await compare('11')).toBe('2')
  })
})

describe('a lie', () => {
  it('to a question is codes that no dictionary has, and the truth comes the next time', async () => {
    fault = { operation: '1101', fault: { kind: 'lie' } }
    const who = { mdtrt_cert_type: '02', mdtrt_cert_no: '999900198001010001' }
    const message = JSON.stringify(centre.client.envelope('1101', { data: who }))
    const ask = async () =>
      JSON.parse((await centre.client.post('1101', message)).text) as { output: object }
    expect((await ask()).output).toMatchObject({ insuinfo: [{ insutype: '0Z', psn_type: '0Z' }] })
    expect((await ask()).output).toMatchObject({ insuinfo: [{ insutype: '310', psn_type: '11' }] })
  })

  it('to 2304 leaves nothing behind', async () => {
    fault = { operation: '2304', fault: { kind: 'lie' } }
    const { data } = await openStay(centre.client, {
      iptNo: 'I1',
      lines: [{ code: 'XA01', yuan: '3000.00' }],
    })
    expect((await call('2304', data)).infcode).toBe(0)
    expect(centre.simulator.settlements()).toEqual([])
  })
})
