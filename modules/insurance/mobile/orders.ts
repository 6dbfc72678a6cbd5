import { assert } from '../../../kernel/assert.ts'
import type { HospitalId, Id } from '../../../kernel/id.ts'
import { inHospital } from '../../../platform/db.ts'
import type {
  DecodedVoucher,
  MobileCentre,
  MobileConsent,
  MobileFees,
  MobileOrder,
  MobilePerson,
  MobileRefund,
  VoucherScan,
} from '../centre/mobile.ts'
import { credentialsOf, type Dependencies } from '../claim-work.ts'
import { insuranceErrors } from '../errors.ts'
import type { CentreAnswer, CentreCall } from '../insurance-centre.ts'
import { chooseInsurance } from '../insured-area.ts'
import { callsOf, type Caller } from '../national.ts'
import { findOrder, insertOrder, type OrderRecord, saveOrder } from './store.ts'

export type MobileDependencies = Dependencies & {
  mobileOf: (hospitalId: HospitalId) => Promise<MobileCentre | null>
}

export type NewMobileOrder = Omit<MobileFees, 'person' | 'psnNo' | 'insutype' | 'insuredRegion'> & {
  personId: Id<'Person'>
}

/** 'unknown': the platform has not said; asked again, it is asked what became of it before anything is sent. */
export type MobileAnswer =
  | { outcome: 'done'; order: OrderRecord }
  | { outcome: 'refused'; code: string; reason: string }
  | { outcome: 'unknown'; reason: string }

/** 6201, 6202, 6203, 6301, 6401, and the electronic voucher. Errors: insurance.not_connected, order_not_found. */
export const createMobileOrders = (deps: MobileDependencies) => ({
  decodeVoucher: (caller: Caller, scan: VoucherScan) => decodeVoucher(deps, caller, scan),
  uploadMobileOrder: (caller: Caller, fees: NewMobileOrder) =>
    uploadMobileOrder(deps, caller, fees),
  payMobileOrder: (caller: Caller, orderNo: string, consent: MobileConsentToPay) =>
    payMobileOrder(deps, caller, orderNo, consent),
  endMobileOrder: (caller: Caller, orderNo: string) => endMobileOrder(deps, caller, orderNo),
  refundMobileOrder: (
    caller: Caller,
    orderNo: string,
    refund: { refundNo: string; consent: MobileConsent },
  ) => refundMobileOrder(deps, caller, orderNo, refund),
})

/** Whose voucher it is. 'voucher_expired' where it is over: a fresh one is to be shown. */
async function decodeVoucher(
  deps: MobileDependencies,
  caller: Caller,
  scan: VoucherScan,
): Promise<CentreAnswer<DecodedVoucher>> {
  const { mobile, nextCall } = await connected(deps, caller)
  return mobile.decodeVoucher(await nextCall(), scan)
}

/** 1101 and 6201. The same order number brings the same order, however often it is sent. */
async function uploadMobileOrder(
  deps: MobileDependencies,
  caller: Caller,
  fees: NewMobileOrder,
): Promise<MobileAnswer> {
  const { mobile, nextCall } = await connected(deps, caller)
  const { personId, ...told } = fees
  const opening = openingOf(deps, caller.hospitalId, fees)
  const order = await inHospital(deps.db, caller.hospitalId, async (tx) => {
    await insertOrder(tx, opening)
    return findOrder(tx, caller.hospitalId, opening.orderNo)
  })
  assert(order, 'the order was written')
  if (order.status !== 'uploading') return done(order)
  const holder = await deps.insuredPerson(personId)
  const insured = await insuranceOf(deps, caller, personId)
  if (!holder || 'outcome' in insured) {
    return 'outcome' in insured ? insured : refused('not_insured', 'nobody is verified')
  }
  const person: MobilePerson = { name: holder.name, idType: ID_CARD, idNo: holder.idCardNo }
  const { psnNo, insutype, region } = insured
  const answer = await mobile.uploadMobileFees(await nextCall(region), {
    ...told,
    person,
    psnNo,
    insutype,
    insuredRegion: region,
  })
  if (answer.outcome !== 'ok') return notOk(answer)
  return save(deps, { ...order, ...insured, ...answer.data, status: 'uploaded', reason: null })
}

/** 6202, once. Where its answer was lost, 6301 tells; it is never sent again for this order. */
async function payMobileOrder(
  deps: MobileDependencies,
  caller: Caller,
  orderNo: string,
  { payAuthNo, requestNo, feeType, useAccount }: MobileConsentToPay,
): Promise<MobileAnswer> {
  const { mobile, nextCall } = await connected(deps, caller)
  const order = await orderOf(deps, caller, orderNo)
  if (order.status === 'settled') return done(order)
  if (order.status === 'paying') return askForOrder(deps, caller, order)
  if (order.status !== 'uploaded') return wrongMoment(order)
  const paying = await save(deps, { ...order, status: 'paying' })
  if (paying.outcome !== 'done') return paying
  const { batchNo, totalFen, region } = order
  const answer = await mobile.payMobile(await nextCall(region), {
    ...keyOf(order),
    payAuthNo,
    requestNo,
    batchNo,
    feeType,
    mdtrtId: '',
    useAccount,
    totalFen,
  })
  if (answer.outcome === 'unknown') return answer
  if (answer.outcome === 'ok') return write(deps, paying.order, answer.data)
  // Refused before anything moved: with another authorisation it may be tried once more.
  const open = await save(deps, { ...paying.order, status: 'uploaded', reason: answer.message })
  return open.outcome === 'done' ? notOk(answer) : open
}

