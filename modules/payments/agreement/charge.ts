import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, subtractFen } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import type { MachineDependencies, PaymentsDependencies } from '../dependencies.ts'
import { paymentErrors } from '../errors.ts'
import type { HeldPayment } from '../held.ts'
import type { Payment, PersonId, Tender } from '../payment.ts'
import { isChannel, type PayMethod } from '../provider.ts'
import { type AgreementId, obstacleTo } from './agreement.ts'
import {
  activeAgreement,
  type AgreementUse,
  insertUse,
  lockAgreement,
  updateAgreement,
  usedFenOn,
  useOf,
} from './store.ts'

// How a payment is charged by an agreement, and how it goes on in the ordinary way when the agreement does not carry it.

export type AgreementToCharge = {
  agreementId: AgreementId
  /** The provider's number: what the charge carries as `payerAccount`. */
  agreementNo: string
  /** What may still be charged today, this payment taken off. */
  leftTodayFen: Fen
}

/** The agreement of the person that carries so much at the channel now; null for none. It reserves nothing. */
export async function agreementFor(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  channel: string,
  amountFen: Fen,
  now: Date,
): Promise<AgreementToCharge | null> {
  const agreement = await activeAgreement(tx, hospitalId, personId, channel)
  if (!agreement?.agreementNo) return null
  const usedFen = await usedFenOn(tx, agreement, now)
  if (obstacleTo(agreement, { amountFen, usedFen, now })) return null
  const { id: agreementId, agreementNo, limits } = agreement
  const leftTodayFen = subtractFen(subtractFen(limits.perDayFen, usedFen), amountFen)
  return { agreementId, agreementNo, leftTodayFen }
}

/** The way in which the payer pays, or the agreement in its place where one fits and the payer wished no method. */
export async function byAgreement<Way extends PayerWay>(
  { db, clock }: Pick<PaymentsDependencies, 'db' | 'clock'>,
  wish: { hospitalId: HospitalId; personId: PersonId; method?: PayMethod | undefined },
  way: Way,
  amountFen: Fen,
): Promise<Way> {
  const { hospitalId, personId, method } = wish
  if (method !== undefined) return way
  const agreed = await inHospital(db, hospitalId, (tx) =>
    agreementFor(tx, hospitalId, personId, way.provider, amountFen, clock.now()),
  )
  return agreed ? { ...way, method: 'agreement', payerAccount: agreed.agreementNo } : way
}

type PayerWay = { provider: string; method: PayMethod; payerAccount: string | null }

/** How the payer pays at the same channel without an agreement. */
export type OrdinaryWay = { method: PayMethod; account: string | null }

/** Null for a payment that is not by agreement, and where the channel has no other way that needs no digits of a code or card. */
export async function ordinaryWayOf(
  { providersOf, payerAccountOf }: PaymentsDependencies,
  { hospitalId, personId, channelChoice }: Payment,
  tenders: readonly Tender[],
): Promise<OrdinaryWay | null> {
  const tender = tenders.find(isByAgreement)
  const channel = tender && (await providersOf(hospitalId)).get(tender.provider)
  if (!channel || !isChannel(channel)) return null
  const account = await payerAccountOf(personId, channel.name)
  const chosen = channelChoice?.channel === channel.name ? [channelChoice.method] : []
  const method = [...chosen, ...channel.methods].find(
    (each) => NEEDS_NO_DIGITS.has(each) && (each !== 'account' || account !== null),
  )
  return method ? { method, account: method === 'account' ? account : null } : null
}

const NEEDS_NO_DIGITS: ReadonlySet<PayMethod> = new Set(['account', 'qr_code', 'page', 'app'])

const isByAgreement = ({ method }: Tender): boolean => method === 'agreement'

/**
 * Takes the payment's amount out of what is left of the day, in the transaction that confirms it; two payments at once
 * take turns at the agreement's row. When the agreement has ended or does not carry it any more, the payment is to be paid
 * in the ordinary way. Errors: payments.agreement_over where there is none.
 */
