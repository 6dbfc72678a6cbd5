import { assert } from '../../kernel/assert.ts'
import { sameParts } from '../payments/index.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  Move,
  ProviderCall,
  ReleaseAnswer,
} from '../payments/index.ts'
import { type ClaimWork, type Dependencies, workOnClaim } from './claim-work.ts'
import {
  allows,
  type Claim,
  moveClaim,
  moveSettlement,
  type Settlement,
  wasSettled,
} from './claim.ts'
import { asDone, resolveDoubt, type Verdict } from './doubt.ts'
import { partsOf } from './figures.ts'
import { dropVisit, quoteReferenceOf, settleRequestOf } from './quote.ts'
import { findSettlement, insertSettlement, updateSettlement } from './settlement-store.ts'
import { type RegisteredClaim, registered } from './visit.ts'

export type Absent = { outcome: 'absent' }

/** 2207 and all that makes its outcome certain. */
export function createSettling(deps: Dependencies) {
  return { charge, query, release }

  /** Takes what was quoted. A doubt left by an earlier try is resolved before anything is sent again. */
  async function charge(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    const answer = await work(call, order, async (hands) => {
      const known = await whatIsKnown(hands)
      if (known.outcome !== 'absent') return known
      if (!allows(hands.claim(), 'settle_sent')) return declined('not_quoted', hands.claim())
      return settleClaim(deps, hands, order)
    })
    return answer === 'none' ? declined('not_quoted') : answer
  }

  async function query(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer | Absent> {
    const answer = await work(call, order, whatIsKnown)
    return answer === 'none' ? { outcome: 'absent' } : answer
  }

  async function release(call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
    const answer = await work(call, order, async (hands) => {
      const known = await whatIsKnown(hands)
      if (known.outcome === 'confirmed' || known.outcome === 'unknown') return known
      return releaseClaim(hands)
    })
    return answer === 'none' ? { outcome: 'released' } : answer
  }

  async function work<T>(
    call: ProviderCall,
    { paymentId }: ChargeOrder,
    task: (hands: ClaimWork) => Promise<T>,
  ): Promise<T | Unknown | 'none'> {
    const centre = await deps.centreOf(call.hospitalId)
    if (!centre) return unknown('the hospital has no insurance centre')
    const answer = await workOnClaim(deps, { call, centre, paymentId }, task)
    return answer === 'busy' ? unknown('the claim is being worked on') : answer
  }

  /** What became of the charge, if there was one: after 'absent' there is none, and none on its way. */
  async function whatIsKnown(hands: ClaimWork): Promise<Known> {
    const claim = hands.claim()
    if (wasSettled(claim)) return confirmed(await chargedMove(hands, claim))
    if (claim.status === 'declined') return declined('refused', claim)
    if (claim.status !== 'settling') return { outcome: 'absent' }
    const verdict = await resolveDoubt(deps, hands, await standing(hands))
    await writeVerdict(hands, verdict)
    switch (verdict.outcome) {
      case 'happened':
        return confirmed(moveOf(verdict.settlement))
      case 'void':
        return { outcome: 'absent' }
      case 'unknown':
        return verdict
    }
  }
}

async function settleClaim(
  deps: Dependencies,
  work: ClaimWork,
  order: ChargeOrder,
): Promise<ChargeAnswer> {
  const claim = registered(work.claim())
  const quoted = claim.figures
  assert(quoted, 'a quoted claim has figures')
  const sameQuote = quoteReferenceOf(claim, quoted) === order.quoteReference
  if (!sameQuote || !sameParts(order.parts, partsOf(quoted))) {
    return { outcome: 'declined', code: 'quote_superseded', reason: 'not what was quoted last' }
  }
  const [credential] = await work.credentials()
  if (!credential) return declined('not_insured')

  const sent = newSettlement(deps, claim, { kind: 'charge', msgid: await work.nextMsgid() })
  await work.save(moveClaim(work.claim(), 'settle_sent', { settledMsgid: sent.msgid }), (tx) =>
    insertSettlement(tx, sent),
  )
  const request = { ...settleRequestOf(claim, credential), quoted }
  const answer = await work.centre.settle(work.callUnder(sent.msgid), request)
  switch (answer.outcome) {
    case 'unknown':
      return answer
    case 'refused': {
      const refused = moveSettlement(sent, 'refused')
      const next = moveClaim(work.claim(), 'settle_refused', {
        declineCode: answer.code ?? 'refused',
        declineReason: answer.message,
      })
      await work.save(next, (tx) => updateSettlement(tx, refused))
      return declined('refused', next)
    }
    case 'ok': {
      const done = asDone(sent, answer.data)
      await writeVerdict(work, { outcome: 'happened', settlement: done })
      // Other figures than quoted are money all the same: payments sees them and gives it back.
      return confirmed(moveOf(done))
    }
  }
}

/** A message that is to move money, as it is written down before it goes. */
export const newSettlement = (
  { clock }: Dependencies,
  claim: RegisteredClaim,
  { kind, msgid }: Pick<Settlement, 'kind' | 'msgid'>,
): Settlement => ({
  hospitalId: claim.hospitalId,
  msgid,
  claimId: claim.id,
  refundId: claim.refundId,
  kind,
  status: 'sent',
  psnNo: claim.psnNo,
  mdtrtId: claim.mdtrtId,
  setlId: null,
  insutype: claim.insutype,
  insuredRegion: claim.insuredRegion,
  clrType: null,
  clrOptins: null,
  figures: null,
  sentAt: clock.now(),
  settledAt: null,
})

async function writeVerdict(work: ClaimWork, verdict: Verdict): Promise<void> {
  if (verdict.outcome === 'unknown') return
  const { settlement } = verdict
  const next =
    verdict.outcome === 'happened'
      ? moveClaim(work.claim(), 'settled', {
          chargedMsgid: settlement.msgid,
          figures: settlement.figures,
        })
      : moveClaim(work.claim(), 'settle_voided', { settledMsgid: null })
  await work.save(next, (tx) => updateSettlement(tx, settlement))
}

async function releaseClaim(work: ClaimWork): Promise<ReleaseAnswer> {
  const claim = work.claim()
  if (claim.status === 'released') return { outcome: 'released' }
  await work.save(moveClaim(claim, 'released'))
  await dropVisit(work, claim)
  return { outcome: 'released' }
}

async function chargedMove(work: ClaimWork, { hospitalId, chargedMsgid }: Claim): Promise<Move> {
  assert(chargedMsgid, 'a settled claim names its charge')
  const charge = await work.read((tx) => findSettlement(tx, hospitalId, chargedMsgid))
  assert(charge, `settlement ${chargedMsgid} is there`)
  return moveOf(charge)
}

/** The settlement that stands for the claim, or is being made. */
export async function standing(work: ClaimWork): Promise<Settlement> {
  const { hospitalId, settledMsgid } = work.claim()
  assert(settledMsgid, 'a claim that is being settled names its message')
  const settlement = await work.read((tx) => findSettlement(tx, hospitalId, settledMsgid))
  assert(settlement, `settlement ${settledMsgid} is there`)
  return settlement
}

/**
 * The one rule for numbers, as the reconciliation matches by them: ourNo is the msgid of the 2207 or 2208,
 * which is medins_setl_id at the centre; providerNo is the setl_id that the centre gave it.
 */
export function moveOf(settlement: Settlement): Move {
  const { kind, msgid, setlId, figures, settledAt } = settlement
  assert(setlId !== null && figures && settledAt, `settlement ${msgid} has happened`)
  return { kind, ourNo: msgid, providerNo: setlId, parts: partsOf(figures), at: settledAt }
}

/** A settlement of which the insurance pays nothing after all moved no money, and needs a person's eye. */
const confirmed = (move: Move) =>
  move.parts.length > 0
    ? ({ outcome: 'confirmed', move } as const)
    : unknown(`settlement ${move.providerNo} pays nothing of what was quoted`)

const declined = (code: string, claim?: Claim) =>
  ({
    outcome: 'declined',
    code: claim?.status === 'released' ? 'released' : (claim?.declineCode ?? code),
    reason: claim?.declineReason ?? (claim ? `the claim is ${claim.status}` : 'there is no claim'),
  }) as const

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })

type Unknown = { outcome: 'unknown'; reason: string }
type Known = Exclude<ChargeAnswer, { outcome: 'pending' }> | Absent
