import { afterEach, describe, expect, it } from 'vitest'

import { fen } from '../../../../kernel/money.ts'
import { businessDate } from '../../../../kernel/time.ts'
import { defaultPolicy, type InsuranceCentreOptions } from '../index.ts'
import {
  nodeOf,
  openBill,
  resident,
  rowsOf,
  startTestCentre,
  stopSound,
  type TestCentre,
} from '../testing.ts'

const HOME = '999800'
const LINES = [{ code: 'XA01', yuan: '1000.00' }]
const MONTH = { trt_year: '2026', trt_month: '11' }

let centre: TestCentre
afterEach(() => stopSound(centre))

/** P3, who is a resident, is insured in another area. */
async function start(changes: Partial<InsuranceCentreOptions> = {}) {
  const insurance = { ...resident.insurance, admdvs: HOME } as NonNullable<
    typeof resident.insurance
  >
  centre = await startTestCentre({ people: [{ ...resident, insurance }], ...changes })
  await centre.client.signIn()
}

/** Messages about P3 name the area that insures them. */
const from = { insuplc_admdvs: HOME }
const call = (infno: string, input: object) => centre.client.call(infno, input, from)
const visitor = () => ({ ...centre.client, call })

async function settle(visitNo: string) {
  const { data } = await openBill(visitor() as typeof centre.client, {
    visitNo,
    personNo: 'P3',
    insutype: '390',
    lines: LINES,
  })
  return nodeOf(await call('2207', { data }), 'setlinfo')
}

const transfer = {
  refmedin: {
    psn_no: 'P3',
    diag_code: 'I25.100',
    diag_name: '动脉硬化性心脏病',
    reflin_medins_no: 'H99990000001',
    reflin_medins_name: '示范市第一人民医院',
    mdtrtarea_admdvs: '999900',
    refl_type: '1',
    refl_date: '2026-11-21',
    refl_rea: '技术条件',
    refl_opnn: '同意',
  },
}

describe('a person from elsewhere', () => {
  it('is paid less without a filing, and by it in full', async () => {
    await start()
    // Of 1000 less 200, a resident is paid 50 % at level three: 400, and unfiled 80 % of it.
    expect(await settle('V1')).toMatchObject({ hifp_pay: 320, act_pay_dedc: 200 })
    const filed = nodeOf(await call('2501', transfer), 'result')
    expect(await settle('V2')).toMatchObject({ hifp_pay: 500, act_pay_dedc: 0 })
    const listed = await call('5304', { data: { psn_no: 'P3', begntime: '2026-11-01 00:00:00' } })
    expect(rowsOf(listed, 'refmedin')).toMatchObject([{ mdtrtarea_admdvs: '999900' }])
    const cancel = { trt_dcla_detl_sn: filed.trt_dcla_detl_sn, psn_no: 'P3', memo: '取消' }
    expect((await call('2502', { data: cancel })).infcode).toBe(0)
    expect((await call('2502', { data: cancel })).infcode).toBe(-1)
    expect(await settle('V3')).toMatchObject({ hifp_pay: 400 })
  })

  it('has the rules of home, and its filings', async () => {
    const deductibleFen = fen(0)
    const schemes = { ...defaultPolicy.schemes }
    schemes['390'] = { ...schemes['390'], deductibleFen }
    const policy = { ...defaultPolicy, schemes }
    await start({
      areas: { [HOME]: { policy, unfiledPpm: 500_000 } },
      homeFilings: [{ personNo: 'P3', from: businessDate('2026-11-01'), to: null }],
    })
    expect(await settle('V1')).toMatchObject({ hifp_pay: 500, act_pay_dedc: 0 })
  })

  it('is told by 2001 what the filing means', async () => {
    await start()
    const check = {
      psn_no: 'P3',
      insutype: '390',
      fixmedins_code: 'H99990000001',
      med_type: '11',
      begntime: '2026-11-21 09:00:00',
    }
    expect(rowsOf(await call('2001', { data: check }), 'trtinfo')[0]).toMatchObject({
      trt_enjymnt_flag: '1',
      trt_chk_rslt: '异地就医未备案，降低支付比例',
    })
  })
})