/** 6401 for an order that is not to be paid any more. One that turns out to be settled is told as it is. */
async function endMobileOrder(
  deps: MobileDependencies,
  caller: Caller,
  orderNo: string,
): Promise<MobileAnswer> {
  const { mobile, nextCall } = await connected(deps, caller)
  const order = await orderOf(deps, caller, orderNo)
  if (order.status === 'ended' || order.status === 'settled') return done(order)
  if (order.status !== 'uploaded' && order.status !== 'paying') return wrongMoment(order)
  if (order.status === 'paying') {
    const asked = await askForOrder(deps, caller, order)
    if (asked.outcome === 'done') return asked
  }
  const person = await personOf(deps, order)
  const call = await nextCall(order.region)
  const answer = await mobile.revokeMobile(call, { ...keyOf(order), ...person })
  if (answer.outcome === 'ok') return save(deps, { ...order, status: 'ended', reason: null })
  return answer.outcome === 'refused' ? askForOrder(deps, caller, order) : answer
}

/** 6203 of the whole order. Repeated under its own number, until the platform has said what became of it. */
async function refundMobileOrder(
  deps: MobileDependencies,
  caller: Caller,
  orderNo: string,
  { refundNo, consent }: { refundNo: string; consent: MobileConsent },
): Promise<MobileAnswer> {
  const { mobile, nextCall } = await connected(deps, caller)
  const order = await orderOf(deps, caller, orderNo)
  if (order.status === 'refunded') return done(order)
  if (order.status !== 'settled' && order.status !== 'refunding') return wrongMoment(order)
  if (order.status === 'refunding' && order.refundNo !== refundNo) {
    return refused('order_state', `the order is given back by ${order.refundNo ?? ''}`)
  }
  // An earlier try was not answered: where it was done, the order is given back by now.
  const isRepeat = order.status === 'refunding'
  if (isRepeat) {
    const told = await told6301(deps, caller, order)
    if (told.outcome !== 'ok') return notOk(told)
    if (told.data.state === 'closed')
      return save(deps, { ...order, status: 'refunded', reason: null })
  }
  const refundAt = order.refundAt ?? deps.clock.now()
  const asked = await save(deps, { ...order, status: 'refunding', refundNo, refundAt })
  if (asked.outcome !== 'done') return asked
  const answer = await mobile.refundMobile(
    await nextCall(order.region),
    wholeOf(asked.order, { refundNo, consent, at: refundAt }),
  )
  return afterRefund(deps, asked.order, answer, isRepeat)
}

/** A no to a repeat may be for being one, and leaves the order in doubt. */
async function afterRefund(
  deps: MobileDependencies,
  order: OrderRecord,
  answer: Awaited<ReturnType<MobileCentre['refundMobile']>>,
  isRepeat: boolean,
): Promise<MobileAnswer> {
  if (answer.outcome === 'unknown') return answer
  const state = answer.outcome === 'ok' ? answer.data.state : 'failed'
  if (state === 'done') return save(deps, { ...order, status: 'refunded', reason: null })
  const reason = answer.outcome === 'refused' ? answer.message : `the platform says ${state}`
  if (state === 'in_doubt' || isRepeat) return { outcome: 'unknown', reason }
  const nothing = { refundNo: null, refundAt: null }
  const back = await save(deps, { ...order, status: 'settled', ...nothing, reason })
  if (back.outcome !== 'done') return back
  return answer.outcome === 'refused' ? notOk(answer) : refused('refused', reason)
}

async function askForOrder(
  deps: MobileDependencies,
  caller: Caller,
  order: OrderRecord,
): Promise<MobileAnswer> {
  const answer = await told6301(deps, caller, order)
  return answer.outcome === 'ok' ? write(deps, order, answer.data) : notOk(answer)
}

async function told6301(
  deps: MobileDependencies,
  caller: Caller,
  order: OrderRecord,
): Promise<CentreAnswer<MobileOrder>> {
  const { mobile, nextCall } = await connected(deps, caller)
  const person = await personOf(deps, order)
  return mobile.mobileOrder(await nextCall(order.region), { ...keyOf(order), ...person })
}

