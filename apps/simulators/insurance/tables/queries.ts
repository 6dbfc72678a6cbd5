import { AMOUNTS, FUND_ROW } from './outpatient.ts'
import type { TransactionTable } from './rules.ts'

// 12xx, 19xx, 20xx, 25xx, 31xx, 32xx, 52xx and 53xx.

const PERSON = `psn_no:s30! psn_cert_type:s6! certno:s50! psn_name:s50! gend:s6!#gend naty:s3 brdy:d
  age:n4,1`

const STATEMENT = `setl_optins:s6! stmt_begndate:d! stmt_enddate:d! medfee_sumamt:m!
  fund_pay_sumamt:m! fixmedins_setl_cnt:n10,0! clr_type:s6!#clr_type`

const USED_ITEM = `cnt:n16,4! pric:n16,6! hilist_code:s50! hilist_name:s200! list_type:s6!#list_type
  med_list_codg:s50! medins_list_codg:s150! medins_list_name:s100!
  med_chrgitm_type:s6!#med_chrgitm_type prodname:s200 spec:s200 fee_ocur_time:t!
  med_type:s6!#med_type`

const FILING = `psn_no:s30! insutype:s6#insutype tel:s50 addr:s200 insu_optins:s6`
const FILED = { result: 'trt_dcla_detl_sn:s30!' }
const CANCEL_FILING = { data: 'trt_dcla_detl_sn:s30! psn_no:s30! memo:s500!' }
const PERIOD = 'psn_no:s30! begntime:t! endtime:t'

const ELSEWHERE_ROW = `certno:s50! mdtrt_id:s30! mdtrt_setl_time:t! setl_sn:s30! medfee_sumamt:m!
  optins_pay_sumamt:m!`
const MONTH = 'trt_year:s4! trt_month:s2!'

const REVIEW: TransactionTable = {
  in: {
    data: `syscode:s50! trig_scen:s3! task_id:s50 patn_id:s50! patn_name:s50! gend:s6#gend brdy:d
      curr_mdtrt_id:s50! insutype:s6#insutype med_type:s6#med_type diag_code:s20 diag_name:s100`,
  },
  out: {
    'result[999]?': `jr_id:s50! rule_id:s50! rule_name:s500! vola_cont:s4000 mdtrt_id:s30
      feedetl_sn:s30 vola_amt:m sev_deg:s3 vola_evid:s4000`,
  },
}

