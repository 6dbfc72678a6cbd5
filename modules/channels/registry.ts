import type { HospitalId } from '../../kernel/id.ts'
import { addDays, addMs, businessDateOf, DAY_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import {
  deleteDocument,
  insertReport,
  insertTierChange,
  listDocuments,
  listReports,
  type Report,
  type TierChange,
  upsertDocument,
} from './admission-store.ts'
import { assess, type ChannelDocument, type DocumentKind } from './admission.ts'
import {
  type ChannelTerms,
  type RegisteredChannel,
  RESERVED_NAMES,
  type Tier,
  TIERS,
} from './channel.ts'
import { problemsOfRules } from './check-rules.ts'
import type { ChannelsDependencies } from './dependencies.ts'
import { channelErrors } from './errors.ts'
import { healthTotals } from './health-store.ts'
import {
  deleteChannel,
  findChannel,
  listChannels,
  lockChannels,
  MOST_CHANNELS,
  replaceRules,
  setTier,
  upsertChannel,
} from './registry-store.ts'
import type { Rules } from './rules.ts'

/** A report measures the thirty days before it. */
const REPORT_DAYS = 30

const WHOLE_PPM = 1_000_000

/** Which channels a hospital has and on which terms, by which rules one is chosen, and who was admitted. */
export function createRegistry(deps: ChannelsDependencies, forget: (id: HospitalId) => void) {
  return {
    save: changing(deps, forget, save),
    remove: changing(deps, forget, remove),
    saveRules: changing(deps, forget, saveRules),
    saveDocument: changing(deps, forget, saveDocument),
    removeDocument: changing(deps, forget, removeDocument),
    grantTier: changing(deps, forget, grantTier),
    makeReport: (hospitalId: HospitalId, name: string, actor: Actor) =>
      makeReport(deps, hospitalId, name, actor),
  }
}

type Change<Args extends unknown[], Result> = (
  deps: ChannelsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  ...args: Args
) => Promise<Result>

/** One transaction of the hospital, after which this process reads its registry anew. */
const changing =
  <Args extends unknown[], Result>(
    deps: ChannelsDependencies,
    forget: (id: HospitalId) => void,
    change: Change<Args, Result>,
  ) =>
  async (hospitalId: HospitalId, ...args: Args): Promise<Result> => {
    const result = await inHospital(deps.db, hospitalId, (tx) =>
      change(deps, tx, hospitalId, ...args),
    )
    forget(hospitalId)
    return result
  }

const channelSubject = (name: string) => `channel:${name}`

async function save(
  { clock, audit }: ChannelsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  name: string,
  terms: ChannelTerms,
  actor: Actor,
): Promise<RegisteredChannel> {
  checkTerms(name, terms)
  const others = (await lockChannels(tx, hospitalId)).filter((known) => known.name !== name)
  if (others.length >= MOST_CHANNELS) throw channelErrors.too_many_channels({ most: MOST_CHANNELS })
  const sharePpm = [terms, ...others].reduce((sum, known) => sum + (known.sharePpm ?? 0), 0)
  if (sharePpm > WHOLE_PPM) throw channelErrors.shares_over_whole({ sharePpm })
  await upsertChannel(tx, hospitalId, name, terms, clock.now())
  const { enabled, feePpm, feeFixedFen, sharePpm: share, paymentLimitFen, dayLimitFen } = terms
  await audit(tx, hospitalId, actor, {
    action: 'channels.save',
    subject: channelSubject(name),
    detail: {
      enabled,
      feePpm,
      feeFixedFen,
      sharePpm: share,
      paymentLimitFen,
      dayLimitFen,
      methods: terms.methods.join(','),
      scenes: terms.scenes.join(','),
      departments: terms.departments?.join(',') ?? null,
    },
  })
  return there(tx, hospitalId, name)
}

function checkTerms(name: string, terms: ChannelTerms): void {
  if (RESERVED_NAMES.includes(name)) throw channelErrors.channel_name_reserved({ channel: name })
  const { methods, scenes, departments, paymentLimitFen, dayLimitFen } = terms
  for (const [field, list] of Object.entries({ methods, scenes, departments })) {
    if (new Set(list).size !== (list?.length ?? 0))
      throw channelErrors.list_has_duplicates({ field })
  }
  if (paymentLimitFen !== null && dayLimitFen !== null && dayLimitFen < paymentLimitFen) {
    throw channelErrors.day_limit_too_low({ dayLimitFen, paymentLimitFen })
  }
}

/** A channel that is on is switched off first, so that nobody takes away by mistake what people pay by. */
async function remove(
  { audit }: ChannelsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  name: string,
  actor: Actor,
): Promise<void> {
  const channel = await there(tx, hospitalId, name)
  if (channel.enabled) throw channelErrors.channel_enabled({ channel: name })
  await deleteChannel(tx, hospitalId, name)
  await audit(tx, hospitalId, actor, { action: 'channels.remove', subject: channelSubject(name) })
}

async function there(tx: Tx, hospitalId: HospitalId, name: string): Promise<RegisteredChannel> {
  const channel = await findChannel(tx, hospitalId, name)
  if (!channel) throw channelErrors.channel_not_found({ channel: name })
  return channel
}

/** Puts the rules in place of those of the version that they were made from. Returns their own version. */
async function saveRules(
  { clock, audit }: ChannelsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  rules: Rules,
  from: number,
  actor: Actor,
): Promise<number> {
  const channels = new Set((await listChannels(tx, hospitalId)).map(({ name }) => name))
  const [problem] = problemsOfRules(rules, channels)
  if (problem) throw channelErrors.rules_invalid(problem)
  const by = { name: actor.name, at: clock.now() }
  if (!(await replaceRules(tx, hospitalId, from, rules, by))) {
    throw channelErrors.rules_changed({ version: from })
  }
  const version = from + 1
  const detail = { version, rules: JSON.stringify(rules) }
  await audit(tx, hospitalId, actor, {
    action: 'channels.save_rules',
    subject: 'channels:rules',
    detail,
  })
  return version
}

async function saveDocument(
  { clock, audit }: ChannelsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  name: string,
  paper: Pick<ChannelDocument, 'kind' | 'reference' | 'validUntil' | 'note'>,
  actor: Actor,
): Promise<ChannelDocument> {
  await there(tx, hospitalId, name)
  const document = { ...paper, enteredBy: actor.name, enteredAt: clock.now() }
  await upsertDocument(tx, hospitalId, name, document)
  const { kind, reference, validUntil } = paper
  await audit(tx, hospitalId, actor, {
    action: 'channels.save_document',
    subject: channelSubject(name),
    detail: { kind, reference, validUntil },
  })
  return document
}

async function removeDocument(
  { audit }: ChannelsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  name: string,
  kind: DocumentKind,
  actor: Actor,
): Promise<void> {
  await there(tx, hospitalId, name)
  const wasThere = await deleteDocument(tx, hospitalId, name, kind)
  if (!wasThere) throw channelErrors.document_not_found({ channel: name, kind })
  await audit(tx, hospitalId, actor, {
    action: 'channels.remove_document',
    subject: channelSubject(name),
    detail: { kind },
  })
}

/** What is measured of a channel, held against the standards; written down with its date. It changes no tier. */
async function makeReport(
  { db, clock, newId, audit, listsOf }: ChannelsDependencies,
  hospitalId: HospitalId,
  name: string,
  actor: Actor,
): Promise<Report> {
  const now = clock.now()
  const from = addMs(now, -REPORT_DAYS * DAY_MS)
  const today = businessDateOf(now)
  const lists =
    (await listsOf?.(hospitalId, name, businessDateOf(from), addDays(today, -1))) ?? null
  return inHospital(db, hospitalId, async (tx) => {
    const terms = await there(tx, hospitalId, name)
    const documents = await listDocuments(tx, hospitalId, name)
    const totals = await healthTotals(tx, hospitalId, { channel: name, from, to: now })
    const assessment = assess({ terms, documents, totals, lists, today })
    const report: Report = {
      ...assessment,
      id: newId<'ChannelReport'>(),
      channel: name,
      measuredFrom: from,
      measuredTo: now,
      madeBy: actor.name,
      madeAt: now,
    }
    await insertReport(tx, hospitalId, report)
    const { id: reportId, score, eligibleTier } = report
    await audit(tx, hospitalId, actor, {
      action: 'channels.report',
      subject: channelSubject(name),
      detail: { reportId, score, eligibleTier },
    })
    return report
  })
}

export type TierGrant = {
  /** Null withdraws what the channel has. */
  tier: Tier | null
  reason: string
  /** More than the newest report allows is granted only when that is said. */
  byException: boolean
}

const rankOf = (tier: Tier | null) => (tier === null ? TIERS.length : TIERS.indexOf(tier))

async function grantTier(
  { clock, newId, audit }: ChannelsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  name: string,
  { tier, reason, byException }: TierGrant,
  actor: Actor,
): Promise<TierChange> {
  await there(tx, hospitalId, name)
  const [newest] = await listReports(tx, hospitalId, name, { limit: 1 })
  const eligible = newest?.eligibleTier ?? null
  const isEarned = rankOf(tier) >= rankOf(eligible)
  if (!isEarned && !byException) {
    throw channelErrors.tier_not_earned({
      channel: name,
      tier: tier ?? 'none',
      eligible: eligible ?? 'none',
    })
  }
  const change: TierChange = {
    id: newId<'TierChange'>(),
    channel: name,
    tier,
    reason,
    reportId: newest?.id ?? null,
    byException: !isEarned,
    changedBy: actor.name,
    changedAt: clock.now(),
  }
  await setTier(tx, hospitalId, name, tier, change.changedAt)
  await insertTierChange(tx, hospitalId, change)
  await audit(tx, hospitalId, actor, {
    action: 'channels.grant_tier',
    subject: channelSubject(name),
    detail: { tier, reason, byException: change.byException },
  })
  return change
}
