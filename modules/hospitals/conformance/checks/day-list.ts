import {
  addDays,
  addMs,
  businessDateOf,
  type BusinessDate,
  instantAt,
  SECOND_MS,
} from '../../../../kernel/time.ts'
import type { HisDayRow } from '../../interface/data.ts'
import { type Page, readPage } from '../../interface/day-list.ts'
import { type Check, checksOf } from '../check.ts'
import { CheckFailure, expectSame, expectThat, NotTried, okOf, wordsOf } from '../outcome.ts'
import type { Session } from '../session.ts'
import { openBill, paidOf } from '../steps.ts'

const check = checksOf('reconciliation')
const LIST = 'reconciliation.dayList'
const READY_AFTER_SECONDS = 6 * 60
const MOST_ROWS = 500
const MOST_PAGES = 200

/** Tried when all that is paid in the run is paid; from the second on the sandbox stands on the next day. */
export const dayListChecks: readonly Check[] = [
  check(
    LIST,
    'not-yet',
    ['当日清单次日才有', 'the list of today is not there today'],
    async (s) => {
      const answer = await s.his.dayList(s.call, businessDateOf(s.clock.now()))
      if (answer.outcome === 'refused') okOf(LIST, answer, 'the list of today')
      expectSame('the list of today', wordsOf(answer).split(':')[0], 'unknown')
    },
  ),
  check(LIST, 'big', ['五百行以上分页完整', 'a day of more than 500 rows has pages'], big, {
    needs: ['bills.open', 'time.move'],
  }),
  check(
    LIST,
    'rows',
    ['逐笔与本次缴退一致', 'every row of this run, and nothing else of it'],
    rowByRow,
    {
      needs: ['time.move'],
    },
  ),
  check(LIST, 'tenders', ['支付方式构成一致', 'the tenders of each row'], tenders, {
    needs: ['time.move'],
  }),
  check(
    LIST,
    'taken-back',
    ['已冲正的不列出', 'what was taken back is not listed'],
    noneTakenBack,
    {
      needs: ['time.move'],
    },
  ),
  check(LIST, 'totals', ['合计与明细一致', 'the totals are those of the rows'], async (s) => {
    await nextDay(s)
    for (const day of daysOf(s)) expectTotals(await pagesOf(s, day))
  }),
  check(LIST, 'pages', ['页码与每页行数', 'pages are numbered and bounded'], async (s) => {
    await nextDay(s)
    for (const day of daysOf(s)) expectPages(await pagesOf(s, day))
  }),
]

/** The days this run has booked on; without a hand on the time, the day before, whatever stands there. */
function daysOf(session: Session): BusinessDate[] {
  const today = businessDateOf(session.clock.now())
  const closed = session.standing.days().filter((day) => day < today)
  return closed.length > 0 ? closed : [addDays(today, -1)]
}

/** Moves the sandbox to where the lists of all days of this run are ready. */
async function nextDay(session: Session): Promise<void> {
  const last = session.standing.days().toSorted().at(-1)
  if (last === undefined || !session.offers('time.move')) return
  const readyAt = addMs(instantAt(addDays(last, 1)), READY_AFTER_SECONDS * SECOND_MS)
  const missingMs = readyAt.getTime() - session.clock.now().getTime()
  if (missingMs > 0) await session.moveTime(Math.ceil(missingMs / SECOND_MS))
}

async function pagesOf({ ask, call }: Session, businessDate: BusinessDate): Promise<Page[]> {
  const pages: Page[] = []
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await ask(call, { name: LIST, body: { businessDate, page }, read: readPage })
    const got = okOf(LIST, answer, `page ${page} of ${businessDate}`)
    pages.push(got)
    if (page >= (pages[0]?.pages ?? 1)) return pages
  }
  throw new CheckFailure('how many pages', `at most ${MOST_PAGES}`, 'more')
}

const rowsOf = (pages: readonly Page[]): HisDayRow[] => pages.flatMap(({ rows }) => rows)

