import { addFen, type Fen, shareFen } from '../../kernel/money.ts'
import type { PayMethod } from '../payments/index.ts'
import type { ChannelHealth } from './channel-health.ts'
import {
  type Device,
  fitsDevices,
  type RegisteredChannel,
  type Scene,
  type Tier,
} from './channel.ts'
import { type Asked, type Effects, effectsOf } from './effects.ts'
import type { ChoiceReason, Rejection } from './reason.ts'
import type { Rules } from './rules.ts'

/** A channel as it stands for one choice. */
export type Candidate = RegisteredChannel & {
  /** By what the hospital reaches it; null where there is no connection. */
  connectedMethods: readonly PayMethod[] | null
  taken: Taken
}

/** What a channel took, for its limits and for its share. */
export type Taken = { todayFen: Fen; windowFen: Fen; windowCount: number }

/** One payment that looks for a channel. */
export type Wish = {
  /** The same payment gets the same answer; null where there is none yet. */
  paymentId: string | null
  amountFen: Fen
  department: string | null
  scene: Scene
  /** How the payer wants to pay; null to be told. */
  method: PayMethod | null
  payer: PayerFacts
}

export type PayerFacts = {
  /** What the payer has set, and what the payer used last; names of channels. */
  preferred: string | null
  lastUsed: string | null
  /** What is where the payer is; null when that is not known. */
  devices: readonly Device[] | null
  /** For the conditions of rules: ageYears, insuranceKind, … */
  attributes: Readonly<Record<string, string | number | boolean>>
}

export type Choice = {
  channel: string
  method: PayMethod
  tier: Tier
  /** What the channel will cost the hospital by contract. */
  costFen: Fen
  /** Never empty; the weightiest first. */
  reasons: ChoiceReason[]
}

export type Choices = {
  ranked: Choice[]
  rejected: { channel: string; reason: Rejection }[]
}

/**
 * Which channels can take this payment, the best first, and why the others cannot.
 *
 * In this order: rules that prefer, the payer's own preference, contract shares that are behind or ahead, tier, what a
 * payment is expected to cost by fee and by failures, the hospital's order, the name. A backup is offered only while no
 * core channel is (of that method, where one is wished for). A channel that was down is offered behind all others,
 * but for a few payments that try it.
 *
 * Pure, and the same for the same facts. Units: fen, parts per million.
 */
export function chooseChannels(
  candidates: readonly Candidate[],
  wish: Wish,
  health: ReadonlyMap<string, ChannelHealth>,
  rules: Rules,
  now: Date,
): Choices {
  const asked: Asked = { ...wish, attributes: wish.payer.attributes }
  const effects = effectsOf(rules, asked, now)
  const isTrial = isOneOfAFew(wish.paymentId)
  const rejected: Choices['rejected'] = []
  const offers: Offer[] = []
  const allTaken = totalOf(candidates, rules)
  for (const candidate of candidates) {
    const own = health.get(candidate.name)
    const method = methodOf(candidate, wish)
    const reason = rejectionOf(candidate, wish, method, effects, own)
    if (reason) rejected.push({ channel: candidate.name, reason })
    else if (isMethod(method) && candidate.tier) {
      const { tier } = candidate
      offers.push(
        offerOf({ ...candidate, tier }, method, own, { wish, effects, rules, allTaken, isTrial }),
      )
    }
  }
  const healthyCore = offers.filter(({ tier, isDoubtful }) => tier === 'core' && !isDoubtful)
  const open = healthyCore.length > 0 ? offers.filter(({ tier }) => tier !== 'backup') : offers
  if (open.length < offers.length) {
    const channels = healthyCore.map(({ name }) => name).join(', ')
    for (const { name, tier } of offers) {
      if (tier !== 'backup') continue
      rejected.push({ channel: name, reason: { code: 'backup_asleep', params: { channels } } })
    }
  }
  return { ranked: ranked(open, candidates, wish, effects), rejected }
}

/** A channel that can take the payment, with all that its place depends on. */
type Offer = {
  name: string
  method: PayMethod
  tier: Tier
  /** It was down, and this payment is not one of the few that try it. */
  isDoubtful: boolean
  isRecovering: boolean
  points: number
  isPreferred: boolean
  /** By how much its share is behind its target; below zero when it is ahead. */
  behindPpm: number
  share: { targetPpm: number; actualPpm: number } | null
  costFen: Fen
  expectedPpm: number
  health: ChannelHealth | undefined
  order: number
}

type Frame = { wish: Wish; effects: Effects; rules: Rules; allTaken: number; isTrial: boolean }

