import type { HospitalId, Id } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { createAudit } from '../../../platform/audit.ts'
import { type Canary, noCanaries } from '../../../platform/canary.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import { createPublish } from '../../../platform/events.ts'
import { createKeepNotice, handleNotices } from '../../../platform/inbox.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { wakeBySweep } from '../../../platform/wake.ts'
import { balancesOf, createLedger } from '../../ledger/index.ts'
import type { ChooseChannel } from '../channel-choice.ts'
import type { PaymentsDependencies } from '../dependencies.ts'
import type { PaymentId } from '../payment.ts'
import { createPayments, type Payments } from '../payments.ts'
import type { FundingSource, Provider } from '../provider.ts'
import type { RefundId } from '../refund/refund.ts'
import { inTransitFen, payerStateOf, pictureOf } from '../view.ts'
import { HOSPITAL, PERSON, scriptedDesk } from './hospital.ts'
import { scriptedInsurer } from './insurer.ts'
import { scriptedLender } from './lender.ts'
import { scriptedChannel } from './wallet.ts'

const ACTOR = { name: 'person:test', requestId: null }

export type PaymentsWorld = ReturnType<typeof paymentsWorld>

type Options = {
  canary?: Canary
  hospitalId?: HospitalId
  seed?: string
  /** What the insurer pays of every bill. */
  sharePercent?: number
  chooseChannel?: ChooseChannel
  /** What the lender lends; without it the hospital has none. */
  lenderLimitFen?: number
  quoteDeadlineMs?: number
  /** More sources of money; one that has a clock of its own takes the world's. */
  sources?:
    | readonly FundingSource[]
    | ((platform: ReturnType<typeof testPlatform>) => readonly FundingSource[])
}

/** Payments of one hospital on a real database, with small outside systems around them. */
export function paymentsWorld(db: Db, options: Options = {}) {
  const { canary, hospitalId = HOSPITAL, seed, sharePercent } = options
  const platform = testPlatform('2026-11-21T10:00:00+08:00', seed)
  const { clock } = platform
  const outside = {
    wallet: scriptedChannel(clock),
    insurer: scriptedInsurer(clock, sharePercent),
    lender: scriptedLender(clock, options.lenderLimitFen ?? 0),
    sources: sourcesOn(platform, options.sources ?? []),
    hospital: scriptedDesk(clock),
  }
  const failures: { subject: string; message: string }[] = []
  /** A process that knows nothing but the rows, like one started after a crash. */
  const processOn = (database: Db) => {
    const dependencies = {
      ...dependenciesOf(database, platform, outside, canary ?? null),
      ...(options.chooseChannel ? { chooseChannel: options.chooseChannel } : {}),
      ...(options.quoteDeadlineMs ? { quoteDeadlineMs: options.quoteDeadlineMs } : {}),
    }
    const onError: PaymentsDependencies['onError'] = (error, { subject }) =>
      void failures.push({ subject, message: String(error) })
    return { ...createPayments({ ...dependencies, onError }), dependencies }
  }
  const payments = processOn(db)
  const world = { ...platform, ...outside, db, hospitalId, payments, failures }
  return {
    ...world,
    restarted: (database: Db = db) => processOn(database),
    picture: (id: PaymentId) => pictureIn(db, hospitalId, id),
    quote: (bills: Bills, by: Payments = payments) => quote(world, bills, by),
    confirm: (id: PaymentId, by: Payments = payments) => confirm(world, id, by),
    cancel: (id: PaymentId) => payments.cancel(hospitalId, PERSON, id, ACTOR),
    refund: (paymentId: PaymentId, billNo: string, lineNos: number[], by: Payments = payments) =>
      by.requestRefund(refundWish(world, paymentId, billNo, lineNos), ACTOR),
    retryRefund: (id: RefundId) =>
      payments.retryRefund(hospitalId, id, { name: 'staff:test', requestId: null }),
    pass: (ms: number) => pass(world, ms),
    notify: (about: Record<string, string>, signature = 'genuine') =>
      notify(world, about, signature),
    balances: () => balancesIn(db, hospitalId),
  }
}

const sourcesOn = (
  platform: ReturnType<typeof testPlatform>,
  sources: NonNullable<Options['sources']>,
): readonly FundingSource[] => (typeof sources === 'function' ? sources(platform) : sources)

type Bills = readonly { billNo: string; version: number }[]