const keyOf = ({ kind, paymentNo, refundNo, billNo }: HisDayRow): string =>
  [kind, paymentNo, refundNo ?? '', billNo].join(' ')

/** What both sides must say of a row, besides its tenders. */
const contentOf = (row: HisDayRow) => ({
  row: keyOf(row),
  receiptNo: row.receiptNo,
  amountFen: row.amountFen,
  at: Math.floor(row.at.getTime() / SECOND_MS),
})

/** In which order they stand says nothing. */
const tendersOf = ({ tenders }: HisDayRow): string[] =>
  tenders.map(({ kind, amountFen }) => `${kind} ${amountFen}`).toSorted()

async function rowByRow(session: Session): Promise<void> {
  await nextDay(session)
  for (const day of session.standing.days()) {
    const listed = new Map(rowsOf(await pagesOf(session, day)).map((row) => [keyOf(row), row]))
    const ours = session.standing.of(day)
    for (const row of ours) {
      const found = listed.get(keyOf(row))
      expectThat(found !== undefined, `the row ${keyOf(row)}`, `on ${day}`, 'not listed')
      if (found) expectSame('the row', contentOf(found), contentOf(row))
    }
    const all = rowsOf(await pagesOf(session, day)).map(keyOf)
    expectSame('how many rows are there once', new Set(all).size, all.length)
  }
}

async function tenders(session: Session): Promise<void> {
  await nextDay(session)
  for (const day of session.standing.days()) {
    const listed = new Map(rowsOf(await pagesOf(session, day)).map((row) => [keyOf(row), row]))
    for (const row of session.standing.of(day)) {
      const found = listed.get(keyOf(row))
      if (found) expectSame(`the tenders of ${keyOf(row)}`, tendersOf(found), tendersOf(row))
    }
  }
}

async function noneTakenBack(session: Session): Promise<void> {
  await nextDay(session)
  const gone = session.standing.takenBack()
  for (const day of session.standing.days()) {
    const standing = new Set(session.standing.of(day).map(keyOf))
    const wrong = rowsOf(await pagesOf(session, day)).filter(
      (row) => gone.has(row.paymentNo) && !standing.has(keyOf(row)),
    )
    expectSame('rows of what was taken back', wrong.map(keyOf), [])
  }
}

function expectTotals(pages: readonly Page[]): void {
  const rows = rowsOf(pages)
  const of = (kind: HisDayRow['kind']) => rows.filter((row) => row.kind === kind)
  const sum = (kind: HisDayRow['kind']) =>
    of(kind).reduce((total, { amountFen }) => total + amountFen, 0)
  const expected = {
    payments: of('payment').length,
    paymentsFen: sum('payment'),
    refunds: of('refund').length,
    refundsFen: sum('refund'),
  }
  for (const { page, totals } of pages) expectSame(`the totals on page ${page}`, totals, expected)
}

function expectPages(pages: readonly Page[]): void {
  for (const [i, { page, rows }] of pages.entries()) {
    expectSame('the number of a page', page, i + 1)
    expectThat(rows.length <= MOST_ROWS, `rows of page ${page}`, 'at most 500', rows.length)
  }
  expectSame('how many pages there are', new Set(pages.map((page) => page.pages)).size, 1)
}

async function big(session: Session): Promise<void> {
  const wanted = session.fixtures.bigDay ?? 0
  if (wanted <= MOST_ROWS) {
    throw new NotTried({
      zh: '夹具未要求大日清单（bigDay 大于 500）',
      en: 'the fixtures ask for no big day (bigDay above 500)',
    })
  }
  for (let i = 0; i < wanted; i++) await paidOf(session, await openBill(session))
  await nextDay(session)
  for (const day of daysOf(session)) {
    const pages = await pagesOf(session, day)
    expectThat(pages.length > 1, 'how many pages', 'two or more', pages.length)
    const listed = new Set(rowsOf(pages).map(keyOf))
    const missing = session.standing.of(day).filter((row) => !listed.has(keyOf(row)))
    expectSame('how many rows of this run are missing', missing.length, 0)
  }
}
