import { sql } from 'kysely'

import type { HospitalId, Id } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { type BusinessDate, businessDate, instantAt } from '../../../kernel/time.ts'
import { createAudit } from '../../../platform/audit.ts'
import { noCanaries } from '../../../platform/canary.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { earliestDue } from '../../../platform/due-rows.ts'
import {
  createPublish,
  deliverEvents,
  type Events,
  type Handlers,
} from '../../../platform/events.ts'
import { createKeepNotice } from '../../../platform/inbox.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import type { TestDatabase } from '../../../platform/testing/database.ts'
import { wakeBySweep } from '../../../platform/wake.ts'
import { balancesOf, createLedger } from '../../ledger/index.ts'
import {
  createPayments,
  createStanding,
  type PaymentId,
  type Provider,
} from '../../payments/index.ts'
import { listCases } from '../case-store.ts'
import type { PaymentReads, PaymentRepairs, ReconciliationDependencies } from '../dependencies.ts'
import { listFacts } from '../list-facts.ts'
import { listDifferences } from '../reads-store.ts'
import { createReconciliation } from '../reconciliation.ts'
import { newestComparison, statementsOf } from '../statement-store.ts'
import { scriptedHospital } from './hospital.ts'
import { scriptedInsurer } from './insurer.ts'
import { scriptedWallet } from './wallet.ts'

export const HOSPITAL = 1 as HospitalId
const PERSON = '0190b3a0-0000-7000-8000-000000000001' as Id<'Person'>
const PAYER = { name: 'person:test', requestId: null }
const PAYING_TAKES_MS = 10_000

/** A hospital, a wallet, an insurer, and the hub's payments and reconciliation between them, from ten o'clock of a date on. */
export function reconciliationWorld(
  db: TestDatabase,
  date: BusinessDate = businessDate('2026-11-20'),
) {
  const hub = hubOf(db, date)
  const time = passing(hub)
  return {
    ...hub,
    ...time,
    ...payers(hub, time.passUntil),
    ...readings(hub),
    /** The same payments, but for what a test counts or breaks. */
    paymentsWith: (changes: Partial<PaymentRepairs & PaymentReads>) => ({
      ...hub.dependencies.payments,
      ...changes,
    }),
  }
}

type Hub = ReturnType<typeof hubOf>

type Told = Events['reconciliation.day_closed'] | Events['reconciliation.difference_opened']

function hubOf(db: TestDatabase, date: BusinessDate) {
  const { clock, newId } = testPlatform(`${date}T10:00:00+08:00`)
  const wallet = scriptedWallet(clock)
  const insurer = scriptedInsurer(clock)
  const hospital = scriptedHospital(clock)
  const providers = new Map<string, Provider>([
    ['wechat', wallet.channel],
    ['insurance', insurer.source],
  ])
  const platform = { db, clock, newId, wake: wakeBySweep }
  const audit = createAudit(platform)
  const publish = createPublish(platform)
  const providersOf = async () => providers
  const ledger = createLedger({ clock, newId, canaries: noCanaries })
  const payments = createPayments({
    ...platform,
    ledger,
    providersOf,
    desk: hospital.desk,
    publish,
    audit,
    canaries: noCanaries,
    keepNotice: createKeepNotice(platform),
    payerAccountOf: async () => 'openid-1',
    chooseChannel: async () => null,
    quoteDeadlineMs: 30_000,
  })
  const dependencies: ReconciliationDependencies = {
    ...platform,
    audit,
    publish,
    providersOf,
    systemOf: async () => hospital.system,
    payments: { ...payments, ...createStanding(db) },
    ledger,
    reverseUnknown: insurer.reverseUnknown,
  }
  /** A process that knows nothing but the rows, like one started after a crash. */
  const make = (changes: Partial<ReconciliationDependencies> = {}) =>
    createReconciliation({ ...dependencies, ...changes })
  const reconciliation = make()
  return { ...platform, wallet, insurer, hospital, payments, dependencies, make, reconciliation }
}

function passing({ db, clock, payments, reconciliation }: Hub) {
  const told: Told[] = []
  const compared: string[] = []
  const overdue: Events['reconciliation.case_overdue'][] = []
  const handlers: Handlers = {
    'payments.ended': [reconciliation.onPaymentEnded],
    'payments.attention': [reconciliation.onPaymentAttention],
    'refunds.ended': [reconciliation.onRefundEnded],
    'refunds.attention': [reconciliation.onRefundAttention],
    'reconciliation.list_compared': [
      async ({ date, source }) => void compared.push(`${date} ${source}`),
    ],
    'reconciliation.day_closed': [async (event) => void told.push(event)],
    'reconciliation.difference_opened': [async (event) => void told.push(event)],
    'reconciliation.case_overdue': [async (event) => void overdue.push(event)],
  }

  /** Does whatever is due at this moment. */
  async function settle(): Promise<void> {
    for (let rounds = 0; rounds < 200; rounds++) {
      const done =
        (await deliverEvents({ db, clock }, HOSPITAL, handlers)) +
        (await payments.sweep(HOSPITAL)) +
        (await reconciliation.sweep(HOSPITAL))
      if (done === 0) return
    }
    throw new Error('it comes to no rest')
  }

  /** Lets time pass and does what comes due in it. */
  async function passUntil(until: Date): Promise<void> {
    for (;;) {
      await settle()
      const moments = [
        await payments.nextDueAt(HOSPITAL),
        await reconciliation.nextDueAt(HOSPITAL),
        await inHospital(db, HOSPITAL, eventsDueAt),
      ].filter((moment) => moment !== null)
      const next = moments.toSorted((a, b) => a.getTime() - b.getTime())[0]
      if (!next || next > until) break
      if (next > clock.now()) clock.set(next)
    }
    clock.set(until)
  }

  return {
    /** What the module has told the others, in order. */
    told,
    /** The lists that came out new or otherwise than before, in order. */
    compared,
    /** Cases that were told of as overdue, in order. */
    overdue,
    settle,
    passUntil,
    passTo: (date: BusinessDate, time: string) => passUntil(instantAt(date, time)),
    passMs: (ms: number) => passUntil(new Date(clock.now().getTime() + ms)),
  }
}

