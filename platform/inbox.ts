import { sql } from 'kysely'

import type { HospitalId, Id, NewId } from '../kernel/id.ts'
import type { Clock } from '../kernel/time.ts'
import { type Db, inHospital } from './db.ts'
import { type Worker, workOff } from './due-rows.ts'
import type { Publish } from './events.ts'
import type { Wake } from './wake.ts'

/** A provider's notice whose signature was right, reduced to what the adapter understood of it. */
export type Notice = { source: string; dedupeKey: string; content: object }

/**
 * Keeps a verified notice before it is acknowledged, so that nothing is lost by a crash or by a bug in
 * what reads it. The same notice again is acknowledged and kept once.
 */
export const createKeepNotice =
  ({ db, clock, newId, wake }: { db: Db; clock: Clock; newId: NewId; wake: Wake }) =>
  (hospitalId: HospitalId, { source, dedupeKey, content }: Notice): Promise<void> =>
    inHospital(db, hospitalId, async (tx) => {
      const now = clock.now()
      wake(tx, hospitalId)
      await sql`insert into platform.inbox
        (hospital_id, id, source, dedupe_key, content, received_at, attempts, due_at)
        values (${hospitalId}, ${newId()}, ${source}, ${dedupeKey}, ${JSON.stringify(content)}, ${now}, 0, ${now})
        on conflict (hospital_id, source, dedupe_key) do nothing`.execute(tx)
    })

export type KeepNotice = ReturnType<typeof createKeepNotice>

/** Hands kept notices to whoever reads their source; returns how many it tried. */
export const handleNotices = (
  platform: Worker & { publish: Publish },
  hospitalId: HospitalId,
  readers: ReadonlyMap<string, (hospitalId: HospitalId, content: never) => Promise<void>>,
): Promise<number> =>
  workOff<InboxRow>(platform, hospitalId, 'platform.inbox', {
    async work({ source, content }) {
      const read = readers.get(source)
      if (!read) throw new Error(`nobody reads notices of ${source}`)
      await read(hospitalId, content)
    },
    givenUp: (tx, { id: noticeId, source }, error) =>
      platform.publish(tx, 'notices.given_up', { hospitalId, noticeId, source, error }),
  })

type InboxRow = { id: Id<'Notice'>; source: string; content: never }
