import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { inHospital } from '../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../platform/exchange.ts'
import { LAST_CALL_MS } from './business-days.ts'
import { tellAttention } from './claim-attention.ts'
import { saveClaim, takeDueClaim } from './claim-store.ts'
import type { Claim, ClaimAttention } from './claim.ts'
import { type Consent, isInForce } from './consent.ts'
import type { Dependencies } from './dependencies.ts'
import {
  type ClaimDocument,
  type ClaimState,
  DOCUMENT_KINDS,
  type DocumentKind,
  type Insurer,
  type InsurerCall,
} from './insurer.ts'
import { ordersByNo } from './order-store.ts'
import { ownPapers } from './papers.ts'
import { standingConsent } from './person-store.ts'
import { planById } from './store.ts'

const MOST_AT_A_TIME = 50
const CALL_MS = 30_000
const LOOK_AGAIN_MS = 5 * MINUTE_MS
const ASK_AGAIN_MS = HOUR_MS

/**
 * Works off what is due of a hospital's claims: papers to send, states to ask. Returns how many it looked at. One
 * that fails is told to `onError` and comes again in a minute.
 */
export async function workOffClaims(deps: Dependencies, hospitalId: HospitalId): Promise<number> {
  for (let done = 0; done < MOST_AT_A_TIME; done++) {
    const now = deps.clock.now()
    const claim = await inHospital(deps.db, hospitalId, (tx) => takeDueClaim(tx, hospitalId, now))
    if (!claim) return done
    await workOn(deps, claim).catch((error: unknown) => {
      deps.onError?.(error, { hospitalId, subject: `coverage_claim:${claim.id}` })
    })
  }
  return MOST_AT_A_TIME
}

async function workOn(deps: Dependencies, claim: Claim): Promise<void> {
  const { hospitalId } = claim
  const exchanges: Exchange[] = []
  const trace = (exchange: Exchange) => void exchanges.push(exchange)
  const call = { trace, signal: AbortSignal.timeout(CALL_MS) }
  const insurer = (await deps.insurersOf(hospitalId)).get(claim.insurerCode)
  const next = insurer
    ? await step({ deps, claim, insurer, call })
    : again(deps, claim, 'the insurer is not connected')
  await inHospital(deps.db, hospitalId, async (tx) => {
    const isSaved = await saveClaim(tx, next, deps.clock.now())
    if (isSaved && isNewlyCalled(claim, next)) await tellAttention(deps, tx, next)
    const subject = `coverage_claim:${claim.id}`
    await saveExchanges(tx, deps.newId, hospitalId, subject, exchanges)
  })
}

/** For another reason than before, or after somebody had closed it. */
const isNewlyCalled = (before: Claim, now: Claim): boolean =>
  now.attention !== null &&
  (now.attention !== before.attention || now.attentionAt !== before.attentionAt)

const step = (working: Working): Promise<Claim> =>
  working.claim.status === 'submitted' ? askState(working) : sendPapers(working)

/** Nothing is sent without a consent that stands this moment, and nothing that it does not name. */
async function sendPapers(working: Working): Promise<Claim> {
  const { deps, claim } = working
  const consent = await consentFor(working)
  if (!consent) return withheld(deps, claim)
  const kinds = kindsToSend(claim, consent)
  if (kinds.length === 0) return forAPerson(deps, claim, 'papers_missing', claim.reason)
  const papers = await papersFor(working, kinds)
  if (papers === null) return again(deps, claim, 'the payment has not succeeded yet')
  const isLastCall = deps.clock.now() >= addMs(claim.dueBy, -LAST_CALL_MS)
  if (papers.length === 0 || (papers.length < kinds.length && !isLastCall)) {
    return again(deps, claim, 'papers are still missing')
  }
  return submit(working, papers)
}

const kindsToSend = (claim: Claim, { scope }: Consent): DocumentKind[] =>
  (claim.status === 'more_wanted' ? claim.wanted : DOCUMENT_KINDS).filter((kind) =>
    scope.includes(kind),
  )

async function papersFor(
  { deps, claim }: Working,
  kinds: readonly DocumentKind[],
): Promise<ClaimDocument[] | null> {
  const { hospitalId, paymentId, personId, orderNo } = claim
  const others = await deps.papersOf({ hospitalId, paymentId, personId, kinds })
  if (others === null) return null
  const own = await inHospital(deps.db, hospitalId, async (tx) => {
    const [order] = await ordersByNo(tx, hospitalId, [orderNo])
    const plan = order && (await planById(tx, hospitalId, order.planId))
    return plan ? ownPapers(plan, order, kinds) : []
  })
  const isOurs = ({ kind }: ClaimDocument) => own.some((paper) => paper.kind === kind)
  return [...own, ...others.filter((paper) => kinds.includes(paper.kind) && !isOurs(paper))]
}

