import { addFen } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import type { Call, Centre, Handler, Member } from './centre.ts'
import { batchSplit, refuseSettledBatch } from './fee-details.ts'
import { amount, oneOf, optional, type Read, readFields, text } from './fields.ts'
import {
  checkActive,
  checkCredential,
  checkInsurance,
  credentialType,
  identityOf,
  personTypeOf,
  requireMember,
} from './people.ts'
import type { Figures } from './policy.ts'
import { Refusal } from './refusal.ts'
import { findNewest, findSettlement, type Settlement } from './settlements.ts'
import {
  amountsOf,
  answerOf,
  bookSettlement,
  detailsOf,
  figuresOf,
  type Quote,
} from './settling.ts'
import { requireVisit, visitKindOf } from './visits.ts'
import { memberOf, type WireObject, yuan } from './wire-json.ts'

/** 2206: what 2207 would come to now. Changes nothing. */
export const presettle: Handler = (centre, call) =>
  answerOf(centre, call, quoteOf(centre, call).quote, null)

/** 2207. */
export const settle: Handler = (centre, call) => {
  const { data, quote } = quoteOf(centre, call)
  checkClaims(data, quote.figures)
  return answerOf(centre, call, quote, bookSettlement(centre, call, quote))
}

/**
 * 5203. Without a setl_id it answers the newest row of the visit: whoever lost the answer to a 2207
 * does not know one, and sees by medins_setl_id whether the row is theirs.
 */
export const querySettlement: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), QUERY, 'data')
  const member = requireMember(centre, call, data.psn_no, 'data.psn_no')
  const found =
    data.setl_id === null ? findNewest(centre, data.mdtrt_id) : findSettlement(centre, data.setl_id)
  if (
    !found ||
    found.status === 'reversed' ||
    found.fixmedinsCode !== call.fixmedinsCode ||
    found.visitId !== data.mdtrt_id ||
    found.personNo !== data.psn_no
  ) {
    throw new Refusal(data.setl_id === null ? 'data.mdtrt_id' : 'data.setl_id', '未查询到结算信息')
  }
  return { setlinfo: recordOf(centre, found, member), setldetail: detailsOf(found.figures) }
}

type Claims = Read<typeof SETTLE>

/** The one reading of 2206 and 2207, with every check that does not depend on which it is. */
function quoteOf(centre: Centre, call: Call): { data: Claims; quote: Quote } {
  const data = readFields(memberOf(call.input, 'data'), SETTLE, 'data')
  const { visit, member } = requireVisit(centre, call, data, 'data')
  checkInsurance(member, data.insutype)
  if (data.mdtrt_cert_no !== null) {
    checkCredential(centre, member, { type: data.mdtrt_cert_type, no: data.mdtrt_cert_no })
  }
  checkActive(member)
  const { med_type: medType, chrg_bchno: batchNo } = data
  const kind = visitKindOf(call, medType, 'outpatient', 'data.med_type')
  if (visit.medType === null) throw new Refusal('data.mdtrt_id', '未上传就诊信息(2203)')
  if (visit.medType !== medType) throw new Refusal('data.med_type', '与就诊信息不一致')
  if (data.psn_setlway !== '01') throw new Refusal('data.psn_setlway', '门诊只支持01按项目结算')
  refuseSettledBatch(centre, visit.id, batchNo, 'data.chrg_bchno')
  const split = batchSplit(centre, visit.id, batchNo)
  if (!split) throw new Refusal('data.chrg_bchno', '收费批次不存在')

  const useAccount = data.acct_used_flag === '1'
  const paid = figuresOf(centre, call, { visit, member, split, medType, useAccount })
  if (paid.figures.totalFen === 0) throw new Refusal('data.medfee_sumamt', '应大于0')
  if (paid.figures.totalFen !== data.medfee_sumamt) {
    throw new Refusal('data.medfee_sumamt', '与上传明细合计不一致')
  }
  const { clearingType } = kind
  const { mdtrt_cert_type: credentialType, invono: invoiceNo } = data
  const of = { visit, member, batchNo, medType, clearingType, credentialType, invoiceNo }
  return { data, quote: { ...paid, ...of } }
}

/** The hospital may say what it takes the lines to come to; what it says must then be right. */
function checkClaims(data: Claims, figures: Figures) {
  const claims = [
    ['fulamt_ownpay_amt', data.fulamt_ownpay_amt, figures.ownFen],
    ['overlmt_selfpay', data.overlmt_selfpay, figures.overLimitFen],
    ['preselfpay_amt', data.preselfpay_amt, figures.firstShareFen],
    ['inscp_scp_amt', data.inscp_scp_amt, figures.inScopeFen],
  ] as const
  for (const [name, claimed, right] of claims) {
    if (claimed !== null && claimed !== right) {
      throw new Refusal(`data.${name}`, '与中心计算结果不一致')
    }
  }
}

/** setlinfo of 5203, where what the person pays goes by psn_pay and cash_payamt. */
const recordOf = (centre: Centre, row: Settlement, member: Member): WireObject => ({
  setl_id: row.id,
  mdtrt_id: row.visitId,
  ...identityOf(member, row.settledAt),
  brdy: member.person.birthDate,
  insutype: row.scheme,
  psn_type: personTypeOf(member.insurance),
  cvlserv_flag: '0',
  flxempe_flag: '0',
  nwb_flag: '0',
  insu_optins: member.insurance.admdvs,
  emp_name: null,
  pay_loc: '2', // 医药机构
  fixmedins_code: row.fixmedinsCode,
  fixmedins_name: centre.hospitals.get(row.fixmedinsCode)?.name ?? null,
  hosp_lv: String(centre.hospitals.get(row.fixmedinsCode)?.level ?? ''),
  fixmedins_poolarea: centre.admdvs,
  begndate: row.businessDate,
  enddate: row.businessDate,
  setl_time: toShanghaiText(row.settledAt),
  mdtrt_cert_type: row.credentialType,
  med_type: row.medType,
  clr_type: row.clrType,
  clr_way: '1',
  clr_optins: centre.admdvs,
  ...amountsOf(row.figures),
  psn_pay: yuan(addFen(row.figures.accountFen, row.figures.cashFen)),
  cash_payamt: yuan(row.figures.cashFen),
  balc: yuan(row.balanceFen),
  medins_setl_id: row.msgid,
  refd_setl_flag: row.originalId === null ? '0' : '1',
  year: row.businessDate.slice(0, 4),
  dise_codg: null,
  dise_name: null,
  invono: row.invoiceNo,
  opter_id: row.opter.slice(0, 20),
  opter_name: row.opterName,
  opt_time: toShanghaiText(row.settledAt),
})

const SETTLE = {
  psn_no: text(30),
  mdtrt_cert_type: credentialType,
  mdtrt_cert_no: optional(text(50)),
  med_type: text(6),
  medfee_sumamt: amount,
  psn_setlway: oneOf('01', '02'),
  mdtrt_id: text(30),
  chrg_bchno: text(30),
  acct_used_flag: oneOf('0', '1'),
  insutype: text(6),
  invono: optional(text(20)),
  fulamt_ownpay_amt: optional(amount),
  overlmt_selfpay: optional(amount),
  preselfpay_amt: optional(amount),
  inscp_scp_amt: optional(amount),
}

const QUERY = { psn_no: text(30), setl_id: optional(text(30)), mdtrt_id: text(30) }