function payers(
  { newId, clock, hospital, wallet, payments, dependencies }: Hub,
  passUntil: (until: Date) => Promise<void>,
) {
  /** Agrees to a plan and does not pay yet. The insurer bears sixty of a hundred. */
  async function order(billNo: string, lineFens: readonly number[] = [10_000]): Promise<PaymentId> {
    const bill = hospital.addBill(billNo, lineFens)
    const paymentId = newId<'Payment'>()
    const wish = { hospitalId: HOSPITAL, personId: PERSON, paymentId, useAccount: true }
    await payments.quote({ ...wish, bills: [bill], channel: 'wechat' }, PAYER)
    const totalFen = lineFens.reduce((sum, lineFen) => sum + lineFen, 0)
    const payFen = fen(totalFen - Math.trunc((totalFen * 60) / 100))
    await payments.confirm(HOSPITAL, PERSON, paymentId, { payFen, presence: null }, PAYER)
    return paymentId
  }

  return {
    order,
    async pay(billNo: string, lineFens?: readonly number[]): Promise<PaymentId> {
      const id = await order(billNo, lineFens)
      wallet.payAll()
      await passUntil(new Date(clock.now().getTime() + PAYING_TAKES_MS))
      return id
    },
    refund(paymentId: PaymentId, billNo: string, lineNos: number[] = []) {
      const ids = { id: newId<'Refund'>(), hospitalId: HOSPITAL, paymentId }
      const wish = { ...ids, billNo, lineNos, reason: '退药', requestNo: null }
      return payments.requestRefund(wish, PAYER)
    },
    statusOf: async (id: PaymentId) =>
      (await dependencies.payments.standingOf(HOSPITAL, id))?.status ?? null,
  }
}

function readings({ db }: Hub) {
  const read = <T>(work: (tx: Tx) => Promise<T>) => inHospital(db, HOSPITAL, work)
  return {
    day: (date: BusinessDate) =>
      read(async (tx) => {
        const { rows } = await sql<{ status: string; last_error: string | null }>`
          select status, last_error from reconciliation.day
          where hospital_id = ${HOSPITAL} and business_date = ${date}`.execute(tx)
        return rows[0] ?? null
      }),
    differences: (businessDate: BusinessDate) =>
      read((tx) => listDifferences(tx, HOSPITAL, { businessDate, limit: 500 })),
    cases: (status?: 'open' | 'resolved') =>
      read((tx) => listCases(tx, HOSPITAL, { status, limit: 500 })),
    statements: (date: BusinessDate, source: string) =>
      read((tx) => statementsOf(tx, HOSPITAL, date, source)),
    comparison: (date: BusinessDate, source: string) =>
      read((tx) => newestComparison(tx, HOSPITAL, date, source)),
    listFacts: (source: string, from: BusinessDate, to: BusinessDate) =>
      read((tx) => listFacts(tx, HOSPITAL, { source, from, to })),
    /** What there is to compare between two runs: everything but ids and moments. */
    picture: (date: BusinessDate) => read((tx) => pictureOf(tx, date)),
    async inTransitFen(): Promise<number> {
      const accounts = await read((tx) => balancesOf(tx, HOSPITAL))
      const transit = accounts.find(({ code }) => code === 'in-transit')
      return (transit?.creditFen ?? 0) - (transit?.debitFen ?? 0)
    },
  }
}

async function pictureOf(tx: Tx, date: BusinessDate) {
  const { rows: differences } = await sql`
    select source, class, kind, our_no, ours_fen, theirs_fen, present, status, repair,
      case_id is not null as has_case
    from reconciliation.difference where hospital_id = ${HOSPITAL} and business_date = ${date}
    order by source, class, kind, our_no`.execute(tx)
  const { rows: lists } = await sql`
    select a.source, a.status, a.newest_version, s.sha256, c.figures
    from reconciliation.arrival a
    left join reconciliation.statement s on s.hospital_id = a.hospital_id
      and s.business_date = a.business_date and s.source = a.source and s.version = a.newest_version
    left join reconciliation.comparison c on c.hospital_id = a.hospital_id
      and c.business_date = a.business_date and c.source = a.source and c.version = (
        select max(version) from reconciliation.comparison x where x.hospital_id = a.hospital_id
          and x.business_date = a.business_date and x.source = a.source)
    where a.hospital_id = ${HOSPITAL} and a.business_date = ${date} order by a.source`.execute(tx)
  const { rows: cases } = await sql`
    select class, subject, source, amount_fen, status, resolution from reconciliation.work_case
    where hospital_id = ${HOSPITAL} order by subject, class, status`.execute(tx)
  const { rows: days } = await sql`
    select status from reconciliation.day
    where hospital_id = ${HOSPITAL} and business_date = ${date}`.execute(tx)
  return { differences, lists, cases, days }
}

async function eventsDueAt(tx: Tx): Promise<Date | null> {
  const due = earliestDue('platform.outbox', HOSPITAL)
  const { rows } = await sql<{ due: Date | null }>`select ${due} as due`.execute(tx)
  return rows[0]?.due ?? null
}
