import { formatYuan } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import { A4_ACROSS, type Mark, pdfDocument, type TextMark } from '../../../platform/pdf/document.ts'
import { columnsOf, linesIn, pagesOf, type Row, type Table } from '../../../platform/pdf/table.ts'
import { reconciliationErrors } from '../errors.ts'
import {
  bridgeRows,
  caseCells,
  changeCells,
  type DayReport,
  differenceCells,
  identityRows,
  TITLE,
} from './report.ts'

const MOST_PAGES = 400

/**
 * A closed day as a document to file: the identity of each party, all sides beside each other, the differences, the
 * cases, and what changed from the version before. Amounts in yuan. Errors: throws reconciliation.report_too_many_pages.
 */
export async function dayReportPdf(report: DayReport): Promise<Buffer> {
  const tables = [
    identityTable(report),
    bridgeTable(report),
    changesTable(report),
    differencesTable(report),
    casesTable(report),
  ]
  const bodies = pagesOf(tables, ROOM)
  if (bodies === null) throw reconciliationErrors.report_too_many_pages({ mostPages: MOST_PAGES })
  const pages = bodies.map((body, i): Mark[] => [
    ...(i === 0 ? titleMarks(report) : []),
    ...body,
    ...footMarks(report, `第 ${i + 1} 页，共 ${bodies.length} 页`),
  ])
  const { closing, date } = report
  return pdfDocument(
    { title: `${TITLE} ${date}`, producer: '医桥', createdAt: closing.closedAt, size: A4_ACROSS },
    pages,
  )
}

// In points. The columns of a table are as wide as the page without its margins.
const LEFT = 36
const WIDTH = 770
const RIGHT = LEFT + WIDTH
const ROOM = { firstTop: 128, top: 44, bottom: 538, mostPages: MOST_PAGES }
const AMOUNT = 84
const COUNT = 56

function identityTable(report: DayReport): Table {
  const gaps = WIDTH - 90 - 50 - 2 * COUNT - 3 * AMOUNT
  return {
    columns: columnsOf(
      LEFT,
      [
        ['来源', 90],
        ['方向', 50],
        ['差异', gaps],
      ],
      [
        ['我方笔数', COUNT],
        ['我方(元)', AMOUNT],
        ['＋差异(元)', AMOUNT],
        ['＝对方(元)', AMOUNT],
        ['对方笔数', COUNT],
      ],
    ),
    rows: identityRows(report).map((row) =>
      tall(linesIn(gaps, row.gaps, 6), ([gap = ''], isFirst) =>
        isFirst
          ? [
              row.source,
              row.kind,
              gap,
              String(row.ours.count),
              formatYuan(row.ours.amountFen),
              formatYuan(row.gapFen),
              formatYuan(row.theirs.amountFen),
              String(row.theirs.count),
            ]
          : ['', '', gap],
      ),
    ),
  }
}

const bridgeTable = (report: DayReport): Table => ({
  columns: columnsOf(LEFT, [['三方核对', WIDTH - AMOUNT]], [['净额(元)', AMOUNT]]),
  rows: bridgeRows(report).map(({ name, amountFen }) => [[name, formatYuan(amountFen)]]),
})

const changesTable = (report: DayReport): Table =>
  plainTable(
    ['与上一版比较', '方向', '哪一方', '上一版', '这一版', '变化(元)'],
    [140, 60, 60, 210, 210],
    changeCells(report),
  )

function differencesTable(report: DayReport): Table {
  const heads = ['差异来源', '类别', '方向', '我方单号', '对方单号', '我方(元)', '对方(元)', '处理']
  const more = report.closing.facts.differencesLeftOut ? [['（其余差异见系统明细）']] : []
  return plainTable(heads, [80, 90, 46, 200, 160, 70, 70], [...differenceCells(report), ...more])
}

const casesTable = (report: DayReport): Table =>
  plainTable(
    ['待办事项', '类别', '涉及(元)', '负责人', '结果'],
    [270, 140, 90, 100],
    caseCells(report),
  )

/** All columns are text; the last takes what is left of the page. */
function plainTable(heads: string[], widths: number[], cells: readonly string[][]): Table {
  const last = WIDTH - widths.reduce((sum, width) => sum + width, 0)
  const all = [...widths, last]
  return {
    columns: columnsOf(
      LEFT,
      heads.map((head, i) => [head, all[i] ?? last] as const),
      [],
    ),
    rows: cells.map((row): Row => {
      const lines = row.map((cell, i) => linesIn(all[i] ?? last, cell, 4))
      const height = Math.max(1, ...lines.map(({ length }) => length))
      return Array.from({ length: height }, (_, line) => lines.map((cell) => cell[line] ?? ''))
    }),
  }
}

const tall = (lines: readonly string[], of: (line: string[], isFirst: boolean) => string[]): Row =>
  (lines.length === 0 ? [''] : lines).map((line, i) => of([line], i === 0))

function titleMarks({ hospital, date, closing }: DayReport): Mark[] {
  const { version, closedAt, closedBy, note } = closing
  const facts = [
    `${hospital.name}　业务日期 ${date}　第 ${version} 版`,
    `关账时间 ${toShanghaiText(closedAt)}　经办 ${closedBy}`,
    ...(note === null ? [] : [`带未了结事项关账：${note}`]),
  ]
  return [
    { kind: 'text', text: TITLE, x: LEFT + WIDTH / 2, y: 52, size: 18, align: 'middle' },
    ...facts.map((text, i) => leftText(text, LEFT, 76 + i * 15, 10)),
  ]
}

function footMarks({ closing }: DayReport, pageText: string): Mark[] {
  return [
    { kind: 'rule', x: LEFT, y: 548, width: WIDTH },
    leftText(`本日数据指纹 SHA-256 ${closing.digest}`, LEFT, 560, 8),
    { kind: 'text', text: pageText, x: RIGHT, y: 560, size: 8, align: 'right' },
  ]
}

const leftText = (text: string, x: number, y: number, size: number): TextMark => ({
  kind: 'text',
  text,
  x,
  y,
  size,
  align: 'left',
})
