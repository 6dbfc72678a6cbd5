import { addFen, type Fen, formatYuan, subtractFen, ZERO } from '../../../kernel/money.ts'
import { businessDateOf, toShanghaiText } from '../../../kernel/time.ts'
import { A4_ACROSS, type Mark, pdfDocument, type TextMark } from '../../../platform/pdf/document.ts'
import { columnsOf, linesIn, pagesOf, type Row, type Table } from '../../../platform/pdf/table.ts'
import { lacksGlyph } from '../../../platform/pdf/text.ts'
import type { PartKind } from '../money.ts'
import { type Amounts, kindsIn, type SourceAmounts } from './amounts.ts'
import { NAME_OF_CHANNEL, WORD_OF_STATE } from './csv.ts'
import { statementErrors } from './errors.ts'
import type { StatementItem } from './statement.ts'
import type { NumberedStatement } from './statements.ts'

export const MOST_PAGES = 400

/**
 * The statement as a document to hand in, in Chinese, with what the printed page has: a row for each payment with
 * its bills and receipts, the sums, and on each page the number and the address where it is verified. Amounts in
 * yuan. Errors: throws payments.statement_too_many_pages.
 */
export async function statementPdf(
  statement: NumberedStatement,
  verifyAddress: string,
): Promise<Buffer> {
  const bodies = pagesOf([paymentsTable(statement), sumsTable(statement), notes(statement)], ROOM)
  if (bodies === null) throw statementErrors.statement_too_many_pages({ mostPages: MOST_PAGES })
  const pages = bodies.map((body, i): Mark[] => [
    ...(i === 0 ? titleMarks(statement) : [runningHead(statement)]),
    ...body,
    ...footMarks(statement, verifyAddress, `第 ${i + 1} 页，共 ${bodies.length} 页`),
  ])
  return pdfDocument(
    {
      title: `${TITLE} ${daysText(statement)}`,
      producer: '医桥',
      createdAt: statement.generatedAt,
      size: A4_ACROSS,
    },
    pages,
  )
}

const TITLE = '费用汇总单'

// In points. The columns of a table are as wide as the page without its margins.
const LEFT = 36
const WIDTH = 770
const RIGHT = LEFT + WIDTH
const ROOM = { firstTop: 140, top: 44, bottom: 538, mostPages: MOST_PAGES }
const DATE_WIDTH = 52
const HOSPITAL_WIDTH = 106
const RECEIPT_WIDTH = 110
const AMOUNT_WIDTH = 60

const HEAD_OF_PART: [head: string, kinds: readonly PartKind[]][] = [
  ['医保基金(元)', ['pooled']],
  ['个人账户(元)', ['account']],
  ['其他来源(元)', ['commercial', 'subsidy', 'voucher', 'package', 'deposit', 'credit']],
  ['个人现金(元)', ['self_pay']],
]

/** The paper has room for four: what else bore a part is one of them, and is told apart in the sums below. */
function shownParts({ bySource }: NumberedStatement) {
  const kinds = kindsIn(bySource)
  return HEAD_OF_PART.filter(([, ofHead]) => ofHead.some((kind) => kinds.includes(kind)))
}

function paymentsTable(statement: NumberedStatement): Table {
  const heads = shownParts(statement).map(([head]) => head)
  const amounts = ['缴费(元)', ...heads, '退回(元)', '净额(元)']
  const room = WIDTH - DATE_WIDTH - HOSPITAL_WIDTH - RECEIPT_WIDTH - amounts.length * AMOUNT_WIDTH
  return {
    columns: columnsOf(
      LEFT,
      [
        ['日期', DATE_WIDTH],
        ['医院', HOSPITAL_WIDTH],
        ['项目', room],
        ['医院收据号', RECEIPT_WIDTH],
      ],
      amounts.map((head) => [head, AMOUNT_WIDTH]),
    ),
    rows: paymentRows(statement, room),
  }
}

/** One by one, so that no more are made than there are pages for. */
function* paymentRows(statement: NumberedStatement, room: number): Generator<Row> {
  const { items, bySource, totals } = statement
  const parts = shownParts(statement).map(([, kinds]) => kinds)
  for (const item of items) yield paymentRow(item, parts, room)
  yield [['合计', `共 ${items.length} 笔`, '', '', ...figures(bySource, totals, parts)]]
}

/** The bills one below the other, each beside its receipt; then what came back, and how it stands. */
function paymentRow(item: StatementItem, parts: Shown, room: number): Row {
  const hospital = linesIn(HOSPITAL_WIDTH, item.hospitalName, 3)
  const details = [
    ...item.bills.flatMap(({ title, receiptNo }) => detailLines(title, receiptNo, room)),
    ...item.refunds.flatMap(({ at, amountFen, receiptNo }) =>
      detailLines(`退款 ${businessDateOf(at)} ${formatYuan(amountFen)}`, receiptNo, room),
    ),
    ...(item.state === 'succeeded' ? [] : [[`（${WORD_OF_STATE[item.state]}）`, '']]),
  ]
  const height = Math.max(hospital.length, details.length)
  return Array.from({ length: height }, (_, i) => [
    i === 0 ? businessDateOf(item.paidAt) : '',
    hospital[i] ?? '',
    ...(details[i] ?? ['', '']),
    ...(i === 0 ? figures(item.sources, item, parts) : []),
  ])
}

