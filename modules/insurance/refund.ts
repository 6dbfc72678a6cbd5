import { assert } from '../../kernel/assert.ts'
import { addFen } from '../../kernel/money.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import type { Tx } from '../../platform/db.ts'
import type { ProviderCall, RefundAnswer, RefundOrder } from '../payments/index.ts'
import { type ClaimWork, type Dependencies, workOnClaim } from './claim-work.ts'
import {
  allows,
  type Claim,
  type ClaimRefund,
  moveClaim,
  moveRefund,
  moveSettlement,
  type Settlement,
} from './claim.ts'
import { asDone, resolveDoubt } from './doubt.ts'
import { type Figures, partsOf, sameMoney } from './figures.ts'
import type { CentreAnswer, SettleRequest } from './insurance-centre.ts'
import { anotherNumber, isOfNumber } from './message-number.ts'
import { settleRequestOf } from './quote.ts'
import { type Absent, moveOf, newSettlement, standing } from './settle.ts'
import {
  findRefund,
  findSettlement,
  insertRefund,
  insertSettlement,
  updateRefund,
  updateSettlement,
} from './settlement-store.ts'
import { insertLines } from './store.ts'
import { claimLinesOf, detailsOf, type RegisteredClaim, registered } from './visit.ts'

/**
 * Gives back: 2208 cancels the whole settlement; when lines remain, 2205, 2204, 2206 and 2207 settle them
 * anew. Each step is written down, and asked again the refund goes on where it stood. When the centre
 * refuses to settle what remains, or would pay nothing of it, everything stays given back.
 */
export function createRefunding(deps: Dependencies) {
  return { refund, queryRefund }

  async function refund(call: ProviderCall, order: RefundOrder): Promise<RefundAnswer> {
    const answer = await ask(call, order, true)
    assert(answer.outcome !== 'absent', 'a refund that is asked for is there')
    return answer
  }

  async function queryRefund(
    call: ProviderCall,
    order: RefundOrder,
  ): Promise<RefundAnswer | Absent> {
    return ask(call, order, false)
  }

  async function ask(
    call: ProviderCall,
    order: RefundOrder,
    mayBegin: boolean,
  ): Promise<RefundAnswer | Absent> {
    const centre = await deps.centreOf(call.hospitalId)
    if (!centre) return unknown('the hospital has no insurance centre')
    const { paymentId } = order.charge
    const answer = await workOnClaim(deps, { call, centre, paymentId }, async (work) => {
      const known = await work.read((tx) => findRefund(tx, call.hospitalId, order.refundId))
      if (!known && !mayBegin) return { outcome: 'absent' } as const
      const begun = known ?? (await begin(deps, work, order))
      return 'outcome' in begun ? begun : goThrough({ deps, work, order }, begun)
    })
    if (answer === 'busy') return unknown('the claim is being worked on')
    if (answer !== 'none') return answer
    return mayBegin ? declined('not_settled', 'there is no claim') : { outcome: 'absent' }
  }
}

async function begin(
  { clock }: Dependencies,
  work: ClaimWork,
  { refundId }: RefundOrder,
): Promise<ClaimRefund | RefundAnswer> {
  const claim = work.claim()
  if (claim.status === 'settling' || claim.status === 'refunding') {
    return unknown(`the claim is ${claim.status}`)
  }
  if (!allows(claim, 'refund_begun') || claim.settledMsgid === null) {
    return declined('not_settled', `the claim is ${claim.status}`)
  }
  const refund: ClaimRefund = {
    hospitalId: claim.hospitalId,
    id: refundId,
    claimId: claim.id,
    status: 'voiding',
    oldMsgid: claim.settledMsgid,
    voidMsgid: null,
    voidInDoubt: false,
    batchNo: null,
    batchSeq: null,
    uploadMsgid: null,
    newMsgid: null,
    reason: null,
    requestedAt: clock.now(),
  }
  await work.save(moveClaim(claim, 'refund_begun', { refundId }), (tx) => insertRefund(tx, refund))
  return refund
}

