import { addFen, type Fen, ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import { endCaseOf, openCase } from './cases.ts'
import { lockDay, unsettledNeighbours, updateArrival, updateDay, wakeDay } from './day-store.ts'
import type { Arrival, Day, ListLine, MoveKind } from './day.ts'
import type { ReconciliationDependencies } from './dependencies.ts'
import type { Fetched, FetchedList } from './fetch-list.ts'
import { ownRows } from './own-rows.ts'
import { findStatement, insertStatement, type Statement } from './statement-store.ts'
import { listDeadline, MOST_REFUSALS, nextTryAt } from './timetable.ts'
import { statementSubject } from './work-case.ts'

/** Writes down what came of asking for a list, in the transaction that holds the day. */
export async function recordArrival(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  day: Day,
  arrival: Arrival,
  fetched: Fetched,
): Promise<void> {
  switch (fetched.outcome) {
    case 'list':
      return takeList(tx, dependencies, day, arrival, fetched)
    case 'refused':
      return noteRefusal(tx, dependencies, day, arrival, fetched)
    case 'nothing':
      return noteSilence(tx, dependencies, day, arrival, fetched)
  }
}

/** The same list again is nothing new; another one is a new version, and the one before is kept. */
async function takeList(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  day: Day,
  arrival: Arrival,
  list: FetchedList,
): Promise<void> {
  const { hospitalId, businessDate } = day
  const { source, newestVersion } = arrival
  const now = dependencies.clock.now()
  const newest = await findStatement(tx, hospitalId, businessDate, source, newestVersion)
  const isSame = newest?.sha256 === list.sha256 && newest.comparedWith === list.comparedWith
  const version = isSame ? newestVersion : newestVersion + 1
  if (!isSame) {
    const statement = statementOf(businessDate, source, version, list, now)
    await insertStatement(tx, hospitalId, statement, list.content, list.lines)
    // It is closed once more with what the new list says, and whoever goes by closed days hears of it.
    if (day.status === 'closed') await updateDay(tx, day, { status: 'compared' }, now)
    for (const date of await unsettledNeighbours(tx, hospitalId, businessDate, source)) {
      await lockDay(tx, hospitalId, date)
      await updateArrival(tx, { hospitalId, businessDate: date }, source, { compare_due: true })
      await wakeDay(tx, hospitalId, date, now)
    }
  }
  await updateArrival(tx, day, source, {
    status: 'received',
    newest_version: version,
    received_at: isSame ? arrival.receivedAt : now,
    compare_due: true,
    silences: 0,
    refusals: 0,
    refusal_code: null,
    reason: null,
    next_try_at: null,
    tried_at: now,
  })
  const subject = statementSubject(businessDate, source)
  for (const cls of ['statement_missing', 'statement_refused'] as const) {
    await endCaseOf(tx, dependencies, hospitalId, { subject, class: cls }, 'statement_arrived')
  }
}

/** Asked for a few times more at once, as a download may break; then a person is told. The list before it stands. */
async function noteRefusal(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  day: Day,
  arrival: Arrival,
  { code, reason }: Extract<Fetched, { outcome: 'refused' }>,
): Promise<void> {
  const { source, newestVersion, silences } = arrival
  const now = dependencies.clock.now()
  const refusals = arrival.refusals + 1
  const hasList = newestVersion > 0
  const mayBreak = refusals < MOST_REFUSALS
  await updateArrival(tx, day, source, {
    ...(hasList || mayBreak ? {} : { status: 'refused' as const }),
    refusals,
    silences: silences + 1,
    refusal_code: code,
    reason: reason.slice(0, MOST_REASON_CHARACTERS),
    next_try_at: mayBreak
      ? now
      : nextTryAt(day.businessDate, now, { hasList, silences: silences + 1 }),
    tried_at: now,
  })
  if (refusals === MOST_REFUSALS) {
    await tellPerson(tx, dependencies, day, arrival, 'statement_refused', code)
  }
}

async function noteSilence(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  day: Day,
  arrival: Arrival,
  { reason, notBefore }: Extract<Fetched, { outcome: 'nothing' }>,
): Promise<void> {
  const { source, status } = arrival
  const now = dependencies.clock.now()
  const hasList = arrival.newestVersion > 0
  const silences = arrival.silences + 1
  const isExpectedLater = notBefore !== null && notBefore > now
  const isLate = now >= listDeadline(day.businessDate) && !isExpectedLater
  const becomesMissing = status === 'waiting' && isLate
  await updateArrival(tx, day, source, {
    ...(becomesMissing ? { status: 'missing' as const } : {}),
    silences,
    refusals: 0,
    reason: reason.slice(0, MOST_REASON_CHARACTERS),
    next_try_at: isExpectedLater
      ? notBefore
      : nextTryAt(day.businessDate, now, { hasList, silences }),
    tried_at: now,
  })
  if (becomesMissing) {
    await tellPerson(tx, dependencies, day, arrival, 'statement_missing', reason)
  }
}

/** At stake is all that we have of the day and nobody confirms. */
async function tellPerson(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  { hospitalId, businessDate }: Day,
  { source }: Arrival,
  cls: 'statement_missing' | 'statement_refused',
  reason: string,
): Promise<void> {
  const own = await ownRows(tx, hospitalId, businessDate, source)
  await openCase(tx, dependencies, hospitalId, {
    class: cls,
    subject: statementSubject(businessDate, source),
    businessDate,
    source,
    amountFen: sumOf(own, 'charge'),
    reason: reason.slice(0, MOST_REASON_CHARACTERS),
  })
}

const MOST_REASON_CHARACTERS = 500

const statementOf = (
  businessDate: BusinessDate,
  source: string,
  version: number,
  list: FetchedList,
  receivedAt: Date,
): Statement => ({
  businessDate,
  source,
  version,
  form: list.form,
  sha256: list.sha256,
  comparedWith: list.comparedWith,
  lineCount: list.lines.length,
  chargeFen: sumOf(list.lines, 'charge'),
  returnFen: sumOf(list.lines, 'return'),
  feeFen: list.feeFen,
  receivedAt,
})

const sumOf = (rows: readonly Pick<ListLine, 'kind' | 'amountFen'>[], kind: MoveKind): Fen =>
  rows.reduce((sum, row) => (row.kind === kind ? addFen(sum, row.amountFen) : sum), ZERO)