function offerOf(
  candidate: Candidate & { tier: Tier },
  method: PayMethod,
  health: ChannelHealth | undefined,
  { wish, effects, rules, allTaken, isTrial }: Frame,
): Offer {
  const { name, tier, order, feePpm, feeFixedFen } = candidate
  const isRecovering = health?.state === 'half_open'
  const costFen = addFen(feeFixedFen, shareFen(wish.amountFen, feePpm))
  const targetPpm = effects.shares ? shareIn(effects.shares, name) : candidate.sharePpm
  const actualPpm = allTaken === 0 ? 0 : ppmOf(takenOf(candidate, rules), allTaken)
  const gapPpm = targetPpm === null ? 0 : targetPpm - actualPpm
  const isHabit = wish.payer.lastUsed === name
  return {
    name,
    method,
    tier,
    isDoubtful: isRecovering && !isTrial,
    isRecovering,
    points: effects.points.get(name) ?? 0,
    isPreferred: wish.payer.preferred === name,
    behindPpm: Math.abs(gapPpm) <= rules.shareTolerancePpm ? 0 : gapPpm,
    share: targetPpm === null ? null : { targetPpm, actualPpm },
    costFen,
    expectedPpm:
      ppmOf(costFen, wish.amountFen) +
      Math.round((failurePpmOf(health) * rules.failureCostPpm) / WHOLE_PPM) +
      (isSlow(health) ? rules.slownessPpm : 0) -
      (isHabit ? rules.habitPpm : 0),
    health,
    order,
  }
}

const WHOLE_PPM = 1_000_000

const shareIn = (shares: Readonly<Record<string, number>>, name: string): number | null =>
  Object.hasOwn(shares, name) ? (shares[name] ?? null) : null

/** A ratio, not money: it may pass 2^53 in between and still orders as it should. */
const ppmOf = (part: number, whole: number) => Math.round((part / whole) * WHOLE_PPM)

const takenOf = ({ taken }: Candidate, { shareBy }: Rules) =>
  shareBy === 'amount' ? taken.windowFen : taken.windowCount

const totalOf = (candidates: readonly Candidate[], rules: Rules) =>
  candidates.reduce((sum, candidate) => sum + takenOf(candidate, rules), 0)

// A few calls say little, so as many are added to them as if the channel were an ordinary one.
const PRIOR_CALLS = 20
const PRIOR_FAILURE_PPM = 5_000

function failurePpmOf(health: ChannelHealth | undefined): number {
  const charges = health?.charges ?? 0
  const failures = charges - (health?.chargesAnswered ?? 0)
  return Math.round(
    (failures * WHOLE_PPM + PRIOR_CALLS * PRIOR_FAILURE_PPM) / (charges + PRIOR_CALLS),
  )
}

const SLOW_MS = 500
const ENOUGH_CALLS = 20

const isSlow = (health: ChannelHealth | undefined): boolean =>
  health !== undefined && health.calls >= ENOUGH_CALLS && (health.p99Ms ?? 0) > SLOW_MS

type NoMethod = 'method_off' | 'device_missing'

const isMethod = (found: PayMethod | NoMethod): found is PayMethod =>
  found !== 'method_off' && found !== 'device_missing'

function methodOf(
  { name, methods, connectedMethods }: Candidate,
  wish: Wish,
): PayMethod | NoMethod {
  let isThere = false
  for (const method of methods) {
    if (wish.method !== null && method !== wish.method) continue
    if (connectedMethods !== null && !connectedMethods.includes(method)) continue
    isThere = true
    if (fitsDevices(method, name, wish.payer.devices)) return method
  }
  return isThere ? 'device_missing' : 'method_off'
}

/** Null when it can take the payment. What the hospital has switched off is said before what happens to be so. */
function rejectionOf(
  candidate: Candidate,
  { amountFen, scene, department }: Wish,
  method: PayMethod | NoMethod,
  { required, excluded }: Effects,
  health: ChannelHealth | undefined,
): Rejection | null {
  const { name, departments, paymentLimitFen, dayLimitFen, taken } = candidate
  if (!candidate.enabled) return { code: 'disabled', params: {} }
  if (!candidate.tier) return { code: 'not_admitted', params: {} }
  if (candidate.connectedMethods === null) return { code: 'not_connected', params: {} }
  if (!candidate.scenes.includes(scene)) return { code: 'scene_off', params: { scene } }
  if (departments && (department === null || !departments.includes(department))) {
    return { code: 'department_off', params: { department: department ?? '' } }
  }
  if (!isMethod(method)) return { code: method, params: {} }
  if (paymentLimitFen !== null && amountFen > paymentLimitFen) {
    return { code: 'over_payment_limit', params: { limitFen: paymentLimitFen } }
  }
  if (dayLimitFen !== null && taken.todayFen + amountFen > dayLimitFen) {
    const params = { limitFen: dayLimitFen, takenFen: taken.todayFen }
    return { code: 'over_day_limit', params }
  }
  const excluding = excluded.get(name)
  if (excluding) return { code: 'rule_excludes', params: excluding }
  const passing = required.find(({ channels }) => !channels.includes(name))
  if (passing) return { code: 'not_required', params: passing.params }
  if (health?.state === 'open') {
    return { code: 'down', params: { retryAt: health.retryAt?.toISOString() ?? '' } }
  }
  return null
}

