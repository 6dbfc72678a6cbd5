import type { Notation, TransactionTable } from './rules.ts'

// 11xx, 22xx, 26xx, 90xx, 91xx. Source: the field tables of 医疗保障信息平台定点医药机构接口规范.

const PERSON = `psn_no:s30! psn_name:s50! psn_cert_type:s6! certno:s50! gend:s6#gend naty:s3
  age:n4,1`

/** The amounts that every answer about a settlement carries. */
export const AMOUNTS = `medfee_sumamt:m! fulamt_ownpay_amt:m! overlmt_selfpay:m! preselfpay_amt:m!
  inscp_scp_amt:m! act_pay_dedc:m hifp_pay:m! pool_prop_selfpay:n5,4! cvlserv_pay:m! hifes_pay:m!
  hifmi_pay:m! hifob_pay:m! maf_pay:m! oth_pay:m! fund_pay_sumamt:m! acct_pay:m! balc:m!
  acct_mulaid_pay:m! medins_setl_id:s30!`

const SETTLED = `mdtrt_id:s30! ${PERSON} insutype:s6!#insutype psn_type:s6!#psn_type
  cvlserv_flag:s3! mdtrt_cert_type:s3#mdtrt_cert_type med_type:s6!#med_type ${AMOUNTS}
  psn_part_amt:m! psn_cash_pay:m! hosp_part_amt:m! clr_optins:s6 clr_way:s6#clr_way
  clr_type:s6!#clr_type`

export const FUND_ROW = `fund_pay_type:s6!#fund_pay_type inscp_scp_amt:m! crt_payb_lmt_amt:m!
  fund_payamt:m! fund_pay_type_name:s200 setl_proc_info:s4000`

export const settlementAnswer = (withId: boolean): Notation => ({
  setlinfo: withId ? `setl_id:s30! ${SETTLED}` : SETTLED,
  'setldetail[99]': FUND_ROW,
})

const SETTLE = `psn_no:s30! mdtrt_cert_type:s3!#mdtrt_cert_type mdtrt_cert_no:s50
  med_type:s6!#med_type medfee_sumamt:m! psn_setlway:s6!#psn_setlway mdtrt_id:s30! chrg_bchno:s30!
  acct_used_flag:s1!#yes_no insutype:s6!#insutype`

const STAFF = `bilg_dept_codg:s30! bilg_dept_name:s100! bilg_dr_codg:s30! bilg_dr_name:s50!
  acord_dept_codg:s30 acord_dept_name:s100 orders_dr_code:s30 orders_dr_name:s50 hosp_appr_flag:s3`

export const LINE_STAFF = `${STAFF} tcmdrug_used_way:s6 etip_flag:s3 etip_hosp_code:s30
  dscg_tkdrug_flag:s3 matn_fee_flag:s6`

export const LINE_RESULT = `feedetl_sn:s30! det_item_fee_sumamt:m! cnt:n16,4! pric:n16,6!
  pric_uplmt_amt:n16,6! selfpay_prop:n5,4 fulamt_ownpay_amt:m overlmt_amt:m preselfpay_amt:m
  inscp_scp_amt:m chrgitm_lv:s3!#chrgitm_lv med_chrgitm_type:s6!#med_chrgitm_type bas_medn_flag:s3
  hi_nego_drug_flag:s3 chld_medc_flag:s3 list_sp_item_flag:s3 lmt_used_flag:s3! drt_reim_flag:s3
  memo:s500`

export const OUTPATIENT: Readonly<Record<string, TransactionTable>> = {
  '9001': {
    in: { signIn: 'opter_no:s20! mac:s20! ip:s20!' },
    out: { signinoutb: 'sign_time:t! sign_no:s30!' },
  },
  '9002': {
    in: { signOut: 'sign_no:s30 opter_no:s20!' },
    out: { signoutoutb: 'sign_time:t!' },
  },
  '9101': {
    in: { fsUploadIn: 'filename:s200! fixmedins_code:s30!' },
    out: { '': 'file_qury_no:s30! filename:s200! fixmedins_code:s30! dld_endtime:s30' },
  },
  '9102': {
    in: { fsDownloadIn: 'file_qury_no:s40! filename:s200! fixmedins_code:s30!' },
    out: null,
  },
  '1101': {
    in: {
      data: `mdtrt_cert_type:s3!#mdtrt_cert_type mdtrt_cert_no:s50! card_sn:s32 begntime:t
        psn_cert_type:s6 certno:s50 psn_name:s50`,
    },
    out: {
      baseinfo: `psn_no:s30! psn_cert_type:s6! certno:s50! psn_name:s50! gend:s6!#gend naty:s3
        brdy:d age:n4,1!`,
      'insuinfo[9]': `balc:m! insutype:s6!#insutype psn_type:s6!#psn_type
        psn_insu_stas:s6!#psn_insu_stas cvlserv_flag:s3! insuplc_admdvs:s6! emp_name:s200`,
    },
  },
  '2201': {
    in: {
      data: `psn_no:s30! insutype:s6!#insutype begntime:t! mdtrt_cert_type:s3!#mdtrt_cert_type
        mdtrt_cert_no:s50! ipt_otp_no:s30! atddr_no:s30! dr_name:s50! dept_code:s30!
        dept_name:s100! caty:s6!`,
    },
    out: { data: 'mdtrt_id:s30! psn_no:s30! ipt_otp_no:s30!' },
  },
  '2202': { in: { data: 'psn_no:s30! mdtrt_id:s30! ipt_otp_no:s30!' }, out: null },
  '2203': {
    in: {
      mdtrtinfo: `mdtrt_id:s30! psn_no:s30! med_type:s6!#med_type begntime:t! main_cond_dscr:s1000
        dise_codg:s30 dise_name:s500 birctrl_type:s6 birctrl_matn_date:d`,
      'diseinfo[50]': `diag_type:s3! diag_srt_no:n2,0! diag_code:s20! diag_name:s100!
        diag_dept:s50! dise_dor_no:s30! dise_dor_name:s50! diag_time:t! vali_flag:s3!#yes_no`,
    },
    out: null,
  },
  '2204': {
    in: {
      'feedetail[100]': `feedetl_sn:s30! mdtrt_id:s30! psn_no:s30! chrg_bchno:s30! dise_codg:s30
        rxno:s30 rx_circ_flag:s3! fee_ocur_time:t! med_list_codg:s50! medins_list_codg:s150!
        det_item_fee_sumamt:m! cnt:n16,4! pric:n16,6! sin_dos_dscr:s200 used_frqu_dscr:s200
        prd_days:n4,2 medc_way_dscr:s200 ${LINE_STAFF}`,
    },
    out: { 'result[100]': LINE_RESULT },
  },
  '2205': { in: { data: 'mdtrt_id:s30! chrg_bchno:s30! psn_no:s30!' }, out: null },
  '2206': { in: { data: SETTLE }, out: settlementAnswer(false) },
  '2207': {
    in: {
      data: `${SETTLE} invono:s20 fulamt_ownpay_amt:m overlmt_selfpay:m preselfpay_amt:m
        inscp_scp_amt:m`,
    },
    out: settlementAnswer(true),
  },
  '2208': {
    in: { data: 'setl_id:s30! mdtrt_id:s30! psn_no:s30!' },
    out: {
      setlinfo: `mdtrt_id:s30! setl_id:s30! clr_optins:s6 setl_time:t! ${AMOUNTS} psn_part_amt:m
        pdn_cash_pay:m!`,
      'setldetail[99]': FUND_ROW,
    },
  },
  '2601': { in: { data: 'psn_no:s30! omsgid:s30! oinfno:s4!' }, out: null },
}
