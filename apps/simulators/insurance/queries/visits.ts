import { toShanghaiText } from '../../../../kernel/time.ts'
import type { Call, Centre, Handler, Member } from '../centre.ts'
import { dateTime, optional, readFields, text } from '../fields.ts'
import {
  credentialType,
  identityOf,
  personTypeOf,
  requireByCredential,
  requireMember,
} from '../people.ts'
import { Refusal } from '../refusal.ts'
import { findNewest, findSettlement, type Settlement } from '../settlements.ts'
import { integerOf, type Row, textOf, textOrNull } from '../store.ts'
import { findVisit, type Visit } from '../visits.ts'
import {
  isWireObject,
  JsonNumber,
  memberOf,
  parseWire,
  type Wire,
  type WireObject,
  yuan,
} from '../wire-json.ts'

/** 5201: a person's visits and stays at the hospital that asks. */
export const listVisits: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), VISITS, 'data')
  const member = requireMember(centre, call, data.psn_no, 'data.psn_no')
  const rows = centre.store.all(
    `select visit.*, discharged_at from visit left join stay using (mdtrt_id)
     where fixmedins_code = ? and psn_no = ? and med_type = ? and begun_at between ? and ?
       and cancelled = 0 and (? is null or mdtrt_id = ?) order by begun_at, ordinal limit ?`,
    [
      call.fixmedinsCode,
      data.psn_no,
      data.med_type,
      data.begntime,
      data.endtime,
      data.mdtrt_id,
      data.mdtrt_id,
      ROWS_MAX,
    ],
  )
  return { mdtrtinfo: rows.map((row) => visitRow(row, member, call)) }
}

/** 5202. */
export const listDiagnoses: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), VISIT, 'data')
  const visit = requireOwnVisit(centre, call, data)
  const rows = centre.store.all(
    'select * from diagnosis where mdtrt_id = ? order by inout, diag_srt_no',
    [visit.id],
  )
  return {
    diseinfo: rows.map((row) => {
      const given = parseWire(textOf(row, 'record'))
      const order = integerOf(row, 'diag_srt_no')
      const fields = ['diag_type', 'diag_dept', 'dise_dor_no', 'dise_dor_name', 'diag_time']
      return {
        diag_info_id: `${visit.id}${textOf(row, 'inout')}${String(order).padStart(2, '0')}`,
        mdtrt_id: visit.id,
        psn_no: visit.personNo,
        inout_diag_type: textOf(row, 'inout'),
        maindiag_flag: memberOf(given, 'maindiag_flag') ?? (order === 1 ? '1' : '0'),
        diag_srt_no: new JsonNumber(String(order)),
        diag_code: textOf(row, 'diag_code'),
        diag_name: textOf(row, 'diag_name'),
        ...Object.fromEntries(fields.map((name) => [name, memberOf(given, name)])),
      }
    }),
  }
}

/** 5204: the lines of a settlement, or of the visit's newest. */
export const listLines: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), SETTLEMENT, 'data')
  const visit = requireOwnVisit(centre, call, data)
  const settlement = requireSettlement(centre, visit, data.setl_id)
  const rows = centre.store.all(
    'select * from fee_detail where mdtrt_id = ? and chrg_bchno = ? order by feedetl_sn',
    [visit.id, settlement.batchNo],
  )
  return {
    feedetail: rows.map((row) => ({
      mdtrt_id: visit.id,
      setl_id: settlement.id,
      ...usedItem(centre, row, settlement.medType),
    })),
  }
}

/** 5205: what was prescribed for chronic disease. */
export const listChronicDrugs: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), PERIOD, 'data')
  requireMember(centre, call, data.psn_no, 'data.psn_no')
  const rows = centre.store.all(
    `select fee_detail.*, visit.fixmedins_code, visit.med_type as kind
     from fee_detail join visit using (mdtrt_id)
     where psn_no = ? and visit.med_type in ('14', '9901') and begun_at >= ?
       and (? is null or begun_at <= ?) order by begun_at, feedetl_sn limit ?`,
    [data.psn_no, data.begntime, data.endtime, data.endtime, ROWS_MAX],
  )
  return {
    feedetail: rows.map((row) => ({
      psn_no: data.psn_no,
      fixmedins_code: textOf(row, 'fixmedins_code'),
      fixmedins_name: centre.hospitals.get(textOf(row, 'fixmedins_code'))?.name ?? '',
      ...usedItem(centre, row, textOf(row, 'kind')),
    })),
  }
}

