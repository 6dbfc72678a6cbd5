import type { Selectable } from 'kysely'

import type { Id } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Decision, Ending, Link, LinkId, PersonId } from './link.ts'
import type { FamilyTables } from './tables.ts'

// The one place that reads and writes the tables of the schema "family".

type LinkRow = Selectable<FamilyTables['family.link']>
export type ConsentText = Selectable<FamilyTables['family.consent_text']>

/** More than anybody may have that still stands or waits. */
const MOST_OPEN = 50

const tables = (db: Db | Tx) => db.withTables<FamilyTables>()

export async function textInForce(db: Db | Tx, now: Date): Promise<ConsentText | null> {
  const row = await tables(db)
    .selectFrom('family.consent_text')
    .selectAll()
    .where('from_at', '<=', now)
    .orderBy('from_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** Locks what a carer has until the end of the transaction: nobody asks twice at once. */
export async function openLinksOfCarer(tx: Tx, carers: readonly PersonId[]): Promise<Link[]> {
  const rows = await tables(tx)
    .selectFrom('family.link')
    .selectAll()
    .where('person_id', 'in', carers)
    .where('ended_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(MOST_OPEN)
    .forUpdate()
    .execute()
  return rows.map(toLink)
}

export async function openLinksOfMember(
  db: Db | Tx,
  members: readonly PersonId[],
): Promise<Link[]> {
  const rows = await tables(db)
    .selectFrom('family.link')
    .selectAll()
    .where('member_id', 'in', members)
    .where('ended_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(MOST_OPEN)
    .execute()
  return rows.map(toLink)
}

/** What one of these carers may do for one of these members, ended links left out. */
export async function linksBetween(
  db: Db,
  carers: readonly PersonId[],
  members: readonly PersonId[],
): Promise<Link[]> {
  const rows = await tables(db)
    .selectFrom('family.link')
    .selectAll()
    .where('person_id', 'in', carers)
    .where('member_id', 'in', members)
    .where('ended_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(MOST_OPEN)
    .execute()
  return rows.map(toLink)
}

type Page = { after: LinkId | undefined; limit: number }

/** The newest first, after one by its id. `as`: whose the people are, those who act or those who are acted for. */
export async function listLinks(
  db: Db,
  { as, people }: { as: 'carer' | 'member'; people: readonly PersonId[] },
  { after, limit }: Page,
): Promise<Link[]> {
  const rows = await tables(db)
    .selectFrom('family.link')
    .selectAll()
    .where(as === 'carer' ? 'person_id' : 'member_id', 'in', people)
    .$if(after !== undefined, (query) => query.where('id', '<', after as LinkId))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toLink)
}

/** Locked until the end of the transaction; null where there is none with this id. Whose it is, is looked up first. */
export async function lockLink(tx: Tx, id: LinkId): Promise<Link | null> {
  const links = tables(tx).selectFrom('family.link').where('id', '=', id)
  const found = await links.select('person_id').executeTakeFirst()
  if (!found) return null
  const row = await links
    .selectAll()
    .where('person_id', '=', found.person_id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return toLink(row)
}

export async function insertLink(tx: Tx, link: Link): Promise<void> {
  await tables(tx)
    .insertInto('family.link')
    .values({
      person_id: link.carerId,
      id: link.id,
      member_id: link.memberId,
      relation: link.relation,
      ground: link.ground,
      scopes: [...link.scopes],
      most_fen: link.mostFen,
      text_version: link.textVersion,
      asked_at: link.askedAt,
      expires_at: link.expiresAt,
      verdict: null,
      decided_at: null,
      desk_id: null,
      evidence: null,
      ended_at: null,
      ended_by: null,
    })
    .execute()
}

export async function saveDecision(
  tx: Tx,
  { carerId, id }: Link,
  { verdict, at, desk }: Decision,
): Promise<void> {
  await tables(tx)
    .updateTable('family.link')
    .set({
      verdict,
      decided_at: at,
      desk_id: desk?.hospitalId ?? null,
      evidence: desk?.evidence ?? null,
    })
    .where('person_id', '=', carerId)
    .where('id', '=', id)
    .execute()
}

export async function saveEnding(tx: Tx, { carerId, id }: Link, { at, by }: Ending): Promise<void> {
  await tables(tx)
    .updateTable('family.link')
    .set({ ended_at: at, ended_by: by })
    .where('person_id', '=', carerId)
    .where('id', '=', id)
    .execute()
}

/** Writes down that somebody asks, and says how often they did since. What is older is forgotten. */
export async function countAsk(
  tx: Tx,
  { personId, id, at }: { personId: PersonId; id: Id<'FamilyAsk'>; at: Date },
  since: Date,
): Promise<number> {
  const own = tables(tx)
  await own
    .deleteFrom('family.ask')
    .where('person_id', '=', personId)
    .where('at', '<=', since)
    .execute()
  await own.insertInto('family.ask').values({ person_id: personId, id, at }).execute()
  const { count } = await own
    .selectFrom('family.ask')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

const toLink = (row: LinkRow): Link => ({
  id: row.id,
  carerId: row.person_id,
  memberId: row.member_id,
  relation: row.relation,
  ground: row.ground,
  scopes: row.scopes,
  mostFen: row.most_fen,
  textVersion: row.text_version,
  askedAt: row.asked_at,
  expiresAt: row.expires_at,
  decision: decisionOf(row),
  ending: row.ended_at && row.ended_by && { at: row.ended_at, by: row.ended_by },
})

const decisionOf = ({ verdict, decided_at, desk_id, evidence }: LinkRow): Decision | null =>
  verdict &&
  decided_at && {
    verdict,
    at: decided_at,
    desk: desk_id && evidence ? { hospitalId: desk_id, evidence } : null,
  }