/** What the platform says of an order. While it is processed nothing is known. */
async function write(
  deps: MobileDependencies,
  order: OrderRecord,
  told: MobileOrder,
): Promise<MobileAnswer> {
  switch (told.state) {
    case 'processing':
      return { outcome: 'unknown', reason: 'the platform is at it' }
    case 'closed':
    case 'failed':
      return save(deps, { ...order, status: 'ended', reason: `ordStas ${told.status}` })
    case 'settled': {
      const { amounts } = told
      if (amounts?.totalFen !== order.totalFen) {
        return { outcome: 'unknown', reason: 'identity: another total than was ordered' }
      }
      const { cashFen, accountFen, fundFen } = amounts
      const paid = { cashFen, accountFen, fundFen }
      return save(deps, { ...order, status: 'settled', amounts: paid, reason: null })
    }
  }
}

async function save(deps: MobileDependencies, order: OrderRecord): Promise<MobileAnswer> {
  const saved = await inHospital(deps.db, order.hospitalId, (tx) =>
    saveOrder(tx, order, deps.clock.now()),
  )
  return saved ? done(saved) : { outcome: 'unknown', reason: 'another worker has the order' }
}

async function orderOf(
  deps: MobileDependencies,
  { hospitalId }: Caller,
  orderNo: string,
): Promise<OrderRecord> {
  const order = await inHospital(deps.db, hospitalId, (tx) => findOrder(tx, hospitalId, orderNo))
  if (!order) throw insuranceErrors.order_not_found({ orderNo })
  return order
}

async function personOf(
  deps: MobileDependencies,
  { personId }: OrderRecord,
): Promise<MobilePerson> {
  const holder = await deps.insuredPerson(personId)
  assert(holder, 'an order is of somebody who is verified')
  return { name: holder.name, idType: ID_CARD, idNo: holder.idCardNo }
}

export type MobileConsentToPay = {
  payAuthNo: string
  requestNo: string // ours
  feeType: string
  useAccount: boolean
}

/** idType: 01 居民身份证. */
const ID_CARD = '01'

async function connected(deps: MobileDependencies, caller: Caller) {
  const { hospitalId } = caller
  const [mobile, centre] = await Promise.all([deps.mobileOf(hospitalId), deps.centreOf(hospitalId)])
  if (!mobile || !centre) throw insuranceErrors.not_connected({ hospitalId })
  const nextCall: (region?: string | null) => Promise<CentreCall> = callsOf(deps, centre, caller)
  return { mobile, nextCall }
}

/** 1101: by which insurance the order is paid. */
async function insuranceOf(
  deps: MobileDependencies,
  caller: Caller,
  personId: Id<'Person'>,
): Promise<{ psnNo: string; insutype: string; region: string } | MobileAnswer> {
  const centre = await deps.centreOf(caller.hospitalId)
  const [credential] = await credentialsOf(deps.insuredPerson, personId)
  if (!centre || !credential) return refused('not_insured', 'nobody is verified')
  const call = await callsOf(deps, centre, caller)()
  const person = await centre.person(call, credential)
  if (person.outcome === 'refused') return refused(person.code ?? 'not_insured', person.message)
  if (person.outcome === 'unknown') return person
  const chosen = chooseInsurance(person.data.insurances)
  if ('code' in chosen) return refused(chosen.code, chosen.reason)
  const { insutype, insuredRegion } = chosen
  return { psnNo: person.data.psnNo, insutype, region: insuredRegion }
}

const openingOf = (
  { clock }: MobileDependencies,
  hospitalId: HospitalId,
  { personId, orderNo, batchNo, totalFen }: NewMobileOrder,
): OrderRecord => ({
  hospitalId,
  orderNo,
  personId,
  status: 'uploading',
  batchNo,
  totalFen,
  psnNo: null,
  insutype: null,
  region: null,
  payOrderId: null,
  payToken: null,
  amounts: null,
  refundNo: null,
  refundAt: null,
  reason: null,
  version: 1,
  createdAt: clock.now(),
})

function wholeOf(
  order: OrderRecord,
  refund: Pick<MobileRefund, 'refundNo' | 'consent' | 'at'>,
): MobileRefund {
  const { amounts, totalFen } = order
  assert(amounts, 'a settled order has amounts')
  return { ...refund, payOrderId: keyOf(order).payOrderId, scope: 'all', totalFen, ...amounts }
}

function keyOf({ payOrderId, payToken }: OrderRecord) {
  assert(payOrderId !== null && payToken !== null, 'the platform knows the order')
  return { payOrderId, payToken }
}

const done = (order: OrderRecord): MobileAnswer => ({ outcome: 'done', order })

const refused = (code: string, reason: string) => ({ outcome: 'refused', code, reason }) as const

const wrongMoment = ({ status }: OrderRecord) => refused('order_state', `the order is ${status}`)

const notOk = (answer: Exclude<CentreAnswer<unknown>, { outcome: 'ok' }>): MobileAnswer =>
  answer.outcome === 'refused' ? refused(answer.code ?? 'refused', answer.message) : answer