function detailLines(title: string, receiptNo: string | null, room: number): string[][] {
  const titles = linesIn(room, title, 3)
  const receipts = linesIn(RECEIPT_WIDTH, receiptNo ?? '—', 4)
  const height = Math.max(titles.length, receipts.length)
  return Array.from({ length: height }, (_, i) => [titles[i] ?? '', receipts[i] ?? ''])
}

/** What was paid, by who bore it; what came back; what stays. */
function figures(sources: readonly SourceAmounts[], amounts: Amounts, parts: Shown): string[] {
  const paidBy = (kinds: readonly PartKind[]): Fen =>
    addFen(...sources.filter(({ part }) => kinds.includes(part)).map(({ paidFen }) => paidFen))
  return [
    formatYuan(amounts.paidFen),
    ...parts.map((kinds) => formatYuan(paidBy(kinds))),
    ...lastFigures(amounts),
  ]
}

type Shown = readonly (readonly PartKind[])[]

const lastFigures = ({ refundedFen, netFen }: Amounts): string[] => [
  formatYuan(subtractFen(ZERO, refundedFen)),
  formatYuan(netFen),
]

const NAME_WIDTH = WIDTH - 3 * AMOUNT_WIDTH

/** What each hospital and each source comes to. */
function sumsTable({ byHospital, bySource }: NumberedStatement): Table {
  const sums = [
    ...byHospital,
    ...bySource.map((source) => ({ ...source, name: nameOfSource(source) })),
  ]
  return {
    columns: columnsOf(
      LEFT,
      [['分类合计', NAME_WIDTH]],
      ['缴费(元)', '退回(元)', '净额(元)'].map((head) => [head, AMOUNT_WIDTH]),
    ),
    rows: sums.map(({ name, ...amounts }) => [
      [...linesIn(NAME_WIDTH, name, 1), formatYuan(amounts.paidFen), ...lastFigures(amounts)],
    ]),
  }
}

const NAME_OF_PART: Record<PartKind, string> = {
  pooled: '医保基金',
  account: '个人账户',
  commercial: '商业保险',
  subsidy: '补助',
  voucher: '代金券',
  package: '慢病包',
  deposit: '预交金',
  credit: '信用付',
  self_pay: '个人现金',
}

const nameOfSource = ({ part, provider }: SourceAmounts): string =>
  part === 'self_pay'
    ? `${NAME_OF_PART[part]}·${NAME_OF_CHANNEL[provider] ?? provider}`
    : NAME_OF_PART[part]

function notes(statement: NumberedStatement): Table {
  const texts = [
    '本单用于核对费用。报销请附医院开具的电子票据。',
    ...(textsOfOthers(statement).some(lacksGlyph)
      ? ['「〓」代表本文件的字体里没有的字，原字请看网页或表格（CSV）。']
      : []),
  ]
  return { columns: columnsOf(LEFT, [['说明', WIDTH]], []), rows: texts.map((text) => [[text]]) }
}

const textsOfOthers = ({ holder, byHospital, bySource, items }: NumberedStatement): string[] => [
  holder.name,
  holder.idCardNo,
  ...byHospital.map(({ name }) => name),
  ...bySource.map(({ provider }) => provider),
  ...items.flatMap(({ bills, refunds }) => [
    ...bills.flatMap(({ title, receiptNo }) => [title, receiptNo ?? '']),
    ...refunds.map(({ receiptNo }) => receiptNo ?? ''),
  ]),
]

const daysText = ({ from, to }: NumberedStatement) => `${from} 至 ${to}`

function titleMarks(statement: NumberedStatement): Mark[] {
  const { holder, totals, statementNo, checkCode, generatedAt } = statement
  const facts = [
    ['姓名', linesIn(WIDTH / 3, holder.name, 1).join('')],
    ['身份证号', holder.idCardNo],
    ['时间', daysText(statement)],
    ['生成时间', toShanghaiText(generatedAt)],
    ['费用合计', `${formatYuan(totals.netFen)} 元`],
    ['个人现金支付', `${formatYuan(totals.selfPaidFen)} 元（含预交金、信用付）`],
    ['编号', statementNo],
    ['校验码', checkCode],
  ] as const
  return [
    { kind: 'text', text: TITLE, x: LEFT + WIDTH / 2, y: 52, size: 18, align: 'middle' },
    ...facts.flatMap(([name, value], i) => {
      const x = LEFT + (i % 2) * (WIDTH / 2)
      const y = 80 + Math.floor(i / 2) * 16
      return [leftText(name, x, y, FACT_SIZE), leftText(value, x + 68, y, FACT_SIZE)]
    }),
  ]
}

const FACT_SIZE = 10
const SMALL_SIZE = 8

const runningHead = (statement: NumberedStatement): TextMark =>
  leftText(
    `${TITLE}　${linesIn(WIDTH / 3, statement.holder.name, 1).join('')}　${daysText(statement)}`,
    LEFT,
    34,
    SMALL_SIZE,
  )

/** What tells of each page by itself whose it is and how it is verified. */
function footMarks(
  { statementNo, checkCode }: NumberedStatement,
  verifyAddress: string,
  pageText: string,
): Mark[] {
  const number = `编号 ${statementNo}　校验码 ${checkCode}`
  const origin = `本单据由医桥生成，可凭姓名、编号和校验码查验：${verifyAddress}`
  return [
    { kind: 'rule', x: LEFT, y: 548, width: WIDTH },
    leftText(number, LEFT, 560, SMALL_SIZE),
    { kind: 'text', text: pageText, x: RIGHT, y: 560, size: SMALL_SIZE, align: 'right' },
    leftText(origin, LEFT, 573, SMALL_SIZE),
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
