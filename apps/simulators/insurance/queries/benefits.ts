import { type Fen, fen } from '../../../../kernel/money.ts'
import { businessDateOf } from '../../../../kernel/time.ts'
import { yearUseOf } from '../books.ts'
import type { Call, Centre, Handler, Member } from '../centre.ts'
import { isFiled, isFromElsewhere, rulesFor } from '../elsewhere/rules.ts'
import { dateTime, optional, readFields, text } from '../fields.ts'
import { defaultStays, stayDeductible } from '../inpatient/policy.ts'
import { earlierStays } from '../inpatient/stays.ts'
import { checkInsurance, requireMember } from '../people.ts'
import type { YearUse } from '../policy.ts'
import { Refusal } from '../refusal.ts'
import { memberOf, type WireObject, yuan } from '../wire-json.ts'

/** 2001: which funds pay for a kind of visit, and if not, why. */
export const checkBenefits: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), CHECK, 'data')
  const member = requireMember(centre, call, data.psn_no, 'data.psn_no')
  checkInsurance(member, data.insutype)
  if (data.fixmedins_code !== call.fixmedinsCode) {
    throw new Refusal('data.fixmedins_code', '与报文的定点医药机构编号不一致')
  }
  if (!call.hospital.profile.visitKinds.has(data.med_type)) {
    throw new Refusal('data.med_type', '本统筹区不使用该医疗类别')
  }
  const reason = whyNot(centre, call, member)
  const funds = data.insutype === '310' ? ['310100', '330100'] : ['390100', '390200']
  return {
    trtinfo: funds.map((fund) => ({
      psn_no: data.psn_no,
      trt_chk_type: '1',
      fund_pay_type: fund,
      trt_enjymnt_flag: member.insurance.status === 'active' ? '1' : '0',
      begndate: `${businessDateOf(call.at).slice(0, 4)}-01-01`,
      enddate: `${businessDateOf(call.at).slice(0, 4)}-12-31`,
      trt_chk_rslt: reason,
    })),
  }
}

/** 5206: what the year has used up, one row for each kind, and what is left of the deductible. */
export const cumulated: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), CUMULATED, 'data')
  const member = requireMember(centre, call, data.psn_no, 'data.psn_no')
  const ym = data.cum_ym ?? businessDateOf(call.at).slice(0, 7).replace('-', '')
  if (!/^\d{4}(0[1-9]|1[0-2])$/.test(ym)) throw new Refusal('data.cum_ym', '应为yyyyMM')
  const { personNo, scheme } = member.insurance
  const year = ym.slice(0, 4)
  const used = yearUseOf(centre.store, { personNo, scheme, year })
  const rows = [...usedRows(scheme, used), ...leftRows(centre, call, member, used)]
  return {
    cuminfo: rows.map(([code, amount]): WireObject => {
      return { insutype: scheme, year, cum_ym: ym, cum_type_code: code, cum: yuan(amount) }
    }),
  }
}

function whyNot(centre: Centre, call: Call, member: Member): string | null {
  if (member.insurance.status !== 'active') return '参保状态为暂停参保'
  if (!isFromElsewhere(centre, member)) return null
  const filed = isFiled(centre, member.insurance.personNo, businessDateOf(call.at))
  return filed ? '异地就医已备案' : '异地就医未备案，降低支付比例'
}

/** D… is what a fund has paid, C0000 what is in scope, F0000 what the person bears of it. */
function usedRows(scheme: '310' | '390', used: YearUse): [string, Fen][] {
  const pool = scheme === '310' ? 'D310101' : 'D390101'
  return [
    [pool, used.poolFen],
    scheme === '310' ? ['D330101', used.largeFen] : ['D390201', used.illnessFen],
    ['C0000_BIZ11', used.coveredFen],
    ['C0000_BIZ21', used.stayCoveredFen],
    ['F0000', used.burdenFen],
    ['Q0000_BIZ11', used.deductibleFen],
  ]
}

function leftRows(centre: Centre, call: Call, member: Member, used: YearUse): [string, Fen][] {
  const { personNo, scheme } = member.insurance
  const policy = rulesFor(centre, call, { member, medType: '11' })
  const rules = policy.schemes[scheme]
  const stays = earlierStays(centre, personNo, businessDateOf(call.at).slice(0, 4))
  const stay = (policy.stays ?? defaultStays)[scheme]
  return [
    ['L0000_BIZ11', fen(Math.max(0, rules.deductibleFen - used.deductibleFen))],
    ['L0000_BIZ21', stayDeductible(stay, call.hospital.level, stays)],
    ['LCAP', fen(Math.max(0, rules.poolCapFen - used.poolFen))],
  ]
}

const CHECK = {
  psn_no: text(30),
  insutype: text(6),
  fixmedins_code: text(12),
  med_type: text(6),
  begntime: dateTime,
}

const CUMULATED = { psn_no: text(30), cum_ym: optional(text(6)) }
