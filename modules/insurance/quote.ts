import { assert } from '../../kernel/assert.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import type { ProviderCall, QuoteAnswer, QuoteReason, QuoteRequest } from '../payments/index.ts'
import {
  type ClaimWork,
  DEFAULT_OPTIONS,
  type Dependencies,
  sendOnce,
  workOnClaim,
} from './claim-work.ts'
import { allows, type Claim, moveClaim } from './claim.ts'
import { type Figures, partsOf, reasonsOf } from './figures.ts'
import type { CentreAnswer, Credential } from './insurance-centre.ts'
import { askFiling, chooseInsurance, isSamePool } from './insured-area.ts'
import { insertLines } from './store.ts'
import {
  claimLinesOf,
  contentOf,
  detailsOf,
  newVisitOf,
  type RegisteredClaim,
  registered,
  visitInfoOf,
} from './visit.ts'

/**
 * Asks the centre what it would pay: 1101, 2201, 2203, 2204, 2206. Asked again for the same payment it
 * goes on where it stood; once the lines are there, only 2206 is asked anew.
 */
export const createQuote =
  (deps: Dependencies) =>
  async (call: ProviderCall, request: QuoteRequest): Promise<QuoteAnswer> => {
    const centre = await deps.centreOf(call.hospitalId)
    if (!centre) return notAvailable('not_connected', 'the hospital has no insurance centre')
    const { quoteDeadlineMs } = { ...DEFAULT_OPTIONS, ...deps.options }
    const work = {
      call,
      centre,
      paymentId: request.paymentId,
      opening: newClaim(deps, request),
      signal: AbortSignal.timeout(quoteDeadlineMs),
    }
    const answer = await workOnClaim(deps, work, (hands) => quoteClaim(deps, hands, request))
    if (answer !== 'busy' && answer !== 'none') return answer
    return notAvailable('centre_unavailable', 'the claim is being worked on')
  }

const MOST_STARTS = 2

async function quoteClaim(
  deps: Dependencies,
  work: ClaimWork,
  request: QuoteRequest,
): Promise<QuoteAnswer> {
  const claim = work.claim()
  if (!allows(claim, 'quoted')) return notAvailable('refused', `the claim is ${claim.status}`)
  const [credential] = await work.credentials()
  if (!credential) return notAvailable('not_insured', 'the person has no verified identity')
  if (claim.contentHash !== contentOf(request.payables).contentHash) {
    await startOver(deps, work, request)
  }
  work.note({ ...work.claim(), useAccount: request.useAccount })
  for (let start = 1; start <= MOST_STARTS; start++) {
    const answer = await goThrough({ deps, work, request, credential })
    if (answer.outcome !== 'start_over') return answer
    await startOver(deps, work, request)
  }
  return notAvailable('refused', 'the centre refuses the visit')
}

async function goThrough(quoting: Quoting): Promise<QuoteAnswer | StartOver> {
  for (const step of [identify, lookUpFiling, register, inform, upload]) {
    const stop = await step(quoting)
    if (stop) return stop
  }
  return preSettle(quoting)
}

/** 1101: who the person is to the centre, and by which insurance they are covered. */
async function identify({ work, credential }: Quoting): Promise<Stop> {
  if (work.claim().psnNo !== null) return null
  const answer = await work.centre.person(work.callUnder(await work.nextMsgid()), credential)
  if (answer.outcome === 'refused') {
    return notAvailable(answer.code ?? 'not_insured', answer.message)
  }
  if (answer.outcome === 'unknown') return stopFor(answer)
  const { psnNo, insurances } = answer.data
  const chosen = chooseInsurance(insurances)
  if ('code' in chosen) return notAvailable(chosen.code, chosen.reason)
  const { insutype, insuredRegion } = chosen
  work.note({ ...work.claim(), psnNo, insutype, insuredRegion })
  return null
}

