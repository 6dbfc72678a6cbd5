import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, fen } from '../../kernel/money.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../platform/exchange.ts'
import type { Actor } from '../../platform/principal.ts'
import { byAgreement } from './agreement/charge.ts'
import type { BillReference, Payable } from './bill-desk.ts'
import { paymentSubject } from './books.ts'
import type { ChannelChoice } from './channel-choice.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { paymentErrors } from './errors.ts'
import type { PaymentId, PersonId } from './payment.ts'
import {
  composePlan,
  type PayerWay,
  type PlannedTender,
  reasonsOf,
  type Shares,
  sharesOf,
} from './plan.ts'
import { type Channel, isChannel, type PayMethod, type Provider } from './provider.ts'
import { askSources, type SourceQuote } from './sources.ts'
import { findPayment, insertPayment } from './store.ts'

export type QuoteWish = {
  hospitalId: HospitalId
  personId: PersonId
  /** Who pays at the channel in place of the person: a carer of the family. */
  carerId?: PersonId
  paymentId: PaymentId
  bills: readonly BillReference[]
  /** What the payer named; without it, the one that the hospital's rules choose. */
  channel?: string | undefined
  /** How the payer pays there; without it, the channel's usual way. */
  method?: PayMethod | undefined
  /** What is where the payer is, so that only what works there is proposed; without it, anything is. */
  devices?: readonly string[] | undefined
  useAccount: boolean
  /** Sources that the payer wants, or does not, by name; about others they said nothing. */
  sources?: Readonly<Record<string, boolean>> | undefined
}

export const QUOTE_VALID_MS = 15 * MINUTE_MS
const MOST_BILLS = 20

/**
 * Makes a plan: every source says what it will pay, the payer's channel pays the rest, and together they are the
 * bills' total to the fen. Nothing moves. Asked again with the same id it is the same payment.
 */
export async function quote(
  deps: PaymentsDependencies,
  wish: QuoteWish,
  actor: Actor,
): Promise<void> {
  const { db, desk, providersOf } = deps
  const { hospitalId, paymentId } = wish
  const known = await inHospital(db, hospitalId, (tx) => findPayment(tx, hospitalId, paymentId))
  if (known) return
  const payables = await desk.present(checked(wish))
  const visitNo = visitOf(payables)
  const providers = await providersOf(hospitalId)
  // What cannot be is refused before anybody is asked.
  if (wish.channel !== undefined) methodOf(channelOf(providers, wish.channel), wish.method)

  const { quoteDeadlineMs: deadlineMs, onError } = deps
  const asking = { deadlineMs, onError }
  const { quotes, exchanges } = await askSources(providers, { ...wish, payables }, asking)
  const totalFen = addFen(...payables.map((payable) => payable.totalFen))
  const shares = sharesOf(totalFen, quotes)
  const payer = shares.restFen > 0 ? await payerWay(deps, providers, wish, shares, payables) : null
  // An agreement is the patient's own: a carer pays as it was chosen.
  const ownPayer = wish.carerId === undefined ? payer : null
  const agreed = (ownPayer && (await byAgreement(deps, wish, ownPayer, shares.restFen))) ?? payer
  const plan = composePlan(shares, agreed)
  const channelChoice = payer?.choice ?? null
  await save(
    deps,
    wish,
    { visitNo, totalFen, quotes, plan, payables, exchanges, channelChoice },
    actor,
  )
}

/** How the payer pays the rest: as they named it, by the hospital's rules, or by its first channel. */
async function payerWay(
  { chooseChannel, payerAccountOf }: PaymentsDependencies,
  providers: ReadonlyMap<string, Provider>,
  wish: QuoteWish,
  { restFen }: Shares,
  payables: readonly Payable[],
): Promise<PayerWay & { choice: ChannelChoice | null }> {
  const [first] = payables
  assert(first, 'somebody who pays has a bill')
  const { hospitalId, paymentId, personId, channel, method, devices } = wish
  const payerId = wish.carerId ?? personId
  const choice = await chooseChannel(hospitalId, {
    paymentId,
    personId: payerId,
    amountFen: restFen,
    department: first.department.code,
    scene: first.kind,
    channel: channel ?? null,
    method: method ?? null,
    devices: devices ?? null,
  })
  const taken = channelOf(providers, choice?.channel ?? channel ?? firstChannel(providers))
  return {
    provider: taken.name,
    method: methodOf(taken, choice?.method ?? method),
    payerAccount: await payerAccountOf(payerId, taken.name),
    choice,
  }
}

