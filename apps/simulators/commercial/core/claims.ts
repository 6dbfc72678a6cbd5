import { assert } from '../../../../kernel/assert.ts'
import { type Fen, fen, negateFen } from '../../../../kernel/money.ts'
import { benefitOf, type Figures, type Loss, type NoCover } from './benefit.ts'
import { postClaim } from './books.ts'
import { type Context, faultKeyOf, newNumber, nowMs, Refusal, today } from './context.ts'
import { findPolicy, useOfYear } from './policies.ts'

/** What a hospital asks the insurer to pay of one visit, under a number of the hospital's side. */
export type AdvanceRequest = {
  hospital: string
  requestNo: string
  policyNo: string
  idCardNo: string
  visitNo: string
  loss: Loss
  /** Equal for equal requests. */
  digest: string
}

export type Claim = {
  hospital: string
  requestNo: string
  claimNo: string
  policyNo: string
  visitNo: string
  /**
   * reserved ──confirm──▶ settled ──refund of all──▶ refunded. A reserved claim may also be cancelled, by request or
   * because its promise ran out, or fail on confirming, because the policy ended meanwhile.
   */
  state: 'reserved' | 'settled' | 'refunded' | 'cancelled' | 'failed'
  /** Why it was cancelled or failed. */
  reason: string
  totalFen: Fen
  benefitFen: Fen
  deductibleFen: Fen
  refundedFen: Fen
  figures: Figures
  createdAt: Date
  expiresAt: Date
  settledAt: Date | null
}

/** Works out and promises the benefit. Throws 'not_covered' with the reason when there is none. */
export function advance(context: Context, request: AdvanceRequest): Claim {
  expirePromises(context)
  const known = findClaim(context, request)
  if (known) {
    if (known.digest !== request.digest) throw new Refusal('different', '请求号已用于其他内容')
    return known.claim
  }
  if (findBarred(context, request)) throw new Refusal('cancelled', '该请求已取消')
  const policy = findPolicy(context, request.policyNo)
  if (policy?.idCardNo !== request.idCardNo) throw new Refusal('policy_not_found', '无此保单')
  const benefit = benefitOf(policy, request.loss)
  if (benefit.outcome === 'not_covered') throw new NotCovered(benefit.reason)
  const { figures } = benefit
  const claimNo = newNumber(context, 'C')
  context.store.run(
    `insert into claim (hospital, request_no, claim_no, digest, policy_no, visit_no, state, total_fen,
       benefit_fen, deductible_fen, figures, created_ms, expires_ms)
     values (?, ?, ?, ?, ?, ?, 'reserved', ?, ?, ?, ?, ?, ?)`,
    [
      request.hospital,
      request.requestNo,
      claimNo,
      request.digest,
      request.policyNo,
      request.visitNo,
      request.loss.totalFen,
      figures.benefitFen,
      figures.deductibleFen,
      JSON.stringify(figures),
      nowMs(context),
      nowMs(context) + context.promiseMs,
    ],
  )
  useOfYear(context, policy.policyNo, figures)
  return claimOf(context, request)
}

/** A policy that pays nothing here, and why. */
export class NotCovered extends Refusal {
  readonly reason: NoCover

  constructor(reason: NoCover) {
    super('not_covered', NO_COVER_WORDS[reason])
    this.reason = reason
  }
}

const NO_COVER_WORDS: Record<NoCover, string> = {
  not_in_force: '保单不在有效期或已中止',
  waiting_period: '在等待期内',
  visit_kind_not_covered: '就诊类型不在保障范围',
  diagnosis_excluded: '责任免除的疾病',
  cap_used_up: '已达赔付限额',
}

/** Settles what was promised. A policy that ended meanwhile makes the claim fail, for good. */
export function confirm(context: Context, number: ClaimNumber, amountFen: Fen): Claim {
  expirePromises(context)
  const claim = claimOf(context, number)
  if (claim.benefitFen !== amountFen) throw new Refusal('amount_differs', '确认金额与预赔金额不符')
  if (claim.state !== 'reserved') return claim
  const policy = findPolicy(context, claim.policyNo)
  assert(policy, 'a claim is of a policy')
  if (policy.state !== 'in_force') {
    return end(context, claim, 'failed', NO_COVER_WORDS.not_in_force)
  }
  context.store.run(
    `update claim set state = 'settled', settled_ms = ?, settled_on = ? where claim_no = ?`,
    [nowMs(context), today(context), claim.claimNo],
  )
  postClaim(context, claim.claimNo, claim.hospital, claim.benefitFen)
  return claimOf(context, claim)
}

/** Makes sure that nothing is paid under the number, known or not. Throws 'settled' for what is paid already. */
export function cancel(context: Context, number: RequestNumber): Order {
  expirePromises(context)
  const known = findClaim(context, number)
  if (!known) return bar(context, number)
  const { claim } = known
  switch (claim.state) {
    case 'reserved':
      return end(context, claim, 'cancelled', '医院取消')
    case 'cancelled':
    case 'failed':
      return claim
    case 'settled':
    case 'refunded':
      throw new Refusal('settled', '已理赔，请退款')
  }
}

