import { createHash } from 'node:crypto'

import type { HospitalId } from '../../../kernel/id.ts'
import type { Clock } from '../../../kernel/time.ts'
import { type Db, inHospital, type Tx } from '../../../platform/db.ts'
import type { Publish } from '../../../platform/events.ts'
import { hospitalErrors } from '../errors.ts'
import type { HisNotice } from '../interface/notices.ts'
import type { HospitalTables } from '../tables.ts'

export type HospitalNotices = ReturnType<typeof createHospitalNotices>

/** A notice as it is kept. */
export type KeptNotice = HisNotice & { receivedAt: Date }

const MAX_PAGE = 100

/**
 * Hears what hospitals' systems tell, and passes it on as an event; what it is about is asked for by whoever hears.
 */
export function createHospitalNotices(deps: { db: Db; clock: Clock; publish: Publish }) {
  const { db, clock, publish } = deps
  return {
    /**
     * Keeps a notice and publishes it, once for its number; false when it was heard before.
     * Errors: hospitals.notice_differs for a number that was used with another content.
     */
    hear: (hospitalId: HospitalId, notice: HisNotice): Promise<boolean> =>
      inHospital(db, hospitalId, async (tx) => {
        if (!(await keep(tx, hospitalId, notice, clock.now()))) return false
        const { noticeNo, kind, about } = notice
        await publish(tx, 'hospitals.notice_heard', { hospitalId, noticeNo, kind, about })
        return true
      }),

    /** What was heard last, newest first; those before one that was received then. */
    list: (hospitalId: HospitalId, before: Date | null): Promise<KeptNotice[]> =>
      inHospital(db, hospitalId, (tx) => listNotices(tx, hospitalId, before)),
  }
}

async function keep(tx: Tx, hospitalId: HospitalId, notice: HisNotice, at: Date): Promise<boolean> {
  const { noticeNo, kind, about } = notice
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, notice.at, about]))
    .digest('hex')
  const tables = tx.withTables<HospitalTables>()
  const inserted = await tables
    .insertInto('hospitals.notice')
    .values({
      hospital_id: hospitalId,
      notice_no: noticeNo,
      kind,
      said_at: notice.at,
      about: JSON.stringify(about),
      content_digest: digest,
      received_at: at,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'notice_no']).doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows === 1n) return true
  const known = await tables
    .selectFrom('hospitals.notice')
    .select('content_digest')
    .where('hospital_id', '=', hospitalId)
    .where('notice_no', '=', noticeNo)
    .executeTakeFirst()
  if (known?.content_digest === digest) return false
  throw hospitalErrors.notice_differs({ noticeNo })
}

async function listNotices(
  tx: Tx,
  hospitalId: HospitalId,
  before: Date | null,
): Promise<KeptNotice[]> {
  const rows = await tx
    .withTables<HospitalTables>()
    .selectFrom('hospitals.notice')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .$if(before !== null, (query) => query.where('received_at', '<', before as Date))
    .orderBy('received_at', 'desc')
    .orderBy('notice_no', 'desc')
    .limit(MAX_PAGE)
    .execute()
  return rows.map(
    (row) =>
      ({
        noticeNo: row.notice_no,
        kind: row.kind,
        at: row.said_at,
        about: row.about,
        receivedAt: row.received_at,
      }) as KeptNotice,
  )
}
