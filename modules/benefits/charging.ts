import { isId } from '../../kernel/id.ts'
import { addFen, negateFen } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  HoldAnswer,
  Move,
  ProviderCall,
  ReleaseAnswer,
} from '../payments/index.ts'
import { freeHeld, holdBudget, setAside, spendHeld } from './budget.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { returnToEntitlement, useEntitlement } from './entitlement-store.ts'
import { capsInOrder, inLockOrder, returnToCaps } from './lock-order.ts'
import type { PlannedUse } from './plan.ts'
import { findProgramme } from './programme-store.ts'
import { isRunning } from './programme.ts'
import { partsOf } from './quote.ts'
import type { QuoteId } from './tables.ts'
import {
  findQuote,
  insertTender,
  insertUse,
  lockTender,
  type Tender,
  updateTender,
  type Use,
  useCap,
  usesOf,
} from './tender-store.ts'

/** Promises, takes and gives up what a payment uses. All of one tender is promised, or nothing of it. */
export function createCharging(deps: BenefitsDependencies) {
  const { db, clock } = deps
  return { hold, charge, query, release }

  async function hold(_call: ProviderCall, order: ChargeOrder): Promise<HoldAnswer> {
    const tender = await held(order)
    if (tender === null) return declined('not_quoted', 'this was not quoted')
    if (tender.amountFen !== order.amountFen) return declined('reused', 'held with another amount')
    return tender.status === 'held' || tender.status === 'taken'
      ? { outcome: 'held' }
      : declinedFor(tender)
  }

  async function charge(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    const promised = await hold(call, order)
    if (promised.outcome !== 'held') return promised
    const tender = await inHospital(db, order.hospitalId, (tx) => takeTender(deps, tx, order))
    return tender ? answerOf(tender, await movedParts(order)) : unknown('the tender is not there')
  }

  async function query(
    _call: ProviderCall,
    order: ChargeOrder,
  ): Promise<ChargeAnswer | { outcome: 'absent' }> {
    const tender = await inHospital(db, order.hospitalId, (tx) => lockTender(tx, order))
    if (!tender || tender.status === 'held') return { outcome: 'absent' }
    return answerOf(tender, await movedParts(order))
  }

  async function release(_call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
    const tender = await inHospital(db, order.hospitalId, (tx) => releaseTender(deps, tx, order))
    if (tender?.status !== 'taken') return { outcome: 'released' }
    return { outcome: 'confirmed', move: moveOf(tender, await movedParts(order)) }
  }

  /** The tender as it stands, promised now if it was not before; null when it does not go by a quote of ours. */
  async function held(order: ChargeOrder): Promise<Tender | null> {
    try {
      return await inHospital(db, order.hospitalId, (tx) => holdTender(deps, tx, order))
    } catch (error) {
      if (!(error instanceof UsedUp)) throw error
      return inHospital(db, order.hospitalId, (tx) => refuseTender(tx, order, error))
    }
  }

  /** All that was promised is given up together, so only the first to refuse it writes that down. */
  async function refuseTender(
    tx: Tx,
    order: ChargeOrder,
    { tender, refusal }: UsedUp,
  ): Promise<Tender | null> {
    await insertTender(tx, { ...tender, status: 'refused', refusal }, clock.now())
    return lockTender(tx, order)
  }

  function movedParts(order: ChargeOrder): Promise<Parts> {
    return inHospital(db, order.hospitalId, async (tx) => partsOf(await usesOf(tx, order)))
  }
}

/** Ends the transaction that promises: something of it is used up, was lowered or has ended. */
class UsedUp extends Error {
  readonly tender: Tender
  readonly refusal: string

  constructor(tender: Tender, refusal: string) {
    super(`${tender.tradeNo}: ${refusal}`)
    this.tender = tender
    this.refusal = refusal
  }
}

async function holdTender(
  deps: BenefitsDependencies,
  tx: Tx,
  order: ChargeOrder,
): Promise<Tender | null> {
  const known = await lockTender(tx, order)
  if (known) return known
  const reference = order.quoteReference ?? ''
  const quote = isId(reference) ? await findQuote(tx, order.hospitalId, reference as QuoteId) : null
  if (!quote || quote.paymentId !== order.paymentId) return null
  if (addFen(...quote.uses.map(({ amountFen }) => amountFen)) !== order.amountFen) return null
  const tender = newTender(order, quote.personId)
  if (!(await insertTender(tx, tender, deps.clock.now()))) return lockTender(tx, order)
  await holdUses(
    deps,
    tx,
    tender,
    quote.uses.map((use, index) => ({ ...use, no: index + 1 })),
  )
  return tender
}

const newTender = (order: ChargeOrder, personId: Tender['personId']): Tender => ({
  hospitalId: order.hospitalId,
  tradeNo: order.tradeNo,
  paymentId: order.paymentId,
  personId,
  amountFen: order.amountFen,
  status: 'held',
  refusal: null,
  returnedFen: 0 as Tender['returnedFen'],
  takenAt: null,
})

type NumberedUse = PlannedUse & { no: number }