/** Steps on until the refund has ended, or the centre leaves us without an answer. */
async function goThrough(refunding: Refunding, begun: ClaimRefund): Promise<RefundAnswer> {
  let refund = begun
  for (;;) {
    if (refund.status === 'done') {
      return { outcome: 'confirmed', moves: await movesOf(refunding, refund) }
    }
    if (refund.status === 'declined') return declined('refused', refund.reason ?? '')
    const next = await STEPS[refund.status](refunding, refund)
    if ('outcome' in next) return next
    refund = next
  }
}

const STEPS = {
  voiding: (refunding: Refunding, refund: ClaimRefund) =>
    refund.voidMsgid === null
      ? cancelOld(refunding, refund)
      : resolveVoid(refunding, refund, refund.voidMsgid),
  voided: uploadRemaining,
  uploaded: settleRemaining,
  resettling: resolveNew,
}

/** 2208 */
async function cancelOld(
  { deps, work, order }: Refunding,
  refund: ClaimRefund,
): Promise<ClaimRefund | Unknown> {
  const old = await standing(work)
  assert(old.setlId !== null && old.figures, 'what stands has happened')
  const { psnNo, mdtrtId, setlId } = old
  const sent: Settlement = {
    ...newSettlement(deps, registered(work.claim()), {
      kind: 'return',
      msgid: await work.nextMsgid(),
    }),
    insutype: old.insutype,
    clrType: old.clrType,
    clrOptins: old.clrOptins,
  }
  const asked = { ...refund, voidMsgid: sent.msgid }
  await save({ deps, work }, work.claim(), asked, (tx) => insertSettlement(tx, sent))
  const answer = await work.centre.cancelSettlement(work.callUnder(sent.msgid), {
    psnNo,
    mdtrtId,
    setlId,
  })
  if (answer.outcome === 'unknown') return answer
  if (answer.outcome === 'ok') {
    return recordVoid({ deps, work, order }, asked, old, asDone(sent, answer.data))
  }
  if (refund.voidInDoubt || isOfNumber(answer)) {
    // An earlier cancellation may have come through after all, and be the reason for this no.
    const retry = { ...refund, voidMsgid: null }
    await save({ deps, work }, work.claim(), retry, (tx) =>
      updateSettlement(tx, moveSettlement(sent, 'refused')),
    )
    if (!refund.voidInDoubt) return anotherNumber(answer)
    return unknown(`refused, but an earlier cancellation is in doubt: ${answer.message}`)
  }
  const declinedRefund = moveRefund(asked, 'void_refused', { reason: answer.message })
  const claim = moveClaim(work.claim(), 'refund_refused', { refundId: null })
  await save({ deps, work }, claim, declinedRefund, (tx) =>
    updateSettlement(tx, moveSettlement(sent, 'refused')),
  )
  return declinedRefund
}

async function resolveVoid(
  { deps, work, order }: Refunding,
  refund: ClaimRefund,
  voidMsgid: string,
): Promise<ClaimRefund | Unknown> {
  const sent = await settlementOf(work, voidMsgid)
  const verdict = await resolveDoubt(deps, work, sent)
  if (verdict.outcome === 'unknown') return verdict
  if (verdict.outcome === 'happened') {
    return recordVoid({ deps, work, order }, refund, await standing(work), verdict.settlement)
  }
  const voidInDoubt = refund.voidInDoubt || verdict.settlement.status === 'absent'
  const again = { ...refund, voidMsgid: null, voidInDoubt }
  await save({ deps, work }, work.claim(), again, (tx) => updateSettlement(tx, verdict.settlement))
  return again
}

async function recordVoid(
  { deps, work, order }: Refunding,
  refund: ClaimRefund,
  old: Settlement,
  done: Settlement,
): Promise<ClaimRefund | Unknown> {
  assert(old.figures && done.figures, 'both have happened')
  if (!sameMoney(old.figures, done.figures)) {
    return unknown('identity: the cancellation is of other amounts than the settlement')
  }
  const whole = order.remaining.length === 0
  const next = moveRefund(refund, whole ? 'given_back_whole' : 'voided')
  const claim = whole ? moveClaim(work.claim(), 'returned', { refundId: null }) : work.claim()
  await save({ deps, work }, claim, next, (tx) => updateSettlement(tx, done))
  return next
}

