// Made by generate.ts: change base-line.json, nodes.ts or supplement.ts and make it anew.
// The notation of a field is told in table.ts.

export const TITLES = {
  '1101': '人员信息',
  '1201': '医药机构信息',
  '1301': '西药中成药目录下载',
  '1302': '中药饮片目录下载',
  '1303': '医疗机构制剂目录下载',
  '1304': '民族药品目录查询',
  '1305': '医疗服务项目目录下载',
  '1306': '医用耗材目录下载',
  '1307': '疾病与诊断目录下载',
  '1308': '手术操作目录下载',
  '1309': '门诊慢特病种目录下载',
  '1310': '按病种付费病种目录下载',
  '1311': '日间手术治疗病种目录下载',
  '1312': '医保目录信息查询',
  '1313': '肿瘤形态学目录下载',
  '1314': '中医疾病目录下载',
  '1315': '中医证候目录下载',
  '1316': '医疗目录与医保目录匹配信息查询',
  '1317': '医药机构目录匹配信息查询',
  '1318': '医保目录限价信息查询',
  '1319': '医保目录先自付比例信息查询',
  '1901': '字典表查询',
  '2001': '人员待遇检查',
  '2201': '门诊挂号',
  '2202': '挂号撤销',
  '2203': '就诊信息',
  '2204': '费用明细上传',
  '2205': '费用明细撤销',
  '2206': '预结算',
  '2207': '结算',
  '2208': '结算撤销',
  '2301': '住院费用明细上传',
  '2302': '住院费用明细撤销',
  '2303': '住院预结算',
  '2304': '住院结算',
  '2305': '住院结算撤销',
  '2401': '入院办理',
  '2402': '出院办理',
  '2403': '住院信息变更',
  '2404': '入院撤销',
  '2405': '出院撤销',
  '2501': '转院备案',
  '2502': '转院备案撤销',
  '2601': '冲正',
  '3101': '事前审核',
  '3102': '事中审核',
  '3201': '对总账',
  '3202': '对明细账',
  '3203': '清算申请',
  '3204': '清算申请撤销',
  '3260': '异地清分结果提取',
  '3261': '异地清分结果确认',
  '3262': '异地清分结果确认回退',
  '5201': '就诊信息查询',
  '5202': '诊断信息查询',
  '5203': '结算信息查询',
  '5204': '费用明细查询',
  '5205': '人员慢特病用药记录查询',
  '5206': '人员累计信息查询',
  '5301': '人员慢特病备案查询',
  '5302': '人员定点信息查询',
  '5304': '转院信息查询',
  '9001': '签到',
  '9002': '签退',
  '9101': '文件上传',
  '9102': '文件下载',
} as const

