import type { HospitalId, Id } from '../../kernel/id.ts'
import { readTradeNo } from '../../kernel/trade-no.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../platform/exchange.ts'
import { wakeAgreement } from './agreement/machine.ts'
import { paymentSubject } from './books.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { paymentErrors } from './errors.ts'
import { holdPayment } from './held.ts'
import { advance, askAgain, follow, mayStillBePaid } from './machine.ts'
import type { PaymentId, TenderId } from './payment.ts'
import { isChannel, type NoticeAbout, type NoticeReply, type RawNotice } from './provider.ts'
import { advanceRefund } from './refund/machine.ts'
import {
  lockRefundWithPayment,
  partsOf,
  refundOfPart,
  updatePart,
  updateRefund,
} from './refund/store.ts'
import { next, stateOf } from './steps.ts'
import { paymentOfTender } from './store.ts'

// A notice says that something happened, not what: it makes the machine ask the provider now. So a forged, old
// or altered notice can at the worst cause a question, and a lost one costs a few seconds.

/**
 * Verifies and keeps a notice; returns what its provider wants to hear.
 * Errors: payments.notice_refused says why it is not believed.
 */
export async function takeNotice(
  { providersOf, keepNotice }: PaymentsDependencies,
  provider: string,
  raw: RawNotice,
): Promise<NoticeReply> {
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
  return channel.noticeReply
}

/** Works off one kept notice. One about nothing of ours stays with its error, for a person. */
export async function readNotice(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  content: NoticeContent,
): Promise<void> {
  const { about } = content
  const number = numberOf(about)
  const read = readTradeNo(number)
  if (read?.hospitalId !== hospitalId) throw new Error(`${number} is not a number of this hospital`)
  const id = read.id as Id<never>
  switch (about.kind) {
    case 'charge':
      return wakePayment(deps, hospitalId, id, content)
    case 'refund':
      return wakeRefund(deps, hospitalId, id, content)
    case 'agreement':
      return wakeAgreement(deps, hospitalId, id, exchangeOf(deps, content))
  }
}

function numberOf(about: NoticeAbout): string {
  switch (about.kind) {
    case 'charge':
      return about.tradeNo
    case 'refund':
      return about.refundNo
    case 'agreement':
      return about.signNo
  }
}

async function wakePayment(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  tenderId: TenderId,
  content: NoticeContent,
): Promise<void> {
  const now = deps.clock.now()
  const { state, call } = await inHospital(deps.db, hospitalId, async (tx) => {
    const id = await paymentOfTender(tx, hospitalId, tenderId)
    if (!id) throw new Error(`there is no tender ${tenderId}`)
    const held = await holdPayment(tx, hospitalId, id)
    await note(deps, tx, held.payment, content)
    held.change({ retry_at: null, due_at: now })
    const woken = await stateOf(tx, held)
    // Money for a charge that came to nothing must be looked for before anything else is decided.
    const isLate = woken.tenders.some(mayStillBePaid)
    const first = isLate ? null : await next(deps, tx, held)
    await held.save(now)
    return { state: isLate ? woken : null, call: first }
  })
  if (!state) return follow(deps, call)
  await askAgain(deps, state)
  await advance(deps, hospitalId, state.payment.id)
}

async function wakeRefund(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  partId: Id<'RefundPart'>,
  content: NoticeContent,
): Promise<void> {
  const now = deps.clock.now()
  const id = await inHospital(deps.db, hospitalId, async (tx) => {
    const refundId = await refundOfPart(tx, hospitalId, partId)
    if (!refundId) throw new Error(`there is no refund part ${partId}`)
    const { payment, refund } = await lockRefundWithPayment(tx, hospitalId, refundId)
    await note(deps, tx, payment, content)
    const part = (await partsOf(tx, hospitalId, refundId)).find(({ id }) => id === partId)
    if (part?.status === 'declined') {
      // The provider has more to say than its no: perhaps somebody there has found another way.
      await updatePart(tx, refund, part.tenderNo, { status: 'pending' })
    }
    await updateRefund(tx, refund, { retry_at: null, due_at: now }, now)
    return refundId
  })
  await advanceRefund(deps, hospitalId, id)
}

const note = (
  deps: PaymentsDependencies,
  tx: Tx,
  { hospitalId, id }: { hospitalId: HospitalId; id: PaymentId },
  content: NoticeContent,
): Promise<void> =>
  saveExchanges(tx, deps.newId, hospitalId, paymentSubject(id), [exchangeOf(deps, content)])

const exchangeOf = (
  { clock }: PaymentsDependencies,
  { provider, summary }: NoticeContent,
): Exchange => ({
  system: provider,
  operation: 'notice',
  direction: 'in',
  request: summary,
  response: '',
  outcome: 'kept',
  startedAt: clock.now(),
  durationMs: 0,
})

type NoticeContent = { provider: string; about: NoticeAbout; summary: string }