/** 2205 of the old batch, 2204 of what remains under a new one. */
async function uploadRemaining(
  refunding: Refunding,
  refund: ClaimRefund,
): Promise<ClaimRefund | Unknown> {
  const { deps, work, order } = refunding
  const { centre } = work
  const claim = registered(work.claim())
  const { psnNo, mdtrtId } = claim
  const isRepeat = refund.uploadMsgid !== null
  if (!isRepeat) {
    const batch = { psnNo, mdtrtId, batchNo: refund.batchNo ?? claim.batchNo }
    const cleared = await centre.cancelDetails(work.callUnder(await work.nextMsgid()), batch)
    // A refusal is no hindrance: the new batch has a number of its own.
    if (cleared.outcome === 'unknown') return cleared
  }
  const asked = isRepeat ? refund : await newBatch(refunding, refund)
  const { uploadMsgid, batchNo, batchSeq } = asked
  assert(uploadMsgid !== null && batchNo !== null && batchSeq !== null, 'a batch has its numbers')
  const details = detailsOf(claim, { batchNo, batchSeq }, order.remaining)
  const answer = await centre.uploadDetails(work.callUnder(uploadMsgid), details)
  if (answer.outcome === 'unknown') return answer
  if (answer.outcome === 'refused') {
    if (!isRepeat && !isOfNumber(answer)) return giveBackWhole(refunding, asked, answer.message)
    // Refused perhaps for being a repeat only: once more, as a batch of its own.
    const again = { ...asked, uploadMsgid: null }
    await save(refunding, work.claim(), again)
    return isRepeat ? again : anotherNumber(answer)
  }
  const next = moveRefund(asked, 'uploaded', { uploadMsgid: null })
  const lines = claimLinesOf(batchSeq, order.remaining, answer.data)
  await save({ deps, work }, work.claim(), next, (tx) => insertLines(tx, claim, lines))
  return next
}

async function newBatch(refunding: Refunding, refund: ClaimRefund): Promise<ClaimRefund> {
  const { deps, work } = refunding
  const { hospitalId, batchSeq } = work.claim()
  const numbered = {
    ...refund,
    batchNo: tradeNoOf(hospitalId, deps.newId<'Batch'>()),
    batchSeq: (refund.batchSeq ?? batchSeq) + 1,
    uploadMsgid: await work.nextMsgid(),
  }
  await save(refunding, work.claim(), numbered)
  return numbered
}

/** 2206 and 2207 of what remains. */
async function settleRemaining(
  refunding: Refunding,
  refund: ClaimRefund,
): Promise<ClaimRefund | Unknown> {
  const { deps, work } = refunding
  const remaining = remainingClaim(refunding, refund)
  const quote = await quoteRemaining(work, remaining)
  if (quote.outcome === 'unknown') return quote
  if (quote.outcome === 'refused') {
    if (isOfNumber(quote)) return anotherNumber(quote)
    return giveBackWhole(refunding, refund, quote.message)
  }
  const { request, figures } = quote.data
  if (figures.hospitalFen > 0 || partsOf(figures).length === 0) {
    return giveBackWhole(refunding, refund, 'nothing of what remains is for the insurance')
  }
  const sent = newSettlement(deps, remaining, { kind: 'charge', msgid: await work.nextMsgid() })
  const asked = moveRefund(refund, 'resettle_sent', { newMsgid: sent.msgid })
  await save(refunding, work.claim(), asked, (tx) => insertSettlement(tx, sent))
  const answer = await work.centre.settle(work.callUnder(sent.msgid), {
    ...request,
    quoted: figures,
  })
  switch (answer.outcome) {
    case 'unknown':
      return answer
    case 'refused': {
      const refused = moveSettlement(sent, 'refused')
      if (!isOfNumber(answer)) return giveBackWhole(refunding, asked, answer.message, refused)
      const again = moveRefund(asked, 'resettle_voided', { newMsgid: null })
      await save(refunding, work.claim(), again, (tx) => updateSettlement(tx, refused))
      return anotherNumber(answer)
    }
    case 'ok':
      return recordNew(refunding, asked, asDone(sent, answer.data))
  }
}

