import { type Fen, fen, ZERO } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import { applySettlement, balanceOf, yearUseOf } from './books.ts'
import { type Call, type Centre, newNumber, type Member } from './centre.ts'
import { registerNationally } from './elsewhere/national.ts'
import { isFromElsewhere, rulesFor } from './elsewhere/rules.ts'
import { earlierStays } from './inpatient/stays.ts'
import { identityOf, personTypeOf } from './people.ts'
import { type Figures, settleFees, type Split } from './policy.ts'
import { insertSettlement, nextSeq, type Settlement } from './settlements.ts'
import type { Visit } from './visits.ts'
import { ratio, type WireObject, yuan } from './wire-json.ts'

/** What one bill comes to, and what the settlement of it needs to know besides. */
export type Quote = {
  visit: Visit
  member: Member
  figures: Figures
  balanceFen: Fen // of the account, after it
  batchNo: string
  medType: string
  clearingType: string
  credentialType: string
  invoiceNo: string | null
}

/** The one computation of pre-settlement and settlement, at the desk and on the phone. */
export function figuresOf(
  centre: Centre,
  call: Call,
  bill: { visit: Visit; member: Member; split: Split; useAccount: boolean; medType: string },
): { figures: Figures; balanceFen: Fen } {
  const { visit, member, split, useAccount } = bill
  const { personNo, scheme, retired } = member.insurance
  const year = businessDateOf(call.at).slice(0, 4)
  const accountBalanceFen = balanceOf(centre.store, personNo)
  const isStay = visit.place === 'inpatient'
  const figures = settleFees(rulesFor(centre, call, bill), {
    scheme,
    retired,
    hospitalLevel: call.hospital.level,
    split,
    used: yearUseOf(centre.store, { personNo, scheme, year }),
    accountBalanceFen,
    useAccount,
    stay: isStay ? { earlierStays: earlierStays(centre, personNo, year) } : null,
  })
  return { figures, balanceFen: fen(accountBalanceFen - figures.accountFen) }
}

/** Writes the settlement and books it. */
export function bookSettlement(centre: Centre, call: Call, quote: Quote): Settlement {
  const settlement: Settlement = {
    id: newNumber(centre, call.at),
    seq: nextSeq(centre),
    msgid: call.msgid,
    originalId: null,
    status: 'live',
    visitId: quote.visit.id,
    batchNo: quote.batchNo,
    personNo: quote.visit.personNo,
    fixmedinsCode: call.fixmedinsCode,
    scheme: quote.member.insurance.scheme,
    medType: quote.medType,
    credentialType: quote.credentialType,
    clrType: quote.clearingType,
    invoiceNo: quote.invoiceNo,
    opter: call.opter,
    opterName: call.opterName,
    settledAt: call.at,
    businessDate: businessDateOf(call.at),
    balanceFen: quote.balanceFen,
    figures: quote.figures,
  }
  insertSettlement(centre, settlement)
  applySettlement(centre.store, settlement)
  if (isFromElsewhere(centre, quote.member)) registerNationally(centre, settlement, quote.member)
  return settlement
}

/** setlinfo and setldetail of 2206, 2207, 2303 and 2304. */
export const answerOf = (
  centre: Centre,
  call: Call,
  quote: Quote,
  settlement: Settlement | null,
): WireObject => ({
  setlinfo: {
    ...(settlement ? { setl_id: settlement.id } : {}),
    ...describe(centre, quote, call),
    ...amountsOf(quote.figures),
    psn_part_amt: yuan(quote.figures.personFen),
    psn_cash_pay: yuan(quote.figures.cashFen),
    hosp_part_amt: yuan(quote.figures.hospitalFen),
    balc: yuan(quote.balanceFen),
  },
  setldetail: detailsOf(quote.figures),
})

const describe = (centre: Centre, quote: Quote, call: Call): WireObject => ({
  mdtrt_id: quote.visit.id,
  ...identityOf(quote.member, call.at),
  insutype: quote.member.insurance.scheme,
  psn_type: personTypeOf(quote.member.insurance),
  cvlserv_flag: '0',
  mdtrt_cert_type: quote.credentialType,
  med_type: quote.medType,
  medins_setl_id: call.msgid,
  clr_optins: centre.admdvs,
  clr_way: '1', // 按项目
  clr_type: quote.clearingType,
})

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