export const QUERIES: Readonly<Record<string, TransactionTable>> = {
  '1201': {
    in: { medinsinfo: 'fixmedins_type:s6! fixmedins_name:s200 fixmedins_code:s12' },
    out: {
      'medinsinfo[999]': `fixmedins_code:s12! fixmedins_name:s200! uscc:s50! fixmedins_type:s6!
        hosp_lv:s6`,
    },
  },
  '1901': {
    in: { data: 'type:s30! parentValue:s10 admdvs:s6! date:d! valiFlag:s3!#yes_no' },
    out: {
      'list[999]': `type:s30! label:s50! value:s20! parentValue:s10 sort:n4,0 valiFlag:s3!
        createUser:s30! createDate:d! version:s20`,
    },
  },
  '2001': {
    in: {
      data: `psn_no:s30! insutype:s6!#insutype fixmedins_code:s12! med_type:s6!#med_type begntime:t!
        endtime:t dise_codg:s30 dise_name:s500 oprn_oprt_code:s30 oprn_oprt_name:s500 matn_type:s6
        birctrl_type:s6`,
    },
    out: {
      'trtinfo[99]': `psn_no:s30! trt_chk_type:s6! fund_pay_type:s6!#fund_pay_type
        trt_enjymnt_flag:s3!#yes_no begndate:d! enddate:d trt_chk_rslt:s500`,
    },
  },
  '2501': {
    in: {
      refmedin: `${FILING} diag_code:s20! diag_name:s100! dise_cond_dscr:s2000
        reflin_medins_no:s30! reflin_medins_name:s200! mdtrtarea_admdvs:s6!
        hosp_agre_refl_flag:s3#yes_no refl_type:s6! refl_date:d! refl_rea:s1000! refl_opnn:s200!
        begndate:d enddate:d`,
    },
    out: FILED,
  },
  '2502': { in: CANCEL_FILING, out: null },
  '2503': {
    in: {
      data: `${FILING} opsp_dise_code:s30! opsp_dise_name:s300! ide_fixmedins_no:s30!
        ide_fixmedins_name:s200! hosp_ide_date:d! diag_dr_codg:s30! diag_dr_name:s50! begndate:d!
        enddate:d`,
    },
    out: FILED,
  },
  '2504': { in: CANCEL_FILING, out: null },
  '2505': {
    in: {
      data: `${FILING} biz_appy_type:s6! begndate:d! enddate:d fix_srt_no:s3! fixmedins_code:s12!
        fixmedins_name:s200! memo:s500`,
    },
    out: FILED,
  },
  '2506': { in: CANCEL_FILING, out: null },
  '2507': {
    in: {
      data: `${FILING} mdtrt_id:s30 acdt_time:t! acdt_site:s200! acdt_rea:s1000! begndate:d
        enddate:d`,
    },
    out: FILED,
  },
  '3201': {
    in: { data: `insutype:s6!#insutype ${STATEMENT} acct_pay:m! REFD_SETL_FLAG:s3#yes_no` },
    out: { stmtinfo: 'setl_optins:s6 stmt_rslt:s6!#stmt_rslt stmt_rslt_dscr:s200' },
  },
  '3202': {
    in: { data: `${STATEMENT} file_qury_no:s30! cash_payamt:m! insutype:s6#insutype` },
    out: { fileinfo: 'file_qury_no:s30! filename:s200! dld_endtime:t!' },
  },
  '3101': REVIEW,
  '3102': REVIEW,
  '3203': {
    in: {
      data: `clr_type:s6!#clr_type clr_way:s6!#clr_way setlym:s6! psntime:n10,0! medfee_sumamt:m!
        fund_appy_sum:m! acct_pay:m! cash_payamt:m! begndate:d! enddate:d!`,
    },
    out: { result: 'clr_appy_evt_id:s30!' },
  },
  '3204': { in: { data: 'clr_appy_evt_id:s30!' }, out: null },
  '3260': {
    in: { data: `${MONTH} startrow:n10,0!` },
    out: {
      'data[100]': `seqno:n10,0! mdtrtarea:s6! medins_no:s30! fulamt_advpay_flag:s3!#yes_no
        ${ELSEWHERE_ROW}`,
    },
  },
  '3261': {
    in: {
      data: `${MONTH} totalrow:n10,0!`,
      'detail[1000]': `${ELSEWHERE_ROW} cnfm_flag:s3!#yes_no`,
    },
    out: null,
  },
  '3262': { in: { data: `${MONTH} otransid:s30!` }, out: null },
  '5201': {
    in: { data: 'psn_no:s30! begntime:t! endtime:t! med_type:s6!#med_type mdtrt_id:s30' },
    out: {
      'mdtrtinfo[999]': `mdtrt_id:s30! ${PERSON} insutype:s6!#insutype psn_type:s6!#psn_type
        cvlserv_flag:s3! insu_optins:s6 begntime:t! endtime:t mdtrt_cert_type:s3#mdtrt_cert_type
        med_type:s6!#med_type ipt_otp_no:s30 inhosp_stas:s3#inhosp_stas opt_time:t`,
    },
  },
  '5202': {
    in: { data: 'mdtrt_id:s30! psn_no:s30!' },
    out: {
      'diseinfo[99]': `diag_info_id:s40! mdtrt_id:s30! psn_no:s30! inout_diag_type:s3! diag_type:s3!
        maindiag_flag:s3!#yes_no diag_srt_no:n2,0! diag_code:s20! diag_name:s100! diag_dept:s50!
        dise_dor_no:s30! dise_dor_name:s50! diag_time:t!`,
    },
  },
  '5203': {
    in: { data: 'psn_no:s30! setl_id:s30 mdtrt_id:s30!' },
    out: {
      setlinfo: `setl_id:s30! mdtrt_id:s30! ${PERSON} insutype:s6!#insutype psn_type:s6!#psn_type
        cvlserv_flag:s3! pay_loc:s6! fixmedins_code:s12! fixmedins_name:s200! hosp_lv:s6
        fixmedins_poolarea:s6 begndate:d! enddate:d! setl_time:t! mdtrt_cert_type:s3#mdtrt_cert_type
        med_type:s6!#med_type clr_type:s6!#clr_type clr_way:s6#clr_way clr_optins:s6 ${AMOUNTS}
        psn_pay:m! cash_payamt:m! refd_setl_flag:s3!#yes_no year:s4! invono:s20 opter_id:s20
        opter_name:s50 opt_time:t`,
      'setldetail[99]': FUND_ROW,
    },
  },
  '5204': {
    in: { data: 'psn_no:s30! setl_id:s30 mdtrt_id:s30!' },
    out: {
      'feedetail[9999]': `mdtrt_id:s30! setl_id:s30! feedetl_sn:s30! det_item_fee_sumamt:m!
        pric_uplmt_amt:n16,6! selfpay_prop:n5,4 fulamt_ownpay_amt:m overlmt_amt:m preselfpay_amt:m
        inscp_scp_amt:m chrgitm_lv:s3!#chrgitm_lv dosform_name:s200 ${USED_ITEM}`,
    },
  },
  '5205': {
    in: { data: PERIOD },
    out: {
      'feedetail[9999]': `feedetl_sn:s30! fixmedins_code:s12 fixmedins_name:s200! psn_no:s30!
        chrgitm_lv:s3#chrgitm_lv ${USED_ITEM}`,
    },
  },
  '5206': {
    in: { data: 'psn_no:s30! cum_ym:s6' },
    out: {
      'cuminfo[999]': 'insutype:s6!#insutype year:s4! cum_ym:s6! cum_type_code:s20! cum:m!',
    },
  },
  '5261': {
    in: { data: 'psn_no:s30! setl_id:s30! mdtrt_id:s30!' },
    out: {
      data: `setl_id:s30! mdtrt_id:s30! ${PERSON} fixmedins_name:s200! setl_time:t! medfee_sumamt:m!
        fund_pay_sumamt:m! acct_pay:m! psn_cash_pay:m! balc:m!`,
    },
  },
  '5301': {
    in: { data: 'psn_no:s30!' },
    out: { 'feedetail[99]': 'opsp_dise_code:s30! opsp_dise_name:s300! begndate:d! enddate:d' },
  },
  '5302': {
    in: { data: 'psn_no:s30! biz_appy_type:s6!' },
    out: {
      'psnfixmedin[99]': `psn_no:s30! fix_srt_no:s3! fixmedins_code:s12! fixmedins_name:s200!
        begndate:d! enddate:d`,
    },
  },
  '5303': {
    in: {
      data: `mdtrt_cert_type:s3!#mdtrt_cert_type mdtrt_cert_no:s50! card_sn:s32 begntime:t
        psn_cert_type:s6 certno:s50 psn_name:s50`,
    },
    out: {
      'data[99]': `mdtrt_id:s30! psn_no:s30! fixmedins_code:s12! fixmedins_name:s200! begntime:t!
        med_type:s6!#med_type ipt_no:s30!`,
    },
  },
  '5304': {
    in: { data: PERIOD },
    out: {
      'refmedin[99]': `trt_dcla_detl_sn:s30! psn_no:s30! diag_code:s20 diag_name:s100
        reflin_medins_no:s30 reflin_medins_name:s200 mdtrtarea_admdvs:s6! refl_type:s6!
        refl_date:d! begndate:d! enddate:d`,
    },
  },
}