/** The claim as it stands, or the barred number. Throws 'claim_not_found' for an unknown one. */
export function query(context: Context, number: RequestNumber): Order {
  expirePromises(context)
  return findBarred(context, number) ?? claimOf(context, number)
}

/** A claim, or a number under which none will ever be. */
export type Order = Claim | Barred

export type Barred = RequestNumber & { claimNo: string; state: 'cancelled'; benefitFen: null }

/** Why a claim that was to be confirmed is not settled; null when it is, or was before it was refunded. */
export function problemOf({ state, reason }: Claim): Refusal | null {
  switch (state) {
    case 'settled':
    case 'refunded':
      return null
    case 'failed':
      return new Refusal('policy_ended', reason)
    case 'cancelled':
    case 'reserved':
      return new Refusal(reason === EXPIRED ? 'expired' : 'cancelled', reason)
  }
}

export type RequestNumber = { hospital: string; requestNo: string }

/** Either the hospital's number or the insurer's. */
export type ClaimNumber = RequestNumber | { hospital: string; claimNo: string }

/** The name of a claim to a fault plan, and its policy; both unknown for one there is not. */
export function aboutClaim(context: Context, number: { hospital: string; claimNo: string }) {
  try {
    const { requestNo, policyNo } = claimOf(context, number)
    return { key: faultKeyOf(context, number.hospital, requestNo, null), policyNo }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { key: `${number.hospital}/unknown`, policyNo: null }
  }
}

export function claimOf(context: Context, number: ClaimNumber): Claim {
  const found = findClaim(context, number)
  if (!found) throw new Refusal('claim_not_found', '无此理赔')
  return found.claim
}

/** Every claim, in the order of making. */
export const allClaims = ({ store }: Context): Claim[] =>
  store.all<ClaimRow>('select * from claim order by created_ms, claim_no').map(toClaim)

function findClaim({ store }: Context, number: ClaimNumber) {
  const row =
    'requestNo' in number
      ? store.get<ClaimRow>('select * from claim where hospital = ? and request_no = ?', [
          number.hospital,
          number.requestNo,
        ])
      : store.get<ClaimRow>('select * from claim where hospital = ? and claim_no = ?', [
          number.hospital,
          number.claimNo,
        ])
  return row && { claim: toClaim(row), digest: row.digest }
}

function bar(context: Context, number: RequestNumber): Barred {
  const known = findBarred(context, number)
  if (known) return known
  const claimNo = newNumber(context, 'C')
  const { hospital, requestNo } = number
  context.store.run('insert into barred (hospital, request_no, claim_no) values (?, ?, ?)', [
    hospital,
    requestNo,
    claimNo,
  ])
  return { hospital, requestNo, claimNo, state: 'cancelled', benefitFen: null }
}

function findBarred({ store }: Context, { hospital, requestNo }: RequestNumber): Barred | null {
  const row = store.get<{ claim_no: string }>(
    'select claim_no from barred where hospital = ? and request_no = ?',
    [hospital, requestNo],
  )
  return row && { hospital, requestNo, claimNo: row.claim_no, state: 'cancelled', benefitFen: null }
}

const EXPIRED = '预赔已过期'

/** Gives back what was promised and not settled in time. */
function expirePromises(context: Context): void {
  const due = context.store.all<ClaimRow>(
    `select * from claim where state = 'reserved' and expires_ms <= ?`,
    [nowMs(context)],
  )
  for (const row of due) end(context, toClaim(row), 'cancelled', EXPIRED)
}

function end(context: Context, claim: Claim, state: 'cancelled' | 'failed', reason: string): Claim {
  context.store.run('update claim set state = ?, reason = ? where claim_no = ?', [
    state,
    reason,
    claim.claimNo,
  ])
  useOfYear(context, claim.policyNo, {
    benefitFen: negateFen(claim.benefitFen),
    deductibleFen: negateFen(claim.deductibleFen),
  })
  return claimOf(context, claim)
}

const toClaim = (row: ClaimRow): Claim => ({
  hospital: row.hospital,
  requestNo: row.request_no,
  claimNo: row.claim_no,
  policyNo: row.policy_no,
  visitNo: row.visit_no,
  state: row.state,
  reason: row.reason,
  totalFen: fen(row.total_fen),
  benefitFen: fen(row.benefit_fen),
  deductibleFen: fen(row.deductible_fen),
  refundedFen: fen(row.refunded_fen),
  figures: JSON.parse(row.figures) as Figures,
  createdAt: new Date(row.created_ms),
  expiresAt: new Date(row.expires_ms),
  settledAt: row.settled_ms === null ? null : new Date(row.settled_ms),
})

type ClaimRow = {
  hospital: string
  request_no: string
  claim_no: string
  digest: string
  policy_no: string
  visit_no: string
  state: Claim['state']
  reason: string
  total_fen: number
  benefit_fen: number
  deductible_fen: number
  refunded_fen: number
  figures: string
  created_ms: number
  expires_ms: number
  settled_ms: number | null
}
