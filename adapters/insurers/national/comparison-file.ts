import { strToU8, unzipSync, zipSync } from 'fflate'

import { addFen, type Fen, subtractFen, toYuanText } from '../../../kernel/money.ts'
import type {
  ComparedRow,
  ComparisonResult,
  DifferenceFile,
  DifferenceRow,
  UnreadableFile,
} from '../../../modules/insurance/index.ts'
import type { Profile } from './profile.ts'
import { parseAmount, Unreadable } from './wire.ts'

// The files of 9101 and 9102: an archive with one .txt in it, UTF-8, columns parted by TAB, no header.

/** What 3202 compares: setl_id, mdtrt_id, psn_no, medfee, fund, acct, refd_setl_flag. */
export function packRows(
  filename: string,
  rows: readonly ComparedRow[],
  profile: Profile,
): Uint8Array {
  const lines = rows.map((row) =>
    [
      row.setlId,
      row.mdtrtId,
      row.psnNo,
      toYuanText(row.totalFen),
      toYuanText(reportedFund(row, profile)),
      toYuanText(row.accountFen),
      row.isReturn ? '1' : '0',
    ].join('\t'),
  )
  const text = lines.map((line) => `${line}\n`).join('')
  return zipSync({ [filename.replace(/\.zip$/, '.txt')]: strToU8(text) }, { mtime: ZIP_EPOCH })
}

// Archives carry a time of their own. The same rows are to make the same bytes.
const ZIP_EPOCH = '1980-01-01T00:00:00'

/** fund_pay_sumamt as the province counts it. */
export const reportedFund = (
  { fundFen, accountFen }: { fundFen: Fen; accountFen: Fen },
  { fundIncludesAccount }: Profile,
): Fen => (fundIncludesAccount ? addFen(fundFen, accountFen) : fundFen)

/** The result of 3202. Anything that is not exactly such a file is refused whole. */
export function unpackDifferences(
  archive: Uint8Array,
  profile: Profile,
): { outcome: 'ok'; data: DifferenceFile } | UnreadableFile {
  const unzipped = unzipText(archive)
  if ('outcome' in unzipped) return unzipped
  const rows: DifferenceRow[] = []
  for (const [i, line] of unzipped.text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    try {
      rows.push(rowOf(line, profile))
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      return unreadable('layout', `line ${i + 1}: ${error.message}`)
    }
  }
  return { outcome: 'ok', data: { rows, text: unzipped.text } }
}

export const MAX_TEXT_BYTES = 256 * 1_048_576

function unzipText(archive: Uint8Array): { text: string } | UnreadableFile {
  let files: Record<string, Uint8Array>
  let tooLarge = false
  try {
    files = unzipSync(archive, {
      filter: ({ originalSize }) => {
        tooLarge ||= originalSize > MAX_TEXT_BYTES
        return !tooLarge
      },
    })
  } catch {
    return unreadable('truncated', 'the archive cannot be opened')
  }
  if (tooLarge) return unreadable('layout', `the file is larger than ${MAX_TEXT_BYTES} bytes`)
  const [file, ...others] = Object.entries(files).filter(([name]) => name.endsWith('.txt'))
  if (!file || others.length > 0) return unreadable('layout', 'the archive does not hold one .txt')
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(file[1]) }
  } catch {
    return unreadable('encoding', 'the file is not UTF-8')
  }
}

/** psn_no, mdtrt_id, setl_id, msgid, stmt_rslt, refd_setl_flag, memo, and perhaps three amounts. */
function rowOf(line: string, profile: Profile): DifferenceRow {
  const columns = line.split('\t').map((text) => (text.trim() === 'null' ? '' : text.trim()))
  // A row may end in a TAB.
  if (columns.length === COLUMNS + 1 || columns.length === COLUMNS_WITH_AMOUNTS + 1) {
    if (columns.at(-1) === '') columns.pop()
  }
  if (columns.length !== COLUMNS && columns.length !== COLUMNS_WITH_AMOUNTS) {
    throw new Unreadable(`${columns.length} columns`)
  }
  const [psnNo = '', mdtrtId = '', setlId = '', msgid = '', result = '', flag = '', memo = ''] =
    columns
  if (setlId === '' && msgid === '') throw new Unreadable('neither setl_id nor msgid')
  return {
    psnNo,
    mdtrtId,
    setlId,
    msgid,
    result: resultOf(result),
    isReturn: flag === '1',
    memo,
    theirs: amountsOf(columns.slice(COLUMNS), profile),
  }
}

const COLUMNS = 7
const COLUMNS_WITH_AMOUNTS = 10

function amountsOf(columns: readonly string[], { fundIncludesAccount }: Profile) {
  if (columns.every((text) => text === '')) return null
  const [totalFen, reportedFen, accountFen] = columns.map(parseAmount)
  if (
    totalFen === undefined ||
    totalFen === null ||
    reportedFen === undefined ||
    reportedFen === null ||
    accountFen === undefined ||
    accountFen === null
  ) {
    throw new Unreadable('an amount that is none')
  }
  const fundFen = fundIncludesAccount ? subtractFen(reportedFen, accountFen) : reportedFen
  return { totalFen, fundFen, accountFen }
}

/** stmt_rslt. Errors: Unreadable for one that is not in the list. */
export function resultOf(stmtRslt: string): ComparisonResult {
  const result = RESULTS[stmtRslt]
  if (result) return result
  throw new Unreadable(`stmt_rslt ${stmtRslt} is not in the list`)
}

const RESULTS: Readonly<Record<string, ComparisonResult>> = {
  '0': 'agrees',
  '1': 'theirs_only',
  '2': 'ours_only',
  '3': 'differs',
}

const unreadable = (code: UnreadableFile['code'], reason: string): UnreadableFile => ({
  outcome: 'unreadable',
  code,
  reason,
})