function channelOf(providers: ReadonlyMap<string, Provider>, name: string): Channel {
  const channel = providers.get(name)
  if (!channel || !isChannel(channel)) throw paymentErrors.channel_unknown({ channel: name })
  return channel
}

const firstChannel = (providers: ReadonlyMap<string, Provider>): string =>
  [...providers.values()].find(isChannel)?.name ?? ''

async function save(
  { db, clock, newId, audit }: PaymentsDependencies,
  wish: QuoteWish,
  quoted: Quoted,
  actor: Actor,
): Promise<void> {
  const { hospitalId, paymentId } = wish
  const { totalFen, plan, payables, exchanges } = quoted
  const subject = paymentSubject(paymentId)
  await inHospital(db, hospitalId, async (tx) => {
    const inserted = insertPayment(
      tx,
      newPaymentRow(wish, quoted, clock.now()),
      plan.map((tender) => ({ ...tender, ...keys(wish), id: newId<'Tender'>() })),
      payables.map((payable) => newBillRow(wish, payable)),
    )
    const detail = { totalFen }
    await Promise.all([
      inserted,
      saveExchanges(tx, newId, hospitalId, subject, exchanges),
      audit(tx, hospitalId, actor, { action: 'payments.quote', subject, detail }),
    ])
  })
}

function methodOf({ name, methods }: Channel, wished: PayMethod | undefined): PayMethod {
  const method = wished ?? methods[0]
  if (!method || !methods.includes(method)) {
    throw paymentErrors.method_unknown({ channel: name, method: method ?? '' })
  }
  return method
}

function checked({ hospitalId, personId, bills }: QuoteWish) {
  const numbers = new Set(bills.map((bill) => bill.billNo))
  if (bills.length > MOST_BILLS || numbers.size !== bills.length) {
    throw paymentErrors.too_many_bills({ most: MOST_BILLS })
  }
  return { hospitalId, personId, bills }
}

/** An insurer settles a visit, so a payment is of one. */
function visitOf(payables: readonly Payable[]): string {
  const visits = new Set(payables.map((payable) => payable.visitNo))
  const [visitNo] = visits
  if (visitNo === undefined || visits.size > 1) throw paymentErrors.bills_of_different_visits()
  return visitNo
}

const keys = ({ hospitalId, paymentId }: QuoteWish) => ({
  hospital_id: hospitalId,
  payment_id: paymentId,
})

const newPaymentRow = (
  { hospitalId, paymentId, personId, carerId }: QuoteWish,
  { visitNo, totalFen, quotes, channelChoice }: Quoted,
  now: Date,
) => ({
  hospital_id: hospitalId,
  id: paymentId,
  person_id: personId,
  carer_id: carerId ?? null,
  visit_no: visitNo,
  status: 'quoted' as const,
  total_fen: totalFen,
  reasons: quotes.map(reasonsOf),
  channel_choice: channelChoice,
  failure_code: null,
  attention: null,
  paid_at: null,
  succeeded_at: null,
  expires_at: addMs(now, QUOTE_VALID_MS),
  cancel_requested_at: null,
  confirmed_at: null,
  settling_since: null,
  version: 0,
  call_no: 0,
  in_call_until: null,
  retry_at: null,
  attempts: 0,
  due_at: addMs(now, QUOTE_VALID_MS),
  created_at: now,
  updated_at: now,
})

const newBillRow = (wish: QuoteWish, payable: Payable) => ({
  ...keys(wish),
  bill_no: payable.billNo,
  version: payable.version,
  title: payable.title,
  total_fen: payable.totalFen,
  payable,
  write_back: 'none' as const,
  receipt_no: null,
  guidance: [],
  refunding_fen: fen(0),
})

type Quoted = {
  visitNo: string
  totalFen: Fen
  quotes: readonly SourceQuote[]
  plan: readonly PlannedTender[]
  payables: readonly Payable[]
  exchanges: readonly Exchange[]
  channelChoice: ChannelChoice | null
}
