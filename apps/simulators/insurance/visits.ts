import {
  type Call,
  type Centre,
  type Handler,
  type Member,
  newNumber,
  type VisitKind,
} from './centre.ts'
import { date, dateTime, decimal, optional, readFields, readList, text } from './fields.ts'
import { checkCredential, checkInsurance, credentialType, requireMember } from './people.ts'
import { Refusal } from './refusal.ts'
import { integerOf, type Row, textOf, textOrNull } from './store.ts'
import { memberOf, type Wire, writeWire } from './wire-json.ts'

type Place = 'outpatient' | 'inpatient'

/** One registration (挂号) or stay (住院) at one hospital. */
export type Visit = {
  id: string // mdtrt_id
  fixmedinsCode: string
  visitNo: string // ipt_otp_no
  ordinal: number
  personNo: string
  insutype: string
  place: Place
  medType: string | null
  credentialType: string
  begunAt: string // yyyy-MM-dd HH:mm:ss
  cancelled: boolean
}

/** 2201. The same ipt_otp_no may be registered again: each time is a visit of its own. */
export const registerVisit: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), REGISTRATION, 'data')
  const member = requireMember(centre, call, data.psn_no, 'data.psn_no')
  checkInsurance(member, data.insutype)
  checkCredential(centre, member, { type: data.mdtrt_cert_type, no: data.mdtrt_cert_no })
  if (otherPersonHas(centre, call, data.ipt_otp_no, data.psn_no)) {
    throw new Refusal('data.ipt_otp_no', '该门诊号已由其他人员使用')
  }
  const id = insertVisit(centre, call, {
    visitNo: data.ipt_otp_no,
    personNo: data.psn_no,
    insutype: data.insutype,
    place: 'outpatient',
    medType: null,
    credentialType: data.mdtrt_cert_type,
    begunAt: data.begntime,
  })
  return { data: { mdtrt_id: id, psn_no: data.psn_no, ipt_otp_no: data.ipt_otp_no } }
}

/** 2202. */
export const cancelVisit: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), CANCELLATION, 'data')
  const visit = requireVisit(centre, call, data, 'data').visit
  if (visit.visitNo !== data.ipt_otp_no) throw new Refusal('data.ipt_otp_no', '与就诊登记不一致')
  const settled = centre.store.get(
    "select 1 from settlement where mdtrt_id = ? and status = 'live' and original_setl_id is null",
    [visit.id],
  )
  if (settled) throw new Refusal('data.mdtrt_id', '就诊已有结算，不能撤销挂号')
  centre.store.run('update visit set cancelled = 1 where mdtrt_id = ?', [visit.id])
  return null
}

/** 2203: the diagnoses given last are the ones that hold. */
export const describeVisit: Handler = (centre, call) => {
  const info = readFields(memberOf(call.input, 'mdtrtinfo'), VISIT_INFO, 'mdtrtinfo')
  visitKindOf(call, info.med_type, 'outpatient', 'mdtrtinfo.med_type')
  const { visit } = requireVisit(centre, call, info, 'mdtrtinfo')
  centre.store.run('update visit set med_type = ? where mdtrt_id = ?', [info.med_type, visit.id])
  keepDiagnoses(centre, visit.id, '1', memberOf(call.input, 'diseinfo'))
  return null
}

