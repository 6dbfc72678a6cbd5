import { Readable } from 'node:stream'

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { addDays, type BusinessDate, businessDate } from '../../kernel/time.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import { problems } from '../../platform/http/problem.ts'
import { type BalanceAt, balanceOf } from './balance-store.ts'
import { chartPage } from './chart-page.ts'
import { findEntry } from './entry-store.ts'
import type { EntryId } from './entry.ts'
import { ledgerErrors } from './errors.ts'
import {
  AccountNameView,
  AccountView,
  BalancesView,
  ChartQuery,
  ChartView,
  DateQuery,
  EntryView,
  OfEntry,
  OfHospital,
  RangeQuery,
  StatementQuery,
  StatementView,
  TrialBalanceView,
} from './schemas.ts'
import { onOwnSide, statementCsv, statementXlsx } from './statement-file.ts'
import { statementLines } from './statement-store.ts'
import { accountIn, checkRange, cursorOf, everyLine, MOST_ROWS, readCursor } from './statement.ts'
import { movementsByDate, trialBalance } from './trial-store.ts'
import {
  netOf,
  viewOfAccount,
  viewOfDays,
  viewOfEntry,
  viewOfLine,
  viewOfName,
  viewOfTrial,
} from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const READERS = ['staff:finance', 'staff:auditor'] as const
const LEDGER = '/hospitals/:hospitalId/ledger'
const COMMON = { tags: ['ledger'] }

/** The books as finance and auditors read them. Nothing is written here: entries come with the facts behind them. */
export const ledgerRoutes =
  ({ db }: { db: Db }): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of [
      AccountNameView,
      AccountView,
      TrialBalanceView,
      StatementView,
      BalancesView,
      EntryView,
    ]) {
      app.addSchema(schema)
    }
    chartRoute(app, db)
    trialRoute(app, db)
    statementRoute(app, db)
    balancesRoute(app, db)
    fileRoutes(app, db)
    entryRoute(app, db)
  }

function chartRoute(app: App, db: Db): void {
  app.get(
    `${LEDGER}/accounts`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listLedgerAccounts',
        summary: 'The accounts with their balances now, at the end of a date or at an instant',
        ...COMMON,
        params: OfHospital,
        querystring: ChartQuery,
        response: { 200: ChartView, ...problems },
      },
    },
    async ({ params, query: { date, instant, ...wish } }) => {
      const at = timeOf(date, instant)
      const hospitalId = params.hospitalId as HospitalId
      const { balances, next } = await inHospital(db, hospitalId, (tx) =>
        chartPage(tx, hospitalId, { ...wish, at }),
      )
      return { items: balances.map((balance) => viewOfAccount(balance, at === undefined)), next }
    },
  )
}

/** Errors: throws ledger.date_and_instant. */
function timeOf(date: string | undefined, instant: string | undefined): BalanceAt | undefined {
  if (date !== undefined && instant !== undefined) throw ledgerErrors.date_and_instant()
  if (date !== undefined) return { date: businessDate(date) }
  return instant === undefined ? undefined : { instant: new Date(instant) }
}

function trialRoute(app: App, db: Db): void {
  app.get(
    `${LEDGER}/trial-balance`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getTrialBalance',
        summary: 'Debits against credits over all accounts, now or at the end of a date',
        ...COMMON,
        params: OfHospital,
        querystring: DateQuery,
        response: {
          200: Type.Unsafe<Type.Static<typeof TrialBalanceView>>(Type.Ref('LedgerTrialBalance')),
          ...problems,
        },
      },
    },
    async ({ params, query }) => {
      const date = query.date === undefined ? null : businessDate(query.date)
      const hospitalId = params.hospitalId as HospitalId
      const kinds = await inHospital(db, hospitalId, (tx) => trialBalance(tx, hospitalId, date))
      return viewOfTrial(date, kinds)
    },
  )
}

