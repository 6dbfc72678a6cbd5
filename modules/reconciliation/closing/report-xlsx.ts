import writeXlsxFile, { type Row, type Sheet } from 'write-excel-file/node'

import { type Fen, toYuanText } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import {
  bridgeRows,
  caseCells,
  changeCells,
  type DayReport,
  differenceCells,
  identityRows,
} from './report.ts'

/**
 * A closed day as a workbook: one sheet for each table of the report. Amounts in yuan are numbers, so that they can be
 * summed; everything else is text, so that nothing in it is ever read as a formula.
 */
export const dayReportXlsx = (report: DayReport): Promise<Buffer> =>
  writeXlsxFile(sheetsOf(report)).toBuffer()

const sheetsOf = (report: DayReport): Sheet<Buffer>[] => [
  sheet('关账', ['项目', '内容'], titleRows(report), [24, 80]),
  sheet(
    '对账等式',
    ['来源', '方向', '我方笔数', '我方(元)', '差异(元)', '对方(元)', '对方笔数', '差异说明'],
    identityRows(report).map((row) => [
      text(row.source),
      text(row.kind),
      count(row.ours.count),
      yuan(row.ours.amountFen),
      yuan(row.gapFen),
      yuan(row.theirs.amountFen),
      count(row.theirs.count),
      text(row.gaps),
    ]),
    [14, 8, 10, 14, 14, 14, 10, 60],
  ),
  sheet(
    '三方核对',
    ['项目', '净额(元)'],
    bridgeRows(report).map(({ name, amountFen }) => [text(name), yuan(amountFen)]),
    [36, 16],
  ),
  sheet(
    '版本变化',
    ['来源', '方向', '哪一方', '上一版', '这一版', '变化(元)'],
    changeCells(report).map((cells) => cells.map(text)),
    [14, 8, 8, 28, 28, 14],
  ),
  sheet(
    '差异',
    ['来源', '类别', '方向', '我方单号', '对方单号', '我方(元)', '对方(元)', '处理'],
    differenceCells(report).map((cells) => cells.map(text)),
    [14, 16, 8, 40, 32, 12, 12, 12],
  ),
  sheet(
    '待办',
    ['事项', '类别', '涉及(元)', '负责人', '结果'],
    caseCells(report).map((cells) => cells.map(text)),
    [48, 24, 14, 16, 32],
  ),
]

const titleRows = ({ hospital, date, closing }: DayReport): Row[] =>
  [
    ['医院', hospital.name],
    ['业务日期', date],
    ['版本', String(closing.version)],
    ['关账时间', toShanghaiText(closing.closedAt)],
    ['经办', closing.closedBy],
    ['说明', closing.note ?? ''],
    ['数据指纹 SHA-256', closing.digest],
  ].map((cells) => cells.map(text))

const sheet = (name: string, heads: string[], rows: Row[], widths: number[]): Sheet<Buffer> => ({
  sheet: name,
  data: [heads.map((value) => ({ value, type: String, fontWeight: 'bold' as const })), ...rows],
  columns: widths.map((width) => ({ width })),
  stickyRowsCount: 1,
})

const text = (value: string) => ({ value, type: String })
const count = (value: number) => ({ value, type: Number, format: '0' })
/** The nearest double to the yuan text: what a workbook holds in any case. */
const yuan = (amountFen: Fen) => ({
  value: Number(toYuanText(amountFen)),
  type: Number,
  format: '#,##0.00',
})