/** Writes a new visit and gives its mdtrt_id. */
export function insertVisit(
  centre: Centre,
  call: Call,
  visit: Omit<Visit, 'id' | 'fixmedinsCode' | 'ordinal' | 'cancelled'>,
): string {
  const id = newNumber(centre, call.at)
  centre.store.run(
    `insert into visit (mdtrt_id, msgid, fixmedins_code, ipt_otp_no, ordinal, psn_no, insutype,
       place, med_type, mdtrt_cert_type, begun_at, registration)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      call.msgid,
      call.fixmedinsCode,
      visit.visitNo,
      nextOrdinal(centre, call.fixmedinsCode, visit.visitNo),
      visit.personNo,
      visit.insutype,
      visit.place,
      visit.medType,
      visit.credentialType,
      visit.begunAt,
      writeWire(call.input),
    ],
  )
  return id
}

/** The diagnoses given last, on coming ('1') or on leaving ('2'), are the ones that hold. */
export function keepDiagnoses(centre: Centre, visitId: string, inout: '1' | '2', list: Wire): void {
  const diagnoses = readList(list, DIAGNOSIS, 'diseinfo', DIAGNOSES_MAX)
  const nodes = list as readonly Wire[]
  centre.store.run('delete from diagnosis where mdtrt_id = ? and inout = ?', [visitId, inout])
  diagnoses.forEach((diagnosis, index) => {
    const added = centre.store.run('insert or ignore into diagnosis values (?, ?, ?, ?, ?, ?)', [
      visitId,
      inout,
      Number(diagnosis.diag_srt_no),
      diagnosis.diag_code,
      diagnosis.diag_name,
      writeWire(nodes[index] ?? null),
    ])
    if (added === 0) throw new Refusal(`diseinfo[${index}].diag_srt_no`, '诊断排序号重复')
  })
}

/** Whether a number of the hospital's is another person's. */
export function otherPersonHas(centre: Centre, call: Call, visitNo: string, personNo: string) {
  const row = centre.store.get(
    'select 1 from visit where fixmedins_code = ? and ipt_otp_no = ? and psn_no <> ? limit 1',
    [call.fixmedinsCode, visitNo, personNo],
  )
  return row !== null
}

/** What a med_type is in the hospital's province. Errors: a Refusal for one that is not in use. */
export function visitKindOf(call: Call, code: string, place: Place, path: string): VisitKind {
  const { visitKinds } = call.hospital.profile
  const kind = visitKinds.get(code)
  if (kind?.place === place) return kind
  const known = [...visitKinds].filter(([, one]) => one.place === place).map(([one]) => one)
  throw new Refusal(path, `取值应为${known.join('、')}之一`)
}

/**
 * The open visit of this hospital and person that a message is about.
 *
 * Errors: a Refusal that names mdtrt_id or psn_no under `path`.
 */
export function requireVisit(
  centre: Centre,
  call: Call,
  { mdtrt_id: visitId, psn_no: personNo }: { mdtrt_id: string; psn_no: string },
  path: string,
  place: Place = 'outpatient',
): { visit: Visit; member: Member } {
  const member = requireMember(centre, call, personNo, `${path}.psn_no`)
  const visit = findVisit(centre, visitId)
  if (visit?.fixmedinsCode !== call.fixmedinsCode || visit.place !== place) {
    throw new Refusal(`${path}.mdtrt_id`, '就诊登记不存在')
  }
  if (visit.personNo !== personNo) throw new Refusal(`${path}.psn_no`, '与就诊登记的人员不一致')
  if (visit.cancelled) throw new Refusal(`${path}.mdtrt_id`, '就诊登记已撤销')
  return { visit, member }
}

export function findVisit(centre: Centre, visitId: string): Visit | null {
  const row = centre.store.get('select * from visit where mdtrt_id = ?', [visitId])
  return row && toVisit(row)
}

/** The visit that this very message registered, when it comes again. */
export function findVisitOfMessage(centre: Centre, msgid: string): Visit | null {
  const row = centre.store.get('select * from visit where msgid = ?', [msgid])
  return row && toVisit(row)
}

/** The how-manieth registration of this number at this hospital a new one would be. */
export function nextOrdinal(centre: Centre, fixmedinsCode: string, visitNo: string): number {
  const row = centre.store.get(
    'select count(*) + 1 as ordinal from visit where fixmedins_code = ? and ipt_otp_no = ?',
    [fixmedinsCode, visitNo],
  )
  return integerOf(row, 'ordinal')
}

const REGISTRATION = {
  psn_no: text(30),
  insutype: text(6),
  begntime: dateTime,
  mdtrt_cert_type: credentialType,
  mdtrt_cert_no: text(50),
  ipt_otp_no: text(30),
  atddr_no: text(30),
  dr_name: text(50),
  dept_code: text(30),
  dept_name: text(100),
  caty: text(6),
}

const CANCELLATION = { psn_no: text(30), mdtrt_id: text(30), ipt_otp_no: text(30) }

const VISIT_INFO = {
  mdtrt_id: text(30),
  psn_no: text(30),
  med_type: text(6),
  begntime: dateTime,
  main_cond_dscr: optional(text(1000)),
  dise_codg: optional(text(30)),
  dise_name: optional(text(500)),
  birctrl_type: optional(text(6)),
  birctrl_matn_date: optional(date),
}

const DIAGNOSIS = { diag_srt_no: decimal(2, 0), diag_code: text(20), diag_name: text(100) }
const DIAGNOSES_MAX = 50

const toVisit = (row: Row): Visit => ({
  id: textOf(row, 'mdtrt_id'),
  fixmedinsCode: textOf(row, 'fixmedins_code'),
  visitNo: textOf(row, 'ipt_otp_no'),
  ordinal: integerOf(row, 'ordinal'),
  personNo: textOf(row, 'psn_no'),
  insutype: textOf(row, 'insutype'),
  place: textOf(row, 'place') as Place,
  medType: textOrNull(row, 'med_type'),
  credentialType: textOf(row, 'mdtrt_cert_type'),
  begunAt: textOf(row, 'begun_at'),
  cancelled: integerOf(row, 'cancelled') === 1,
})
