import { addFen, type Fen, parseYuan, toYuanText } from '../../../kernel/money.ts'
import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import type { Centre, Handler } from './centre.ts'
import { amount, date, decimal, oneOf, optional, readFields, text } from './fields.ts'
import { keepFile, readRows, requireFile, writeRows } from './files.ts'
import { Refusal } from './refusal.ts'
import { listSettlements, type Settlement } from './settlements.ts'
import { memberOf } from './wire-json.ts'

/** stmt_rslt: whose list has more, or what both have differs. */
type Verdict = '0' | '1' | '2' | '3'

/** 3201: the hospital's totals against the centre's. */
export const compareTotals: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), TOTALS, 'data')
  checkStatement(centre, data)
  const rows = listSettlements(centre, {
    fixmedinsCode: call.fixmedinsCode,
    from: data.stmt_begndate,
    to: data.stmt_enddate,
    insutype: data.insutype,
    clrType: data.clr_type,
    withRefunds: data.REFD_SETL_FLAG !== '0',
  })
  const centres = totalsOf(rows)
  const hospitals: Totals = {
    totalFen: data.medfee_sumamt,
    fundFen: data.fund_pay_sumamt,
    accountFen: data.acct_pay,
    count: Number(data.fixmedins_setl_cnt),
  }
  const verdict = judgeTotals(hospitals, centres)
  const text = `${MEANING[verdict]}。中心：${describe(centres)}；医药机构：${describe(hospitals)}`
  return {
    stmtinfo: { setl_optins: centre.admdvs, stmt_rslt: verdict, stmt_rslt_dscr: text },
  }
}

/** 3202: the uploaded rows against the centre's, one by one. The result is a file to download. */
export const compareDetails: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), DETAILS, 'data')
  checkStatement(centre, data)
  const path = 'data.file_qury_no'
  const file = requireFile(centre, call, data.file_qury_no, path)
  const uploaded = readRows(file.content, UPLOAD_COLUMNS, path).map((cells, index) =>
    readUploadedRow(cells, index + 1),
  )
  checkAgainstFile(data, uploaded)
  const rows = listSettlements(centre, {
    fixmedinsCode: call.fixmedinsCode,
    from: data.stmt_begndate,
    to: data.stmt_enddate,
    insutype: data.insutype,
    clrType: data.clr_type,
    withRefunds: true,
  })
  const result = compareRows(uploaded, rows).map(cellsOf)
  const zip = writeRows('result.txt', result, call.at)
  return { fileinfo: keepFile(centre, call, zip, (no) => `${no}.zip`) }
}

/** The totals of rows of the centre's list; a refund counts as a row of its own, below zero. */
export const totalsOf = (rows: readonly Settlement[]): Totals & { cashFen: Fen } => ({
  count: rows.length,
  totalFen: addFen(...rows.map((row) => row.figures.totalFen)),
  fundFen: addFen(...rows.map((row) => row.figures.fundPaySumFen)),
  accountFen: addFen(...rows.map((row) => row.figures.accountFen)),
  cashFen: addFen(...rows.map((row) => row.figures.cashFen)),
})

type Totals = { count: number; totalFen: Fen; fundFen: Fen; accountFen: Fen }

/** Of one settlement, as both lists have it. */
type UploadedRow = {
  settlementId: string
  visitId: string
  personNo: string
  totalFen: Fen
  fundFen: Fen
  accountFen: Fen
  isRefund: boolean
}

type ResultRow = UploadedRow & { msgid: string; verdict: Verdict; memo: string }

/** Every uploaded row with what the centre makes of it, then the rows only the centre has. */
function compareRows(uploaded: readonly UploadedRow[], rows: readonly Settlement[]): ResultRow[] {
  const unmatched = new Map(rows.map((row) => [row.id, row]))
  const compared = uploaded.map((ours): ResultRow => {
    const row = unmatched.get(ours.settlementId)
    if (!row) return { ...ours, msgid: '', verdict: '2', memo: '中心无此结算' }
    unmatched.delete(row.id)
    const differing = COMPARED.filter(([, of]) => of(ours) !== of(centreRow(row)))
    if (differing.length === 0) return { ...ours, msgid: row.msgid, verdict: '0', memo: '' }
    const memo = `${differing.map(([name]) => name).join('、')}不一致`
    return { ...centreRow(row), msgid: row.msgid, verdict: '3', memo }
  })
  const left = [...unmatched.values()].map((row): ResultRow => {
    return { ...centreRow(row), msgid: row.msgid, verdict: '1', memo: '医药机构无此结算' }
  })
  return [...compared, ...left]
}

function judgeTotals(hospitals: Totals, centres: Totals): Verdict {
  if (centres.count !== hospitals.count) return centres.count > hospitals.count ? '1' : '2'
  const equal =
    centres.totalFen === hospitals.totalFen &&
    centres.fundFen === hospitals.fundFen &&
    centres.accountFen === hospitals.accountFen
  return equal ? '0' : '3'
}

