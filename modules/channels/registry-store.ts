import type { Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { ChannelTerms, RegisteredChannel, Tier } from './channel.ts'
import type { Rules } from './rules.ts'
import type { ChannelTables } from './tables.ts'

// Which channels a hospital has, and its rules: the one place that reads or writes these tables.

const tables = (tx: Tx) => tx.withTables<ChannelTables>()

/** More than a hospital can have a use for; each payment looks at all of them. */
export const MOST_CHANNELS = 100

export async function listChannels(tx: Tx, hospitalId: HospitalId): Promise<RegisteredChannel[]> {
  const rows = await tables(tx)
    .selectFrom('channels.channel')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .orderBy('position')
    .orderBy('name')
    .limit(MOST_CHANNELS)
    .execute()
  return rows.map(toChannel)
}

/** The same, locked until the transaction ends, so that two changes of what must add up take turns. */
export async function lockChannels(tx: Tx, hospitalId: HospitalId): Promise<RegisteredChannel[]> {
  const rows = await tables(tx)
    .selectFrom('channels.channel')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .orderBy('name')
    .forUpdate()
    .execute()
  return rows.map(toChannel)
}

export async function findChannel(
  tx: Tx,
  hospitalId: HospitalId,
  name: string,
): Promise<RegisteredChannel | null> {
  const row = await tables(tx)
    .selectFrom('channels.channel')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('name', '=', name)
    .executeTakeFirst()
  return row ? toChannel(row) : null
}

/** Adds the channel, without a tier, or changes its terms; its tier stays. */
export async function upsertChannel(
  tx: Tx,
  hospitalId: HospitalId,
  name: string,
  terms: ChannelTerms,
  now: Date,
): Promise<void> {
  const facts = {
    title_zh: terms.title.zh,
    title_en: terms.title.en,
    methods: [...terms.methods],
    scenes: [...terms.scenes],
    departments: terms.departments && [...terms.departments],
    payment_limit_fen: terms.paymentLimitFen,
    day_limit_fen: terms.dayLimitFen,
    fee_ppm: terms.feePpm,
    fee_fixed_fen: terms.feeFixedFen,
    settlement_days: terms.settlementDays,
    share_ppm: terms.sharePpm,
    enabled: terms.enabled,
    position: terms.order,
    updated_at: now,
  }
  await tables(tx)
    .insertInto('channels.channel')
    .values({ hospital_id: hospitalId, name, tier: null, created_at: now, ...facts })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'name']).doUpdateSet(facts))
    .execute()
}

export async function setTier(
  tx: Tx,
  hospitalId: HospitalId,
  name: string,
  tier: Tier | null,
  now: Date,
): Promise<void> {
  await tables(tx)
    .updateTable('channels.channel')
    .set({ tier, updated_at: now })
    .where('hospital_id', '=', hospitalId)
    .where('name', '=', name)
    .execute()
}

export async function deleteChannel(tx: Tx, hospitalId: HospitalId, name: string): Promise<void> {
  await tables(tx)
    .deleteFrom('channels.channel')
    .where('hospital_id', '=', hospitalId)
    .where('name', '=', name)
    .execute()
}

export type KeptRules = {
  version: number
  rules: Rules
  updatedBy: string | null
  updatedAt: Date | null
}

export async function findRules(tx: Tx, hospitalId: HospitalId): Promise<KeptRules | null> {
  const row = await tables(tx)
    .selectFrom('channels.rule_set')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .executeTakeFirst()
  if (!row) return null
  return {
    version: row.version,
    rules: row.rules,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at,
  }
}

/** False when the rules are not of the version any more that these were made from; 0 for none. */
export async function replaceRules(
  tx: Tx,
  hospitalId: HospitalId,
  from: number,
  rules: Rules,
  by: { name: string; at: Date },
): Promise<boolean> {
  const text = JSON.stringify(rules)
  const changes = { version: from + 1, rules: text, updated_by: by.name, updated_at: by.at }
  const result =
    from === 0
      ? await tables(tx)
          .insertInto('channels.rule_set')
          .values({ hospital_id: hospitalId, ...changes })
          .onConflict((conflict) => conflict.column('hospital_id').doNothing())
          .executeTakeFirst()
      : await tables(tx)
          .updateTable('channels.rule_set')
          .set(changes)
          .where('hospital_id', '=', hospitalId)
          .where('version', '=', from)
          .executeTakeFirst()
  const changed =
    'numUpdatedRows' in result ? result.numUpdatedRows : (result.numInsertedOrUpdatedRows ?? 0n)
  return changed === 1n
}

const toChannel = (row: Selectable<ChannelTables['channels.channel']>): RegisteredChannel => ({
  name: row.name,
  title: { zh: row.title_zh, en: row.title_en },
  tier: row.tier,
  methods: row.methods,
  scenes: row.scenes,
  departments: row.departments,
  paymentLimitFen: row.payment_limit_fen,
  dayLimitFen: row.day_limit_fen,
  feePpm: row.fee_ppm,
  feeFixedFen: row.fee_fixed_fen,
  settlementDays: row.settlement_days,
  sharePpm: row.share_ppm,
  enabled: row.enabled,
  order: row.position,
})