type Outside = {
  wallet: ReturnType<typeof scriptedChannel>
  insurer: ReturnType<typeof scriptedInsurer>
  lender: ReturnType<typeof scriptedLender>
  sources: readonly FundingSource[]
  hospital: ReturnType<typeof scriptedDesk>
}

type World = ReturnType<typeof testPlatform> &
  Outside & { db: Db; hospitalId: HospitalId; payments: Payments }

function dependenciesOf(
  db: Db,
  { clock, newId }: ReturnType<typeof testPlatform>,
  { wallet, insurer, lender, sources, hospital }: Outside,
  canary: Canary | null,
): PaymentsDependencies {
  const canaries = canary ? new Set([canary]) : noCanaries
  const providers = new Map<string, Provider>([
    ['wechat', wallet.channel],
    ['insurance', insurer.source],
    ...(lender.script.limitFen > 0 ? [['credit', lender.source] as const] : []),
    ...sources.map((source) => [source.name, source] as const),
  ])
  return {
    db,
    clock,
    newId,
    ledger: createLedger({ clock, newId, canaries }),
    providersOf: async () => providers,
    desk: hospital.desk,
    publish: createPublish({ clock, newId, wake: wakeBySweep }),
    audit: createAudit({ clock, newId }),
    canaries,
    keepNotice: createKeepNotice({ db, clock, newId, wake: wakeBySweep }),
    payerAccountOf: async () => 'openid-1',
    chooseChannel: async () => null,
    quoteDeadlineMs: 30_000,
  }
}

async function balancesIn(db: Db, hospitalId: HospitalId): Promise<Record<string, number>> {
  const accounts = await inHospital(db, hospitalId, (tx) => balancesOf(tx, hospitalId))
  return Object.fromEntries(accounts.map((a) => [a.code, a.debitFen - a.creditFen]))
}

async function pictureIn(db: Db, hospitalId: HospitalId, id: PaymentId) {
  const found = await inHospital(db, hospitalId, (tx) => pictureOf(tx, hospitalId, id))
  if (!found) throw new Error(`no payment ${id}`)
  return { ...found, payerState: payerStateOf(found), inTransitFen: inTransitFen(found) }
}

async function quote({ newId, hospitalId }: World, bills: Bills, by: Payments): Promise<PaymentId> {
  const paymentId = newId<'Payment'>()
  const wish = { hospitalId, personId: PERSON, paymentId, bills, useAccount: true }
  await by.quote({ ...wish, channel: 'wechat' }, ACTOR)
  return paymentId
}

async function confirm({ db, hospitalId }: World, id: PaymentId, by: Payments): Promise<void> {
  const { tenders } = await pictureIn(db, hospitalId, id)
  const payFen: Fen = tenders.find((tender) => tender.phase === 'payer')?.amountFen ?? fen(0)
  await by.confirm(hospitalId, PERSON, id, { payFen, presence: null }, ACTOR)
}

const refundWish = (
  { newId, hospitalId }: World,
  paymentId: PaymentId,
  billNo: string,
  lineNos: number[],
) => ({
  id: newId<'Refund'>() as Id<'Refund'>,
  hospitalId,
  paymentId,
  billNo,
  lineNos,
  reason: '退药',
  requestNo: null,
})

const MOST_ROUNDS = 500

/** Lets time pass and does what comes due in it. */
async function pass({ clock, payments, hospitalId }: World, ms: number): Promise<void> {
  const until = clock.now().getTime() + ms
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if ((await payments.sweep(hospitalId)) > 0) continue
    const next = await payments.nextDueAt(hospitalId)
    if (!next || next.getTime() > until) {
      clock.set(new Date(until))
      return
    }
    clock.set(next)
  }
  throw new Error(`the hospital came to no rest in ${MOST_ROUNDS} rounds`)
}

/** A notice arrives and is worked off. */
async function notify(world: World, about: Record<string, string>, signature: string) {
  const { db, clock, newId, hospitalId, payments } = world
  const publish = createPublish({ clock, newId, wake: wakeBySweep })
  const body = Buffer.from(JSON.stringify(about))
  await payments.takeNotice('wechat', { hospitalId, headers: { 'x-signature': signature }, body })
  await handleNotices(
    { db, clock, publish },
    hospitalId,
    new Map([['payments', payments.readNotice]]),
  )
}
