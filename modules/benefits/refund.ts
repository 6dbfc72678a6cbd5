import { assert } from '../../kernel/assert.ts'
import { addFen, negateFen, subtractFen, ZERO } from '../../kernel/money.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { ProviderCall, RefundAnswer, RefundOrder } from '../payments/index.ts'
import { setAside, takeBack } from './budget.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { returnToEntitlement } from './entitlement-store.ts'
import { inLockOrder, returnToCaps } from './lock-order.ts'
import { mustFind } from './programmes.ts'
import { partsOf } from './quote.ts'
import { type Share, sharesOf, staysOf } from './shares.ts'
import {
  findGivingBack,
  type GivingBack,
  insertGivingBack,
  lockTender,
  type Tender,
  updateReturned,
  updateTender,
  type Use,
  usesOf,
} from './tender-store.ts'

/** Gives back to budgets, vouchers and packages what a payment used of them, the last used first. */
export function createRefunding(deps: BenefitsDependencies) {
  return { refund, queryRefund }

  function refund(_call: ProviderCall, order: RefundOrder): Promise<RefundAnswer> {
    return inHospital(deps.db, order.charge.hospitalId, (tx) => giveBack(deps, tx, order))
  }

  async function queryRefund(
    _call: ProviderCall,
    { charge, refundNo, amountFen }: RefundOrder,
  ): Promise<RefundAnswer | { outcome: 'absent' }> {
    const known = await inHospital(deps.db, charge.hospitalId, (tx) =>
      findGivingBack(tx, charge.hospitalId, refundNo),
    )
    return known ? answerOf(known, { charge, amountFen }) : { outcome: 'absent' }
  }
}

async function giveBack(
  deps: BenefitsDependencies,
  tx: Tx,
  order: RefundOrder,
): Promise<RefundAnswer> {
  const { charge, refundNo, amountFen } = order
  const { hospitalId, tradeNo } = charge
  const tender = await lockTender(tx, { hospitalId, tradeNo })
  const known = await findGivingBack(tx, hospitalId, refundNo)
  if (known) return answerOf(known, order)
  if (tender?.status !== 'taken') return declined('not_charged', 'nothing was taken')
  if (amountFen <= 0 || amountFen > subtractFen(tender.amountFen, tender.returnedFen)) {
    return declined('over_charge', 'more than was taken and not yet given back')
  }
  const shares = await sharesFor(tx, tender, order)
  await returnUses(deps, tx, tender, { shares, refundNo })
  const at = deps.clock.now()
  const backFen = addFen(ZERO, ...shares.map((share) => share.backFen))
  await updateTender(tx, { ...tender, returnedFen: addFen(tender.returnedFen, backFen) }, at)
  const parts = partsOf(shares.map((share) => ({ kind: share.use.kind, amountFen: share.backFen })))
  const giving = {
    hospitalId,
    refundNo,
    tradeNo,
    askedFen: amountFen,
    amountFen: backFen,
    parts,
    at,
  }
  await insertGivingBack(tx, giving)
  return answerOf(giving, order)
}

/** Where lines stay, what they use is planned anew, and only what was used beyond that goes back. */
async function sharesFor(
  tx: Tx,
  tender: Tender,
  { amountFen: mostFen, remaining: lines, stays }: RefundOrder,
): Promise<Share[]> {
  const uses = await usesOf(tx, tender)
  if (!stays || lines.length === 0) return sharesOf(uses, new Map(), { mostFen, leastFen: mostFen })
  assert(tender.takenAt, 'what was taken was taken at some moment')
  const ids = [...new Set(uses.map(({ programmeId }) => programmeId))]
  const programmes = []
  for (const programmeId of ids) {
    programmes.push(await mustFind(tx, { hospitalId: tender.hospitalId, programmeId }))
  }
  const { leftFen, leastBackFen: leastFen } = stays
  const on = businessDateOf(tender.takenAt)
  return sharesOf(uses, staysOf(uses, { programmes, lines, leftFen, on }), { mostFen, leastFen })
}

/** Entitlements first, then caps, then budgets: as whoever promises takes them. */
async function returnUses(
  deps: BenefitsDependencies,
  tx: Tx,
  tender: Tender,
  { shares, refundNo }: { shares: readonly Share[]; refundNo: string },
): Promise<void> {
  const ended = new Set<number>()
  for (const share of inLockOrder(shares, 'entitlement')) {
    if (await returnToGrant(deps, tx, tender, share)) ended.add(share.use.no)
  }
  for (const { use, backFen } of inLockOrder(shares, 'cap')) {
    await returnToCaps(tx, tender, use, backFen)
  }
  for (const { use, backFen } of inLockOrder(shares, 'budget')) {
    const key = { hospitalId: tender.hospitalId, programmeId: use.programmeId }
    const cause = `benefits:return:${refundNo}:${use.no}`
    const fromVouchers = use.kind === 'voucher'
    await takeBack(deps, tx, key, { amountFen: backFen, cause, fromVouchers })
    if (!ended.has(use.no)) continue
    await setAside(deps, tx, key, { amountFen: negateFen(backFen), cause: `${cause}:ended` })
  }
}

/** True for a voucher that has ended: what comes back of it is the budget's. */
async function returnToGrant(
  { rules, clock }: BenefitsDependencies,
  tx: Tx,
  { hospitalId, tradeNo }: Tender,
  { use, backFen, items }: Share,
): Promise<boolean> {
  const { no, kind, entitlementId, returnedFen } = use
  const itemsReturned = addItems(use.itemsReturned, items)
  const changes = { no, returnedFen: addFen(returnedFen, backFen), itemsReturned }
  await updateReturned(tx, { hospitalId, tradeNo }, changes)
  if (entitlementId === null) return false
  const isVoucher = kind === 'voucher'
  const until = isVoucher ? addDays(businessDateOf(clock.now()), rules.returnedVoucherDays) : null
  const back = { amountFen: backFen, items, until }
  const status = await returnToEntitlement(tx, { hospitalId, id: entitlementId }, back)
  return isVoucher && status !== 'active'
}

function addItems(known: Use['items'], more: Use['items']): Use['items'] {
  const counts = new Map(known.map(({ code, count }) => [code, count]))
  for (const { code, count } of more) counts.set(code, (counts.get(code) ?? 0) + count)
  return [...counts].map(([code, count]) => ({ code, count }))
}

function answerOf(
  giving: GivingBack,
  order: Pick<RefundOrder, 'charge' | 'amountFen'>,
): RefundAnswer {
  if (giving.askedFen !== order.amountFen || giving.tradeNo !== order.charge.tradeNo) {
    return declined('reused', 'this number gave back something else')
  }
  const { refundNo, parts, at, amountFen } = giving
  if (amountFen === 0) return { outcome: 'confirmed', moves: [] }
  return {
    outcome: 'confirmed',
    moves: [{ kind: 'return', ourNo: refundNo, providerNo: `B${refundNo}`, parts, at }],
  }
}

const declined = (code: string, reason: string) => ({ outcome: 'declined', code, reason }) as const
