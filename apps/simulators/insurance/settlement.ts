import { addFen, fen, ZERO } from '../../../kernel/money.ts'
import { businessDateOf, toShanghaiText } from '../../../kernel/time.ts'
import { applySettlement, balanceOf, yearUseOf } from './books.ts'
import { type Call, type Centre, type Handler, newNumber, type Member } from './centre.ts'
import { batchSplit, refuseSettledBatch } from './fee-details.ts'
import { amount, oneOf, optional, type Read, readFields, text } from './fields.ts'
import {
  checkCredential,
  checkInsurance,
  credentialType,
  identityOf,
  personTypeOf,
  requireMember,
} from './people.ts'
import { type Figures, settleFees, type Split } from './policy.ts'
import { Refusal } from './refusal.ts'
import {
  CLEARING_TYPE,
  findNewest,
  findSettlement,
  insertSettlement,
  nextSeq,
  type Settlement,
} from './settlements.ts'
import { medType, requireVisit, type Visit } from './visits.ts'
import { memberOf, ratio, type WireObject, yuan } from './wire-json.ts'

/** 2206: what 2207 would come to now. Changes nothing. */
export const presettle: Handler = (centre, call) => {
  const quote = quoteOf(centre, call)
  return {
    setlinfo: {
      ...describe(centre, quote, call),
      ...amountsOf(quote.figures),
      psn_part_amt: yuan(quote.figures.personFen),
      psn_cash_pay: yuan(quote.figures.cashFen),
      hosp_part_amt: yuan(quote.figures.hospitalFen),
      balc: yuan(quote.balanceFen),
    },
    setldetail: detailsOf(quote.figures),
  }
}