async function submit(working: Working, documents: readonly ClaimDocument[]): Promise<Claim> {
  const { deps, insurer, call } = working
  const { hospitalId } = working.claim
  const submissionNo =
    working.claim.submissionNo ?? tradeNoOf(hospitalId, deps.newId<'Submission'>())
  const claim = { ...working.claim, submissionNo, dueAt: addMs(deps.clock.now(), MINUTE_MS) }
  const order = await inHospital(deps.db, hospitalId, async (tx) => {
    const [found] = await ordersByNo(tx, hospitalId, [claim.orderNo])
    return (await saveClaim(tx, claim, deps.clock.now())) ? found : undefined
  })
  if (!order || order.insurerNo === null) return claim
  // Read again, as the last thing before it goes: withdrawn a moment ago is withdrawn.
  const consent = await consentFor(working)
  if (!consent || documents.some(({ kind }) => !consent.scope.includes(kind))) {
    return again(deps, claim, 'the consent has changed')
  }
  const answer = await insurer.submitClaim(call, {
    submissionNo,
    orderNo: claim.orderNo,
    insurerNo: order.insurerNo,
    policyNo: claim.policyNo,
    claimNo: claim.claimNo,
    consent: { id: consent.id, version: consent.version },
    documents,
  })
  if (answer.outcome === 'unknown') return again(deps, claim, answer.reason)
  if (answer.outcome === 'refused') {
    return forAPerson(deps, claim, 'papers_not_accepted', answer.message)
  }
  const sentKinds = [...new Set([...claim.sentKinds, ...documents.map(({ kind }) => kind)])]
  return {
    ...claim,
    status: 'submitted',
    claimNo: answer.data.claimNo,
    submissionNo: null,
    sentKinds,
    wanted: [],
    reason: null,
    submittedAt: claim.submittedAt ?? deps.clock.now(),
    dueAt: addMs(deps.clock.now(), LOOK_AGAIN_MS),
  }
}

async function askState({ deps, claim, insurer, call }: Working): Promise<Claim> {
  if (claim.claimNo === null) return again(deps, claim, 'the claim has no number')
  const answer = await insurer.claimState(call, { claimNo: claim.claimNo })
  if (answer.outcome === 'unknown') return again(deps, claim, answer.reason)
  if (answer.outcome === 'refused') return again(deps, claim, answer.message)
  return afterState(deps, claim, answer.data)
}

function afterState(deps: Dependencies, claim: Claim, state: ClaimState): Claim {
  const now = deps.clock.now()
  switch (state.state) {
    case 'submitted':
      return { ...claim, dueAt: addMs(now, ASK_AGAIN_MS) }
    case 'accepted':
      return { ...claim, status: 'accepted', reason: null, decidedAt: state.decidedAt, dueAt: null }
    case 'more_wanted': {
      const { wanted, reason } = state
      return { ...claim, status: 'more_wanted', wanted, reason, dueAt: now }
    }
    case 'refused': {
      const { decidedAt, reason } = state
      const refused = { ...claim, status: 'refused' as const, decidedAt, reason }
      return { ...called(deps, refused, 'refused_after_settlement'), dueAt: null }
    }
  }
}

async function consentFor({ deps, claim }: Working): Promise<Consent | null> {
  const { personId, insurerCode } = claim
  const purpose = 'claim_papers' as const
  const consent = await standingConsent(deps.db, { personId, insurerCode, purpose })
  return consent && isInForce(consent, deps.clock.now()) ? consent : null
}

/** Waits for a consent, which may be given at another hospital too. One that the insurer has heard of already needs a person, as it will not wait. */
function withheld(deps: Dependencies, claim: Claim): Claim {
  const waits = { ...claim, dueAt: addMs(deps.clock.now(), DAY_MS) }
  return claim.status === 'more_wanted'
    ? called(deps, waits, 'papers_missing')
    : { ...waits, status: 'withheld' }
}

/** Later, at growing distances; once the business day is over a person hears of it. */
function again(deps: Dependencies, claim: Claim, reason: string): Claim {
  const now = deps.clock.now()
  const growingMs = Math.min(MINUTE_MS * 2 ** Math.min(claim.attempts, MOST_DOUBLINGS), HOUR_MS)
  const status = claim.status === 'withheld' ? 'waiting' : claim.status
  const next: Claim = { ...claim, status, reason, dueAt: addMs(now, growingMs) }
  const isLate = claim.submittedAt === null && now > claim.dueBy
  return isLate ? called(deps, next, 'papers_late') : next
}

const MOST_DOUBLINGS = 6

const forAPerson = (
  deps: Dependencies,
  claim: Claim,
  attention: ClaimAttention,
  reason: string | null,
): Claim => ({
  ...called(deps, { ...claim, reason }, attention),
  dueAt: addMs(deps.clock.now(), ASK_AGAIN_MS),
})

/** Once for one reason; another reason opens it again. */
const called = ({ clock }: Dependencies, claim: Claim, attention: ClaimAttention): Claim =>
  claim.attention === attention
    ? claim
    : {
        ...claim,
        attention,
        attentionAt: clock.now(),
        resolution: null,
        resolvedBy: null,
        resolvedAt: null,
      }

type Working = { deps: Dependencies; claim: Claim; insurer: Insurer; call: InsurerCall }
