import { sql } from 'kysely'

import type { Patiently } from '../../kernel/at-once.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { earliest, MINUTE_MS } from '../../kernel/time.ts'
import { paymentsDueAt } from '../../modules/payments/index.ts'
import type { Platform } from '../../platform/context.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import { earliestDue } from '../../platform/due-rows.ts'
import { deliverEvents } from '../../platform/events.ts'
import { handleNotices } from '../../platform/inbox.ts'
import type { Hub } from '../hub/create-hub.ts'
import { createHospitalLines } from '../hub/hospital-lines.ts'
import { createCrossCheckTurns } from './cross-checks.ts'
import { booksDueAt, workOffBooks } from './days.ts'
import { createDirectories } from './directories.ts'
import { createCentres } from './insurance.ts'
import { createLenders } from './lenders.ts'
import { createListIntake } from './lists.ts'
import { createPatiences } from './patience.ts'
import { createTurns } from './turns.ts'
import { createUpkeep } from './upkeep.ts'
import { createVisitBillLooks } from './visit-bills.ts'
import { createWebhooks } from './webhooks.ts'

export type Worker = ReturnType<typeof createWorker>

// Events and notices make work for each other; more rounds than this in one go are a loop.
const MOST_ROUNDS = 1_000

type WorkerOptions = {
  atOnce: number
  /** How often the bills of visits on credit are looked for; each minute unless told. */
  visitLookMs?: number
  /** How often books are kept in order and sealed; each minute unless told. */
  upkeepMs?: number
  /** The folder into which others put lists. Without it, none is looked into. */
  statementInbox?: string | undefined
  /** Where the hub's lines for hospitals' messages listen. Without it, none is opened. */
  lineHost?: string
  /** How long one piece of work is waited for before the next begins; without it, to its end. */
  patienceMs?: number
  /** Hears of failures that nobody waited for. */
  onError?: (error: unknown) => void
}

/**
 * Does what is due, hospital by hospital. The rows are the truth: whoever runs this goes on where another stopped.
 * `atOnce` is how many notices, payments and refunds of one hospital are worked on at the same time: what they wait for
 * is somebody else's answer. Whoever waits for it longer than `patienceMs` makes room for the next, so that a provider
 * or a hospital that does not answer holds up nobody else's payments.
 */
export function createWorker(hub: Hub, platform: Platform, options: WorkerOptions) {
  const { atOnce, visitLookMs: everyMs = MINUTE_MS } = options
  const { db, clock } = platform
  const { patienceFor, settled } = createPatiences(options)
  const inTurn = createTurns(patienceFor('hospitals'))
  const claimsInTurn = createTurns(patienceFor('hospitals'))
  const readers = new Map([['payments', hub.payments.readNotice]])
  const { keepUp } = createUpkeep(hub, platform, options)
  const webhooks = createWebhooks(hub, options)
  const lenders = createLenders(hub.sources, platform, options.onError)
  const centres = createCentres(hub, platform, options.onError)
  const directories = createDirectories(hub, platform, options.onError)
  const lists = createListIntake(hub, { ...options, clock, patiently: patienceFor('hospitals') })
  const lines =
    options.lineHost === undefined
      ? null
      : linesOf(hub, platform, { ...options, host: options.lineHost })
  const looks = createVisitBillLooks(hub, { ...options, clock, everyMs })
  return {
    workOff,
    workOffAll,
    deliverWebhooks: webhooks.deliver,
    workOffLenders: lenders.workOff,
    workOffCentres: async () => (await centres.workOff()) + (await directories.workOff()),
    workOffClaims,
    ...lists,
    payVisitBills: looks.look,
    compareFiles: createCrossCheckTurns(hub, clock).compare,
    followLines: async () => (await lines?.follow()) ?? 0,
    stopLines: async () => lines?.stop(),
    nextDue: () => nextDueOf(hub, db, [lenders.nextDueAt, looks.nextDueAt]),
    settled: async () => void (await Promise.all([settled(), webhooks.settled()])),
  }

  /** Everything due at one hospital but its closed days, and what that makes due; returns how much there was. */
  async function workOff(hospitalId: HospitalId): Promise<number> {
    const patiently = patienceFor(hospitalId)
    let total = 0
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const by = { db, clock, atOnce, patiently, publish: hub.publish, readers }
      const done = await workSoonDue(hub, by, hospitalId)
      if (done === 0) return total
      total += done
    }
    throw new Error(`hospital ${hospitalId} comes to no rest`)
  }

  /**
   * The closed days too, for all hospitals; what they make due is found by the next call. A hospital that is still in hand
   * is left at that. Errors: throws the first failure, after all hospitals have had their turn.
   */
  async function workOffAll(): Promise<number> {
    const total = await inTurn(await hub.hospitals.list(), workOffDays)
    await keepUp()
    return total
  }

  /** Claims at commercial insurers, apart from the rest: an insurer may take half a minute over each. */
  async function workOffClaims(): Promise<number> {
    return claimsInTurn(await hub.hospitals.list(), (id) => hub.sources.coverage.workOffClaims(id))
  }

  async function workOffDays(id: HospitalId): Promise<number> {
    let total = await workOff(id)
    total += await workOffBooks(hub, platform, id)
    const lookDue = await hub.channels.nextDueAt(id)
    if (lookDue && lookDue <= clock.now()) await hub.channels.housekeeping(id)
    return total
  }
}

