/**
 * Dictionary codes by field, as far as two sources agree on a list. A field that comes from a dictionary
 * and is not here is not held against any; what a province adds is in its profile.
 */
export const CODES: Readonly<Record<string, readonly string[]>> = {
  // 电子凭证令牌, 身份证号, 社保卡, 澳门, 香港, 本地社保卡, 港澳台
  mdtrt_cert_type: ['01', '02', '03', '04', '05', '06', '17'],
  insutype: words('310 320 330 340 350 360 370 380 390 391 392 399 410 510'),
  // Outpatient, inpatient, pharmacy, maternity.
  med_type: words('11 12 13 14 15 16 19 21 22 23 24 41 51 52 53'),
  med_chrgitm_type: words('01 02 03 04 05 06 07 08 09 10 11 12 13 14'),
  // 甲, 乙, 丙; local dictionaries leave out the zero.
  chrgitm_lv: ['01', '02', '03', '1', '2', '3'],
  clr_type: ['11', '21', '41', '99'],
  fund_pay_type: words(
    `310100 310200 310300 310301 310400 310500 320100 320200 330100 330200 340100 350100 370100 370200 390100
    390200 390400 390500 410100 510100 610100 610200 620100 630100 640100 999996 999997`,
  ),
  stmt_rslt: ['0', '1', '2', '3'],
  psn_setlway: ['01', '02'],
  acct_used_flag: ['0', '1'],
  refd_setl_flag: ['0', '1'],
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
