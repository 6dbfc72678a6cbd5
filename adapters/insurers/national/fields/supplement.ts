// What the field tables of the base line leave out or have wrong. Where only general knowledge of the
// interface stands behind a row it is said; such rows are for a province to confirm.

function monthAnd(row: string): string[] {
  return ['trt_year string(4) required', 'trt_month string(2) required', row]
}

/** By transaction and class: rows like 'psn_no string(30) required dict 人员编号'. */
export type FieldRows = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

/** Rows in place of those of the same name, or added, by transaction, direction and node. */
export const CORRECTIONS: Readonly<Record<string, readonly string[]>> = {
  // Whoever lost the answer to a settlement has no setl_id yet.
  '5203 in data': ['setl_id string(30)'],
  // The spellings of these answers are aliases of the profile; the tables hold one name for one thing.
  '2208 out setlinfo': ['pdn_cash_pay string left-out', 'psn_cash_pay decimal(16,2)'],
  '5203 out setlinfo': [
    'psn_pay string left-out',
    'psn_part_amt decimal(16,2)',
    'cash_payamt string left-out',
    'psn_cash_pay decimal(16,2)',
  ],
  '5204 out feedetail[]': ['opt_timeP string left-out', 'opt_time datetime'],
  // The columns of the uploaded file stand among the fields in the source.
  '3202 in data': [
    'clr_type string(6) required dict',
    'setl_id string left-out',
    'mdtrt_id string left-out',
    'psn_no string left-out',
    'acct_pay string left-out',
    'refd_setl_flag string left-out',
  ],
  '3202 out fileinfo[]': [
    'psn_no string left-out',
    'mdtrt_id string left-out',
    'setl_id string left-out',
    'msgid string left-out',
    'stmt_rslt string left-out',
    'refd_setl_flag string left-out',
  ],
  '3201 in data': ['refd_setl_flag string(3)'],
  '9101 in fsUploadIn': ['in bytes required'],
  // Without a code: everybody of that category, everything since that day.
  '1901 in data': ['parentValue string(10)', 'admdvs string(6)', 'date date', 'valiFlag string(3)'],
  '2402 in dscginfo': ['endtime datetime required', 'dscg_way string(3) required dict'],
  '2403 in adminfo': ['endtime datetime', 'mdtrt_cert_type string(3) dict'],
  '2301 in feedetail[]': ['feedetl_sn string(30) required', 'init_feedetl_sn string(30)'],
  // Identity cards of some regions are longer than the base line has it.
  '1101 in data': ['mdtrt_cert_no string(50) required', 'psn_cert_type string(6) dict'],
  // Untyped in the source; of these it tells the form in words.
  '3260 in data': monthAnd('startrow decimal(10,0) required'),
  '3260 out data[]': [
    'seqno decimal(10,0)',
    'mdtrtarea string(6)',
    'medins_no string(30)',
    'mdtrt_setl_time datetime',
    'setl_sn string(30)',
    'fulamt_advpay_flag string(3)',
    'optins_pay_sumamt decimal(16,2)',
  ],
  '3261 in data': monthAnd('totalrow decimal(10,0) required'),
  '3261 in detail[]': [
    'certno string(50) required',
    'mdtrt_setl_time datetime required',
    'setl_sn string(30) required',
    'optins_pay_sumamt decimal(16,2) required',
    'cnfm_flag string(3) required',
  ],
  '3262 in data': monthAnd('otransid string(30) required'),
  '5301 in data': ['psn_no string(30) required'],
}

