import { describe, expect, it } from 'vitest'

import { fen } from '../../../../kernel/money.ts'
import { PROFILES } from '../profile.ts'
import { yuan } from '../wire.ts'
import { brokenInput, checkedOutput } from './check.ts'
import { rulesOf } from './table.ts'

const standard = PROFILES.standard
const query = { psn_no: 'P1', setl_id: '', mdtrt_id: 'M1' }
const upload = (changes: object) => ({
  feedetail: [
    {
      feedetl_sn: 'L1',
      mdtrt_id: 'M1',
      psn_no: 'P1',
      chrg_bchno: 'B1',
      rx_circ_flag: '0',
      fee_ocur_time: '2026-11-21 09:00:00',
      med_list_codg: 'N1',
      medins_list_codg: 'O1',
      det_item_fee_sumamt: yuan(fen(1_250)),
      cnt: 1,
      pric: yuan(fen(1_250)),
      bilg_dept_codg: 'K1',
      bilg_dept_name: '内科',
      bilg_dr_codg: 'D1',
      bilg_dr_name: '张',
      hosp_appr_flag: '0',
      ...changes,
    },
  ],
})

describe('what is sent', () => {
  it.each<[object, string | null]>([
    [{}, null],
    [{ bilg_dr_name: '医'.repeat(50) }, null],
    [{ bilg_dr_name: '医'.repeat(51) }, 'feedetail[0].bilg_dr_name is longer than 50'],
    [{ bilg_dr_codg: '' }, 'feedetail[0].bilg_dr_codg is required'],
    [{ cnt: 0.12345 }, 'feedetail[0].cnt is not a decimal of 16,4'],
    [{ cnt: 1e-7 }, 'feedetail[0].cnt is not a decimal of 16,4'],
    [{ fee_ocur_time: '2026-02-30 09:00:00' }, 'feedetail[0].fee_ocur_time is not a time'],
    [{ dise_codg: '' }, null],
  ])('%j is told by its field', (changes, broken) => {
    expect(brokenInput('2204', upload(changes), standard)).toBe(broken)
  })

  it('with a code outside its dictionary is not sent, unless it is the province’s own', () => {
    const data = {
      clr_type: '9902',
      insutype: '310',
      setl_optins: '440300',
      stmt_begndate: '2026-11-21',
      stmt_enddate: '2026-11-21',
      medfee_sumamt: yuan(fen(0)),
      fund_pay_sumamt: yuan(fen(0)),
      acct_pay: yuan(fen(0)),
      fixmedins_setl_cnt: 0,
    }
    expect(brokenInput('3201', { data }, standard)).toBe('data.clr_type is not in its dictionary')
    expect(brokenInput('3201', { data }, PROFILES.guangdong)).toBeNull()
  })

  it('with a field, a node or a type that no table has is a mistake of ours', () => {
    expect(() => brokenInput('5203', { data: { ...query, extra: 'x' } }, standard)).toThrow('extra')
    expect(() => brokenInput('5203', { setlinfo: query }, standard)).toThrow('no node setlinfo')
    expect(() => brokenInput('5203', { data: { ...query, psn_no: 1 } }, standard)).toThrow('psn_no')
    expect(() => brokenInput('5203', { data: { mdtrt_id: 'M1' } }, standard)).toThrow('always sent')
  })
})

describe('what comes back', () => {
  const read = (fields: object) => checkedOutput('5203', { setlinfo: fields }, standard)

  it.each<[object, string]>([
    [{ medfee_sumamt: 'six' }, 'setlinfo.medfee_sumamt is not a decimal of 16,2'],
    [{ medfee_sumamt: 0.001 }, 'setlinfo.medfee_sumamt is not a decimal of 16,2'],
    [{ age: true }, 'setlinfo.age is not a decimal of 4,1'],
    [{ setl_id: 'x'.repeat(31) }, 'setlinfo.setl_id is longer than 30'],
    [{ setl_id: { no: 1 } }, 'setlinfo.setl_id is not a text'],
    [{ setl_time: '2026-13-01 00:00:00' }, 'setlinfo.setl_time is not a time'],
  ])('%j is not believed, and the field is named', (fields, reason) => {
    expect(() => read(fields)).toThrow(reason)
  })

  it('with a code outside its dictionary is kept, and told', () => {
    const { output, unlisted } = read({ clr_type: '9902', insutype: 310 })
    expect(output).toEqual({ setlinfo: { clr_type: '9902', insutype: 310 } })
    expect(unlisted).toEqual(['setlinfo.clr_type=9902'])
  })

  it('has its right names again, of fields and of an only node', () => {
    expect(read({ psn_pay: 1, cash_payamt: 2, acct_pay: null }).output).toEqual({
      setlinfo: { psn_part_amt: 1, psn_cash_pay: 2, acct_pay: null },
    })
    expect(read({ psn_cash_pay: 1, cash_payamt: 2 }).output).toEqual({
      setlinfo: { psn_cash_pay: 1, cash_payamt: 2 },
    })
    const rows = [{ insutype: '310', year: '2026', cum_ym: '202611', cum_type_code: 'X', cum: 1 }]
    for (const output of [rows, { data: rows }, { cuminfo: rows }]) {
      expect(checkedOutput('5206', output, standard).output).toMatchObject({ cuminfo: rows })
    }
  })

  it('may be out of shape where the province is known for it', () => {
    const lax = { ...standard, unchecked: ['age'], lengths: { setl_id: 40 } }
    const fields = { age: '35岁', setl_id: 'x'.repeat(40) }
    expect(checkedOutput('5203', { setlinfo: fields }, lax).unlisted).toEqual([])
  })
})

it('a table is read as it is written', () => {
  const [data] = rulesOf('2207').input
  expect(data?.fields.get('medfee_sumamt')).toEqual({
    name: 'medfee_sumamt',
    shape: 'decimal',
    length: 16,
    decimals: 2,
    isRequired: true,
    isListed: false,
  })
  expect(rulesOf('2203').input.map((node) => [node.name, node.isList])).toEqual([
    ['mdtrtinfo', false],
    ['diseinfo', true],
  ])
})
