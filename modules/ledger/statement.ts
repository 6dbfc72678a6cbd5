import type { HospitalId } from '../../kernel/id.ts'
import {
  addDays,
  type BusinessDate,
  businessDate,
  HOUR_MS,
  isBusinessDate,
} from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { accountPage, type AccountRow } from './balance-store.ts'
import type { EntryId } from './entry.ts'
import { ledgerErrors } from './errors.ts'
import {
  type StatementLine,
  statementLines,
  type StatementPlace,
  type StatementWish,
} from './statement-store.ts'

const MOST_DAYS = 3_660
/** Of a file: what people still work with in a spreadsheet; more is asked for in parts. */
export const MOST_ROWS = 100_000
const ROWS_AT_ONCE = 2_000

/** Errors: throws ledger.dates_reversed, range_too_long. */
export function checkRange(from: BusinessDate, to: BusinessDate): void {
  if (from > to) throw ledgerErrors.dates_reversed({ from, to })
  if (to > addDays(from, MOST_DAYS - 1)) throw ledgerErrors.range_too_long({ mostDays: MOST_DAYS })
}

/** Errors: throws ledger.account_not_found. */
export async function accountIn(db: Db, hospitalId: HospitalId, code: string): Promise<AccountRow> {
  const [account] = await inHospital(db, hospitalId, (tx) =>
    accountPage(tx, hospitalId, { code, limit: 1 }),
  )
  if (!account) throw ledgerErrors.account_not_found({ account: code })
  return account
}

/**
 * All lines of an account between two dates, the oldest first, page by page as they are used, so that memory does not
 * grow with them. The first page is read before anything is given. Errors: throws ledger.too_many_rows beforehand.
 */
export async function everyLine(
  db: Db,
  hospitalId: HospitalId,
  wish: Pick<StatementWish, 'account' | 'from' | 'to'>,
  mostRows: number,
): Promise<AsyncGenerator<StatementLine>> {
  const pageAfter = (after: StatementPlace | null, limit: number) =>
    inHospital(db, hospitalId, (tx) =>
      statementLines(tx, hospitalId, { ...wish, order: 'oldest', after, limit }),
    )
  await checkRows(pageAfter, mostRows)
  return linesOf(pageAfter)
}

type PageAfter = (after: StatementPlace | null, limit: number) => Promise<StatementLine[]>

/** Goes through the lines once before any is given: a file that breaks off is taken for whole. */
async function checkRows(pageAfter: PageAfter, mostRows: number): Promise<void> {
  let count = 0
  for await (const _line of linesOf(pageAfter)) {
    count += 1
    if (count > mostRows) throw ledgerErrors.too_many_rows({ mostRows })
  }
}

async function* linesOf(pageAfter: PageAfter): AsyncGenerator<StatementLine> {
  let after: StatementPlace | null = null
  for (;;) {
    const page: StatementLine[] = await pageAfter(after, ROWS_AT_ONCE)
    yield* page
    if (page.length < ROWS_AT_ONCE) return
    after = page.at(-1) ?? null
  }
}

/** '2026-11-21_498591_<entry>_1': where a statement goes on. */
export const cursorOf = ({ businessDate: date, postedHour, entryId, lineNo }: StatementPlace) =>
  [date, postedHour.getTime() / HOUR_MS, entryId, lineNo].join('_')

/** Errors: throws ledger.cursor_wrong. */
export function readCursor(text: string | undefined): StatementPlace | null {
  if (text === undefined) return null
  const [, date = '', hour = '', entryId = '', lineNo = ''] = CURSOR.exec(text) ?? []
  if (!isBusinessDate(date)) throw ledgerErrors.cursor_wrong()
  return {
    businessDate: businessDate(date),
    postedHour: new Date(Number(hour) * HOUR_MS),
    entryId: entryId as EntryId,
    lineNo: Number(lineNo),
  }
}

const CURSOR =
  /^(\d{4}-\d{2}-\d{2})_(\d{1,8})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_(\d{1,4})$/
