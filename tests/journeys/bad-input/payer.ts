import type { HisSimulator } from '../../../apps/simulators/his/index.ts'
import type { WorldPerson } from '../../../apps/simulators/world/index.ts'
import type { Payment } from '../../../contract/client.ts'
import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { seededRandom } from '../../../kernel/random.ts'
import { type Bed, OURS } from './bed.ts'
import { type Answer, type Caller, signInPatient } from './client.ts'

// How a bill is paid when nothing is wrong: what bad input is to be told apart from.

export type Payer = { person: WorldPerson; caller: Caller }

/** Somebody who has a card of these hospitals, signed in. */
export async function signInPayer(
  bed: Bed,
  wanted: { insured: boolean; cardOf?: readonly HospitalId[]; not?: WorldPerson },
): Promise<Payer> {
  const { insured, cardOf = [OURS], not } = wanted
  const person = bed.world.people.find(
    (candidate) =>
      candidate !== not &&
      (candidate.insurance?.status === 'active') === insured &&
      cardOf.every((id) => candidate.media.hospitalCards.some((c) => c.hospitalId === id)),
  )
  assert(person, `there is such a person: ${JSON.stringify(wanted)}`)
  return { person, caller: await signInPatient(bed, person) }
}

export function hisOf({ region }: Bed, hospitalId: HospitalId = OURS): HisSimulator {
  const his = region.his.get(hospitalId)
  assert(his, `hospital ${hospitalId} has a system`)
  return his
}

/** A new bill of a person, in a visit of its own. */
export const billFor = (bed: Bed, { person }: Payer, hospitalId: HospitalId = OURS) =>
  hisOf(bed, hospitalId).createRandomBill(seededRandom(`bill of ${person.no}`), person.no)

export type BillReference = { billNo: string; version: number }

/** What of a bill the insurer does not pay goes to the wallet, and none of it to the personal account. */
export const wishFor = ({ billNo, version }: BillReference) => ({
  bills: [{ billNo, version }],
  channel: 'wechat',
  useAccount: false,
})

/** A plan for a new bill at a hospital, not yet agreed to. */
export async function quoteNew(bed: Bed, payer: Payer, hospitalId: HospitalId = OURS) {
  const bill = billFor(bed, payer, hospitalId)
  return paymentIn(201, await payer.caller.at(hospitalId).post('payments', wishFor(bill)))
}

/** What the payer's channel is to take. */
export const payFenOf = ({ tenders }: Payment): number =>
  tenders.find((tender) => tender.phase === 'payer')?.amountFen ?? 0

/** Agrees to the plan: the wallet then has the order. */
export async function confirm({ caller }: Payer, payment: Payment): Promise<Payment> {
  const path = `payments/${payment.id}/confirmation`
  const wish = { payFen: payFenOf(payment) }
  return paymentIn(200, await caller.at(payment.hospitalId as HospitalId).post(path, wish))
}

/** Pays an order in the wallet; nobody has been told of it yet. */
export async function payInWallet(bed: Bed, { person }: Payer, payment: Payment): Promise<void> {
  const action = payment.tenders.find((tender) => tender.phase === 'payer')?.payerAction
  assert(action?.kind === 'wechat_jsapi', 'the wallet has the order')
  const prepayId = (action.params['package'] ?? '').replace('prepay_id=', '')
  const outcome = await bed.region.wechat.pay({ prepayId }, person.openid)
  assert(outcome === 'paid', `the wallet pays: ${outcome}`)
}

/** All of it: a new bill is planned, agreed to and paid. */
export async function payNewBill(bed: Bed, payer: Payer, hospitalId: HospitalId = OURS) {
  const payment = await confirm(payer, await quoteNew(bed, payer, hospitalId))
  await payInWallet(bed, payer, payment)
  await bed.rest()
  const paid = await seePayment(payer.caller.at(hospitalId), payment.id)
  assert(paid.status === 'succeeded', `the payment succeeds: ${paid.status}`)
  return paid
}

export async function seePayment(caller: Caller, id: string): Promise<Payment> {
  return paymentIn(200, await caller.get(`payments/${id}`))
}

function paymentIn(status: number, answer: Answer): Payment {
  assert(answer.status === status, `${status} is answered: ${JSON.stringify(answer)}`)
  return answer.body as unknown as Payment
}