/** 5304: somebody from another area is settled by the rules of their own where they filed for care here. */
async function lookUpFiling({ deps, work }: Quoting): Promise<Stop> {
  const { psnNo, insuredRegion, filing, progress } = work.claim()
  assert(psnNo !== null && insuredRegion !== null, 'the person was identified')
  if (filing || progress !== 'opened') return null
  const nextCall = async () => work.callUnder(await work.nextMsgid())
  const now = deps.clock.now()
  const answer = await askFiling(work.centre, nextCall, { psnNo, insuredRegion, now })
  if (answer.outcome !== 'ok') return stopFor(answer)
  if (answer.data === 'local') return null
  if (!answer.data) return work.centre.settlesUnfiled ? null : notAvailable('not_filed', NOT_FILED)
  work.note({ ...work.claim(), filing: answer.data })
  return null
}

export const NOT_FILED = 'no filing of the person for care in this area is in force'

async function register({ work, credential }: Quoting): Promise<Stop> {
  const { psnNo, insutype, progress } = work.claim()
  if (progress !== 'opened') return null
  assert(psnNo !== null && insutype !== null, 'the person was identified')
  const visit = newVisitOf({ ...work.claim(), psnNo, insutype }, credential)
  const answer = await sendOnce(work, '2201', (call) => work.centre.register(call, visit))
  if (answer.outcome !== 'ok') return stopFor(answer)
  const { mdtrtId } = answer.data
  work.note({ ...work.claim(), mdtrtId, progress: 'registered', intent: null })
  return null
}

async function inform({ work, request }: Quoting): Promise<Stop> {
  if (work.claim().progress !== 'registered') return null
  const info = visitInfoOf(registered(work.claim()), request.payables)
  const answer = await sendOnce(work, '2203', (call) => work.centre.visitInfo(call, info))
  if (answer.outcome !== 'ok') return stopFor(answer)
  work.note({ ...work.claim(), progress: 'informed', intent: null })
  return null
}

async function upload({ work, request }: Quoting): Promise<Stop> {
  const claim = work.claim()
  if (claim.progress !== 'informed') return null
  const lines = request.payables.flatMap((payable) => payable.lines)
  const details = detailsOf(registered(claim), claim, lines)
  const answer = await sendOnce(work, '2204', (call) => work.centre.uploadDetails(call, details))
  if (answer.outcome !== 'ok') return stopFor(answer)
  const results = claimLinesOf(claim.batchSeq, lines, answer.data)
  await work.save({ ...work.claim(), progress: 'uploaded', intent: null }, (tx) =>
    insertLines(tx, claim, results),
  )
  return null
}

/** 2206 changes nothing at the centre, so each try is a message of its own. */
async function preSettle({ work, credential }: Quoting): Promise<QuoteAnswer> {
  const claim = registered(work.claim())
  const answer = await work.centre.preSettle(
    work.callUnder(await work.nextMsgid()),
    settleRequestOf(claim, credential),
  )
  if (answer.outcome !== 'ok') return notOk(answer)
  const figures = answer.data
  if (figures.hospitalFen > 0) {
    // Nobody in a plan of tenders pays the hospital's own share, so such a bill is paid at the window.
    return notAvailable('hospital_share', 'the centre makes the hospital bear a part')
  }
  const quoted = moveClaim(work.claim(), 'quoted', { figures })
  await work.save(quoted)
  const parts = partsOf(figures)
  if (parts.length === 0) return notAvailable('nothing_covered', 'the insurance pays nothing of it')
  return {
    outcome: 'quoted',
    parts,
    quoteReference: quoteReferenceOf(quoted, figures),
    reasons: [...areaReasons(work), ...reasonsOf(figures)],
  }
}

/** Whoever is from elsewhere is told whether their filing was found: without one they get less. */
function areaReasons({ centre, claim }: Pick<Quoting['work'], 'centre' | 'claim'>): QuoteReason[] {
  const { insuredRegion, filing } = claim()
  if (insuredRegion === null || isSamePool(insuredRegion, centre.admdvs)) return []
  return [{ code: filing ? 'elsewhere_filed' : 'elsewhere_unfiled', params: {} }]
}