function checkStatement(
  centre: Centre,
  data: { setl_optins: string; stmt_begndate: BusinessDate; stmt_enddate: BusinessDate },
) {
  if (data.setl_optins !== centre.admdvs) throw new Refusal('data.setl_optins', '不是本经办机构')
  const { stmt_begndate: from, stmt_enddate: to } = data
  if (to < from) throw new Refusal('data.stmt_enddate', '早于对账开始日期')
  if (to >= addDays(from, DAYS_MAX)) {
    throw new Refusal('data.stmt_enddate', `对账期间不能超过${DAYS_MAX}天`)
  }
}

/** What 3202 says of the file must be what the file says. Cash is not among its columns. */
function checkAgainstFile(
  data: { medfee_sumamt: Fen; fund_pay_sumamt: Fen; fixmedins_setl_cnt: bigint },
  uploaded: readonly UploadedRow[],
) {
  if (Number(data.fixmedins_setl_cnt) !== uploaded.length) {
    throw new Refusal('data.fixmedins_setl_cnt', `与文件行数${uploaded.length}不一致`)
  }
  if (data.medfee_sumamt !== addFen(...uploaded.map((row) => row.totalFen))) {
    throw new Refusal('data.medfee_sumamt', '与文件合计不一致')
  }
  if (data.fund_pay_sumamt !== addFen(...uploaded.map((row) => row.fundFen))) {
    throw new Refusal('data.fund_pay_sumamt', '与文件合计不一致')
  }
}

function readUploadedRow(cells: readonly string[], lineNo: number): UploadedRow {
  const [settlementId = '', visitId = '', personNo = '', total, fund, account, refd] = cells
  const money = (cell: string | undefined, name: string): Fen => {
    const value = parseYuan(cell ?? '')
    if (value === null) throw new Refusal('data.file_qury_no', `文件第${lineNo}行${name}不是金额`)
    return value
  }
  if (refd !== '0' && refd !== '1') {
    throw new Refusal('data.file_qury_no', `文件第${lineNo}行refd_setl_flag应为0或1`)
  }
  return {
    settlementId,
    visitId,
    personNo,
    totalFen: money(total, 'medfee_sumamt'),
    fundFen: money(fund, 'fund_pay_sumamt'),
    accountFen: money(account, 'acct_pay'),
    isRefund: refd === '1',
  }
}

const centreRow = (row: Settlement): UploadedRow => ({
  settlementId: row.id,
  visitId: row.visitId,
  personNo: row.personNo,
  totalFen: row.figures.totalFen,
  fundFen: row.figures.fundPaySumFen,
  accountFen: row.figures.accountFen,
  isRefund: row.originalId !== null,
})

const COMPARED: readonly [string, (row: UploadedRow) => string | number | boolean][] = [
  ['mdtrt_id', (row) => row.visitId],
  ['psn_no', (row) => row.personNo],
  ['medfee_sumamt', (row) => row.totalFen],
  ['fund_pay_sumamt', (row) => row.fundFen],
  ['acct_pay', (row) => row.accountFen],
  ['refd_setl_flag', (row) => row.isRefund],
]

/** psn_no, mdtrt_id, setl_id, msgid, stmt_rslt, refd_setl_flag, memo, and the three amounts. */
const cellsOf = (row: ResultRow): string[] => [
  row.personNo,
  row.visitId,
  row.settlementId,
  row.msgid,
  row.verdict,
  row.isRefund ? '1' : '0',
  row.memo,
  toYuanText(row.totalFen),
  toYuanText(row.fundFen),
  toYuanText(row.accountFen),
]

const describe = (totals: Totals) =>
  `${totals.count}笔，总额${toYuanText(totals.totalFen)}，基金${toYuanText(totals.fundFen)}，` +
  `个账${toYuanText(totals.accountFen)}`

const MEANING: Record<Verdict, string> = {
  '0': '对平',
  '1': '中心多',
  '2': '医药机构多',
  '3': '数据不一致',
}

const DAYS_MAX = 31
const UPLOAD_COLUMNS = 7

const STATEMENT = {
  setl_optins: text(6),
  stmt_begndate: date,
  stmt_enddate: date,
  medfee_sumamt: amount,
  fund_pay_sumamt: amount,
  fixmedins_setl_cnt: decimal(10, 0),
  clr_type: text(6),
}

const TOTALS = {
  ...STATEMENT,
  insutype: text(6),
  acct_pay: amount,
  REFD_SETL_FLAG: optional(oneOf('0', '1')), // in capitals on the wire, and only here
}

const DETAILS = {
  ...STATEMENT,
  file_qury_no: text(30),
  cash_payamt: amount,
  insutype: optional(text(6)), // not in the platform's table: compares one insurance alone
}
