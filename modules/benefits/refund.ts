import { addFen, type Fen, minFen, negateFen, subtractFen } from '../../kernel/money.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { ProviderCall, RefundAnswer, RefundOrder } from '../payments/index.ts'
import { setAside, takeBack } from './budget.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { returnToEntitlement } from './entitlement-store.ts'
import { partsOf } from './quote.ts'
import {
  findGivingBack,
  type GivingBack,
  insertGivingBack,
  lockTender,
  returnToCap,
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
  const shares = sharesOf(await usesOf(tx, tender), amountFen)
  for (const share of shares) await returnUse(deps, tx, tender, { ...share, refundNo })
  const at = deps.clock.now()
  await updateTender(tx, { ...tender, returnedFen: addFen(tender.returnedFen, amountFen) }, at)
  const parts = partsOf(shares.map(({ use, backFen }) => ({ kind: use.kind, amountFen: backFen })))
  const giving = { hospitalId, refundNo, tradeNo, amountFen, parts, at }
  await insertGivingBack(tx, giving)
  return answerOf(giving, order)
}

type Share = { use: Use; backFen: Fen }

/** Pure: how much goes back of each use, in the reverse order of use. */
export function sharesOf(uses: readonly Use[], amountFen: Fen): Share[] {
  let leftFen = amountFen
  const shares: Share[] = []
  for (const use of uses.toReversed()) {
    const backFen = minFen(leftFen, subtractFen(use.amountFen, use.returnedFen))
    if (backFen === 0) continue
    leftFen = subtractFen(leftFen, backFen)
    shares.push({ use, backFen })
  }
  return shares
}

/** Pure: of a package's items as many whole units are free again as the part of the amount that has gone back. */
export function itemsBack({ items, amountFen, returnedFen }: Use, backFen: Fen): Use['items'] {
  const share = (count: number, fenBack: number) =>
    Number((BigInt(count) * BigInt(fenBack)) / BigInt(amountFen))
  return items
    .map(({ code, count }) => ({
      code,
      count: share(count, returnedFen + backFen) - share(count, returnedFen),
    }))
    .filter(({ count }) => count > 0)
}

async function returnUse(
  deps: BenefitsDependencies,
  tx: Tx,
  { hospitalId, tradeNo, personId }: Tender,
  { use, backFen, refundNo }: Share & { refundNo: string },
): Promise<void> {
  const { programmeId, kind, entitlementId } = use
  const key = { hospitalId, programmeId }
  const cause = `benefits:return:${refundNo}:${use.no}`
  await takeBack(deps, tx, key, { amountFen: backFen, cause, fromVouchers: kind === 'voucher' })
  for (const { scope } of use.caps) await returnToCap(tx, { ...key, personId, scope }, backFen)
  await updateReturned(
    tx,
    { hospitalId, tradeNo },
    { no: use.no, returnedFen: addFen(use.returnedFen, backFen) },
  )
  if (entitlementId === null) return
  const { returnedVoucherDays } = deps.rules
  const until =
    kind === 'voucher' ? addDays(businessDateOf(deps.clock.now()), returnedVoucherDays) : null
  const back = { amountFen: backFen, items: itemsBack(use, backFen), until }
  const status = await returnToEntitlement(tx, { hospitalId, id: entitlementId }, back)
  if (kind === 'voucher' && status !== 'active') {
    await setAside(deps, tx, key, { amountFen: negateFen(backFen), cause: `${cause}:ended` })
  }
}

function answerOf(
  giving: GivingBack,
  order: Pick<RefundOrder, 'charge' | 'amountFen'>,
): RefundAnswer {
  if (giving.amountFen !== order.amountFen || giving.tradeNo !== order.charge.tradeNo) {
    return declined('reused', 'this number gave back something else')
  }
  const { refundNo, parts, at } = giving
  return {
    outcome: 'confirmed',
    moves: [{ kind: 'return', ourNo: refundNo, providerNo: `B${refundNo}`, parts, at }],
  }
}

const declined = (code: string, reason: string) => ({ outcome: 'declined', code, reason }) as const
