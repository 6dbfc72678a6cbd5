import type { TransactionTable } from './rules.ts'

// 13xx. 1301 to 1315 have one form: a version goes in, a file to download comes out.

const PAGE = 'page_num:n4,0! page_size:n4,0!'
const ROW = `insu_admdvs:s6! begndate:d enddate:d vali_flag:s3!#yes_no rid:s40! updt_time:d`
const FILTER = 'query_date:d insu_admdvs:s6 begndate:d vali_flag:s3#yes_no updt_time:d'

const DOWNLOAD: TransactionTable = {
  in: { data: 'ver:s20!' },
  out: { '': 'file_qury_no:s40! filename:s100! dld_end_time:d! data_cnt:n10,0' },
}

export const CATALOGUE: Readonly<Record<string, TransactionTable>> = {
  '1301': DOWNLOAD,
  '1302': DOWNLOAD,
  '1303': DOWNLOAD,
  '1304': DOWNLOAD,
  '1305': DOWNLOAD,
  '1306': DOWNLOAD,
  '1307': DOWNLOAD,
  '1308': DOWNLOAD,
  '1312': {
    in: {
      data: `${FILTER} hilist_code:s30 hilist_name:s200 wubi:s30 pinyin:s30 med_chrgitm_type:s6
        chrgitm_lv:s3 lmt_used_flag:s3 list_type:s30 med_use_flag:s3 matn_used_flag:s3
        hilist_use_type:s3 lmt_cpnd_type:s3 ${PAGE}`,
    },
    out: {
      'data[100]': `hilist_code:s30! hilist_name:s200! med_chrgitm_type:s6!#med_chrgitm_type
        chrgitm_lv:s3!#chrgitm_lv lmt_used_flag:s3! list_type:s3!#list_type med_use_flag:s3!
        matn_used_flag:s3! hilist_use_type:s3! lmt_cpnd_type:s3! ${ROW}`,
    },
  },
  '1317': {
    in: {
      data: `${FILTER} fixmedins_code:s30 medins_list_codg:s30 medins_list_name:s200 list_type:s30
        med_list_codg:s30 ${PAGE}`,
    },
    out: {
      'data[100]': `fixmedins_code:s30! medins_list_codg:s150! medins_list_name:s200!
        list_type:s3!#list_type med_list_codg:s50! ${ROW}`,
    },
  },
  '1318': {
    in: {
      data: `${FILTER} hilist_code:s30 hilist_lmtpric_type:s6 overlmt_dspo_way:s6 enddate:d rid:s40
        tabname:s100 poolarea_no:s6 ${PAGE}`,
    },
    out: {
      'data[100]': `hilist_code:s30! hilist_lmtpric_type:s6! overlmt_dspo_way:s6!
        hilist_pric_uplmt_amt:n16,6! ${ROW}`,
    },
  },
  '1319': {
    in: {
      data: `${FILTER} selfpay_prop_psn_type:s6 selfpay_prop_type:s6 enddate:d rid:s40 tabname:s100
        poolarea_no:s6 ${PAGE}`,
    },
    out: {
      'data[100]': `hilist_code:s30! selfpay_prop_psn_type:s6! selfpay_prop_type:s6!
        selfpay_prop:n5,4! ${ROW}`,
    },
  },
}
