import { subtractFen } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import type { CsvCell } from '../../../platform/csv.ts'
import { nameOfSource, WORD_OF_CLASS, WORD_OF_KIND, WORD_OF_STATUS } from '../closing/report.ts'
import type { Difference, ListLine, OwnRow } from '../day.ts'

// What finance opens in a spreadsheet, as tables of words: the file and the workbook are both made of these.

export type Table<Row> = {
  /** Of the sheet. */
  name: string
  heads: readonly string[]
  /** Of the columns, in characters. */
  widths: readonly number[]
  cellsOf: (row: Row) => CsvCell[]
}

export const DIFFERENCES: Table<Difference> = {
  name: '差异',
  heads: [
    '业务日期',
    '来源',
    '类别',
    '方向',
    '我方单号',
    '对方单号',
    '我方(元)',
    '对方(元)',
    '对方−我方(元)',
    '处理',
    '仍在最新比对中',
    '发现时间',
    '了结时间',
    '工单',
  ],
  widths: [12, 12, 12, 8, 44, 36, 14, 14, 14, 12, 14, 20, 20, 38],
  cellsOf: (row) => [
    { text: row.businessDate },
    { text: nameOfSource(row.source) },
    { text: WORD_OF_CLASS[row.class] },
    { text: WORD_OF_KIND[row.kind] },
    { id: row.ourNo },
    { id: row.providerNo },
    { fen: row.oursFen },
    { fen: row.theirsFen },
    { fen: subtractFen(row.theirsFen, row.oursFen) },
    { text: WORD_OF_STATUS[row.status] },
    { text: row.present ? '是' : '否' },
    { text: toShanghaiText(row.foundAt) },
    { text: row.resolvedAt ? toShanghaiText(row.resolvedAt) : '' },
    { id: row.caseId },
  ],
}

export const LINES: Table<ListLine & { lineNo: number }> = {
  name: '对账单明细',
  heads: ['行号', '方向', '我方单号', '对方单号', '金额(元)', '时间', '依据'],
  widths: [8, 8, 44, 36, 14, 20, 16],
  cellsOf: (row) => [
    { text: String(row.lineNo) },
    { text: WORD_OF_KIND[row.kind] },
    { id: row.ourNo },
    { id: row.providerNo },
    { fen: row.amountFen },
    { text: row.at ? toShanghaiText(row.at) : '' },
    { text: row.basis === 'stated' ? '对方列明' : '对方认可我方' },
  ],
}

export const OWN_ROWS: Table<OwnRow> = {
  name: '我方明细',
  heads: ['方向', '我方单号', '金额(元)', '时间', '缴费内部编号', '退款内部编号'],
  widths: [8, 44, 14, 20, 38, 38],
  cellsOf: (row) => [
    { text: WORD_OF_KIND[row.kind] },
    { id: row.ourNo },
    { fen: row.amountFen },
    { text: toShanghaiText(row.at) },
    { id: row.paymentId },
    { id: row.refundId },
  ],
}