/** What 2206 and 2207 ask alike. */
export const settleRequestOf = (claim: RegisteredClaim, credential: Credential) => ({
  psnNo: claim.psnNo,
  credential,
  medType: claim.medType,
  totalFen: claim.totalFen,
  mdtrtId: claim.mdtrtId,
  batchNo: claim.batchNo,
  insutype: claim.insutype,
  useAccount: claim.useAccount,
})

/** Says which lines were quoted and with which result: another quote of the same has the same. */
export const quoteReferenceOf = (claim: Claim, figures: Figures): string =>
  [claim.batchNo, figures.fundFen, figures.accountFen].join('.')

/**
 * A new visit in place of one that cannot be gone on with. The old one is told off as far as the
 * centre listens: without a settlement it is worth nothing.
 */
async function startOver(deps: Dependencies, work: ClaimWork, request: QuoteRequest) {
  const old = work.claim()
  const visit = { ...newNumbers(deps, old), ...contentOf(request.payables) }
  const changes = { ...visit, batchSeq: old.batchSeq + 1, mdtrtId: null, intent: null }
  await work.save(moveClaim(old, 'visit_begun', { ...changes, progress: 'opened', figures: null }))
  await dropVisit(work, old)
}

/** 2205 and 2202, as a courtesy: whatever the centre answers, it stands in the exchanges and no more. */
export async function dropVisit(work: ClaimWork, claim: Claim): Promise<void> {
  if (claim.mdtrtId === null) return
  const { psnNo, mdtrtId, batchNo, visitNo } = registered(claim)
  const { centre } = work
  const batch = { psnNo, mdtrtId, batchNo }
  const answer = await centre.cancelDetails(work.callUnder(await work.nextMsgid()), batch)
  if (answer.outcome === 'unknown') return // nobody there: the second call would wait for nothing
  await centre.cancelRegistration(work.callUnder(await work.nextMsgid()), {
    psnNo,
    mdtrtId,
    visitNo,
  })
}

function newClaim(deps: Dependencies, request: QuoteRequest): Claim {
  const { hospitalId, paymentId, personId, useAccount } = request
  return {
    hospitalId,
    id: deps.newId<'Claim'>(),
    paymentId,
    personId,
    status: 'quoting',
    progress: 'opened',
    ...newNumbers(deps, request),
    ...contentOf(request.payables),
    batchSeq: 1,
    useAccount,
    psnNo: null,
    insutype: null,
    insuredRegion: null,
    mdtrtId: null,
    filing: null,
    intent: null,
    figures: null,
    chargedMsgid: null,
    settledMsgid: null,
    refundId: null,
    declineCode: null,
    declineReason: null,
    createdAt: deps.clock.now(),
  }
}

const newNumbers = ({ newId }: Dependencies, { hospitalId }: Pick<Claim, 'hospitalId'>) => ({
  visitNo: tradeNoOf(hospitalId, newId<'Visit'>()),
  batchNo: tradeNoOf(hospitalId, newId<'Batch'>()),
})

const stopFor = (answer: NotOk | StartOver): QuoteAnswer | StartOver =>
  answer.outcome === 'start_over' ? answer : notOk(answer)

function notOk(answer: NotOk): QuoteAnswer {
  switch (answer.outcome) {
    case 'refused':
      return notAvailable(answer.code ?? 'refused', answer.message)
    case 'unknown':
      return notAvailable('centre_unavailable', answer.reason)
  }
}

const notAvailable = (code: string, reason: string): QuoteAnswer => ({
  outcome: 'not_available',
  code,
  reason,
})

type Quoting = {
  deps: Dependencies
  work: ClaimWork
  request: QuoteRequest
  credential: Credential
}
type StartOver = { outcome: 'start_over' }
type Stop = QuoteAnswer | StartOver | null
type NotOk = Exclude<CentreAnswer<unknown>, { outcome: 'ok' }>
