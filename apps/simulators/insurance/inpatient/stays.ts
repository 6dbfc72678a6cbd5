import type { Call, Centre, Handler } from '../centre.ts'
import { dateTime, optional, readFields, text } from '../fields.ts'
import { checkCredential, checkInsurance, credentialType, requireMember } from '../people.ts'
import { Refusal } from '../refusal.ts'
import { integerOf, textOrNull } from '../store.ts'
import {
  insertVisit,
  keepDiagnoses,
  otherPersonHas,
  requireVisit,
  type Visit,
  visitKindOf,
} from '../visits.ts'
import { memberOf, type Wire } from '../wire-json.ts'

/**
 * A stay in hospital.
 *
 *   2401 ─▶ admitted ──2402──▶ discharged ──2304──▶ settled
 *              ◀──────2405────     ◀─────2305──────
 *   2404 takes an admission back that has no lines; 2403 changes one until it is settled
 */
export type Stay = { visit: Visit; dischargedAt: string | null }

/** 2401. */
export const admit: Handler = (centre, call) => {
  const info = readFields(memberOf(call.input, 'mdtrtinfo'), ADMISSION, 'mdtrtinfo')
  const member = requireMember(centre, call, info.psn_no, 'mdtrtinfo.psn_no')
  checkInsurance(member, info.insutype, 'mdtrtinfo.insutype')
  if (info.mdtrt_cert_no !== null) {
    const credential = { type: info.mdtrt_cert_type, no: info.mdtrt_cert_no }
    checkCredential(centre, member, credential, 'mdtrtinfo.mdtrt_cert_no')
  }
  visitKindOf(call, info.med_type, 'inpatient', 'mdtrtinfo.med_type')
  if (otherPersonHas(centre, call, info.ipt_no, info.psn_no)) {
    throw new Refusal('mdtrtinfo.ipt_no', '该住院号已由其他人员使用')
  }
  if (findOpenStay(centre, call, info.psn_no)) {
    throw new Refusal('mdtrtinfo.psn_no', '人员已在本机构住院')
  }
  const id = insertVisit(centre, call, {
    visitNo: info.ipt_no,
    personNo: info.psn_no,
    insutype: info.insutype,
    place: 'inpatient',
    medType: info.med_type,
    credentialType: info.mdtrt_cert_type,
    begunAt: info.begntime,
  })
  centre.store.run('insert into stay (mdtrt_id) values (?)', [id])
  keepDiagnoses(centre, id, '1', memberOf(call.input, 'diseinfo'))
  return { result: { mdtrt_id: id } }
}

/** 2402: without it nothing is settled. */
export const discharge: Handler = (centre, call) => {
  const info = readFields(memberOf(call.input, 'dscginfo'), DISCHARGE, 'dscginfo')
  const { visit, dischargedAt } = requireStay(centre, call, info, 'dscginfo')
  if (dischargedAt !== null) throw new Refusal('dscginfo.mdtrt_id', '已办理出院')
  if (info.endtime < visit.begunAt) throw new Refusal('dscginfo.endtime', '早于入院时间')
  checkSameStay(memberOf(call.input, 'diseinfo'), visit)
  centre.store.run('update stay set discharged_at = ?, dscg_way = ? where mdtrt_id = ?', [
    info.endtime,
    info.dscg_way,
    visit.id,
  ])
  keepDiagnoses(centre, visit.id, '2', memberOf(call.input, 'diseinfo'))
  return null
}

/** 2403. */
export const changeStay: Handler = (centre, call) => {
  const info = readFields(memberOf(call.input, 'adminfo'), CHANGE, 'adminfo')
  const { visit } = requireStay(centre, call, info, 'adminfo')
  refuseSettled(centre, visit, 'adminfo.mdtrt_id')
  visitKindOf(call, info.med_type, 'inpatient', 'adminfo.med_type')
  if (visit.visitNo !== info.ipt_otp_no) throw new Refusal('adminfo.ipt_otp_no', '与入院登记不一致')
  if (hasLines(centre, visit) && info.med_type !== visit.medType) {
    throw new Refusal('adminfo.med_type', '已有费用明细，不能变更医疗类别')
  }
  checkSameStay(memberOf(call.input, 'diseinfo'), visit)
  centre.store.run('update visit set med_type = ?, begun_at = ? where mdtrt_id = ?', [
    info.med_type,
    info.begntime,
    visit.id,
  ])
  keepDiagnoses(centre, visit.id, '1', memberOf(call.input, 'diseinfo'))
  return null
}

