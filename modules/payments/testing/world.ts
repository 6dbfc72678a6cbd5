import type { Id } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { createAudit } from '../../../platform/audit.ts'
import { type Canary, noCanaries } from '../../../platform/canary.ts'
import { inHospital } from '../../../platform/db.ts'
import { createPublish } from '../../../platform/events.ts'
import { createKeepNotice } from '../../../platform/inbox.ts'
import { wakeBySweep } from '../../../platform/jobs.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import type { TestDatabase } from '../../../platform/testing/database.ts'
import { balancesOf, createLedger } from '../../ledger/index.ts'
import type { PaymentId } from '../payment.ts'
import { createPayments } from '../payments.ts'
import type { Provider } from '../provider.ts'
import type { RefundId } from '../refund/refund.ts'
import { inTransitFen, payerStateOf, pictureOf } from '../view.ts'
import { HOSPITAL, PERSON, scriptedChannel, scriptedDesk, scriptedInsurer } from './scripted.ts'

const ACTOR = { name: 'person:test', requestId: null }

/** Payments on a real database with small outside systems around it. */
export function paymentsWorld(db: TestDatabase, canary?: Canary) {
  const { clock, newId, random } = testPlatform('2026-11-21T10:00:00+08:00')
  const canaries = canary ? new Set([canary]) : noCanaries
  const wallet = scriptedChannel(clock)
  const insurer = scriptedInsurer(clock)
  const hospital = scriptedDesk(clock)
  const providers = new Map<string, Provider>([
    ['wechat', wallet.channel],
    ['insurance', insurer.source],
  ])
  const publish = createPublish({ clock, newId, wake: wakeBySweep })
  const make = () =>
    createPayments({
      db,
      clock,
      newId,
      ledger: createLedger({ clock, newId, canaries }),
      providersOf: async () => providers,
      desk: hospital.desk,
      publish,
      audit: createAudit({ clock, newId }),
      canaries,
      keepNotice: createKeepNotice({ db, clock, newId, wake: wakeBySweep }),
      payerAccountOf: async () => 'openid-1',
    })
  const payments = make()

  const picture = async (id: PaymentId) => {
    const found = await inHospital(db, HOSPITAL, (tx) => pictureOf(tx, HOSPITAL, id))
    if (!found) throw new Error(`no payment ${id}`)
    return { ...found, payerState: payerStateOf(found), inTransitFen: inTransitFen(found) }
  }
  return {
    clock,
    newId,
    random,
    wallet,
    insurer,
    hospital,
    payments,
    picture,
    /** A process that knows nothing but the rows, like one started after a crash. */
    restarted: make,
    async quote(bills: { billNo: string; version: number }[]): Promise<PaymentId> {
      const paymentId = newId<'Payment'>()
      const wish = { hospitalId: HOSPITAL, personId: PERSON, paymentId, bills, useAccount: true }
      await payments.quote({ ...wish, channel: 'wechat' }, ACTOR)
      return paymentId
    },
    async confirm(id: PaymentId): Promise<void> {
      const payer = (await picture(id)).tenders.find((tender) => tender.phase === 'payer')
      const payFen: Fen = payer?.amountFen ?? fen(0)
      await payments.confirm(HOSPITAL, PERSON, id, payFen, ACTOR)
    },
    cancel: (id: PaymentId) => payments.cancel(HOSPITAL, PERSON, id, ACTOR),
    refund: (paymentId: PaymentId, billNo: string, lineNos: number[]): Promise<RefundId> =>
      payments.requestRefund(
        {
          id: newId<'Refund'>() as Id<'Refund'>,
          hospitalId: HOSPITAL,
          paymentId,
          billNo,
          lineNos,
          reason: '退药',
          requestNo: null,
        },
        ACTOR,
      ),
    /** Lets time pass and does what comes due in it. */
    async pass(ms: number): Promise<void> {
      const until = clock.now().getTime() + ms
      for (;;) {
        while ((await payments.sweep(HOSPITAL)) > 0) continue
        const next = await payments.nextDueAt(HOSPITAL)
        if (!next || next.getTime() > until) break
        clock.set(next)
      }
      clock.set(new Date(until))
    },
    async balances(): Promise<Record<string, number>> {
      const accounts = await inHospital(db, HOSPITAL, (tx) => balancesOf(tx, HOSPITAL))
      return Object.fromEntries(accounts.map((a) => [a.code, a.debitFen - a.creditFen]))
    },
  }
}