/** Transactions and classes that the tables do not hold. */
export const SUPPLEMENT: FieldRows = {
  // Its answer is not in the tables: general knowledge.
  '1317': {
    Out1317: [
      'fixmedins_code string(30) required',
      'medins_list_codg string(150) required',
      'medins_list_name string(200)',
      'insu_admdvs string(6) dict',
      'list_type string(3) required dict',
      'med_list_codg string(50) required',
      'begndate date required',
      'enddate date',
      'spec string(200)',
      'memo string(500)',
      'vali_flag string(3) required dict',
      'rid string(40)',
      'updt_time date',
    ],
  },
  // 3203 and 3204: general knowledge of the interface.
  '3203': {
    In3203: [
      'clr_type string(6) required dict',
      'clr_way string(6) required dict',
      'setlym string(6) required',
      'psntime decimal(10,0) required',
      'medfee_sumamt decimal(16,2) required',
      'med_sumfee decimal(16,2) required',
      'fund_appy_sum decimal(16,2) required',
      'cash_payamt decimal(16,2) required',
      'acct_pay decimal(16,2) required',
      'begndate date required',
      'enddate date required',
    ],
    Out3203: ['clr_appy_evt_id string(30) required'],
  },
  '3204': { In3204: ['clr_appy_evt_id string(30) required'] },
  // 2502 and the answers of 25xx and 53xx: general knowledge.
  '2501': {
    Input2501Refmedin: [
      'psn_no string(30) required',
      'insutype string(6) required dict',
      'tel string(50)',
      'addr string(200)',
      'insu_optins string(6) required',
      'diag_code string(20) required',
      'diag_name string(100) required',
      'dise_cond_dscr string(2000)',
      'reflin_medins_no string(30) required',
      'reflin_medins_name string(200) required',
      'mdtrtarea_admdvs string(6) required',
      'hosp_agre_refl_flag string(3)',
      'refl_type string(6) required dict',
      'refl_date date required',
      'refl_rea string(100) required',
      'refl_opnn string(200) required',
      'begndate date required',
      'enddate date',
    ],
    Out2501: ['trt_dcla_detl_sn string(30) required'],
  },
  '2502': {
    In2502: [
      'trt_dcla_detl_sn string(30) required',
      'psn_no string(30) required',
      'memo string(500) required',
    ],
  },
  '5301': {
    In5301: ['psn_no string(30) required'],
    Out5301: [
      'opsp_dise_code string(30) required',
      'opsp_dise_name string(300) required',
      'begndate date required',
      'enddate date',
    ],
  },
  '5302': {
    In5302: ['psn_no string(30) required', 'biz_appy_type string(6) required dict'],
    Out5302: [
      'psn_no string(30) required',
      'insutype string(6) dict',
      'fix_srt_no string(6)',
      'fixmedins_code string(12) required',
      'fixmedins_name string(200) required',
      'begndate date required',
      'enddate date',
      'memo string(500)',
    ],
  },
  '5304': {
    In5304: ['psn_no string(30) required', 'begntime datetime required', 'endtime datetime'],
    Out5304: [
      'psn_no string(30)',
      'insutype string(6) dict',
      'insu_optins string(6)',
      'mdtrtarea_admdvs string(6)',
      'reflin_medins_no string(30)',
      'reflin_medins_name string(200)',
      'refl_type string(6) dict',
      'refl_date date',
      'refl_rea string(100)',
      'begndate date required',
      'enddate date',
      'refl_used_flag string(3)',
      'trt_dcla_detl_sn string(30)',
    ],
  },
  // 3101 and 3102: general knowledge; what a province wants beyond is its own.
  '3101': {
    In3101: [
      'syscode string(50) required',
      'trig_scen string(3) required dict',
      'task_id string(50)',
      'patn_id string(50) required',
      'patn_name string(50) required',
      'gend string(6) dict',
      'brdy date',
      'curr_mdtrt_id string(50) required',
      'insutype string(6) dict',
      'med_type string(6) dict',
      'diag_code string(20)',
      'diag_name string(100)',
      'fsi_order_dtos list required',
    ],
    Out3101: [
      'jr_id string(50) required',
      'rule_id string(50) required',
      'rule_name string(500) required',
      'vola_cont string(4000)',
      'mdtrt_id string(30)',
      'feedetl_sn string(30)',
      'vola_amt decimal(16,2)',
      'sev_deg string(3) dict',
      'vola_evid string(4000)',
      'vola_bhvr_type string(6) dict',
    ],
  },
}