/** Promises all uses, in the order of locks. Errors: throws UsedUp with what there is not enough of. */
async function holdUses(
  deps: BenefitsDependencies,
  tx: Tx,
  tender: Tender,
  uses: readonly NumberedUse[],
): Promise<void> {
  const { hospitalId } = tender
  const on = businessDateOf(deps.clock.now())
  for (const { programmeId } of uses) {
    const programme = await findProgramme(tx, hospitalId, programmeId)
    if (!programme || !isRunning(programme, on)) throw new UsedUp(tender, 'programme_ended')
  }
  for (const { entitlementId, amountFen, items } of inLockOrder(uses, 'entitlement')) {
    if (entitlementId === null) continue
    const key = { hospitalId, id: entitlementId }
    const isUsed = await useEntitlement(tx, key, { amountFen, on, items })
    if (!isUsed) throw new UsedUp(tender, 'entitlement_used_up')
  }
  for (const use of inLockOrder(uses, 'cap')) await useCaps(tx, tender, use)
  for (const use of inLockOrder(uses, 'budget')) await holdBudgetOf(deps, tx, tender, use)
}

async function useCaps(tx: Tx, tender: Tender, use: NumberedUse): Promise<void> {
  const { hospitalId, personId } = tender
  const { programmeId, amountFen } = use
  for (const { scope, mostFen } of capsInOrder(use)) {
    const key = { hospitalId, programmeId, personId, scope }
    const isWithin = await useCap(tx, key, { amountFen, mostFen })
    if (!isWithin) throw new UsedUp(tender, 'cap_reached')
  }
}

async function holdBudgetOf(
  deps: BenefitsDependencies,
  tx: Tx,
  tender: Tender,
  use: NumberedUse,
): Promise<void> {
  const { hospitalId, tradeNo } = tender
  const { programmeId, amountFen, kind, no } = use
  const cause = `benefits:hold:${tradeNo}:${no}`
  const promise = { amountFen, cause, fromVouchers: kind === 'voucher' }
  const holdId = await holdBudget(deps, tx, { hospitalId, programmeId }, promise)
  if (holdId === null) throw new UsedUp(tender, 'budget_used_up')
  const nothing = { returnedFen: 0 as Tender['returnedFen'], itemsReturned: [] }
  await insertUse(tx, tender, { ...use, ...nothing, holdId })
}

async function takeTender(
  deps: BenefitsDependencies,
  tx: Tx,
  order: ChargeOrder,
): Promise<Tender | null> {
  const tender = await lockTender(tx, order)
  if (tender?.status !== 'held') return tender
  const { hospitalId, tradeNo } = tender
  const uses = inLockOrder(await usesOf(tx, tender), 'budget')
  for (const { no, programmeId, holdId, amountFen } of uses) {
    const cause = `benefits:use:${tradeNo}:${no}`
    await spendHeld(deps, tx, { hospitalId, programmeId }, { holdId, amountFen, cause })
  }
  const now = deps.clock.now()
  const taken: Tender = { ...tender, status: 'taken', takenAt: now }
  await updateTender(tx, taken, now)
  return taken
}

/** Also of a tender that is not there: its number is taken, so that a charge that comes late finds it given up. */
async function releaseTender(
  deps: BenefitsDependencies,
  tx: Tx,
  order: ChargeOrder,
): Promise<Tender | null> {
  const now = deps.clock.now()
  const reference = order.quoteReference ?? ''
  const quote = isId(reference) ? await findQuote(tx, order.hospitalId, reference as QuoteId) : null
  if (quote) {
    const never: Tender = { ...newTender(order, quote.personId), status: 'released' }
    if (await insertTender(tx, never, now)) return never
  }
  const tender = await lockTender(tx, order)
  if (tender?.status !== 'held') return tender
  await freeUses(deps, tx, tender, await usesOf(tx, tender))
  const released: Tender = { ...tender, status: 'released' }
  await updateTender(tx, released, now)
  return released
}

async function freeUses(
  deps: BenefitsDependencies,
  tx: Tx,
  tender: Tender,
  uses: readonly Use[],
): Promise<void> {
  const { hospitalId, tradeNo } = tender
  const ended = new Set<number>()
  for (const { no, kind, entitlementId, amountFen, items } of inLockOrder(uses, 'entitlement')) {
    if (entitlementId === null) continue
    const back = { amountFen, items, until: null }
    const status = await returnToEntitlement(tx, { hospitalId, id: entitlementId }, back)
    if (kind === 'voucher' && status !== 'active') ended.add(no)
  }
  for (const use of inLockOrder(uses, 'cap')) await returnToCaps(tx, tender, use, use.amountFen)
  for (const { no, programmeId, holdId, amountFen, kind } of inLockOrder(uses, 'budget')) {
    const key = { hospitalId, programmeId }
    await freeHeld(deps, tx, key, { holdId, amountFen, fromVouchers: kind === 'voucher' })
    if (!ended.has(no)) continue
    const cause = `benefits:released:${tradeNo}:${no}`
    await setAside(deps, tx, key, { amountFen: negateFen(amountFen), cause })
  }
}

type Parts = Move['parts']

function answerOf(tender: Tender, parts: Parts): Exclude<ChargeAnswer, { outcome: 'pending' }> {
  switch (tender.status) {
    case 'taken':
      return { outcome: 'confirmed', move: moveOf(tender, parts) }
    case 'released':
    case 'refused':
      return declinedFor(tender)
    case 'held':
      return unknown('the tender is promised and not taken')
  }
}

/** Our number is the payment's, the provider's own has a letter before it. */
const moveOf = ({ tradeNo, takenAt }: Tender, parts: Parts): Move => ({
  kind: 'charge',
  ourNo: tradeNo,
  providerNo: `B${tradeNo}`,
  parts,
  at: takenAt as Date,
})

const declinedFor = ({ refusal, status }: Tender) =>
  declined(refusal ?? 'released', `the tender is ${status}`)

const declined = (code: string, reason: string) => ({ outcome: 'declined', code, reason }) as const

const unknown = (reason: string) => ({ outcome: 'unknown', reason }) as const