/** 2207. */
export const settle: Handler = (centre, call) => {
  const quote = quoteOf(centre, call)
  checkClaims(quote.data, quote.figures)
  const settlement: Settlement = {
    id: newNumber(centre, call.at),
    seq: nextSeq(centre),
    msgid: call.msgid,
    originalId: null,
    status: 'live',
    visitId: quote.visit.id,
    batchNo: quote.data.chrg_bchno,
    personNo: quote.visit.personNo,
    fixmedinsCode: call.fixmedinsCode,
    scheme: quote.member.insurance.scheme,
    medType: quote.data.med_type,
    credentialType: quote.data.mdtrt_cert_type,
    clrType: CLEARING_TYPE,
    invoiceNo: quote.data.invono,
    opter: call.opter,
    opterName: call.opterName,
    settledAt: call.at,
    businessDate: businessDateOf(call.at),
    balanceFen: quote.balanceFen,
    figures: quote.figures,
  }
  insertSettlement(centre, settlement)
  applySettlement(centre.store, settlement)
  return {
    setlinfo: {
      setl_id: settlement.id,
      ...describe(centre, quote, call),
      ...amountsOf(quote.figures),
      psn_part_amt: yuan(quote.figures.personFen),
      psn_cash_pay: yuan(quote.figures.cashFen),
      hosp_part_amt: yuan(quote.figures.hospitalFen),
      balc: yuan(quote.balanceFen),
    },
    setldetail: detailsOf(quote.figures),
  }
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

/** The amounts that every answer about a settlement carries; three go by other names in 5203. */
export const amountsOf = (figures: Figures): WireObject => ({
  medfee_sumamt: yuan(figures.totalFen),
  fulamt_ownpay_amt: yuan(figures.ownFen),
  overlmt_selfpay: yuan(figures.overLimitFen),
  preselfpay_amt: yuan(figures.firstShareFen),
  inscp_scp_amt: yuan(figures.inScopeFen),
  act_pay_dedc: yuan(figures.deductibleFen),
  hifp_pay: yuan(figures.poolFen),
  pool_prop_selfpay: ratio(figures.poolRatioPpm),
  cvlserv_pay: yuan(ZERO),
  hifes_pay: yuan(ZERO),
  hifmi_pay: yuan(figures.illnessFen),
  hifob_pay: yuan(figures.largeFen),
  maf_pay: yuan(ZERO),
  oth_pay: yuan(ZERO),
  fund_pay_sumamt: yuan(figures.fundPaySumFen),
  acct_pay: yuan(figures.accountFen),
  acct_mulaid_pay: yuan(ZERO),
})

/** setldetail: one row for each fund, which sum to fund_pay_sumamt. */
export const detailsOf = (figures: Figures): WireObject[] =>
  figures.rows.map((row) => ({
    fund_pay_type: row.fund,
    inscp_scp_amt: yuan(row.inScopeFen),
    crt_payb_lmt_amt: yuan(row.limitFen),
    fund_payamt: yuan(row.paidFen),
    fund_pay_type_name: row.name,
    setl_proc_info: null,
  }))

type Quote = {
  data: Read<typeof SETTLE>
  visit: Visit
  member: Member
  figures: Figures
  balanceFen: ReturnType<typeof fen> // of the account, after it
}

/** The one computation of 2206 and 2207, with every check that does not depend on which it is. */
function quoteOf(centre: Centre, call: Call): Quote {
  const data = readFields(memberOf(call.input, 'data'), SETTLE, 'data')
  const { visit, member } = requireVisit(centre, call, data, 'data')
  checkInsurance(member, data.insutype)
  if (data.mdtrt_cert_no !== null) {
    checkCredential(centre, member, { type: data.mdtrt_cert_type, no: data.mdtrt_cert_no })
  }
  if (member.insurance.status !== 'active') {
    throw new Refusal('data.psn_no', '参保状态为暂停参保，不能享受医保待遇')
  }
  if (visit.medType === null) throw new Refusal('data.mdtrt_id', '未上传就诊信息(2203)')
  if (visit.medType !== data.med_type) throw new Refusal('data.med_type', '与就诊信息不一致')
  if (data.psn_setlway !== '01') throw new Refusal('data.psn_setlway', '门诊只支持01按项目结算')
  refuseSettledBatch(centre, visit.id, data.chrg_bchno, 'data.chrg_bchno')
  const split = batchSplit(centre, visit.id, data.chrg_bchno)
  if (!split) throw new Refusal('data.chrg_bchno', '收费批次不存在')

  const figures = figuresOf(centre, call, { data, visit, member, split })
  if (figures.totalFen === 0) throw new Refusal('data.medfee_sumamt', '应大于0')
  if (figures.totalFen !== data.medfee_sumamt) {
    throw new Refusal('data.medfee_sumamt', '与上传明细合计不一致')
  }
  const balance = balanceOf(centre.store, visit.personNo)
  return { data, visit, member, figures, balanceFen: fen(balance - figures.accountFen) }
}

function figuresOf(
  centre: Centre,
  call: Call,
  { data, visit, member, split }: Omit<Quote, 'figures' | 'balanceFen'> & { split: Split },
): Figures {
  const { personNo, scheme, retired } = member.insurance
  const year = businessDateOf(call.at).slice(0, 4)
  return settleFees(centre.policy, {
    scheme,
    retired,
    hospitalLevel: call.hospital.level,
    split,
    used: yearUseOf(centre.store, { personNo, scheme, year }),
    accountBalanceFen: balanceOf(centre.store, visit.personNo),
    useAccount: data.acct_used_flag === '1',
  })
}

/** The hospital may say what it takes the lines to come to; what it says must then be right. */
function checkClaims(data: Read<typeof SETTLE>, figures: Figures) {
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

const describe = (centre: Centre, { visit, member, data }: Quote, call: Call): WireObject => ({
  mdtrt_id: visit.id,
  ...identityOf(member, call.at),
  insutype: data.insutype,
  psn_type: personTypeOf(member.insurance),
  cvlserv_flag: '0',
  mdtrt_cert_type: data.mdtrt_cert_type,
  med_type: data.med_type,
  medins_setl_id: call.msgid,
  clr_optins: centre.admdvs,
  clr_way: '1', // 按项目
  clr_type: CLEARING_TYPE,
})

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
  med_type: medType,
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