/** The lines on which hospitals' systems tell what happens. */
const linesOf = (
  hub: Hub,
  platform: Platform,
  { host, onError }: { host: string; onError?: WorkerOptions['onError'] },
) =>
  createHospitalLines(
    {
      ...platform,
      notices: hub.hospitalNotices,
      messages: hub.hospitalMessages,
      hospitals: hub.hospitals,
      listeningOf: (hospitalId) => hub.connections.hisListening.of(hospitalId),
      onError: (error) => onError?.(error),
    },
    { host },
  )

/** The earliest moment at which any hospital has something due, or one of `others`; null for none. */
async function nextDueOf(
  hub: Hub,
  db: Db,
  others: readonly (() => Promise<Date | null>)[],
): Promise<Date | null> {
  const moments: (Date | null)[] = []
  for (const { id } of await hub.hospitals.list()) {
    const soon = await inHospital(db, id, (tx) => soonDue(tx, id))
    moments.push(...Object.values(soon), ...(await booksDueAt(hub, db, id)))
    moments.push(await hub.channels.nextDueAt(id), await hub.partners.nextDueAt(id))
    moments.push(await hub.sources.coverage.nextDueAt(id))
  }
  for (const nextDueAt of others) moments.push(await nextDueAt())
  return earliest(moments)
}

/** What is often due, once through; returns how much there was. */
async function workSoonDue(
  hub: Hub,
  { readers, ...by }: OftenBy,
  hospitalId: HospitalId,
): Promise<number> {
  const { db, clock, atOnce, patiently } = by
  const due = await inHospital(db, hospitalId, (tx) => soonDue(tx, hospitalId))
  const now = clock.now()
  const isDue = (at: Date | null) => at !== null && at <= now
  let done = 0
  if (isDue(due.notices)) done += await handleNotices(by, hospitalId, readers)
  if (isDue(due.events)) done += await deliverEvents(by, hospitalId, hub.handlers)
  if (isDue(due.payments)) done += await hub.payments.sweep(hospitalId, atOnce, patiently)
  if (isDue(due.bookings)) done += await hub.booking.sweep(hospitalId, atOnce, patiently)
  return done
}

type OftenBy = Parameters<typeof handleNotices>[0] & {
  atOnce: number
  patiently: Patiently
  readers: Parameters<typeof handleNotices>[2]
}

/** When each kind of work is due next that is often due; null for none. One question, as it is asked all the time. */
async function soonDue(tx: Tx, hospitalId: HospitalId): Promise<Record<Work, Date | null>> {
  const { rows } = await sql<Record<Work, Date | null>>`select
    ${earliestDue('platform.inbox', hospitalId)} as notices,
    ${earliestDue('platform.outbox', hospitalId)} as events,
    ${paymentsDueAt(hospitalId)} as payments,
    ${earliestDue('booking.appointment', hospitalId)} as bookings`.execute(tx)
  return rows[0] ?? { notices: null, events: null, payments: null, bookings: null }
}

type Work = 'notices' | 'events' | 'payments' | 'bookings'