/** 5261: the slip of a settlement, for the person. */
export const settlementSlip: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), SETTLEMENT, 'data')
  const member = requireMember(centre, call, data.psn_no, 'data.psn_no')
  const visit = requireOwnVisit(centre, call, data)
  const { id, settledAt, figures, balanceFen } = requireSettlement(centre, visit, data.setl_id)
  return {
    data: {
      setl_id: id,
      mdtrt_id: visit.id,
      ...identityOf(member, settledAt),
      brdy: member.person.birthDate,
      fixmedins_name: call.hospital.name,
      setl_time: toShanghaiText(settledAt),
      medfee_sumamt: yuan(figures.totalFen),
      fund_pay_sumamt: yuan(figures.fundPaySumFen),
      acct_pay: yuan(figures.accountFen),
      psn_cash_pay: yuan(figures.cashFen),
      balc: yuan(balanceFen),
    },
  }
}

/** 5303: where a person is in hospital now, wherever that is. */
export const listOpenStays: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), CREDENTIAL, 'data')
  const path = 'data.mdtrt_cert_no'
  const credential = { type: data.mdtrt_cert_type, no: data.mdtrt_cert_no }
  const member = requireByCredential(centre, credential, path)
  if (!member) throw new Refusal(path, '未查询到参保信息')
  const rows = centre.store.all(
    `select * from visit join stay using (mdtrt_id)
     where psn_no = ? and cancelled = 0 and discharged_at is null`,
    [member.insurance.personNo],
  )
  return {
    data: rows.map((row) => ({
      mdtrt_id: textOf(row, 'mdtrt_id'),
      psn_no: textOf(row, 'psn_no'),
      fixmedins_code: textOf(row, 'fixmedins_code'),
      fixmedins_name: centre.hospitals.get(textOf(row, 'fixmedins_code'))?.name ?? '',
      begntime: textOf(row, 'begun_at'),
      med_type: textOf(row, 'med_type'),
      ipt_no: textOf(row, 'ipt_otp_no'),
    })),
  }
}

function visitRow(row: Row, member: Member, call: Call): WireObject {
  const isStay = textOf(row, 'place') === 'inpatient'
  const dischargedAt = textOrNull(row, 'discharged_at')
  return {
    mdtrt_id: textOf(row, 'mdtrt_id'),
    ...identityOf(member, call.at),
    brdy: member.person.birthDate,
    insutype: textOf(row, 'insutype'),
    psn_type: personTypeOf(member.insurance),
    cvlserv_flag: '0',
    insu_optins: member.insurance.admdvs,
    begntime: textOf(row, 'begun_at'),
    endtime: dischargedAt,
    mdtrt_cert_type: textOf(row, 'mdtrt_cert_type'),
    med_type: textOf(row, 'med_type'),
    ipt_otp_no: textOf(row, 'ipt_otp_no'),
    inhosp_stas: isStay ? (dischargedAt === null ? '1' : '0') : null,
  }
}

function usedItem(centre: Centre, row: Row, medType: string): WireObject {
  const record: Wire = parseWire(textOf(row, 'record'))
  const code = textOf(row, 'med_list_codg')
  const item = centre.catalogue.get(code)
  return {
    ...(isWireObject(record) ? record : {}),
    med_type: medType,
    hilist_code: code,
    hilist_name: item?.name ?? code,
    list_type: listTypeOf(item?.chargeCategory ?? ''),
    medins_list_name: item?.name ?? code,
    prodname: item?.name ?? null,
    spec: item?.spec ?? null,
    dosform_name: null,
  }
}

/** list_type by med_chrgitm_type. */
export function listTypeOf(chargeCategory: string): string {
  if (chargeCategory === '09' || chargeCategory === '11') return '101'
  if (chargeCategory === '10') return '102'
  return chargeCategory === '08' ? '301' : '201'
}

function requireOwnVisit(
  centre: Centre,
  call: Call,
  of: { mdtrt_id: string; psn_no: string },
): Visit {
  requireMember(centre, call, of.psn_no, 'data.psn_no')
  const visit = findVisit(centre, of.mdtrt_id)
  if (visit?.fixmedinsCode !== call.fixmedinsCode || visit.personNo !== of.psn_no) {
    throw new Refusal('data.mdtrt_id', '就诊登记不存在')
  }
  return visit
}

function requireSettlement(centre: Centre, visit: Visit, id: string | null): Settlement {
  const found = id === null ? findNewest(centre, visit.id) : findSettlement(centre, id)
  if (found?.visitId !== visit.id || found.status === 'reversed') {
    throw new Refusal('data.setl_id', '未查询到结算信息')
  }
  return found
}

const ROWS_MAX = 999

const VISIT = { mdtrt_id: text(30), psn_no: text(30) }
const SETTLEMENT = { ...VISIT, setl_id: optional(text(30)) }
const PERIOD = { psn_no: text(30), begntime: dateTime, endtime: optional(dateTime) }
const VISITS = {
  ...PERIOD,
  endtime: dateTime,
  med_type: text(6),
  mdtrt_id: optional(text(30)),
}
const CREDENTIAL = { mdtrt_cert_type: credentialType, mdtrt_cert_no: text(50) }