export async function chargeByAgreement(
  { clock }: Pick<MachineDependencies, 'clock'>,
  tx: Tx,
  held: HeldPayment,
  ordinary: OrdinaryWay | null,
): Promise<void> {
  const { hospitalId, id, personId } = held.payment
  const tender = held.tenders.find(isByAgreement)
  if (!tender) return
  const now = clock.now()
  const found = await activeAgreement(tx, hospitalId, personId, tender.provider)
  const agreement = found && (await lockAgreement(tx, hospitalId, found.id))
  const { tenderNo, amountFen, payerAccount } = tender
  const isCarried =
    agreement?.agreementNo === payerAccount &&
    obstacleTo(agreement, { amountFen, usedFen: await usedFenOn(tx, agreement, now), now }) === null
  if (!isCarried) {
    if (!ordinary) throw paymentErrors.agreement_over({ provider: tender.provider })
    held.changeTender(tenderNo, { method: ordinary.method, payer_account: ordinary.account })
    return
  }
  await insertUse(tx, {
    hospital_id: hospitalId,
    payment_id: id,
    tender_no: tenderNo,
    agreement_id: agreement.id,
    used_on: businessDateOf(now),
    ordinary_method: ordinary?.method ?? null,
    ordinary_account: ordinary?.account ?? null,
  })
}

/**
 * Before the machine decides about a payment by agreement: one that the provider declined goes on in the ordinary way,
 * under the same number, so that the provider itself sees to it that both are never taken. One whose charge is in doubt
 * is not sent again once the payer has ended the agreement: it is made certain that nothing comes of it.
 */
export async function leaveAgreement(
  deps: Pick<MachineDependencies, 'clock' | 'publish'>,
  tx: Tx,
  held: HeldPayment,
): Promise<void> {
  const { payment, tenders } = held
  const tender = tenders.find(isByAgreement)
  const mayLeave = tender?.status === 'declined' || tender?.status === 'asked'
  if (!tender || !mayLeave || payment.status !== 'charging') return
  const use = await useOf(tx, payment.hospitalId, payment.id)
  assert(use, `payment ${payment.id} was confirmed under its agreement`)
  const now = deps.clock.now()
  if (tender.status === 'declined') {
    if (tender.declineCode === ENDED) await doubt(deps, tx, use, now)
    payOrdinarily(held, tender, use, now)
    return
  }
  const agreement = await lockAgreement(tx, use.hospital_id, use.agreement_id)
  const isEnded = agreement.status === 'revoked' || agreement.revokeRequestedAt !== null
  if (isEnded && payment.cancelRequestedAt === null) held.change({ cancel_requested_at: now })
}

/** What the port says of a charge whose agreement the provider does not know any more. */
const ENDED = 'agreement_ended'

function payOrdinarily(held: HeldPayment, tender: Tender, use: AgreementUse, now: Date): void {
  const { cancelRequestedAt, expiresAt } = held.payment
  if (cancelRequestedAt !== null || now >= expiresAt || use.ordinary_method === null) return
  held.changeTender(tender.tenderNo, {
    status: 'planned',
    method: use.ordinary_method,
    payer_account: use.ordinary_account,
    decline_code: null,
  })
}

/** Perhaps the payer has ended it in the wallet: it is asked about before anything else is charged by it. */
async function doubt(
  { publish }: Pick<MachineDependencies, 'publish'>,
  tx: Tx,
  use: AgreementUse,
  now: Date,
): Promise<void> {
  const { hospital_id: hospitalId, agreement_id: agreementId } = use
  const agreement = await lockAgreement(tx, hospitalId, agreementId)
  if (agreement.status !== 'active') return
  await updateAgreement(tx, agreement, { status: 'unknown', attempts: 0, due_at: now }, now)
  await publish(tx, 'agreements.changed', { hospitalId, agreementId, status: 'unknown' })
}
