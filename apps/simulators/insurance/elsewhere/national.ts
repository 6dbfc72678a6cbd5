import { type Fen, subtractFen } from '../../../../kernel/money.ts'
import { randomBelow } from '../../../../kernel/random.ts'
import { toShanghaiText } from '../../../../kernel/time.ts'
import type { Call, Centre, Handler, Member } from '../centre.ts'
import { amount, decimal, oneOf, readFields, readList, text } from '../fields.ts'
import { Refusal } from '../refusal.ts'
import { type Settlement, toSettlement } from '../settlements.ts'
import { type Row, textOf, textOrNull } from '../store.ts'
import { JsonNumber, memberOf, type WireObject, yuan } from '../wire-json.ts'

// Settlements of people from elsewhere go through the national platform, which numbers them anew
// and clears them month by month: 3260 lists, 3261 confirms, 3262 takes a confirmation back.

/** A settlement as the national platform has it. */
type NationalRow = {
  settlement: Settlement
  visitSn: string // S…
  settlementSn: string // A…
  idCardNo: string
  confirmedBy: string | null
}

/** Gives a settlement its two numbers. */
export function registerNationally(centre: Centre, settlement: Settlement, member: Member): void {
  const { admdvs } = member.insurance
  const day = toShanghaiText(settlement.settledAt).slice(2, 10).replaceAll('-', '')
  const serial = () => String(randomBelow(centre.random, 10_000_000)).padStart(7, '0')
  centre.store.run('insert into national_settlement values (?, ?, ?, null)', [
    settlement.id,
    `S${admdvs}${day}${serial()}`,
    `A${admdvs}${day}${serial()}`,
  ])
}

/** Refuses to undo what a month's clearing has taken in. */
export function refuseConfirmed({ store }: Centre, { id }: Settlement, path: string): void {
  const row = store.get('select confirmed_by from national_settlement where setl_id = ?', [id])
  if (row && textOrNull(row, 'confirmed_by') !== null) {
    throw new Refusal(path, '已纳入跨省清分，请先回退(3262)')
  }
}

/** 3260: at most a hundred rows from `startrow` on, counted from 1. */
export const listForClearing: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), LISTING, 'data')
  if (data.startrow < 1n) throw new Refusal('data.startrow', '应从1开始')
  const rows = rowsOf(centre, call, data)
  const from = Number(data.startrow) - 1
  return {
    data: rows.slice(from, from + PAGE).map((row, index) => wireOf(centre, row, from + index + 1)),
  }
}

/** 3261: all rows of the month at once, each as 3260 gave it. */
export const confirmClearing: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), CONFIRMATION, 'data')
  const list = readList(memberOf(call.input, 'detail'), DETAIL, 'detail', ROWS_MAX)
  const rows = new Map(rowsOf(centre, call, data).map((row) => [row.settlementSn, row]))
  if (Number(data.totalrow) !== list.length) throw new Refusal('data.totalrow', '与明细行数不一致')
  if (list.length !== rows.size) throw new Refusal('data.totalrow', `应为${rows.size}行`)
  for (const [index, line] of list.entries()) {
    const path = `detail[${index}]`
    const row = rows.get(line.setl_sn)
    if (!row) throw new Refusal(`${path}.setl_sn`, '不在本月清分明细中，或重复')
    rows.delete(line.setl_sn)
    checkLine(row, line, path)
    if (row.confirmedBy !== null) throw new Refusal(`${path}.setl_sn`, '已确认')
    if (line.cnfm_flag === '0') continue
    centre.store.run('update national_settlement set confirmed_by = ? where setl_id = ?', [
      call.refMsgid,
      row.settlement.id,
    ])
  }
  return null
}

/** 3262: what the message of that inf_refmsgid confirmed, or with '0' all of the month. */
export const rollBackClearing: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), ROLL_BACK, 'data')
  const confirmed = rowsOf(centre, call, data).filter(
    ({ confirmedBy }) =>
      confirmedBy !== null && (data.otransid === ALL || confirmedBy === data.otransid),
  )
  if (confirmed.length === 0) throw new Refusal('data.otransid', '没有可回退的清分确认')
  for (const { settlement } of confirmed) {
    centre.store.run('update national_settlement set confirmed_by = null where setl_id = ?', [
      settlement.id,
    ])
  }
  return null
}

/** Those of the month that stand, in the order of making. */
function rowsOf(centre: Centre, call: Call, of: { trt_year: string; trt_month: string }) {
  const month = `${of.trt_year}-${of.trt_month}`
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new Refusal('data.trt_month', '应为01至12')
  const rows = centre.store.all(
    `select * from settlement join national_settlement using (setl_id)
     where fixmedins_code = ? and substr(business_date, 1, 7) = ? and status = 'live' order by seq`,
    [call.fixmedinsCode, month],
  )
  return rows.map((row) => toNational(centre, row))
}

function toNational(centre: Centre, row: Row): NationalRow {
  const settlement = toSettlement(row)
  const member = centre.people.byPersonNo.get(settlement.personNo)?.[0]
  return {
    settlement,
    visitSn: textOf(row, 'mdtrt_sn'),
    settlementSn: textOf(row, 'setl_sn'),
    idCardNo: member?.person.idCardNo ?? '',
    confirmedBy: textOrNull(row, 'confirmed_by'),
  }
}

const wireOf = (centre: Centre, row: NationalRow, seqno: number): WireObject => ({
  seqno: new JsonNumber(String(seqno)),
  mdtrtarea: centre.admdvs,
  medins_no: row.settlement.fixmedinsCode,
  certno: row.idCardNo,
  mdtrt_id: row.visitSn,
  mdtrt_setl_time: toShanghaiText(row.settlement.settledAt),
  setl_sn: row.settlementSn,
  fulamt_advpay_flag: '0', // 医院报销
  medfee_sumamt: yuan(row.settlement.figures.totalFen),
  optins_pay_sumamt: yuan(insurersPart(row.settlement)),
})

function checkLine(row: NationalRow, line: DetailLine, path: string) {
  const { settlement } = row
  const right: [string, string | Fen, string | Fen][] = [
    ['certno', line.certno, row.idCardNo],
    ['mdtrt_id', line.mdtrt_id, row.visitSn],
    ['mdtrt_setl_time', line.mdtrt_setl_time, toShanghaiText(settlement.settledAt)],
    ['medfee_sumamt', line.medfee_sumamt, settlement.figures.totalFen],
    ['optins_pay_sumamt', line.optins_pay_sumamt, insurersPart(settlement)],
  ]
  for (const [name, given, expected] of right) {
    if (given !== expected) throw new Refusal(`${path}.${name}`, '与中心结算不一致')
  }
}

/** 经办机构支付总额: funds and account. */
const insurersPart = ({ figures }: Settlement): Fen =>
  subtractFen(figures.totalFen, figures.cashFen)

const PAGE = 100
const ROWS_MAX = 1_000
const ALL = '0'

const MONTH = { trt_year: text(4), trt_month: text(2) }
const LISTING = { ...MONTH, startrow: decimal(10, 0) }
const CONFIRMATION = { ...MONTH, totalrow: decimal(10, 0) }
const ROLL_BACK = { ...MONTH, otransid: text(30) }

type DetailLine = ReturnType<typeof readList<typeof DETAIL>>[number]

const DETAIL = {
  certno: text(50),
  mdtrt_id: text(30),
  mdtrt_setl_time: text(19),
  setl_sn: text(30),
  medfee_sumamt: amount,
  optins_pay_sumamt: amount,
  cnfm_flag: oneOf('0', '1'),
}
