import type { Id } from '../../kernel/id.ts'
import { addFen, type Fen, fen, shareFen } from '../../kernel/money.ts'
import { addDays, type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import type { ChannelTerms, Tier } from './channel.ts'
import {
  addCounts,
  availabilityPpm,
  callsOf,
  type Counts,
  noCounts,
  percentileMs,
} from './counts.ts'
import { type ListFacts, totalOfLists } from './lists.ts'
import { isOnline, type Operation } from './operation.ts'

export type ReportId = Id<'ChannelReport'>
export type TierChangeId = Id<'TierChange'>

/** 支付业务许可证、合作协议、安全测评、个人信息保护协议. */
export const DOCUMENT_KINDS = [
  'payment_licence',
  'agreement',
  'security_assessment',
  'data_protection',
] as const

export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

export type ChannelDocument = {
  kind: DocumentKind
  /** Its number, or where it is kept. */
  reference: string
  /** The last day; null: without end. */
  validUntil: BusinessDate | null
  note: string
  enteredBy: string
  enteredAt: Date
}

export const DIMENSIONS = ['compliance', 'technology', 'service', 'cost'] as const

export const VERDICTS = ['passed', 'failed', 'not_measured'] as const

export type Verdict = (typeof VERDICTS)[number]

/** One measure: what it is, what was found, and whether that is good enough. */
export type Finding = {
  code: FindingCode
  params: Record<string, string | number>
  verdict: Verdict
}

export const FINDING_CODES = [
  'document_valid', // kind, validUntil
  'document_missing', // kind
  'document_expired', // kind, validUntil
  'response_time', // p99Ms, mostMs, calls
  'availability', // availabilityPpm, leastPpm, calls
  'call_errors', // errorsPpm, belowPpm, calls
  'list_errors', // errorsPpm, belowPpm, rows
  'settlement', // slowestDays, mostDays, lateDays, days
  'fee', // feePpm, mostPpm, amountFen
] as const

export type FindingCode = (typeof FINDING_CODES)[number]

export type Dimension = {
  name: (typeof DIMENSIONS)[number]
  verdict: Verdict
  /** 0 to 100; null where nothing was measured. */
  score: number | null
  findings: Finding[]
}

/** What a channel is examined by. Parts per million, days, milliseconds. */
const STANDARDS = {
  mostP99Ms: 500,
  leastAvailabilityPpm: 999_000,
  errorsBelowPpm: 1_000,
  mostSettlementDays: 2,
  mostFeePpm: 6_000,
  /** Of a usual payment, so that a fixed fee can be compared with a share. */
  usualAmountFen: fen(20_000),
  /** Fewer calls, or rows, say nothing about one in a thousand. */
  enoughCalls: 1_000,
} as const

export type Evidence = {
  terms: ChannelTerms
  documents: readonly ChannelDocument[]
  totals: readonly { operation: Operation; counts: Counts }[]
  /** Null when nobody can tell. */
  lists: ListFacts | null
  today: BusinessDate
}

export type Assessment = { dimensions: Dimension[]; score: number; eligibleTier: Tier | null }

/**
 * Examines a channel in four dimensions: is it allowed, does it work, is it right, what does it cost. Pure.
 *
 * core: all four passed. auxiliary: nothing failed, but not all could be measured, as of a new channel. backup: allowed, and
 * something else failed. None without its documents. Source: admission by four dimensions, D.
 */
export function assess(evidence: Evidence): Assessment {
  const dimensions = [
    dimensionOf('compliance', complianceOf(evidence), scoreOfShare),
    dimensionOf('technology', technologyOf(evidence), scoreOfShare),
    dimensionOf('service', serviceOf(evidence), scoreOfShare),
    dimensionOf('cost', [feeOf(evidence)], () => feeScore(usualFeePpm(evidence.terms))),
  ]
  const scores = dimensions.flatMap(({ score }) => (score === null ? [] : [score]))
  const score = Math.round(scores.reduce((sum, s) => sum + s, 0) / Math.max(1, scores.length))
  return { dimensions, score, eligibleTier: eligibleTierOf(dimensions) }
}

function eligibleTierOf(dimensions: readonly Dimension[]): Tier | null {
  const verdictOf = (name: Dimension['name']) =>
    dimensions.find((dimension) => dimension.name === name)?.verdict
  if (verdictOf('compliance') !== 'passed') return null
  if (dimensions.every(({ verdict }) => verdict === 'passed')) return 'core'
  return dimensions.some(({ verdict }) => verdict === 'failed') ? 'backup' : 'auxiliary'
}

function dimensionOf(
  name: Dimension['name'],
  findings: Finding[],
  scoreOf: (findings: readonly Finding[]) => number | null,
): Dimension {
  const verdicts = findings.map(({ verdict }) => verdict)
  const verdict = verdicts.includes('failed')
    ? 'failed'
    : verdicts.includes('not_measured')
      ? 'not_measured'
      : 'passed'
  return { name, verdict, score: scoreOf(findings), findings }
}

/** How many of the measures that were taken are good enough. */
function scoreOfShare(findings: readonly Finding[]): number | null {
  const measured = findings.filter(({ verdict }) => verdict !== 'not_measured')
  if (measured.length === 0) return null
  const passed = measured.filter(({ verdict }) => verdict === 'passed')
  return Math.round((passed.length * 100) / measured.length)
}

/** 100 for nothing, 60 at the limit, and nothing from two and a half times the limit on. */
const feeScore = (feePpm: number): number =>
  Math.max(0, Math.round(100 - (40 * feePpm) / STANDARDS.mostFeePpm))

const complianceOf = ({ documents, today }: Evidence): Finding[] =>
  DOCUMENT_KINDS.map((kind) => {
    const document = documents.find((known) => known.kind === kind)
    if (!document) return { code: 'document_missing', params: { kind }, verdict: 'failed' }
    const params = { kind, validUntil: document.validUntil ?? '' }
    return document.validUntil !== null && document.validUntil < today
      ? { code: 'document_expired', params, verdict: 'failed' }
      : { code: 'document_valid', params, verdict: 'passed' }
  })

function technologyOf({ totals }: Evidence): Finding[] {
  const { mostP99Ms: mostMs, leastAvailabilityPpm: leastPpm, enoughCalls } = STANDARDS
  const online = sumOf(totals.filter(({ operation }) => isOnline(operation)))
  const calls = callsOf(online)
  const p99Ms = percentileMs(online, 99) ?? 0
  const availability = availabilityPpm(online) ?? 0
  const verdict = (isGood: boolean) => verdictOf(calls >= enoughCalls, isGood)
  return [
    { code: 'response_time', params: { p99Ms, mostMs, calls }, verdict: verdict(p99Ms <= mostMs) },
    {
      code: 'availability',
      params: { availabilityPpm: availability, leastPpm, calls },
      verdict: verdict(availability >= leastPpm),
    },
  ]
}

function serviceOf({ totals, lists }: Evidence): Finding[] {
  const { errorsBelowPpm: belowPpm, mostSettlementDays: mostDays, enoughCalls } = STANDARDS
  const all = sumOf(totals)
  const calls = callsOf(all)
  const callErrorsPpm = ppm(all.failed, calls)
  const { rows, differences } = totalOfLists(lists?.comparisons ?? [])
  const listErrorsPpm = ppm(differences, rows)
  const waits = (lists?.arrivals ?? []).map(daysWaited)
  const slowestDays = Math.max(0, ...waits)
  const lateDays = waits.filter((days) => days > mostDays).length
  return [
    {
      code: 'call_errors',
      params: { errorsPpm: callErrorsPpm, belowPpm, calls },
      verdict: verdictOf(calls >= enoughCalls, callErrorsPpm < belowPpm),
    },
    {
      code: 'list_errors',
      params: { errorsPpm: listErrorsPpm, belowPpm, rows },
      verdict: verdictOf(rows >= enoughCalls, listErrorsPpm < belowPpm),
    },
    {
      code: 'settlement',
      params: { slowestDays, mostDays, lateDays, days: waits.length },
      verdict: verdictOf(waits.length > 0, lateDays === 0),
    },
  ]
}

function feeOf({ terms }: Evidence): Finding {
  const { mostFeePpm: mostPpm, usualAmountFen: amountFen } = STANDARDS
  const feePpm = usualFeePpm(terms)
  return {
    code: 'fee',
    params: { feePpm, mostPpm, amountFen },
    verdict: verdictOf(true, feePpm <= mostPpm),
  }
}

/** Of a usual payment, the fixed part with it. */
function usualFeePpm({ feePpm, feeFixedFen }: ChannelTerms): number {
  const { usualAmountFen } = STANDARDS
  const fee: Fen = addFen(feeFixedFen, shareFen(usualAmountFen, feePpm))
  return ppm(fee, usualAmountFen)
}

const verdictOf = (isMeasured: boolean, isGood: boolean): Verdict =>
  isMeasured ? (isGood ? 'passed' : 'failed') : 'not_measured'

/** Rounded up: one in a thousand is not below 0.1 %, and 0 is none at all. */
const ppm = (part: number, whole: number) =>
  whole === 0 ? 0 : Math.ceil((part * 1_000_000) / whole)

function sumOf(totals: Evidence['totals']): Counts {
  const sum = noCounts()
  for (const { counts } of totals) addCounts(sum, counts)
  return sum
}

/** T+0 is the day itself. */
function daysWaited({ businessDate, receivedAt }: ListFacts['arrivals'][number]): number {
  const received = businessDateOf(receivedAt)
  let days = 0
  while (addDays(businessDate, days) < received && days < MOST_DAYS) days++
  return days
}

const MOST_DAYS = 60