describe('the monthly clearing', () => {
  it('lists, is confirmed whole, shuts 2208 out, and is rolled back', async () => {
    await start()
    const settled = await settle('V1')
    await settle('V2')
    const listed = rowsOf(await call('3260', { data: { ...MONTH, startrow: 1 } }), 'data')
    expect(listed).toMatchObject([
      { seqno: 1, mdtrtarea: '999900', medfee_sumamt: 1000, optins_pay_sumamt: 320 },
      { seqno: 2, optins_pay_sumamt: 400 },
    ])
    expect(listed[0]?.mdtrt_id).toMatch(/^S999800261121\d{7}$/)
    expect(listed[0]?.setl_sn).toMatch(/^A999800261121\d{7}$/)

    const detail = listed.map((row) => ({ ...row, cnfm_flag: '1' }))
    const confirm = (rows: object[]) =>
      call('3261', { data: { ...MONTH, totalrow: rows.length }, detail: rows })
    expect((await confirm(detail.slice(1))).err_msg).toBe('data.totalrow：应为2行')
    const wrong = [{ ...detail[0], medfee_sumamt: 1 }, detail[1] ?? {}]
    expect((await confirm(wrong)).err_msg).toBe('detail[0].medfee_sumamt：与中心结算不一致')
    const confirmed = await confirm(detail)
    expect(confirmed.infcode).toBe(0)
    expect((await confirm(detail)).err_msg).toBe('detail[0].setl_sn：已确认')

    const refund = { psn_no: 'P3', mdtrt_id: settled.mdtrt_id, setl_id: settled.setl_id }
    expect((await call('2208', { data: refund })).err_msg).toBe(
      'data.setl_id：已纳入跨省清分，请先回退(3262)',
    )
    const back = { ...MONTH, otransid: confirmed.inf_refmsgid }
    expect((await call('3262', { data: back })).infcode).toBe(0)
    expect((await call('3262', { data: back })).infcode).toBe(-1)
    expect((await call('2208', { data: refund })).infcode).toBe(0)
    const left = rowsOf(await call('3260', { data: { ...MONTH, startrow: 1 } }), 'data')
    expect(left).toHaveLength(1)
  })

  it('gives a hundred rows a page', async () => {
    await start()
    for (let no = 1; no <= 102; no += 1) await settle(`V${no}`)
    const page = async (startrow: number) =>
      rowsOf(await call('3260', { data: { ...MONTH, startrow } }), 'data')
    expect(await page(1)).toHaveLength(100)
    expect((await page(101)).map((row) => row.seqno)).toEqual([101, 102])
    expect(await page(103)).toEqual([])
  }, 60_000)
})

describe('a person found in two areas', () => {
  it('has both in 1101, and is settled by the one that is named', async () => {
    centre = await startTestCentre({
      secondInsurances: [
        {
          personNo: 'P1',
          insurance: {
            personNo: 'P1',
            scheme: '390',
            status: 'suspended',
            admdvs: HOME,
            accountBalanceFen: fen(0),
            retired: false,
          },
        },
      ],
    })
    await centre.client.signIn()
    const who = { mdtrt_cert_type: '02', mdtrt_cert_no: '999900198001010001' }
    const found = rowsOf(await centre.client.call('1101', { data: who }), 'insuinfo')
    expect(found).toMatchObject([
      { insuplc_admdvs: '999900', insutype: '310', psn_insu_stas: '1' },
      { insuplc_admdvs: HOME, insutype: '390', psn_insu_stas: '2' },
    ])
    const { data } = await openBill(centre.client, { visitNo: 'V1', lines: LINES })
    const there = await centre.client.call('2206', { data: { ...data, insutype: '390' } }, from)
    expect(there.err_msg).toBe('data.psn_no：参保状态为暂停参保，不能享受医保待遇')
    const nowhere = await centre.client.call('2206', { data }, { insuplc_admdvs: '999700' })
    expect(nowhere.err_msg).toBe('insuplc_admdvs：与人员参保地不一致')
    expect((await centre.client.call('2207', { data })).infcode).toBe(0)
  })
})
