import { fen, type Fen } from '../../kernel/money.ts'
import { toShanghaiText } from '../../kernel/time.ts'
import { BYTE_ORDER_MARK, type CsvCell, csvRow } from '../../platform/csv.ts'
import { workbookBytes } from '../../platform/workbook.ts'
import { chartOf } from './chart.ts'
import type { AccountKind } from './entry.ts'
import type { StatementLine } from './statement-store.ts'

// A statement as a file, in Chinese, with amounts in yuan; the balance is on the account's own side.

type Lines = AsyncIterable<StatementLine>

const HEADS = [
  '业务日期',
  '入账时间',
  '摘要',
  '对方科目',
  '对方科目名称',
  '借方(元)',
  '贷方(元)',
  '余额(元)',
  '分录号',
  '行号',
  '事由',
  '凭据',
] as const
const WIDTHS = [12, 20, 24, 30, 20, 14, 14, 16, 38, 6, 44, 52] as const

export async function* statementCsv(kind: AccountKind, lines: Lines): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvRow(HEADS.map((text) => ({ text })))
  for await (const line of lines) yield csvRow(cellsOf(kind, line))
}

export const statementXlsx = (kind: AccountKind, lines: Lines): AsyncGenerator<Uint8Array> =>
  workbookBytes({ name: '账户明细', heads: HEADS, widths: WIDTHS, rows: rowsOf(kind, lines) })

async function* rowsOf(kind: AccountKind, lines: Lines) {
  for await (const line of lines) {
    yield cellsOf(kind, line).map((cell) => {
      if ('fen' in cell) return cell
      const text = 'id' in cell ? (cell.id ?? '') : cell.text
      return text === '' ? null : { text }
    })
  }
}

const cellsOf = (kind: AccountKind, line: StatementLine): CsvCell[] => [
  { text: line.businessDate },
  { text: toShanghaiText(line.postedAt) },
  { text: line.memo },
  { text: line.counterAccount },
  { text: chartOf(line.counterAccount)?.zh ?? '' },
  line.side === 'debit' ? { fen: line.amountFen } : { text: '' },
  line.side === 'credit' ? { fen: line.amountFen } : { text: '' },
  { fen: onOwnSide(kind, line.netFen) },
  { text: line.entryId },
  { text: String(line.lineNo) },
  { text: line.subject },
  { text: line.cause },
]

/** Assets and expenses stand on the debit side, the others on the credit side. */
export const onOwnSide = (kind: AccountKind, netFen: number): Fen =>
  fen(kind === 'asset' || kind === 'expense' ? netFen : 0 - netFen)
