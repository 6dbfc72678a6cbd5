import { XMLParser } from 'fast-xml-parser'

import { CAMT053_COLUMNS } from '../layout/layout.ts'
import { createTableReader, type TableFacts } from '../layout/table-reader.ts'
import { refuse } from '../refusal.ts'
import type { Row } from '../scan/cutter.ts'

// A bank's statement in XML (ISO 20022 camt.053), of any size: it is cut at its entries, and each is parsed alone.

/** One entry, or all that stands before the first one and behind the last. */
const MOST_PART_CHARACTERS = 1_048_576
const MOST_TAGS = 200

/**
 * Reads a statement entry by entry. The totals are those of TxsSummry, where the bank gives them, and the movement
 * between the opening balance (OPBD or PRCD) and the closing one (CLBD).
 *
 * Errors: FileRefused. Declarations, comments and entities of one's own have no place in such a file and are refused.
 * Source: ISO 20022, camt.053.001.02 and later, which write entries alike.
 */
export async function readCamt053(
  bytes: AsyncIterable<Uint8Array>,
  table: Parameters<typeof createTableReader>[0],
  drain: (isLast: boolean) => Promise<void>,
): Promise<TableFacts> {
  const totals = new Map<string, string>()
  const reader = createTableReader({ ...table, totals: () => totals })
  const row = newRow()
  const outside: string[] = []
  let size = 0
  let account: string | null = null
  for await (const { isEntry, xml } of partsOf(bytes)) {
    if (!isEntry) {
      // Between entries stands nothing but white space.
      if (xml.trim() === '') continue
      outside.push(xml)
      size += xml.length
      if (size > MOST_PART_CHARACTERS)
        refuse('too_large', 'what stands beside its entries is too long')
      account ??= accountOf(outside.join(''))
      continue
    }
    row.lineNo++
    fill(row, columnsOf(xml, account ?? '', row.lineNo))
    reader.row(row)
    await drain(false)
  }
  readTotals(outside.join(''), totals)
  return { ...reader.end(), account }
}

type Part = { isEntry: boolean; xml: string }

/** The text in parts: each entry, and what stands between entries. */
async function* partsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let isBegun = false
  const decode = (piece?: Uint8Array) => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
    } catch {
      return refuse('encoding', 'it is not UTF-8')
    }
  }
  for await (const piece of bytes) {
    rest += decode(piece)
    isBegun ||= rest.length > 0
    if (rest.includes('\0')) refuse('nul', 'it holds a NUL byte')
    for (;;) {
      const part = firstPart(rest)
      if (!part) break
      yield part
      rest = rest.slice(part.xml.length)
    }
    if (rest.length > MOST_PART_CHARACTERS) refuse('too_large', 'an entry is too long')
  }
  rest += decode()
  if (!isBegun) refuse('empty', 'there is nothing in it')
  if (!/<\/(?:\w{1,20}:)?Document>\s{0,1000}$/.test(rest)) refuse('truncated', 'its end is missing')
  yield { isEntry: false, xml: rest }
}

const ENTRY_BEGINS = /<(?:\w{1,20}:)?Ntry>/
const ENTRY_ENDS = /<\/(?:\w{1,20}:)?Ntry>/

function firstPart(text: string): Part | null {
  const begins = ENTRY_BEGINS.exec(text)
  if (!begins) return null
  if (begins.index > 0) return { isEntry: false, xml: text.slice(0, begins.index) }
  const ends = ENTRY_ENDS.exec(text)
  return ends && { isEntry: true, xml: text.slice(0, ends.index + ends[0].length) }
}

const parser = new XMLParser({
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  trimValues: true,
  processEntities: { enabled: true, maxTotalExpansions: 1_000, maxExpandedLength: 100_000 },
})

function parse(xml: string, lineNo: number | null): Node {
  if (xml.includes('<!')) refuse('layout', 'declarations and comments are not read', lineNo)
  if (xml.split('<').length > MOST_TAGS * 2) refuse('layout', 'an entry has too many parts', lineNo)
  try {
    return parser.parse(xml) as Node
  } catch {
    return refuse('layout', 'it is no XML', lineNo)
  }
}

type Node = { [name: string]: Node | Node[] | string | undefined }

/** The text at a path of tags, the first where there are several; '' for none. */
function textAt(node: Node | string | undefined, ...path: string[]): string {
  let at: Node | Node[] | string | undefined = node
  for (const name of path) {
    if (Array.isArray(at)) at = at[0]
    if (at === undefined || typeof at === 'string') return ''
    at = (at as Node)[name]
  }
  if (Array.isArray(at)) at = at[0]
  if (typeof at === 'string') return at
  const own = at?.['#text']
  return typeof own === 'string' ? own : ''
}

type Columns = Record<(typeof CAMT053_COLUMNS)[number], string>

