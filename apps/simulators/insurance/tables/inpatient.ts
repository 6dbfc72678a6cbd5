import { AMOUNTS, FUND_ROW, LINE_RESULT, LINE_STAFF, settlementAnswer } from './outpatient.ts'
import type { TransactionTable } from './rules.ts'

// 23xx and 24xx. The public tables of these give no lengths: those of the same fields elsewhere.

const BIRTH = `fpsc_no:s50 matn_type:s6 birctrl_type:s6 latechb_flag:s3 geso_val:n2,0 fetts:n3,0
  fetus_cnt:n3,0 pret_flag:s3 birctrl_matn_date:d`

const ADMISSION = `coner_name:s50 tel:s50 begntime:t! mdtrt_cert_type:s3!#mdtrt_cert_type
  med_type:s6!#med_type medrcdno:s30 atddr_no:s30! chfpdr_name:s50! adm_diag_dscr:s200!
  adm_dept_codg:s30! adm_dept_name:s100! adm_bed:s30! dscg_maindiag_code:s20!
  dscg_maindiag_name:s300! main_cond_dscr:s1000 dise_codg:s30 dise_name:s500 oprn_oprt_code:s30
  oprn_oprt_name:s500 ${BIRTH}`

const DIAGNOSIS = `psn_no:s30! diag_type:s3! maindiag_flag:s3!#yes_no diag_srt_no:n2,0!
  diag_code:s20! diag_name:s100! adm_cond:s500 diag_dept:s50! dise_dor_no:s30! dise_dor_name:s50!
  diag_time:t!`

const SETTLE = `psn_no:s30! mdtrt_cert_type:s3!#mdtrt_cert_type mdtrt_cert_no:s50 medfee_sumamt:m!
  psn_setlway:s6!#psn_setlway mdtrt_id:s30! acct_used_flag:s1#yes_no insutype:s6#insutype
  invono:s20 mid_setl_flag:s3#yes_no`

export const INPATIENT: Readonly<Record<string, TransactionTable>> = {
  '2401': {
    in: {
      mdtrtinfo: `psn_no:s30! insutype:s6!#insutype mdtrt_cert_no:s50 ipt_no:s30! ${ADMISSION}`,
      'diseinfo[50]': DIAGNOSIS,
    },
    out: { result: 'mdtrt_id:s30!' },
  },
  '2402': {
    in: {
      dscginfo: `mdtrt_id:s30! psn_no:s30! insutype:s6#insutype endtime:t! dise_codg:s30
        dise_name:s500 oprn_oprt_code:s30 oprn_oprt_name:s500 ${BIRTH} cop_flag:s3
        dscg_dept_codg:s30 dscg_dept_name:s100 dscg_bed:s30 dscg_way:s3#dscg_way die_date:d`,
      'diseinfo[50]': `mdtrt_id:s30! ${DIAGNOSIS}`,
    },
    out: null,
  },
  '2403': {
    in: {
      adminfo: `mdtrt_id:s30! psn_no:s30! ${ADMISSION} endtime:t! ipt_otp_no:s30!`,
      'diseinfo[50]': `mdtrt_id:s30! ${DIAGNOSIS}`,
    },
    out: null,
  },
  '2404': { in: { data: 'mdtrt_id:s30! psn_no:s30!' }, out: null },
  '2405': { in: { data: 'mdtrt_id:s30! psn_no:s30!' }, out: null },
  '2301': {
    in: {
      'feedetail[100]': `feedetl_sn:s30! init_feedetl_sn:s30 mdtrt_id:s30! drord_no:s30 psn_no:s30!
        med_type:s6!#med_type fee_ocur_time:t! med_list_codg:s50! medins_list_codg:s150!
        det_item_fee_sumamt:m! pric:n16,6! ${LINE_STAFF} memo:s500`,
    },
    out: { 'result[100]': LINE_RESULT },
  },
  '2302': { in: { 'data[100]': 'feedetl_sn:s30 mdtrt_id:s30! psn_no:s30!' }, out: null },
  '2303': { in: { data: SETTLE }, out: settlementAnswer(false) },
  '2304': { in: { data: SETTLE }, out: settlementAnswer(true) },
  '2305': {
    in: { data: 'mdtrt_id:s30! setl_id:s30! psn_no:s30!' },
    out: {
      setlinfo: `mdtrt_id:s30! setl_id:s30! clr_optins:s6 setl_time:t! ${AMOUNTS} psn_part_amt:m
        psn_cash_pay:m!`,
      'setldetail[99]': FUND_ROW,
    },
  },
}
