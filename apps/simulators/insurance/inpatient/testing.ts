import { assert } from '../../../../kernel/assert.ts'
import { type Answer, type createClient, fenOf, nodeOf, yuanOf } from '../testing.ts'

// What the tests of stays share. The person is P1 of ../testing.ts unless told.

type Client = ReturnType<typeof createClient>

export const admission = (changes: object = {}) => ({
  mdtrtinfo: {
    psn_no: 'P1',
    insutype: '310',
    begntime: '2026-11-20 08:00:00',
    mdtrt_cert_type: '02',
    mdtrt_cert_no: '999900198001010001',
    med_type: '21',
    ipt_no: 'I1',
    atddr_no: 'D1',
    chfpdr_name: '张医生',
    adm_diag_dscr: '肺炎',
    adm_dept_codg: 'K1',
    adm_dept_name: '呼吸内科',
    adm_bed: '12',
    dscg_maindiag_code: 'J18.900',
    dscg_maindiag_name: '肺炎',
    ...changes,
  },
  diseinfo: [diagnosis({})],
})

const diagnosis = (ids: object) => ({
  psn_no: 'P1',
  ...ids,
  diag_type: '1',
  maindiag_flag: '1',
  diag_srt_no: 1,
  diag_code: 'J18.900',
  diag_name: '肺炎',
  diag_dept: '呼吸内科',
  dise_dor_no: 'D1',
  dise_dor_name: '张医生',
  diag_time: '2026-11-20 09:00:00',
})

export const stayLine = (
  ids: object,
  line: { sn: string; code: string; yuan: string; cnt?: number; of?: string },
) => ({
  psn_no: 'P1',
  ...ids,
  feedetl_sn: line.sn,
  init_feedetl_sn: line.of ?? null,
  med_type: '21',
  fee_ocur_time: '2026-11-20 10:00:00',
  med_list_codg: line.code,
  medins_list_codg: `local-${line.code}`,
  det_item_fee_sumamt: yuanOf(fenOf(line.yuan) * (line.cnt ?? 1)),
  cnt: line.cnt ?? 1,
  pric: line.yuan,
  bilg_dept_codg: 'K1',
  bilg_dept_name: '呼吸内科',
  bilg_dr_codg: 'D1',
  bilg_dr_name: '张医生',
})

/** A stay with its lines, discharged: what 2303 and 2304 then take. */
export async function openStay(
  client: Client,
  of: { iptNo: string; lines: { code: string; yuan: string }[]; changes?: object },
) {
  const admitted = await client.call('2401', admission({ ipt_no: of.iptNo, ...of.changes }))
  const ids = { mdtrt_id: String(nodeOf(admitted, 'result').mdtrt_id), psn_no: 'P1' }
  const lines = of.lines.map((line, index) => stayLine(ids, { sn: `F${index + 1}`, ...line }))
  ok(await client.call('2301', { feedetail: lines }))
  ok(await client.call('2402', discharge(ids)))
  const total = of.lines.reduce((sum, line) => sum + fenOf(line.yuan), 0)
  return { ids, data: settling(ids, total) }
}

export const discharge = (ids: object) => ({
  dscginfo: { ...ids, insutype: '310', endtime: '2026-11-21 08:00:00', dscg_way: '1' },
  diseinfo: [diagnosis(ids)],
})

export const settling = (ids: object, totalFen: number) => ({
  ...ids,
  mdtrt_cert_type: '02',
  mdtrt_cert_no: '999900198001010001',
  medfee_sumamt: yuanOf(totalFen),
  psn_setlway: '01',
  acct_used_flag: '1',
  insutype: '310',
})

export function ok(answer: Answer): Answer {
  assert(answer.infcode === 0, answer.err_msg)
  return answer
}
