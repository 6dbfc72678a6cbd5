import { sql } from 'kysely'

import { HOUR_MS, instantAt, MINUTE_MS, SECOND_MS } from '../../../../kernel/time.ts'
import type { HospitalSystem } from '../../../../modules/hospitals/index.ts'
import type { Move, PaymentId, Provider } from '../../../../modules/payments/index.ts'
import {
  createStanding,
  settledBillsOfDay,
  settledRefundsOfDay,
} from '../../../../modules/payments/index.ts'
import { HOSPITAL } from '../../../../modules/payments/testing/hospital.ts'
import { paymentsWorld } from '../../../../modules/payments/testing/world.ts'
import { createReconciliation } from '../../../../modules/reconciliation/index.ts'
import { createAudit } from '../../../../platform/audit.ts'
import type { Canary } from '../../../../platform/canary.ts'
import { type Db, inHospital } from '../../../../platform/db.ts'
import { createPublish, deliverEvents } from '../../../../platform/events.ts'
import { wakeBySweep } from '../../../../platform/wake.ts'

export type BusyHospital = ReturnType<typeof busyHospital>

/** A hospital of which the directory knows, with payments that real use cases make, and its books compared. */
export function busyHospital(db: Db, canary?: Canary) {
  const world = paymentsWorld(db, canary ? { canary } : {})
  const { clock, newId, payments } = world
  const reconciliation = createReconciliation({
    db,
    clock,
    newId,
    audit: createAudit({ clock, newId }),
    publish: createPublish({ clock, newId, wake: wakeBySweep }),
    providersOf: async () => listing(await payments.dependencies.providersOf(HOSPITAL)),
    systemOf: async () => hospitalThatLists(db),
    payments: { ...payments, ...createStanding(db) },
    ledger: payments.dependencies.ledger,
  })
  const handlers = {
    'payments.ended': [reconciliation.onPaymentEnded],
    'payments.attention': [reconciliation.onPaymentAttention],
    'refunds.ended': [reconciliation.onRefundEnded],
    'refunds.attention': [reconciliation.onRefundAttention],
  }
  const tell = async () => {
    while ((await deliverEvents({ db, clock }, HOSPITAL, handlers)) > 0) continue
  }
  const begin = async (billNo: string, lineFens: readonly number[]): Promise<PaymentId> => {
    const id = await world.quote([world.hospital.addBill(billNo, lineFens)])
    await world.confirm(id)
    return id
  }
  const pay = async (billNo: string, lineFens: readonly number[]): Promise<PaymentId> => {
    const id = await begin(billNo, lineFens)
    world.wallet.payAll()
    await world.pass(10 * SECOND_MS)
    await tell()
    return id
  }
  return { ...world, reconciliation, tell, begin, pay }
}

/** Whatever can become of a payment has become of one, on a day that is closed and a day that goes on. */
export async function liveThroughTwoDays(hospital: BusyHospital): Promise<void> {
  await register(hospital.db)
  await firstDay(hospital)
  await closeFirstDay(hospital)
  await secondDay(hospital)
  await hospital.tell()
}

/** Payments belong to a hospital of the directory; the world of payments alone needs none. */
export async function register(db: Db): Promise<void> {
  await sql`insert into hospitals.hospital
    (id, insurance_code, name, short_name, level, status, created_at, updated_at)
    values (${HOSPITAL}, 'H33010000001', '海岳医院', '海岳', '三级甲等', 'active', ${instantAt(DAY_ONE)},
      ${instantAt(DAY_ONE)})`.execute(db)
}

const DAY_ONE = '2026-11-21' as Parameters<typeof instantAt>[0]
const DAY_TWO = '2026-11-22' as Parameters<typeof instantAt>[0]