/** 2206. The person is not there to show a voucher that still lives, so a refusal is tried by the card too. */
async function quoteRemaining(
  work: ClaimWork,
  remaining: RegisteredClaim,
): Promise<CentreAnswer<{ request: SettleRequest; figures: Figures }>> {
  let refused: CentreAnswer<never> = unknown('the person has no verified identity')
  for (const credential of await work.credentials()) {
    const request = settleRequestOf(remaining, credential)
    const answer = await work.centre.preSettle(work.callUnder(await work.nextMsgid()), request)
    if (answer.outcome === 'ok') return { outcome: 'ok', data: { request, figures: answer.data } }
    if (answer.outcome === 'unknown') return answer
    refused = answer
  }
  return refused
}

async function resolveNew(
  refunding: Refunding,
  refund: ClaimRefund,
): Promise<ClaimRefund | Unknown> {
  const { deps, work } = refunding
  assert(refund.newMsgid, 'a refund that settles anew names its message')
  const verdict = await resolveDoubt(deps, work, await settlementOf(work, refund.newMsgid))
  if (verdict.outcome === 'unknown') return verdict
  if (verdict.outcome === 'happened') return recordNew(refunding, refund, verdict.settlement)
  const again = moveRefund(refund, 'resettle_voided', { newMsgid: null })
  await save(refunding, work.claim(), again, (tx) => updateSettlement(tx, verdict.settlement))
  return again
}

async function recordNew(
  refunding: Refunding,
  refund: ClaimRefund,
  done: Settlement,
): Promise<ClaimRefund> {
  const next = moveRefund(refund, 'resettled')
  const { batchNo, batchSeq, totalFen } = remainingClaim(refunding, refund)
  const standingNow = {
    settledMsgid: done.msgid,
    figures: done.figures,
    batchNo,
    batchSeq,
    totalFen,
  }
  const claim = moveClaim(refunding.work.claim(), 'resettled', { ...standingNow, refundId: null })
  await save(refunding, claim, next, (tx) => updateSettlement(tx, done))
  return next
}

async function giveBackWhole(
  refunding: Refunding,
  refund: ClaimRefund,
  reason: string,
  refused?: Settlement,
): Promise<ClaimRefund> {
  const next = moveRefund(refund, 'given_back_whole', { newMsgid: null, reason })
  const claim = moveClaim(refunding.work.claim(), 'returned', { refundId: null })
  await save(refunding, claim, next, async (tx) => {
    if (refused) await updateSettlement(tx, refused)
  })
  return next
}

/** The claim as it will be when what remains is settled. */
function remainingClaim({ work, order }: Refunding, { batchNo, batchSeq }: ClaimRefund) {
  assert(batchNo !== null && batchSeq !== null, 'what remains was uploaded')
  const totalFen = addFen(...order.remaining.map((line) => line.amountFen))
  return { ...registered(work.claim()), batchNo, batchSeq, totalFen }
}

/** The same for every time the refund is asked about: the return, and the new charge if there is one. */
async function movesOf({ work }: Refunding, refund: ClaimRefund) {
  assert(refund.voidMsgid !== null, 'a refund that is done has cancelled')
  const moves = [moveOf(await settlementOf(work, refund.voidMsgid))]
  if (refund.newMsgid !== null) moves.push(moveOf(await settlementOf(work, refund.newMsgid)))
  return moves.filter((move) => move.parts.length > 0)
}

async function settlementOf(work: ClaimWork, msgid: string): Promise<Settlement> {
  const { hospitalId } = work.claim()
  const settlement = await work.read((tx) => findSettlement(tx, hospitalId, msgid))
  assert(settlement, `settlement ${msgid} is there`)
  return settlement
}

const save = (
  { deps, work }: Pick<Refunding, 'deps' | 'work'>,
  claim: Claim,
  refund: ClaimRefund,
  also?: (tx: Tx) => Promise<void>,
): Promise<void> =>
  work.save(claim, async (tx) => {
    await updateRefund(tx, refund, deps.clock.now())
    await also?.(tx)
  })

const declined = (code: string, reason: string) => ({ outcome: 'declined', code, reason }) as const

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })

type Refunding = { deps: Dependencies; work: ClaimWork; order: RefundOrder }
type Unknown = { outcome: 'unknown'; reason: string }