export const TABLES = {
  '1101 in data':
    'mdtrt_cert_type:s3# card_sn:s32 begntime:t certno:s50 psn_name:s50 mdtrt_cert_no:s50! psn_cert_type:s6#',
  '1101 out baseinfo':
    'psn_no:s30! psn_cert_type:s6!# certno:s50! psn_name:s50! gend:s6!# naty:s3# brdy:d age:n4.1!',
  '1101 out insuinfo[]':
    'balc:n16.2! insutype:s6!# psn_type:s6!# psn_insu_stas:s6# cvlserv_flag:s3!# insuplc_admdvs:s6! emp_name:s200',
  '1101 out idetinfo[]': 'psn_idet_type:s3!# psn_type_lv:s3# memo:s500',
  '1201 in medinsinfo': 'fixmedins_type:s6!# fixmedins_name:s200 fixmedins_code:s12',
  '1201 out medinsinfo[]':
    'fixmedins_code:s12! fixmedins_name:s200! uscc:s50! fixmedins_type:s6!# hosp_lv:s6#',
  '1301 in data': 'ver:s20!',
  '1301 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1302 in data': 'ver:s20!',
  '1302 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1303 in data': 'ver:s20!',
  '1303 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1304 in data': 'ver:s20!',
  '1304 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1305 in data': 'ver:s20!',
  '1305 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1306 in data': 'ver:s20!',
  '1306 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1307 in data': 'ver:s20!',
  '1307 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1308 in data': 'ver:s20!',
  '1308 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1309 in data': 'ver:s20!',
  '1309 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1310 in data': 'ver:s20!',
  '1310 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1311 in data': 'ver:s20!',
  '1311 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1312 in data':
    'query_date:d hilist_code:s30 insu_admdvs:s6# begndate:d hilist_name:s200 wubi:s30 pinyin:s30 med_chrgitm_type:s6# chrgitm_lv:s3# lmt_used_flag:s3# list_type:s30# med_use_flag:s3# matn_used_flag:s3# hilist_use_type:s3# lmt_cpnd_type:s3# vali_flag:s3# updt_time:d! page_num:n4! page_size:n4!',
  '1312 out data[]':
    'hilist_code:s30! hilist_name:s200! insu_admdvs:s6!# begndate:d! enddate:d med_chrgitm_type:s6!# chrgitm_lv:s3!# lmt_used_flag:s3!# list_type:s3!# med_use_flag:s3!# matn_used_flag:s3!# hilist_use_type:s3!# lmt_cpnd_type:s3!# wubi:s30 pinyin:s30 memo:s500 vali_flag:s3!# rid:s40! updt_time:d! crter_id:s20 crter_name:s50 crte_time:d! crte_optins_no:s20 opter_id:s20 opter_name:s50 opt_time:d optins_no:s20 poolarea_no:s6#',
  '1313 in data': 'ver:s20!',
  '1313 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1314 in data': 'ver:s20!',
  '1314 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1315 in data': 'ver:s20!',
  '1315 out ': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n16.6',
  '1316 in data':
    'query_date:d medins_list_codg:s30 hilist_code:s30 list_type:s30# insu_admdvs:s6# begndate:d vali_flag:s3# updt_time:d! page_num:n4! page_size:n4!',
  '1316 out data[]':
    'med_list_codg:s30! hilist_code:s30! list_type:s3!# insu_admdvs:s6!# begndate:d! enddate:d memo:s500 vali_flag:s3!# rid:s40! updt_time:d! crter_id:s20 crter_name:s50 crte_time:d! crte_optins_no:s20 opter_id:s20 opter_name:s50 opt_time:d optins_no:s20 poolarea_no:s6#',
  '1317 in data':
    'query_date:d fixmedins_code:s30 medins_list_codg:s30 medins_list_name:s200 insu_admdvs:s6# list_type:s30# med_list_codg:s30 begndate:d vali_flag:s3# updt_time:d! page_num:n4! page_size:n4!',
  '1317 out data[]':
    'fixmedins_code:s30! medins_list_codg:s150! medins_list_name:s200 insu_admdvs:s6# list_type:s3!# med_list_codg:s50! begndate:d! enddate:d spec:s200 memo:s500 vali_flag:s3!# rid:s40 updt_time:d',
  '1318 in data':
    'query_date:d hilist_code:s30 hilist_lmtpric_type:s6# overlmt_dspo_way:s6# insu_admdvs:s6# begndate:d enddate:d vali_flag:s3# rid:s40 tabname:s100 poolarea_no:s6# updt_time:d! page_num:n4! page_size:n4!',
  '1318 out data[]':
    'hilist_code:s30! hilist_lmtpric_type:s6!# overlmt_dspo_way:s6!# insu_admdvs:s6!# begndate:d! enddate:d hilist_pric_uplmt_amt:x vali_flag:s3!# rid:s40! updt_time:d! crter_id:s20 crter_name:s50 crte_time:d! crte_optins_no:s20 opter_id:s20 opter_name:s50 opt_time:d optins_no:s20 tabname:s100 poolarea_no:s6#',
  '1319 in data':
    'query_date:d selfpay_prop_psn_type:s6# selfpay_prop_type:s6# insu_admdvs:s6# begndate:d enddate:d vali_flag:s3# rid:s40 tabname:s100 poolarea_no:s6# updt_time:d! page_num:n4! page_size:n4!',
  '1319 out data[]':
    'hilist_code:s30! selfpay_prop_psn_type:s6!# selfpay_prop_type:s6!# insu_admdvs:s6!# begndate:d! enddate:d selfpay_prop:n5.4 vali_flag:s3!# rid:s40! updt_time:d! crter_id:s20 crter_name:s50 crte_time:d! crte_optins_no:s20 opter_id:s20 opter_name:s50 opt_time:d optins_no:s20 tabname:s100 poolarea_no:s6#',
  '1901 in data': 'type:s30! parentValue:s10 admdvs:s6# date:d valiFlag:s3#',
  '1901 out list[]':
    'type:s30! label:s50! value:s20! parentValue:s10! sort:x valiFlag:s3!# createUser:s30! createDate:d! version:x',
  '2001 in data':
    'psn_no:s30! insutype:s6!# fixmedins_code:s12! med_type:s6!# begntime:t! endtime:t dise_codg:s30 dise_name:s500 oprn_oprt_code:s30 oprn_oprt_name:s500 matn_type:s6# birctrl_type:s6#',
  '2001 out trtinfo[]':
    'psn_no:s30! trt_chk_type:s6!# fund_pay_type:s6!# trt_enjymnt_flag:s3!# begndate:d! enddate:d trt_chk_rslt:s500',
  '2201 in data':
    'psn_no:s30! insutype:s6!# begntime:t! mdtrt_cert_type:s3!# mdtrt_cert_no:s50! ipt_otp_no:s30! atddr_no:s30! dr_name:s50! dept_code:s30! dept_name:s100! caty:s6!#',
  '2201 out data': 'mdtrt_id:s30! psn_no:s30! ipt_otp_no:s30!',
  '2202 in data': 'psn_no:s30! mdtrt_id:s30! ipt_otp_no:s30!',
  '2203 in mdtrtinfo':
    'mdtrt_id:s30! psn_no:s30! med_type:s6!# begntime:t! main_cond_dscr:s1000 dise_codg:s30 dise_name:s500 birctrl_type:s6# birctrl_matn_date:d',
  '2203 in diseinfo[]':
    'diag_type:s3!# diag_srt_no:n2! diag_code:s20! diag_name:s100! diag_dept:s50! dise_dor_no:s30! dise_dor_name:s50! diag_time:t! vali_flag:s3!#',
  '2204 in feedetail[]':
    'feedetl_sn:s30! mdtrt_id:s30! psn_no:s30! chrg_bchno:s30! dise_codg:s30 rxno:s30 rx_circ_flag:s3!# fee_ocur_time:t! med_list_codg:s50! medins_list_codg:s150! det_item_fee_sumamt:n16.2! cnt:n16.4! pric:n16.6! sin_dos_dscr:s200 used_frqu_dscr:s200 prd_days:n4.2 medc_way_dscr:s200 bilg_dept_codg:s30! bilg_dept_name:s100! bilg_dr_codg:s30! bilg_dr_name:s50! acord_dept_codg:s30 acord_dept_name:s100 orders_dr_code:s30 orders_dr_name:s50 hosp_appr_flag:s3!# tcmdrug_used_way:s6# etip_flag:s3# etip_hosp_code:s30 dscg_tkdrug_flag:s3# matn_fee_flag:s6#',
  '2204 out result[]':
    'feedetl_sn:s30! det_item_fee_sumamt:n16.2! cnt:n16.4! pric:n16.6! pric_uplmt_amt:n16.6! selfpay_prop:n5.4 fulamt_ownpay_amt:n16.2 overlmt_amt:n16.2 preselfpay_amt:n16.2 inscp_scp_amt:n16.2 chrgitm_lv:s3!# med_chrgitm_type:s6!# bas_medn_flag:s3# hi_nego_drug_flag:s3# chld_medc_flag:s3# list_sp_item_flag:s3# lmt_used_flag:s3!# drt_reim_flag:s3# memo:s500',
  '2205 in data': 'mdtrt_id:s30! chrg_bchno:s30! psn_no:s30!',
  '2206 in data':
    'psn_no:s30! mdtrt_cert_type:s3!# mdtrt_cert_no:s50 med_type:s6!# medfee_sumamt:n16.2! psn_setlway:s6!# mdtrt_id:s30! chrg_bchno:s30! acct_used_flag:s1!# insutype:s6!#',
  '2206 out setlinfo':
    'mdtrt_id:s30! psn_no:s30! psn_name:s50! psn_cert_type:s6!# certno:s50! gend:s6# naty:s3# age:n4.1 insutype:s6# psn_type:s6!# cvlserv_flag:s3!# mdtrt_cert_type:s3# med_type:s6!# medfee_sumamt:n16.2! fulamt_ownpay_amt:n16.2! overlmt_selfpay:n16.2! preselfpay_amt:n16.2! inscp_scp_amt:n16.2! act_pay_dedc:n16.2 hifp_pay:n16.2! pool_prop_selfpay:n5.4! cvlserv_pay:n16.2! hifes_pay:n16.2! hifmi_pay:n16.2! hifob_pay:n16.2! maf_pay:n16.2! oth_pay:n16.2! fund_pay_sumamt:n16.2! psn_part_amt:n16.2! acct_pay:n16.2! psn_cash_pay:n16.2! hosp_part_amt:n16.2! balc:n16.2! acct_mulaid_pay:n16.2! medins_setl_id:s30! clr_optins:s6 clr_way:s6# clr_type:s6!#',
  '2206 out setldetail[]':
    'fund_pay_type:s6!# inscp_scp_amt:n16.2! fund_payamt:n16.2! fund_pay_type_name:s200 setl_proc_info:s4000',
  '2207 in data':
    'psn_no:s30! mdtrt_cert_type:s3!# mdtrt_cert_no:s50 med_type:s6!# medfee_sumamt:n16.2! psn_setlway:s6!# mdtrt_id:s30! chrg_bchno:s30! insutype:s6!# acct_used_flag:s1!# invono:s20 fulamt_ownpay_amt:n16.2! overlmt_selfpay:n16.2! preselfpay_amt:n16.2! inscp_scp_amt:n16.2!',
  '2207 out setlinfo':
    'mdtrt_id:s30! setl_id:s30! psn_no:s30! psn_name:s50! psn_cert_type:s6!# certno:s50! gend:s6# naty:s3# age:n4.1 insutype:s6# psn_type:s6!# cvlserv_flag:s3!# mdtrt_cert_type:s3# med_type:s6!# medfee_sumamt:n16.2! fulamt_ownpay_amt:n16.2! overlmt_selfpay:n16.2! preselfpay_amt:n16.2! inscp_scp_amt:n16.2! act_pay_dedc:n16.2 hifp_pay:n16.2! pool_prop_selfpay:n5.4! cvlserv_pay:n16.2! hifes_pay:n16.2! hifmi_pay:n16.2! hifob_pay:n16.2! maf_pay:n16.2! oth_pay:n16.2! fund_pay_sumamt:n16.2! psn_part_amt:n16.2! acct_pay:n16.2! psn_cash_pay:n16.2! hosp_part_amt:n16.2! balc:n16.2! acct_mulaid_pay:n16.2! medins_setl_id:s30! clr_optins:s6 clr_way:s6# clr_type:s6!#',
  '2207 out setldetail[]':
    'fund_pay_type:s6!# inscp_scp_amt:n16.2! crt_payb_lmt_amt:n16.2! fund_payamt:n16.2! fund_pay_type_name:s200 setl_proc_info:s4000',
  '2208 in data': 'setl_id:s30! mdtrt_id:s30! psn_no:s30!',
  '2208 out setlinfo':
    'mdtrt_id:s30! setl_id:s30! clr_optins:s6 setl_time:t! medfee_sumamt:n16.2! fulamt_ownpay_amt:n16.2! overlmt_selfpay:n16.2! preselfpay_amt:n16.2! inscp_scp_amt:n16.2! act_pay_dedc:n16.2 hifp_pay:n16.2! pool_prop_selfpay:n5.4! cvlserv_pay:n16.2! hifes_pay:n16.2! hifmi_pay:n16.2! hifob_pay:n16.2! maf_pay:n16.2! oth_pay:n16.2! fund_pay_sumamt:n16.2! psn_part_amt:n16.2! acct_pay:n16.2! balc:n16.2! acct_mulaid_pay:n16.2! medins_setl_id:s30! psn_cash_pay:n16.2',
  '2208 out setldetail[]':
    'fund_pay_type:s6!# inscp_scp_amt:n16.2! fund_payamt:n16.2! fund_pay_type_name:s200 setl_proc_info:s4000',
  '2301 in feedetail[]':
    'mdtrt_id:s30! drord_no:x psn_no:s30! med_type:s6!# fee_ocur_time:t! med_list_codg:s50! medins_list_codg:s150! det_item_fee_sumamt:n16.2! cnt:n16.4! pric:n16.6! bilg_dept_codg:s30! bilg_dept_name:s100! bilg_dr_codg:s30! bilg_dr_name:s50! acord_dept_codg:s30 acord_dept_name:s100 orders_dr_code:s30 orders_dr_name:s50 hosp_appr_flag:s3!# tcmdrug_used_way:s6# etip_flag:s3# etip_hosp_code:s30 dscg_tkdrug_flag:s3# matn_fee_flag:s6# memo:s500 feedetl_sn:s30! init_feedetl_sn:s30',
  '2301 out result[]':
    'feedetl_sn:s30 det_item_fee_sumamt:n16.2 cnt:n16.4 pric:n16.6 pric_uplmt_amt:n16.6 selfpay_prop:n5.4 fulamt_ownpay_amt:n16.2 overlmt_amt:n16.2 preselfpay_amt:n16.2 inscp_scp_amt:n16.2 chrgitm_lv:s3# med_chrgitm_type:s6# bas_medn_flag:s3# hi_nego_drug_flag:s3# chld_medc_flag:s3# list_sp_item_flag:s3# lmt_used_flag:s3# drt_reim_flag:s3# memo:s500',
  '2302 in data[]': 'feedetl_sn:s30! mdtrt_id:s30! psn_no:s30!',
  '2303 in data':
    'psn_no:s30! mdtrt_cert_type:s3!# mdtrt_cert_no:s50! medfee_sumamt:n16.2! psn_setlway:s6!# mdtrt_id:s30! acct_used_flag:s1!# insutype:s6!# invono:s20 mid_setl_flag:x',
  '2303 out setlinfo':
    'mdtrt_id:s30 psn_no:s30 psn_name:s50 psn_cert_type:s6# certno:s50 gend:s6# naty:s3# brdy:d age:n4.1 insutype:s6# psn_type:s6# cvlserv_flag:s3# setl_time:t mdtrt_cert_type:s3# med_type:s6# medfee_sumamt:n16.2 fulamt_ownpay_amt:n16.2 overlmt_selfpay:n16.2 preselfpay_amt:n16.2 inscp_scp_amt:n16.2 act_pay_dedc:n16.2 hifp_pay:n16.2 pool_prop_selfpay:n5.4 cvlserv_pay:n16.2 hifes_pay:n16.2 hifmi_pay:n16.2 hifob_pay:n16.2 maf_pay:n16.2 oth_pay:n16.2 fund_pay_sumamt:n16.2 psn_part_amt:n16.2 acct_pay:n16.2 psn_cash_pay:n16.2 hosp_part_amt:n16.2 balc:n16.2 acct_mulaid_pay:n16.2 medins_setl_id:s30 clr_optins:s6 clr_way:s6# clr_type:s6#',
  '2303 out setldetail[]':
    'fund_pay_type:s6# inscp_scp_amt:n16.2 crt_payb_lmt_amt:n16.2 fund_payamt:n16.2 fund_pay_type_name:s200 setl_proc_info:s4000',
  '2304 in data':
    'psn_no:s30! mdtrt_cert_type:s3!# mdtrt_cert_no:s50! medfee_sumamt:n16.2! psn_setlway:s6!# mdtrt_id:s30! acct_used_flag:s1!# insutype:s6!# invono:s20 mid_setl_flag:x',
  '2304 out setlinfo':
    'mdtrt_id:s30 setl_id:s30 psn_no:s30 psn_name:s50 psn_cert_type:s6# certno:s50 gend:s6# naty:s3# brdy:d age:n4.1 insutype:s6# psn_type:s6# cvlserv_flag:s3# setl_time:t mdtrt_cert_type:s3# med_type:s6# medfee_sumamt:n16.2 fulamt_ownpay_amt:n16.2 overlmt_selfpay:n16.2 preselfpay_amt:n16.2 inscp_scp_amt:n16.2 act_pay_dedc:n16.2 hifp_pay:n16.2 pool_prop_selfpay:n5.4 cvlserv_pay:n16.2 hifes_pay:n16.2 hifmi_pay:n16.2 hifob_pay:n16.2 maf_pay:n16.2 oth_pay:n16.2 fund_pay_sumamt:n16.2 psn_part_amt:n16.2 acct_pay:n16.2 psn_cash_pay:n16.2 hosp_part_amt:n16.2 balc:n16.2 acct_mulaid_pay:n16.2 medins_setl_id:s30 clr_optins:s6 clr_way:s6# clr_type:s6#',
  '2304 out setldetail[]':
    'fund_pay_type:s6# inscp_scp_amt:n16.2 crt_payb_lmt_amt:n16.2 fund_payamt:n16.2 fund_pay_type_name:s200 setl_proc_info:s4000',
  '2305 in data': 'mdtrt_id:s30! setl_id:s30! psn_no:s30!',
  '2305 out setlinfo':
    'mdtrt_id:s30 psn_no:s30 psn_name:s50 psn_cert_type:s6# certno:s50 gend:s6# naty:s3# brdy:d age:n4.1 insutype:s6# psn_type:s6# cvlserv_flag:s3# setl_time:t mdtrt_cert_type:s3# med_type:s6# medfee_sumamt:n16.2 fulamt_ownpay_amt:n16.2 overlmt_selfpay:n16.2 preselfpay_amt:n16.2 inscp_scp_amt:n16.2 act_pay_dedc:n16.2 hifp_pay:n16.2 pool_prop_selfpay:n5.4 cvlserv_pay:n16.2 hifes_pay:n16.2 hifmi_pay:n16.2 hifob_pay:n16.2 maf_pay:n16.2 oth_pay:n16.2 fund_pay_sumamt:n16.2 psn_part_amt:n16.2 acct_pay:n16.2 psn_cash_pay:n16.2 hosp_part_amt:n16.2 balc:n16.2 acct_mulaid_pay:n16.2 medins_setl_id:s30 clr_optins:s6 clr_way:s6# clr_type:s6#',
  '2305 out setldetail[]':
    'fund_pay_type:s6# inscp_scp_amt:n16.2 crt_payb_lmt_amt:n16.2 fund_payamt:n16.2 fund_pay_type_name:s200 setl_proc_info:s4000',
  '2401 in mdtrtinfo':
    'psn_no:s30! insutype:s6!# coner_name:s50 tel:s50 begntime:t! mdtrt_cert_type:s3!# mdtrt_cert_no:s50! med_type:s6!# ipt_no:x medrcdno:s30 atddr_no:s30! chfpdr_name:s50 adm_diag_dscr:x adm_dept_codg:s30 adm_dept_name:s100 adm_bed:s30 dscg_maindiag_code:s20 dscg_maindiag_name:s300 main_cond_dscr:s1000 dise_codg:s30 dise_name:s500 oprn_oprt_code:s30 oprn_oprt_name:s500 fpsc_no:s50 matn_type:s6# birctrl_type:s6# latechb_flag:s3# geso_val:n2 fetts:n3 fetus_cnt:n3 pret_flag:s3# birctrl_matn_date:d',
  '2401 in diseinfo[]':
    'psn_no:s30! diag_type:s3!# maindiag_flag:s3# diag_srt_no:n2! diag_code:s20! diag_name:s100! adm_cond:s500 diag_dept:s50! dise_dor_no:s30! dise_dor_name:s50! diag_time:t!',
  '2401 out result': 'mdtrt_id:s30',
  '2402 in dscginfo':
    'mdtrt_id:s30! psn_no:s30! insutype:s6!# dise_codg:s30 dise_name:s500 oprn_oprt_code:s30 oprn_oprt_name:s500 fpsc_no:s50 matn_type:s6# birctrl_type:s6# latechb_flag:s3# geso_val:n2 fetts:n3 fetus_cnt:n3 pret_flag:s3# birctrl_matn_date:d cop_flag:s3# dscg_dept_codg:s30 dscg_dept_name:s100 dscg_bed:s30 die_date:d endtime:t! dscg_way:s3!#',
  '2402 in diseinfo[]':
    'mdtrt_id:s30! psn_no:s30! diag_type:s3!# maindiag_flag:s3# diag_srt_no:n2! diag_code:s20! diag_name:s100! adm_cond:s500 diag_dept:s50! dise_dor_no:s30! dise_dor_name:s50! diag_time:t!',
  '2403 in adminfo':
    'mdtrt_id:s30! psn_no:s30! coner_name:s50 tel:s50 begntime:t! med_type:s6!# ipt_otp_no:s30! medrcdno:s30 atddr_no:s30! chfpdr_name:s50 adm_diag_dscr:x adm_dept_codg:s30 adm_dept_name:s100 adm_bed:s30 dscg_maindiag_code:s20 dscg_maindiag_name:s300 main_cond_dscr:s1000 dise_codg:s30 dise_name:s500 oprn_oprt_code:s30 oprn_oprt_name:s500 fpsc_no:s50 matn_type:s6# birctrl_type:s6# latechb_flag:s3# geso_val:n2 fetts:n3 fetus_cnt:n3 pret_flag:s3# birctrl_matn_date:d endtime:t mdtrt_cert_type:s3#',
  '2403 in diseinfo[]':
    'mdtrt_id:s30! psn_no:s30! diag_type:s3!# maindiag_flag:s3# diag_srt_no:n2! diag_code:s20! diag_name:s100! adm_cond:s500 diag_dept:s50! dise_dor_no:s30! dise_dor_name:s50! diag_time:t!',
  '2404 in data': 'mdtrt_id:s30! psn_no:s30!',
  '2405 in data': 'mdtrt_id:s30! psn_no:s30!',
  '2501 in refmedin':
    'psn_no:s30! insutype:s6!# tel:s50 addr:s200 insu_optins:s6! diag_code:s20! diag_name:s100! dise_cond_dscr:s2000 reflin_medins_no:s30! reflin_medins_name:s200! mdtrtarea_admdvs:s6! hosp_agre_refl_flag:s3 refl_type:s6!# refl_date:d! refl_rea:s100! refl_opnn:s200! begndate:d! enddate:d',
  '2501 out result': 'trt_dcla_detl_sn:s30!',
  '2502 in data': 'trt_dcla_detl_sn:s30! psn_no:s30! memo:s500!',
  '2601 in data': 'psn_no:s30! omsgid:s30! oinfno:s4!',
  '3101 in data':
    'syscode:s50! trig_scen:s3!# task_id:s50 patn_id:s50! patn_name:s50! gend:s6# brdy:d curr_mdtrt_id:s50! insutype:s6# med_type:s6# diag_code:s20 diag_name:s100 fsi_order_dtos:l!',
  '3101 out result[]':
    'jr_id:s50! rule_id:s50! rule_name:s500! vola_cont:s4000 mdtrt_id:s30 feedetl_sn:s30 vola_amt:n16.2 sev_deg:s3# vola_evid:s4000 vola_bhvr_type:s6#',
  '3102 in data':
    'syscode:s50! trig_scen:s3!# task_id:s50 patn_id:s50! patn_name:s50! gend:s6# brdy:d curr_mdtrt_id:s50! insutype:s6# med_type:s6# diag_code:s20 diag_name:s100 fsi_order_dtos:l!',
  '3102 out result[]':
    'jr_id:s50! rule_id:s50! rule_name:s500! vola_cont:s4000 mdtrt_id:s30 feedetl_sn:s30 vola_amt:n16.2 sev_deg:s3# vola_evid:s4000 vola_bhvr_type:s6#',
  '3201 in data':
    'insutype:s6!# clr_type:s6!# setl_optins:s6! stmt_begndate:d! stmt_enddate:d! medfee_sumamt:n16.2! fund_pay_sumamt:n16.2! acct_pay:n16.2! fixmedins_setl_cnt:n10! refd_setl_flag:s3#',
  '3201 out stmtinfo[]': 'setl_optins:s6 stmt_rslt:s6!# stmt_rslt_dscr:s200',
  '3202 in data':
    'setl_optins:s6! file_qury_no:s30! stmt_begndate:d! stmt_enddate:d! medfee_sumamt:n16.2! fund_pay_sumamt:n16.2! cash_payamt:n16.2! fixmedins_setl_cnt:n10! clr_type:s6!#',
  '3202 out fileinfo[]': 'file_qury_no:s30! filename:s200! dld_endtime:t! memo:s500',
  '3203 in data':
    'clr_type:s6!# clr_way:s6!# setlym:s6! psntime:n10.0! medfee_sumamt:n16.2! med_sumfee:n16.2! fund_appy_sum:n16.2! cash_payamt:n16.2! acct_pay:n16.2! begndate:d! enddate:d!',
  '3203 out ': 'clr_appy_evt_id:s30!',
  '3204 in data': 'clr_appy_evt_id:s30!',
  '3260 in data': 'trt_year:s4! trt_month:s2! startrow:n10.0!',
  '3260 out data[]':
    'certno:s50 mdtrt_id:s30 medfee_sumamt:n16.2 seqno:n10.0 mdtrtarea:s6 medins_no:s30 mdtrt_setl_time:t setl_sn:s30 fulamt_advpay_flag:s3 optins_pay_sumamt:n16.2',
  '3261 in data': 'trt_year:s4! trt_month:s2! totalrow:n10.0!',
  '3261 in detail[]':
    'mdtrt_id:s30! medfee_sumamt:n16.2! certno:s50! mdtrt_setl_time:t! setl_sn:s30! optins_pay_sumamt:n16.2! cnfm_flag:s3!',
  '3262 in data': 'trt_year:s4! trt_month:s2! otransid:s30!',
  '5201 in data': 'psn_no:s30! begntime:t! endtime:t! med_type:s6!# mdtrt_id:s30',
  '5201 out mdtrtinfo[]':
    'mdtrt_id:s30! psn_no:s30! psn_cert_type:s6!# certno:s50! psn_name:s50! gend:s6!# naty:s3# brdy:d age:n4.1 coner_name:s50 tel:s50 insutype:s6# psn_type:s6!# maf_psn_flag:s3# cvlserv_flag:s3!# flxempe_flag:s3# nwb_flag:s3# insu_optins:s6 emp_name:s200 begntime:t! endtime:t! mdtrt_cert_type:s3# med_type:s6!# ars_year_ipt_flag:s3# pre_pay_flag:s3# ipt_otp_no:s30 medrcdno:s30 atddr_no:s30 chfpdr_name:s50 adm_dept_codg:s30 adm_dept_name:s100 adm_bed:s30 dscg_maindiag_code:s20 dscg_maindiag_name:s300 dscg_dept_codg:s30 dscg_dept_name:s100 dscg_bed:s30 dscg_way:s3# main_cond_dscr:s1000 dise_codg:s30 dise_name:s500 oprn_oprt_code:s30 oprn_oprt_name:s500 otp_diag_info:s200 inhosp_stas:s3# die_date:d ipt_days:n4.0 fpsc_no:s50 matn_type:s6# birctrl_type:s6# latechb_flag:s3# geso_val:n2 fetts:n3 fetus_cnt:n3 pret_flag:s3# birctrl_matn_date:d cop_flag:s3# opter_id:s20 opter_name:s50 opt_time:t memo:s500',
  '5202 in data': 'mdtrt_id:s30! psn_no:s30!',
  '5202 out diseinfo[]':
    'diag_info_id:s30! mdtrt_id:s30! psn_no:s30! inout_diag_type:s3!# diag_type:s3!# maindiag_flag:s3!# diag_srt_no:n2! diag_code:s20! diag_name:s100! adm_cond:s500 diag_dept:s50! dise_dor_no:s30! dise_dor_name:s50! diag_time:t! opter_id:s20 opter_name:s50 opt_time:t',
  '5203 in data': 'psn_no:s30! mdtrt_id:s30! setl_id:s30',
  '5203 out setlinfo':
    'setl_id:s30! mdtrt_id:s30! psn_no:s30! psn_name:s50! psn_cert_type:s6!# certno:s50! gend:s6!# naty:s3# brdy:d age:n4.1 insutype:s6!# psn_type:s6!# cvlserv_flag:s3!# flxempe_flag:s3# nwb_flag:s3# insu_optins:s6 emp_name:s200 pay_loc:s6!# fixmedins_code:s12! fixmedins_name:s200! hosp_lv:s6# fixmedins_poolarea:s6 lmtpric_hosp_lv:s6# dedc_hosp_lv:s6# begndate:d! enddate:d! setl_time:t! mdtrt_cert_type:s3# med_type:s6!# clr_type:s6!# clr_way:s6# clr_optins:s6 medfee_sumamt:n16.2! fulamt_ownpay_amt:n16.2! overlmt_selfpay:n16.2! preselfpay_amt:n16.2! inscp_scp_amt:n16.2! act_pay_dedc:n16.2! hifp_pay:n16.2! pool_prop_selfpay:n5.4! cvlserv_pay:n16.2! hifes_pay:n16.2! hifmi_pay:n16.2! hifob_pay:n16.2! maf_pay:n16.2! oth_pay:n16.2! fund_pay_sumamt:n16.2! acct_pay:n16.2! balc:n16.2! acct_mulaid_pay:n16.2! medins_setl_id:s30! refd_setl_flag:s3!# year:s4! dise_codg:s30 dise_name:s500 invono:s20 opter_id:s20 opter_name:s50 opt_time:t psn_part_amt:n16.2 psn_cash_pay:n16.2',
  '5203 out setldetail[]':
    'fund_pay_type:s6!# inscp_scp_amt:n16.2! crt_payb_lmt_amt:n16.2! fund_payamt:n16.2! fund_pay_type_name:s200 setl_proc_info:s4000',
  '5204 in data': 'psn_no:s30! setl_id:s30 mdtrt_id:s30!',
  '5204 out feedetail[]':
    'mdtrt_id:s30! setl_id:s30! feedetl_sn:s30! rx_drord_no:s30 med_type:s6!# fee_ocur_time:t! cnt:n16.4! pric:n16.6! sin_dos_dscr:s200 used_frqu_dscr:s200 prd_days:n4.2 medc_way_dscr:s200 det_item_fee_sumamt:n16.2! pric_uplmt_amt:n16.6! selfpay_prop:n5.4 fulamt_ownpay_amt:n16.2 overlmt_amt:n16.2 preselfpay_amt:n16.2 inscp_scp_amt:n16.2 chrgitm_lv:s3!# hilist_code:s50! hilist_name:s200! list_type:s6!# med_list_codg:s50! medins_list_codg:s150! medins_list_name:s100! med_chrgitm_type:s6!# prodname:s200 spec:s200 dosform_name:s200! bilg_dept_codg:s30 bilg_dept_name:s100 bilg_dr_codg:s30 bilg_dr_name:s50 acord_dept_codg:s30 acord_dept_name:s100 orders_dr_code:s30 orders_dr_name:s50 lmt_used_flag:s3# hosp_prep_flag:s3# hosp_appr_flag:s3# tcmdrug_used_way:s6# prodplac_type:s6# bas_medn_flag:s3# hi_nego_drug_flag:s3# chld_medc_flag:s3# etip_flag:s3# etip_hosp_code:s30 dscg_tkdrug_flag:s3# list_sp_item_flag:s3# matn_fee_flag:s6# drt_reim_flag:s3# memo:s500 opter_id:s20 opter_name:s50 opt_time:t',
  '5205 in data': 'psn_no:s30! begntime:t! endtime:t',
  '5205 out feedetail[]':
    'feedetl_sn:s30! rx_drord_no:s30 fixmedins_code:s12 fixmedins_name:s200! psn_no:s30! med_type:s6!# fee_ocur_time:t! cnt:n16.4! pric:n16.6! chrgitm_lv:s3# hilist_code:s50! hilist_name:s200! list_type:s6!# med_list_codg:s50! medins_list_codg:s150! medins_list_name:s100! med_chrgitm_type:s6!# prodname:s200 spec:s200! dosform_name:s200 lmt_used_flag:s3# hosp_prep_flag:s3# hosp_appr_flag:s3# tcmdrug_used_way:s6# prodplac_type:s6# bas_medn_flag:s3# hi_nego_drug_flag:s3# chld_medc_flag:s3# etip_flag:s3# etip_hosp_code:s30 dscg_tkdrug_flag:s3# list_sp_item_flag:s3# matn_fee_flag:s6#',
  '5206 in data': 'psn_no:s30! cum_ym:s6',
  '5206 out cuminfo[]': 'insutype:s6!# year:s4! cum_ym:s6! cum_type_code:s10! cum:n16.2!',
  '5301 in data': 'psn_no:s30!',
  '5301 out feedetail[]': 'opsp_dise_code:s30! opsp_dise_name:s300! begndate:d! enddate:d',
  '5302 in data': 'psn_no:s30! biz_appy_type:s6!#',
  '5302 out psnfixmedin[]':
    'psn_no:s30! insutype:s6# fix_srt_no:s6 fixmedins_code:s12! fixmedins_name:s200! begndate:d! enddate:d memo:s500',
  '5304 in data': 'psn_no:s30! begntime:t! endtime:t',
  '5304 out refmedin[]':
    'psn_no:s30 insutype:s6# insu_optins:s6 mdtrtarea_admdvs:s6 reflin_medins_no:s30 reflin_medins_name:s200 refl_type:s6# refl_date:d refl_rea:s100 begndate:d! enddate:d refl_used_flag:s3 trt_dcla_detl_sn:s30',
  '9001 in signIn': 'opter_no:s20! mac:s20! ip:s20!',
  '9001 out signinoutb': 'sign_time:d! sign_no:s30!',
  '9002 in signOut': 'sign_no:s30 opter_no:s20!',
  '9002 out signoutoutb': 'sign_time:d!',
  '9101 in fsUploadIn': 'filename:s200! fixmedins_code:s30! in:b!',
  '9101 out ': 'file_qury_no:s30! filename:s200! fixmedins_code:s30! dld_endtime:s30',
  '9102 in fsDownloadIn': 'file_qury_no:s30! filename:s200! fixmedins_code:s30!',
} as const
