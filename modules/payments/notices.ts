import type { HospitalId, Id } from '../../kernel/id.ts'
import { readTradeNo } from '../../kernel/trade-no.ts'
import { inHospital } from '../../platform/db.ts'
import { saveExchanges } from '../../platform/exchange.ts'
import { paymentSubject } from './books.ts'
import { paymentErrors } from './errors.ts'
import type { PaymentMachine } from './machine.ts'
import type { PaymentId, TenderId } from './payment.ts'
import type { PaymentsDependencies } from './payments.ts'
import type { Channel, NoticeReading, Provider, RawNotice } from './provider.ts'
import type { RefundMachine } from './refund/machine.ts'
import { lockRefund, refundOfPart, updateRefund } from './refund/store.ts'
import { lockPayment, paymentOfTender, updatePayment } from './store.ts'

type NoticeContent = {
  provider: string
  about: Extract<NoticeReading, { outcome: 'read' }>['about']
  summary: string
}

/**
 * A notice says that something happened, not what: it makes the machine ask the provider now. So a forged, old or
 * altered notice can at the worst cause a question, and a lost one costs a few seconds.
 */
export function createNotices(
  dependencies: PaymentsDependencies,
  { machine, refundMachine }: { machine: PaymentMachine; refundMachine: RefundMachine },
) {
  const { db, clock, newId, providersOf, keepNotice } = dependencies
  return { takeNotice, readNotice }

  /** Verifies and keeps a notice. Errors: payments.notice_refused says why it is not believed. */
  async function takeNotice(provider: string, raw: RawNotice): Promise<void> {
    const channel = (await providersOf(raw.hospitalId)).get(provider)
    if (!channel || !isChannel(channel)) throw paymentErrors.channel_unknown({ channel: provider })
    const reading = channel.readNotice(raw)
    if (reading.outcome === 'refused') throw paymentErrors.notice_refused({ reason: reading.code })
    const { dedupeKey, about, summary } = reading
    const content: NoticeContent = { provider, about, summary }
    await keepNotice(raw.hospitalId, {
      source: 'payments',
      dedupeKey: `${provider}:${dedupeKey}`,
      content,
    })
  }

  /** Works off one kept notice. One about nothing of ours stays with its error, for a person. */
  async function readNotice(hospitalId: HospitalId, content: NoticeContent): Promise<void> {
    const { about } = content
    const number = about.kind === 'charge' ? about.tradeNo : about.refundNo
    const read = readTradeNo(number)
    if (read?.hospitalId !== hospitalId)
      throw new Error(`${number} is not a number of this hospital`)
    if (about.kind === 'charge')
      await wakePayment(hospitalId, read.id as Id<never> as TenderId, content)
    else await wakeRefund(hospitalId, read.id as Id<never> as Id<'RefundPart'>, content)
  }

  async function wakePayment(hospitalId: HospitalId, tenderId: TenderId, content: NoticeContent) {
    const id = await inHospital(db, hospitalId, async (tx) => {
      const paymentId = await paymentOfTender(tx, hospitalId, tenderId)
      if (!paymentId) throw new Error(`there is no tender ${tenderId}`)
      const payment = await lockPayment(tx, hospitalId, paymentId)
      await note(tx, hospitalId, paymentId, content)
      await updatePayment(tx, payment, { retry_at: null, due_at: clock.now() }, clock.now())
      return paymentId
    })
    await machine.recheck(hospitalId, id)
  }

  async function wakeRefund(
    hospitalId: HospitalId,
    partId: Id<'RefundPart'>,
    content: NoticeContent,
  ) {
    const id = await inHospital(db, hospitalId, async (tx) => {
      const refundId = await refundOfPart(tx, hospitalId, partId)
      if (!refundId) throw new Error(`there is no refund part ${partId}`)
      const refund = await lockRefund(tx, hospitalId, refundId)
      await note(tx, hospitalId, refund.paymentId, content)
      await updateRefund(tx, refund, { retry_at: null, due_at: clock.now() }, clock.now())
      return refundId
    })
    await refundMachine.advance(hospitalId, id)
  }

  async function note(
    tx: Parameters<typeof saveExchanges>[0],
    hospitalId: HospitalId,
    paymentId: PaymentId,
    { provider, summary }: NoticeContent,
  ) {
    await saveExchanges(tx, newId, hospitalId, paymentSubject(paymentId), [
      {
        system: provider,
        operation: 'notice',
        direction: 'in',
        request: summary,
        response: '',
        outcome: 'kept',
        startedAt: clock.now(),
        durationMs: 0,
      },
    ])
  }
}

const isChannel = (provider: Provider): provider is Channel => 'readNotice' in provider