function ranked(
  offers: Offer[],
  candidates: readonly Candidate[],
  wish: Wish,
  effects: Effects,
): Choice[] {
  const cheapest = offers.length > 1 ? Math.min(...offers.map(({ costFen }) => costFen)) : null
  const surest = mostReliable(offers)
  const standIns = candidates.filter(({ tier, enabled }) => tier === 'core' && enabled)
  const absent = standIns.map(({ name }) => name).join(', ')
  return offers.sort(inOrder).map((offer, i) => ({
    channel: offer.name,
    method: offer.method,
    tier: offer.tier,
    costFen: offer.costFen,
    reasons: reasonsOf(offer, { wish, effects, cheapest, surest, absent, position: i + 1 }),
  }))
}

const TIER_RANK: Record<Tier, number> = { core: 0, auxiliary: 1, backup: 2 }

const inOrder = (a: Offer, b: Offer): number =>
  Number(a.isDoubtful) - Number(b.isDoubtful) ||
  b.points - a.points ||
  Number(b.isPreferred) - Number(a.isPreferred) ||
  b.behindPpm - a.behindPpm ||
  TIER_RANK[a.tier] - TIER_RANK[b.tier] ||
  a.expectedPpm - b.expectedPpm ||
  a.order - b.order ||
  (a.name < b.name ? -1 : 1)

/** The one with the fewest failures of those that were asked often enough; null where no one stands out. */
function mostReliable(offers: readonly Offer[]): Offer | null {
  const asked = offers.filter(({ health }) => (health?.charges ?? 0) >= ENOUGH_CALLS)
  if (asked.length < 2) return null
  const failures = asked.map(({ health }) => failurePpmOf(health))
  const least = Math.min(...failures)
  const best = asked.filter((_, i) => failures[i] === least)
  return best.length === 1 ? (best[0] ?? null) : null
}

type Beside = {
  wish: Wish
  effects: Effects
  cheapest: number | null
  surest: Offer | null
  absent: string
  position: number
}

function reasonsOf(
  offer: Offer,
  { wish, effects, cheapest, surest, absent, position }: Beside,
): ChoiceReason[] {
  const { name, share, costFen, health } = offer
  const reasons: ChoiceReason[] = []
  for (const { params } of effects.required) reasons.push({ code: 'rule_requires', params })
  for (const params of effects.preferredBy.get(name) ?? []) {
    reasons.push({ code: 'rule_prefers', params })
  }
  if (offer.isPreferred) reasons.push({ code: 'preferred_by_payer', params: {} })
  if (share && offer.behindPpm > 0) reasons.push({ code: 'contract_share', params: share })
  if (offer.tier === 'backup') reasons.push({ code: 'backup_awake', params: { channels: absent } })
  if (offer.isRecovering) reasons.push({ code: 'recovering', params: {} })
  if (wish.payer.lastUsed === name) reasons.push({ code: 'used_last_time', params: {} })
  if (surest === offer && health) {
    const successPpm = ppmOf(health.chargesAnswered, health.charges)
    reasons.push({ code: 'most_reliable', params: { successPpm, calls: health.charges } })
  }
  if (costFen === cheapest) reasons.push({ code: 'cheapest', params: { costFen } })
  if (reasons.length === 0) reasons.push({ code: 'in_order', params: { position } })
  return reasons
}

// Of a hundred payments, so many try a channel that was down. By the payment's own number, so that it stays one of them.
const TRIALS_OF_100 = 5

function isOneOfAFew(paymentId: string | null): boolean {
  if (paymentId === null) return false
  let hash = 0x811c9dc5
  for (let i = 0; i < paymentId.length; i++) {
    hash = Math.imul(hash ^ paymentId.charCodeAt(i), 0x01000193)
  }
  return (hash >>> 0) % 100 < TRIALS_OF_100
}
