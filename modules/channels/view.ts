import type Type from 'typebox'

import { addMs } from '../../kernel/time.ts'
import type { Report, TierChange } from './admission-store.ts'
import type { ChannelDocument } from './admission.ts'
import { type Alert, ANSWER_WITHIN_MS, isOverdue } from './alert.ts'
import type { ChannelHealth } from './channel-health.ts'
import type { ChannelTerms, RegisteredChannel } from './channel.ts'
import type { Choices } from './choose.ts'
import { availabilityPpm, callsOf, type Counts, percentileMs } from './counts.ts'
import type { KeptRules } from './registry-store.ts'
import type { ChoicesView, RulesView } from './rule-schemas.ts'
import type { Rules } from './rules.ts'
import type {
  AlertView,
  ChannelView,
  DocumentView,
  HealthPointView,
  ReportView,
  TierChangeView,
} from './schemas.ts'

// What the routes of channels give, made of what the module knows.

const iso = (at: Date) => at.toISOString()
const isoOrNull = (at: Date | null) => at && at.toISOString()

/** Of a channel that nobody has used yet. */
const UNUSED: ChannelHealth = {
  state: 'closed',
  openedAt: null,
  retryAt: null,
  calls: 0,
  answered: 0,
  declined: 0,
  unknown: 0,
  failed: 0,
  availabilityPpm: null,
  charges: 0,
  chargesAnswered: 0,
  chargesDeclined: 0,
  p50Ms: null,
  p99Ms: null,
}

type Beside = Pick<Type.Static<typeof ChannelView>, 'isConnected' | 'connectedMethods' | 'taken'>

/** `beside`: what is known of the channel elsewhere, its connection and the books. */
export function viewOfChannel(
  { methods, scenes, departments, ...channel }: RegisteredChannel,
  health: ChannelHealth = UNUSED,
  beside: Beside,
): Type.Static<typeof ChannelView> {
  const { openedAt, retryAt, ...figures } = health
  return {
    ...channel,
    methods: [...methods],
    scenes: [...scenes],
    departments: departments && [...departments],
    ...beside,
    health: { ...figures, openedAt: isoOrNull(openedAt), retryAt: isoOrNull(retryAt) },
  }
}

export const viewOfPoint = ({
  at,
  counts,
}: {
  at: Date
  counts: Counts
}): Type.Static<typeof HealthPointView> => ({
  at: iso(at),
  calls: callsOf(counts),
  answered: counts.answered,
  declined: counts.declined,
  unknown: counts.unknown,
  failed: counts.failed,
  availabilityPpm: availabilityPpm(counts),
  p50Ms: percentileMs(counts, 50),
  p99Ms: percentileMs(counts, 99),
})

export const viewOfDocument = (document: ChannelDocument): Type.Static<typeof DocumentView> => ({
  ...document,
  enteredAt: iso(document.enteredAt),
})

export const viewOfReport = (report: Report): Type.Static<typeof ReportView> => ({
  ...report,
  measuredFrom: iso(report.measuredFrom),
  measuredTo: iso(report.measuredTo),
  madeAt: iso(report.madeAt),
})

export const viewOfTierChange = (change: TierChange): Type.Static<typeof TierChangeView> => ({
  ...change,
  changedAt: iso(change.changedAt),
})

export function viewOfAlert(alert: Alert, now: Date): Type.Static<typeof AlertView> {
  const { overdueAt: _, ...rest } = alert
  return {
    ...rest,
    openedAt: iso(alert.openedAt),
    seenAt: iso(alert.seenAt),
    closedAt: isoOrNull(alert.closedAt),
    acknowledgedAt: isoOrNull(alert.acknowledgedAt),
    answerBy: iso(addMs(alert.openedAt, ANSWER_WITHIN_MS)),
    isOverdue: isOverdue(alert, now),
  }
}

export const viewOfRules = (kept: KeptRules): Type.Static<typeof RulesView> => ({
  ...kept,
  rules: kept.rules as unknown as Type.Static<typeof RulesView>['rules'],
  updatedAt: isoOrNull(kept.updatedAt),
})

export const viewOfChoices = ({ ranked, rejected }: Choices): Type.Static<typeof ChoicesView> => ({
  ranked,
  rejected,
})

/** The schema has seen to the shape; fen and lists are branded and read-only in the module's own words. */
export const rulesOf = (body: object): Rules => body as Rules
export const termsOf = (body: object): ChannelTerms => body as ChannelTerms