async function firstDay(hospital: BusyHospital): Promise<void> {
  const { wallet, insurer, pass, pay, begin, tell } = hospital
  await pay('B1', [60_000, 3_800])
  await pay('B2', [20_000])
  const refunded = await pay('B3', [10_000, 5_000])
  await hospital.refund(refunded, 'B3', [2])

  insurer.script.declines = true
  await pay('B4', [10_000])
  insurer.script.declines = false
  hospital.hospital.script.refuses = 'bill_void'
  await pay('B5', [10_000])
  hospital.hospital.script.refuses = null

  const late = await begin('B6', [10_000])
  await pass(20 * MINUTE_MS)
  wallet.payAll(true)
  await hospital.payments.recheck(HOSPITAL, late)
  await pass(MINUTE_MS)
  const cancelled = await begin('B7', [10_000])
  await hospital.cancel(cancelled)
  await pass(MINUTE_MS)
  await tell()
}

/** Each list is as our rows are, but for one the wallet has and we have not. */
async function closeFirstDay({ clock, reconciliation, tell }: BusyHospital): Promise<void> {
  for (const time of ['00:15:00', '10:15:00', '10:30:00', '10:45:00']) {
    clock.set(instantAt(DAY_TWO, time))
    await reconciliation.sweep(HOSPITAL)
    await tell()
  }
}

async function secondDay(hospital: BusyHospital): Promise<void> {
  const { wallet, pass, pay, begin, tell } = hospital
  hospital.hospital.script.trouble = 'refuse_to_say'
  await pay('C1', [10_000])
  await pass(HOUR_MS) // silence long enough for a person to be called
  await tell()
  hospital.hospital.script.trouble = null
  const refunding = await pay('C2', [30_000, 4_000])
  wallet.script.refundsWait = true
  await hospital.refund(refunding, 'C2', [2])
  hospital.hospital.script.trouble = 'refuse_to_say'
  await pay('C3', [20_000])
  await begin('C4', [10_000])
  await hospital.quote([hospital.hospital.addBill('C5', [7_000])])
}

/** The same providers, which now give their list of a day. */
const listing = (providers: ReadonlyMap<string, Provider>): ReadonlyMap<string, Provider> =>
  new Map(
    [...providers].map(([name, provider]) => [
      name,
      Object.assign(Object.create(provider) as Provider, {
        name,
        phase: provider.phase,
        statement: async (_call: unknown, { ownMoves }: { ownMoves: readonly Move[] }) => {
          const lines = ownMoves.map((move) => ({
            kind: move.kind,
            ourNo: move.ourNo,
            providerNo: move.providerNo,
            amountFen: move.parts.reduce((sum, part) => sum + part.amountFen, 0),
            at: move.at,
          }))
          if (name === 'wechat') lines.push({ ...UNKNOWN_CHARGE, at: instantAt(DAY_ONE) })
          const content = JSON.stringify(lines)
          return { outcome: 'lines', lines, feeFen: 0, content, sha256: content }
        },
      }),
    ]),
  )

/** What the wallet's list shows and we know nothing of. */
export const UNKNOWN_CHARGE = {
  kind: 'charge' as const,
  ourNo: 'paid-at-the-window',
  providerNo: 'W-paid-at-the-window',
  amountFen: 1_234,
}

/** A hospital's system that has what it was told; the rest of what it is asked here is its list. */
const hospitalThatLists = (db: Db) =>
  ({
    dayList: async (_call, date) => {
      const [bills, refunds] = await inHospital(db, HOSPITAL, async (tx) => [
        await settledBillsOfDay(tx, HOSPITAL, date),
        await settledRefundsOfDay(tx, HOSPITAL, date),
      ])
      const rows = [
        ...bills.map((bill) => ({ ...bill, kind: 'payment' as const, refundNo: null })),
        ...refunds.map((refund) => ({ ...refund, kind: 'refund' as const, paymentNo: '' })),
      ].map((row) => ({ ...row, receiptNo: row.receiptNo ?? '', tenders: [] }))
      return { outcome: 'ok', data: { rows, totals: NO_TOTALS } }
    },
  }) as Partial<HospitalSystem> as HospitalSystem

const NO_TOTALS = { payments: 0, paymentsFen: 0, refunds: 0, refundsFen: 0 } as never
