import { sql } from 'kysely'

import { type Books, createBooks } from '../../../apps/hub/books.ts'
import { booksDueAt, workOffBooks } from '../../../apps/worker/days.ts'
import { createNewId, type HospitalId } from '../../../kernel/id.ts'
import { seededRandom } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import { createLedger } from '../../../modules/ledger/index.ts'
import { createPayments, type Provider } from '../../../modules/payments/index.ts'
import { scriptedHospital } from '../../../modules/reconciliation/testing/hospital.ts'
import { createAudit } from '../../../platform/audit.ts'
import { noCanaries } from '../../../platform/canary.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { earliestDue } from '../../../platform/due-rows.ts'
import { createPublish, deliverEvents, type Handlers } from '../../../platform/events.ts'
import { createKeepNotice } from '../../../platform/inbox.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import type { TestDatabase } from '../../../platform/testing/database.ts'
import { wakeBySweep } from '../../../platform/wake.ts'
import { type ChannelBook, createChannelBook } from './channel-book.ts'
import { type ChannelName, CHANNELS, INSURER } from './contracts.ts'
import { createInsurerBook } from './insurer-book.ts'
import { Death, type Deaths, type Life, mortal } from './mortal.ts'

export type HubOptions = {
  hospitalId: HospitalId
  seed: string
  start: string
  /** Of the files that come. */
  folder: string
  /** When the process that keeps the books dies; null for never. */
  deaths: Deaths | null
}

export type Hub = ReturnType<typeof createHub>

/**
 * One hospital's payments and books on a real database, joined as in the hub, between scripted parties with books of
 * their own. The books are kept by a process that may die: the next one knows nothing but the rows.
 */
export function createHub(db: TestDatabase, options: HubOptions) {
  const { hospitalId, seed, start, folder, deaths } = options
  const { clock, newId, random } = testPlatform(start, seed)
  const parties = partiesOf(clock)
  const platform = { db, clock, newId, random, wake: wakeBySweep }
  const payments = createPayments({
    ...platform,
    ledger: createLedger({ clock, newId, canaries: noCanaries }),
    providersOf: async () => parties.providers,
    desk: parties.his.desk,
    publish: createPublish(platform),
    audit: createAudit(platform),
    canaries: noCanaries,
    keepNotice: createKeepNotice(platform),
    payerAccountOf: async () => 'openid-1',
    chooseChannel: async () => null,
    quoteDeadlineMs: 30_000,
  })
  // With ids of its own, so that a payment has the same number however often the books' process dies.
  const ids = createNewId(clock, seededRandom(`${seed} books`))
  const errors: unknown[] = []
  const own = {
    ...platform,
    newId: ids,
    statementFolder: folder,
    onError: (error: unknown) => void errors.push(error),
  }
  const parts = {
    ledger: createLedger({ clock, newId: ids, canaries: noCanaries }),
    audit: createAudit(own),
    publish: createPublish(own),
    providersOf: async () => parties.providers,
    systemOf: async () => parties.his.system,
    payments,
    insurance: { reverseUnknown: parties.insurer.reverseUnknown },
  }
  const born = (): { books: Books; life: Life } => {
    const { life, ...lived } = mortal(own, parts, deaths)
    return { books: createBooks(lived.options, lived.parts), life }
  }
  const office = createBooks(own, parts)
  const hub = { db, clock, newId, hospitalId, payments, parties, errors, office }
  return { ...hub, ...passing(hub, born) }
}

type Parties = ReturnType<typeof partiesOf>

function partiesOf(clock: Clock) {
  const channels = new Map<ChannelName, ChannelBook>(
    CHANNELS.map(({ name, feePpm }) => [name, createChannelBook(clock, name, feePpm)]),
  )
  const insurer = createInsurerBook(clock)
  const providers = new Map<string, Provider>([
    ...[...channels].map(([name, { channel }]): [string, Provider] => [name, channel]),
    [INSURER.name, insurer.source],
  ])
  return {
    channels,
    insurer,
    providers,
    his: scriptedHospital(clock),
    channelOf(name: ChannelName): ChannelBook {
      const book = channels.get(name)
      if (!book) throw new Error(`no channel ${name}`)
      return book
    },
  }
}

type Standing = {
  db: TestDatabase
  clock: Clock & { set(instant: Date): void }
  hospitalId: HospitalId
  payments: ReturnType<typeof createPayments>
  parties: Parties
  errors: unknown[]
}

/** Lets time pass, and whoever is due do it. */
function passing(
  { db, clock, hospitalId, payments, errors }: Standing,
  born: () => { books: Books; life: Life },
) {
  let now = born()

  /** What the process does at one moment; with its death another begins. */
  async function lived<T>(work: (books: Books) => Promise<T>, otherwise: T): Promise<T> {
    const { books, life } = now
    try {
      const result = await work(books)
      if (!life.isOver) return result
    } catch (error) {
      if (!life.isOver) throw error
    }
    now = born()
    return otherwise
  }

  async function settle(): Promise<void> {
    for (let rounds = 0; rounds < 500; rounds++) {
      const done =
        (await lived((books) => deliverEvents({ db, clock }, hospitalId, handlersOf(books)), 1)) +
        (await payments.sweep(hospitalId)) +
        (await lived((books) => workOffBooks(books, { db, clock }, hospitalId), 1))
      if (done === 0) return
    }
    throw new Error('it comes to no rest')
  }

  async function passUntil(until: Date): Promise<void> {
    for (;;) {
      await settle()
      const moments = [
        ...(await lived((books) => booksDueAt(books, db, hospitalId), [clock.now()])),
        await payments.nextDueAt(hospitalId),
        await inHospital(db, hospitalId, (tx) => eventsDueAt(tx, hospitalId)),
      ].filter((moment) => moment !== null)
      const next = moments.toSorted((a, b) => a.getTime() - b.getTime())[0]
      if (!next || next > until) break
      if (next > clock.now()) clock.set(next)
    }
    clock.set(until)
  }

  return {
    passUntil,
    /** Once a day, as the worker does. */
    sweepVouchers: () => lived((books) => books.accounting.sweep(hospitalId), 0),
    /** What could not be done; that a process died is no error. */
    troubles: () => errors.filter((error) => !(error instanceof Death)),
  }
}

/** Who hears which event, as in the hub, as far as the books go. */
const handlersOf = ({
  reconciliation,
  settlement,
  accounting,
  callsForPersons,
  onStatementTaken,
}: Books): Handlers => ({
  'payments.ended': [reconciliation.onPaymentEnded],
  'payments.attention': [reconciliation.onPaymentAttention],
  'refunds.ended': [reconciliation.onRefundEnded],
  'refunds.attention': [reconciliation.onRefundAttention],
  'statements.taken': [
    reconciliation.onListTaken,
    onStatementTaken,
    callsForPersons.onStatementArrived,
  ],
  'statements.missing': [callsForPersons.onListMissing],
  'settlement.batch_changed': [callsForPersons.onPayoutChanged],
  'settlement.receipt_overdue': [callsForPersons.onReceiptOverdue],
  'settlement.receipt_explained': [callsForPersons.onReceiptExplained],
  'reconciliation.day_closed': [settlement.onDayClosed, accounting.onDayClosed],
  'reconciliation.list_compared': [reconciliation.onListCompared],
})

async function eventsDueAt(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const due = earliestDue('platform.outbox', hospitalId)
  const { rows } = await sql<{ due: Date | null }>`select ${due} as due`.execute(tx)
  return rows[0]?.due ?? null
}