function columnsOf(xml: string, account: string, lineNo: number): Columns {
  const entry = parse(xml, lineNo)['Ntry'] as Node
  const details = ['NtryDtls', 'TxDtls'] as const
  const said = textAt(entry, 'CdtDbtInd')
  const amount = textAt(entry, 'Amt')
  const bookedAt = textAt(entry, 'BookgDt', 'DtTm')
  const debtor = textAt(entry, ...details, 'RltdPties', 'Dbtr', 'Nm')
  const creditor = textAt(entry, ...details, 'RltdPties', 'Cdtr', 'Nm')
  return {
    amount,
    signed_amount: said === 'DBIT' ? `-${amount}` : amount,
    currency: textAt(entry, 'Amt', '@Ccy'),
    direction: said,
    reversal: textAt(entry, 'RvslInd'),
    status: textAt(entry, 'Sts', 'Cd') || textAt(entry, 'Sts'),
    booking_date: textAt(entry, 'BookgDt', 'Dt') || bookedAt.slice(0, 10),
    booking_moment: bookedAt.slice(0, 19) || `${textAt(entry, 'BookgDt', 'Dt')}T00:00:00`,
    value_date: textAt(entry, 'ValDt', 'Dt') || textAt(entry, 'ValDt', 'DtTm').slice(0, 10),
    servicer_ref: textAt(entry, 'AcctSvcrRef') || textAt(entry, ...details, 'Refs', 'AcctSvcrRef'),
    entry_ref: textAt(entry, 'NtryRef'),
    end_to_end_id: textAt(entry, ...details, 'Refs', 'EndToEndId'),
    counterparty: said === 'DBIT' ? creditor : debtor,
    remittance: textAt(entry, ...details, 'RmtInf', 'Ustrd') || textAt(entry, 'AddtlNtryInf'),
    code: textAt(entry, 'BkTxCd', 'Prtry', 'Cd'),
    account,
  }
}

function newRow(): Row {
  const count = CAMT053_COLUMNS.length
  return {
    bytes: Buffer.alloc(0),
    lineNo: 0,
    start: 0,
    end: 0,
    cells: count,
    starts: new Int32Array(count),
    ends: new Int32Array(count),
    escaped: new Uint8Array(count),
    isPrefixed: false,
  }
}

/** Makes the row of an entry as the cutter makes one of a line. */
function fill(row: Row, columns: Columns): void {
  const values = CAMT053_COLUMNS.map((name) => Buffer.from(columns[name]))
  row.bytes = Buffer.concat(values)
  row.end = row.bytes.length
  let at = 0
  for (const [i, value] of values.entries()) {
    row.starts[i] = at
    at += value.length
    row.ends[i] = at
  }
}

const ACCOUNT = /<(?:\w{1,20}:)?Acct>.*?<\/(?:\w{1,20}:)?Acct>/s

function accountOf(xml: string): string | null {
  const part = ACCOUNT.exec(xml)?.[0]
  if (part === undefined) return null
  const account = parse(part, null)['Acct'] as Node
  return textAt(account, 'Id', 'IBAN') || textAt(account, 'Id', 'Othr', 'Id') || null
}

/** TtlNtries and the like, and net: what the closing balance has more than the opening one. */
function readTotals(xml: string, totals: Map<string, string>): void {
  const whole = parse(xml, null)['Document'] as Node | undefined
  const statements = (whole?.['BkToCstmrStmt'] as Node | undefined)?.['Stmt']
  if (statements === undefined) return refuse('layout', 'it is no camt.053')
  if (Array.isArray(statements)) return refuse('layout', 'it holds several statements')
  const statement = statements as Node
  const summary = statement['TxsSummry'] as Node | undefined
  for (const [name, ...path] of SUMMARY) {
    const text = textAt(summary, ...path)
    if (text !== '') totals.set(name, text)
  }
  const balances = [statement['Bal']].flat() as (Node | undefined)[]
  const balance = (...codes: string[]) => {
    const node = balances.find((one) => codes.includes(textAt(one, 'Tp', 'CdOrPrtry', 'Cd')))
    if (!node) return null
    return { amount: textAt(node, 'Amt'), isBelow: textAt(node, 'CdtDbtInd') === 'DBIT' }
  }
  const [opening, closing] = [balance('OPBD', 'PRCD'), balance('CLBD')]
  if (opening && closing) totals.set('net', difference(opening, closing))
}

const SUMMARY: readonly (readonly [string, ...string[]])[] = [
  ['entries', 'TtlNtries', 'NbOfNtries'],
  ['sum', 'TtlNtries', 'Sum'],
  ['credits', 'TtlCdtNtries', 'NbOfNtries'],
  ['credit_sum', 'TtlCdtNtries', 'Sum'],
  ['debits', 'TtlDbtNtries', 'NbOfNtries'],
  ['debit_sum', 'TtlDbtNtries', 'Sum'],
]

type Balance = { amount: string; isBelow: boolean }

/** In the decimals of the amounts; '' when one of them is none. */
function difference(opening: Balance, closing: Balance): string {
  const [from, to] = [centsOf(opening), centsOf(closing)]
  if (from === null || to === null) return 'no amount'
  const net = to - from
  const digits = String(net < 0n ? -net : net).padStart(3, '0')
  return `${net < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

function centsOf({ amount, isBelow }: Balance): bigint | null {
  const match = /^(\d{1,15})(?:\.(\d{1,2}))?$/.exec(amount)
  if (!match) return null
  const cents = BigInt(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`)
  return isBelow ? -cents : cents
}