function statementRoute(app: App, db: Db): void {
  app.get(
    `${LEDGER}/statement`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getAccountStatement',
        summary: 'The lines of one account with what it stood at after each',
        ...COMMON,
        params: OfHospital,
        querystring: StatementQuery,
        response: {
          200: Type.Unsafe<Type.Static<typeof StatementView>>(Type.Ref('LedgerStatement')),
          ...problems,
        },
      },
    },
    async ({ params, query: { account, order, limit, ...query } }) => {
      const { hospitalId, from, to, kind } = await rangeOf(db, params, { account, ...query })
      const wish = { account, from, to, order, after: readCursor(query.after), limit: limit + 1 }
      return inHospital(db, hospitalId, async (tx) => {
        const [opening, closing] = await edgesOf(tx, hospitalId, wish)
        const lines = await statementLines(tx, hospitalId, wish)
        const last = lines.length > limit ? lines[limit - 1] : undefined
        return {
          account: viewOfName(account),
          kind,
          openingFen: onOwnSide(kind, opening),
          closingFen: onOwnSide(kind, closing),
          items: lines.slice(0, limit).map((line) => viewOfLine(kind, line)),
          next: last ? cursorOf(last) : null,
        }
      })
    },
  )
}

type Range = { account: string; from: string; to: string }

/** Errors: throws ledger.account_not_found, dates_reversed, range_too_long. */
async function rangeOf(db: Db, params: { hospitalId: number }, { account, ...days }: Range) {
  const hospitalId = params.hospitalId as HospitalId
  const [from, to] = [businessDate(days.from), businessDate(days.to)]
  checkRange(from, to)
  const { kind } = await accountIn(db, hospitalId, account)
  return { hospitalId, account, from, to, kind }
}

type Days = { account: string; from: BusinessDate; to: BusinessDate }

const edgesOf = async (tx: Tx, hospitalId: HospitalId, { account, from, to }: Days) =>
  [
    netOf(await balanceOf(tx, hospitalId, account, { date: addDays(from, -1) })),
    netOf(await balanceOf(tx, hospitalId, account, { date: to })),
  ] as const

function balancesRoute(app: App, db: Db): void {
  app.get(
    `${LEDGER}/balances`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listAccountBalances',
        summary: 'What one account stood at, date by date',
        ...COMMON,
        params: OfHospital,
        querystring: RangeQuery,
        response: {
          200: Type.Unsafe<Type.Static<typeof BalancesView>>(Type.Ref('LedgerBalances')),
          ...problems,
        },
      },
    },
    async ({ params, query }) => {
      const { hospitalId, kind, ...days } = await rangeOf(db, params, query)
      return inHospital(db, hospitalId, async (tx) => {
        const [opening] = await edgesOf(tx, hospitalId, days)
        return viewOfDays(kind, opening, await movementsByDate(tx, hospitalId, days))
      })
    },
  )
}

const FileBody = Type.Unsafe<Readable>(Type.String({ format: 'binary' }))

const FORMS = [
  { ending: 'csv', type: 'text/csv', write: statementCsv },
  {
    ending: 'xlsx',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    write: statementXlsx,
  },
] as const

function fileRoutes(app: App, db: Db): void {
  for (const { ending, type, write } of FORMS) {
    app.get(
      `${LEDGER}/statement.${ending}`,
      {
        config: { access: READERS },
        schema: {
          operationId: `getAccountStatement${ending === 'csv' ? 'Csv' : 'Xlsx'}`,
          summary: `The lines of one account as ${ending.toUpperCase()}, the oldest first, of at most ${MOST_ROWS} rows`,
          ...COMMON,
          params: OfHospital,
          querystring: RangeQuery,
          response: { 200: { content: { [type]: { schema: FileBody } } }, ...problems },
        },
      },
      async ({ params, query }, reply) => {
        const { hospitalId, kind, ...wish } = await rangeOf(db, params, query)
        const lines = await everyLine(db, hospitalId, wish, MOST_ROWS)
        const name = `${wish.account.replaceAll(/[^\w.-]+/g, '-')}-${wish.from}-${wish.to}.${ending}`
        return reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="${name}"`)
          .type(ending === 'csv' ? `${type}; charset=utf-8` : type)
          .send(Readable.from(write(kind, lines), { objectMode: false }))
      },
    )
  }
}

function entryRoute(app: App, db: Db): void {
  app.get(
    `${LEDGER}/entries/:entryId`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getLedgerEntry',
        summary: 'One entry with all its transfers, the promises it kept, and the fact behind it',
        ...COMMON,
        params: OfEntry,
        response: {
          200: Type.Unsafe<Type.Static<typeof EntryView>>(Type.Ref('LedgerEntry')),
          ...problems,
        },
      },
    },
    async ({ params }) => {
      const hospitalId = params.hospitalId as HospitalId
      const id = params.entryId as EntryId
      const entry = await inHospital(db, hospitalId, (tx) => findEntry(tx, hospitalId, id))
      if (!entry) throw ledgerErrors.entry_not_found({ id })
      return viewOfEntry(entry)
    },
  )
}
