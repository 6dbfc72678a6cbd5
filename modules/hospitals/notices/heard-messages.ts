import type { HospitalId, NewId } from '../../../kernel/id.ts'
import { addMs, type Clock, DAY_MS } from '../../../kernel/time.ts'
import { type Db, inHospital, type Tx } from '../../../platform/db.ts'
import type { Seal, SealPlace } from '../../../platform/seal.ts'
import type { HospitalTables } from '../tables.ts'

/** A message of a hospital's line, as it is known without its content. */
export type HeardMessage = {
  id: string
  controlId: string
  type: string
  bytes: number
  outcome: 'taken' | 'refused'
  /** Why it was refused; of one that was taken, what it was: the kind of notice, or nothing. */
  reason: string
  receivedAt: Date
}

type Told = { key: string; digest: string; controlId: string; type: string; bytes: Buffer }

const KEPT_MS = 30 * DAY_MS
const MAX_CONTENT_BYTES = 65_536
const MAX_PAGE = 100
const FORGOTTEN_AT_ONCE = 100

export type HeardMessages = ReturnType<typeof createHeardMessages>

/** What hospitals' own lines brought, for thirty days. Errors: those of the database. */
export const createHeardMessages = (deps: Dependencies) => ({
  ...keepingOf(deps),
  ...readingOf(deps),
})

type Dependencies = { db: Db; clock: Clock; newId: NewId; seal: Seal }

function keepingOf({ db, clock, newId, seal }: Dependencies) {
  return { recall, keep }

  /** What was answered to a message of this key that was taken. */
  async function recall(
    hospitalId: HospitalId,
    key: string,
  ): Promise<{ digest: string; answer: Buffer } | null> {
    const row = await inHospital(db, hospitalId, (tx) =>
      tx
        .withTables<HospitalTables>()
        .selectFrom('hospitals.heard_message')
        .select(['digest', 'answer'])
        .where('hospital_id', '=', hospitalId)
        .where('message_key', '=', key)
        .where('outcome', '=', 'taken')
        .executeTakeFirst(),
    )
    return row?.answer ? { digest: row.digest, answer: row.answer } : null
  }

  /** Keeps what became of it; one that is refused again and again is kept once, and may be taken later. */
  async function keep(
    hospitalId: HospitalId,
    told: Told,
    end:
      | { outcome: 'taken'; reason: string; answer: Buffer }
      | { outcome: 'refused'; reason: string },
  ): Promise<void> {
    const isTaken = end.outcome === 'taken'
    const values = {
      hospital_id: hospitalId,
      id: newId<'HeardMessage'>(),
      message_key: told.key,
      digest: told.digest,
      control_id: plain(told.controlId, 64),
      type: plain(told.type, 40),
      size_bytes: told.bytes.length,
      outcome: end.outcome,
      reason: plain(end.reason, 300),
      answer: isTaken ? end.answer : null,
      content_sealed: isTaken ? null : sealed(hospitalId, told),
      received_at: clock.now(),
    }
    await inHospital(db, hospitalId, async (tx) => {
      await forgetOld(tx, hospitalId, addMs(clock.now(), -KEPT_MS))
      await tx
        .withTables<HospitalTables>()
        .insertInto('hospitals.heard_message')
        .values(values)
        .onConflict((conflict) =>
          conflict.columns(['hospital_id', 'message_key', 'digest']).doUpdateSet((eb) => ({
            outcome: eb.ref('excluded.outcome'),
            reason: eb.ref('excluded.reason'),
            answer: eb.ref('excluded.answer'),
            content_sealed: eb.ref('excluded.content_sealed'),
          })),
        )
        .execute()
    })
  }

  function sealed(hospitalId: HospitalId, { key, digest, bytes }: Told): string {
    const content = bytes.subarray(0, MAX_CONTENT_BYTES).toString('base64')
    return seal.seal(messagePlace(hospitalId, key, digest), content)
  }
}

function readingOf({ db, seal }: Dependencies) {
  return { list, contentOf }

  /** Newest first, a hundred at a time; those before the one of this id. */
  async function list(hospitalId: HospitalId, before: string | null): Promise<HeardMessage[]> {
    const rows = await inHospital(db, hospitalId, (tx) =>
      tx
        .withTables<HospitalTables>()
        .selectFrom('hospitals.heard_message')
        .select(['id', 'control_id', 'type', 'size_bytes', 'outcome', 'reason', 'received_at'])
        .where('hospital_id', '=', hospitalId)
        .$if(before !== null, (query) => query.where('id', '<', before as string))
        .orderBy('id', 'desc')
        .limit(MAX_PAGE)
        .execute(),
    )
    return rows.map((row) => ({
      id: row.id,
      controlId: row.control_id,
      type: row.type,
      bytes: row.size_bytes,
      outcome: row.outcome,
      reason: row.reason,
      receivedAt: row.received_at,
    }))
  }

  /** The bytes of one that was refused, 64 kB at the most; null when there are none. */
  async function contentOf(hospitalId: HospitalId, id: string): Promise<Buffer | null> {
    const row = await inHospital(db, hospitalId, (tx) =>
      tx
        .withTables<HospitalTables>()
        .selectFrom('hospitals.heard_message')
        .select(['message_key', 'digest', 'content_sealed'])
        .where('hospital_id', '=', hospitalId)
        .where('id', '=', id)
        .executeTakeFirst(),
    )
    if (!row || row.content_sealed === null) return null
    const place = messagePlace(hospitalId, row.message_key, row.digest)
    return Buffer.from(seal.open(place, row.content_sealed), 'base64')
  }
}

// By what it is and not by its id: told again it takes the place of what was kept.
export const messagePlace = (hospitalId: HospitalId, key: string, digest: string): SealPlace => ({
  purpose: `hospitals.heard_message.${hospitalId}`,
  owner: hospitalId,
  row: `${key}/${digest}`,
})

/** What came from outside and stands in a column: no NUL, and not longer than it may be. */
const plain = (text: string, most: number) => text.replaceAll('\u0000', '').slice(0, most)

/** So many at once, as somebody waits for the answer to the message that came. */
async function forgetOld(tx: Tx, hospitalId: HospitalId, before: Date): Promise<void> {
  const tables = tx.withTables<HospitalTables>()
  const old = tables
    .selectFrom('hospitals.heard_message')
    .select('id')
    .where('hospital_id', '=', hospitalId)
    .where('received_at', '<', before)
    .limit(FORGOTTEN_AT_ONCE)
  await tables
    .deleteFrom('hospitals.heard_message')
    .where('hospital_id', '=', hospitalId)
    .where('id', 'in', old)
    .execute()
}
