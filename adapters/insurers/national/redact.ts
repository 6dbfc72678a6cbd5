// What is kept of an exchange is shown to hospital finance. It must tell what happened, and nothing of a
// person: no names, no identity or card numbers, no tokens, no diagnosis, no drugs.

// Only these fields are shown. What a province adds of its own is hidden like everything else.
const SHOWN = new Set(
  `
  infno msgid mdtrtarea_admvs insuplc_admdvs recer_sys_code infver inf_time opter_type opter
  fixmedins_code infcode inf_refmsgid refmsg_time respond_time err_msg warn_msg input output data
  signIn signinoutb sign_time baseinfo insuinfo psn_no balc insutype psn_insu_stas mdtrt_cert_type
  begntime ipt_otp_no mdtrt_id mdtrtinfo diseinfo diag_srt_no med_type feedetail feedetl_sn
  chrg_bchno fee_ocur_time det_item_fee_sumamt cnt pric result pric_uplmt_amt selfpay_prop
  overlmt_amt chrgitm_lv med_chrgitm_type psn_setlway acct_used_flag setlinfo setldetail setl_id
  setl_time medfee_sumamt med_fee_sumamt fulamt_ownpay_amt overlmt_selfpay preselfpay_amt
  inscp_scp_amt act_pay_dedc hifp_pay pool_prop_selfpay cvlserv_pay hifes_pay hifmi_pay hifob_pay
  maf_pay oth_pay fund_pay_sumamt psn_part_amt psn_pay acct_pay psn_cash_pay pdn_cash_pay
  cash_payamt hosp_part_amt acct_mulaid_pay medins_setl_id refd_setl_flag clr_optins clr_way
  clr_type fund_pay_type fund_pay_type_name fund_payamt crt_payb_lmt_amt omsgid oinfno setl_optins
  stmt_begndate stmt_enddate fixmedins_setl_cnt stmtinfo stmt_rslt stmt_rslt_dscr fsUploadIn
  fsDownloadIn filename file_qury_no dld_endtime fileinfo
  `
    .trim()
    .split(/\s+/),
)

// Written by people, so that anything may stand in them.
const FREE_TEXT = new Set(['err_msg', 'warn_msg', 'stmt_rslt_dscr'])

// In free text. Numbers of the centre's own are as long and hold dates too, so elsewhere they stay.
const LIKE_A_PERSONS_NUMBER = /(?<!\d)(\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)/g

// Some regions number people by their identity card.
const IDENTITY_NUMBER = /^\d{17}[\dXx]$/

const HIDDEN = '***'
const MAX_DEPTH = 8

/** The JSON text of a message with all hidden that is not known to be harmless. */
export const redact = (message: unknown, secrets: readonly string[]): string =>
  JSON.stringify(hide(message, { name: '', secrets, depth: 0 })) ?? ''

/** Free text without `secrets` and without what looks like an identity or phone number. */
export const redactText = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
    .replaceAll(LIKE_A_PERSONS_NUMBER, HIDDEN)

function hide(value: unknown, at: Place): unknown {
  const { name, secrets, depth } = at
  if (depth > MAX_DEPTH) return HIDDEN
  if (typeof value === 'string') return hideText(value, name, secrets)
  if (Array.isArray(value)) return value.map((item) => hide(item, { ...at, depth: depth + 1 }))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([field, inside]) => [
      field,
      SHOWN.has(field) ? hide(inside, { name: field, secrets, depth: depth + 1 }) : HIDDEN,
    ]),
  )
}

function hideText(text: string, name: string, secrets: readonly string[]): string {
  if (FREE_TEXT.has(name)) return redactText(text, secrets)
  return name === 'psn_no' && IDENTITY_NUMBER.test(text) ? HIDDEN : text
}

type Place = { name: string; secrets: readonly string[]; depth: number }