/** 2404. */
export const cancelAdmission: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), STAY, 'data')
  const { visit, dischargedAt } = requireStay(centre, call, data, 'data')
  if (dischargedAt !== null) throw new Refusal('data.mdtrt_id', '已办理出院，不能撤销入院')
  if (hasLines(centre, visit)) throw new Refusal('data.mdtrt_id', '已有费用明细，不能撤销入院')
  centre.store.run('update visit set cancelled = 1 where mdtrt_id = ?', [visit.id])
  return null
}

/** 2405. */
export const cancelDischarge: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), STAY, 'data')
  const { visit, dischargedAt } = requireStay(centre, call, data, 'data')
  if (dischargedAt === null) throw new Refusal('data.mdtrt_id', '未办理出院')
  refuseSettled(centre, visit, 'data.mdtrt_id')
  if (findOpenStay(centre, call, visit.personNo)) {
    throw new Refusal('data.psn_no', '人员已再次在本机构住院')
  }
  centre.store.run('update stay set discharged_at = null where mdtrt_id = ?', [visit.id])
  return null
}

/** Errors: a Refusal under `path` for what is no stay of this hospital and person. */
export function requireStay(
  centre: Centre,
  call: Call,
  ids: { mdtrt_id: string; psn_no: string },
  path: string,
): Stay & { member: ReturnType<typeof requireMember> } {
  const { visit, member } = requireVisit(centre, call, ids, path, 'inpatient')
  const row = centre.store.get('select * from stay where mdtrt_id = ?', [visit.id])
  return { visit, member, dischargedAt: textOrNull(row, 'discharged_at') }
}

/** Refuses a stay that a settlement stands on. */
export function refuseSettled({ store }: Centre, visit: Visit, path: string): void {
  const settled = store.get(
    "select 1 from settlement where mdtrt_id = ? and status = 'live' and original_setl_id is null",
    [visit.id],
  )
  if (settled) throw new Refusal(path, '住院已结算')
}

/** The stays of a person that were settled in a year, anywhere, and were not taken back. */
export function earlierStays({ store }: Centre, personNo: string, year: string): number {
  const row = store.get(
    `select count(*) as n from settlement join visit using (mdtrt_id)
     where settlement.psn_no = ? and place = 'inpatient' and status = 'live'
       and original_setl_id is null and substr(business_date, 1, 4) = ?`,
    [personNo, year],
  )
  return integerOf(row, 'n')
}

const findOpenStay = ({ store }: Centre, call: Call, personNo: string) =>
  store.get(
    `select 1 from stay join visit using (mdtrt_id)
     where fixmedins_code = ? and psn_no = ? and cancelled = 0 and discharged_at is null`,
    [call.fixmedinsCode, personNo],
  )

const hasLines = ({ store }: Centre, visit: Visit) =>
  store.get('select 1 from fee_detail where mdtrt_id = ? limit 1', [visit.id]) !== null

/** The diagnoses name the stay once more each. */
function checkSameStay(list: Wire, visit: Visit) {
  if (!Array.isArray(list)) return
  for (const [index, node] of (list as readonly Wire[]).entries()) {
    const path = `diseinfo[${index}]`
    const ids = readFields(node, STAY, path)
    if (ids.mdtrt_id !== visit.id) throw new Refusal(`${path}.mdtrt_id`, '与住院登记不一致')
    if (ids.psn_no !== visit.personNo) throw new Refusal(`${path}.psn_no`, '与住院登记不一致')
  }
}

const STAY = { mdtrt_id: text(30), psn_no: text(30) }

const ADMISSION = {
  psn_no: text(30),
  insutype: text(6),
  begntime: dateTime,
  mdtrt_cert_type: credentialType,
  mdtrt_cert_no: optional(text(50)),
  med_type: text(6),
  ipt_no: text(30),
}

const DISCHARGE = { ...STAY, endtime: dateTime, dscg_way: optional(text(3)) }

const CHANGE = { ...STAY, begntime: dateTime, med_type: text(6), ipt_otp_no: text(30) }
