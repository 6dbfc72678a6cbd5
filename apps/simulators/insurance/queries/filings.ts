import { businessDateOf } from '../../../../kernel/time.ts'
import { type Call, type Centre, type Handler, newNumber } from '../centre.ts'
import { date, dateTime, optional, readFields, text } from '../fields.ts'
import { requireMember } from '../people.ts'
import { Refusal } from '../refusal.ts'
import { type Row, textOf, textOrNull } from '../store.ts'
import { memberOf, parseWire, type Wire, type WireObject, writeWire } from '../wire-json.ts'

// 备案: what a person has told the insurance beforehand. Each is a row that is cancelled, never gone.

type FilingKind = '2501' | '2503' | '2505' | '2507'

/** 2501 转院, also into another area. */
export const fileTransfer: Handler = (centre, call) => {
  const node = memberOf(call.input, 'refmedin')
  const { mdtrtarea_admdvs: area } = readFields(node, { mdtrtarea_admdvs: text(6) }, 'refmedin')
  return file(centre, call, { kind: '2501', node, path: 'refmedin', area })
}

/** 2503 门诊慢特病. */
export const fileChronicDisease: Handler = (centre, call) => file(centre, call, plain(call, '2503'))

/** 2505 定点. */
export const fileInstitution: Handler = (centre, call) => file(centre, call, plain(call, '2505'))

/** 2507 意外伤害. */
export const fileAccident: Handler = (centre, call) => file(centre, call, plain(call, '2507'))

/** 2502, 2504 and 2506. */
export const cancelFiling =
  (kind: FilingKind): Handler =>
  (centre, call) => {
    const data = readFields(memberOf(call.input, 'data'), CANCELLATION, 'data')
    requireMember(centre, call, data.psn_no, 'data.psn_no')
    const cancelled = centre.store.run(
      `update filing set cancelled = 1
       where trt_dcla_detl_sn = ? and psn_no = ? and kind = ? and cancelled = 0`,
      [data.trt_dcla_detl_sn, data.psn_no, kind],
    )
    if (cancelled === 0) throw new Refusal('data.trt_dcla_detl_sn', '备案不存在或已撤销')
    return null
  }

/** 5301. */
export const listChronicDiseases: Handler = (centre, call) => {
  const rows = standing(centre, call, '2503')
  return { feedetail: rows.map((row) => pick(row, ['opsp_dise_code', 'opsp_dise_name'])) }
}

/** 5302. */
export const listInstitutions: Handler = (centre, call) => {
  const names = ['psn_no', 'fix_srt_no', 'fixmedins_code', 'fixmedins_name']
  const data = readFields(memberOf(call.input, 'data'), { biz_appy_type: text(6) }, 'data')
  const rows = standing(centre, call, '2505').filter(
    (row) => memberOf(recordOf(row), 'biz_appy_type') === data.biz_appy_type,
  )
  return { psnfixmedin: rows.map((row) => pick(row, names)) }
}

/** 5304. */
export const listTransfers: Handler = (centre, call) => {
  const period = readFields(memberOf(call.input, 'data'), PERIOD, 'data')
  const to = period.endtime?.slice(0, 10) ?? '9999-12-31'
  const rows = standing(centre, call, '2501').filter(
    (row) =>
      textOf(row, 'begndate') >= period.begntime.slice(0, 10) && textOf(row, 'begndate') <= to,
  )
  return { refmedin: [...rows.map((row) => pick(row, TRANSFER)), ...atHome(centre, call, period)] }
}

/** 异地安置 and the like: filed in one's own area, for an area and no institution, and of no one illness. */
function atHome(centre: Centre, call: Call, { begntime, endtime }: ListedPeriod): WireObject[] {
  const { psn_no: personNo } = readFields(
    memberOf(call.input, 'data'),
    { psn_no: text(30) },
    'data',
  )
  const to = endtime?.slice(0, 10) ?? '9999-12-31'
  return centre.homeFilings
    .map((filing, index) => ({ ...filing, index }))
    .filter(
      (one) => one.personNo === personNo && one.from >= begntime.slice(0, 10) && one.from <= to,
    )
    .map(({ from, to: until, index }) => ({
      psn_no: personNo,
      mdtrtarea_admdvs: centre.admdvs,
      refl_type: LONG_TERM,
      refl_date: from,
      trt_dcla_detl_sn: `HOME${index}`,
      begndate: from,
      enddate: until,
    }))
}

type ListedPeriod = { begntime: string; endtime: string | null }

const LONG_TERM = '3'

type Filing = { kind: FilingKind; node: Wire; path: string; area: string | null }

const plain = (call: Call, kind: FilingKind): Filing => ({
  kind,
  node: memberOf(call.input, 'data'),
  path: 'data',
  area: null,
})

function file(centre: Centre, call: Call, { kind, node, path, area }: Filing): WireObject {
  const data = readFields(node, FILING, path)
  requireMember(centre, call, data.psn_no, `${path}.psn_no`)
  const from = data.begndate ?? businessDateOf(call.at)
  if (data.enddate !== null && data.enddate < from) {
    throw new Refusal(`${path}.enddate`, '早于开始日期')
  }
  const no = newNumber(centre, call.at)
  centre.store.run('insert into filing values (?, ?, ?, ?, ?, ?, ?, 0, ?)', [
    no,
    call.fixmedinsCode,
    kind,
    data.psn_no,
    area,
    from,
    data.enddate,
    writeWire(node),
  ])
  return { result: { trt_dcla_detl_sn: no } }
}

function standing(centre: Centre, call: Call, kind: FilingKind): Row[] {
  const { psn_no: personNo } = readFields(
    memberOf(call.input, 'data'),
    { psn_no: text(30) },
    'data',
  )
  requireMember(centre, call, personNo, 'data.psn_no')
  return centre.store.all(
    `select * from filing where psn_no = ? and kind = ? and cancelled = 0
     order by trt_dcla_detl_sn limit 99`,
    [personNo, kind],
  )
}

const recordOf = (row: Row): Wire => parseWire(textOf(row, 'record'))

const pick = (row: Row, names: readonly string[]): WireObject => ({
  ...Object.fromEntries(names.map((name) => [name, memberOf(recordOf(row), name)])),
  trt_dcla_detl_sn: textOf(row, 'trt_dcla_detl_sn'),
  begndate: textOf(row, 'begndate'),
  enddate: textOrNull(row, 'enddate'),
})

const TRANSFER = [
  'psn_no',
  'diag_code',
  'diag_name',
  'reflin_medins_no',
  'reflin_medins_name',
  'mdtrtarea_admdvs',
  'refl_type',
  'refl_date',
]

const FILING = { psn_no: text(30), begndate: optional(date), enddate: optional(date) }
const CANCELLATION = { trt_dcla_detl_sn: text(30), psn_no: text(30) }
const PERIOD = { begntime: dateTime, endtime: optional(dateTime) }
