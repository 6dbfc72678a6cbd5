import type { HospitalId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { HeadDetail, ProofDependencies } from './proofs.ts'
import { FIRST_ID, idAfter, LAST_ID, madeAtMs } from './sealed-log.ts'
import { countersignaturesOf, headsUpTo, type LogOf, newestHead } from './store.ts'

/** Counted so far and no further: more is "many". */
const MOST_WAITING = 1_000

/** How far the sealing of one log has come. */
export type LogStanding = {
  log: string
  head: HeadDetail | null
  /** Items that came after the newest sealed one, MOST_WAITING + 1 at most. What commits late is found by the next looks. */
  waiting: number
  waitingSince: Date | null
  lagMs: number
}

/** Every log of a hospital with its newest head and what waits to be sealed, in the order they are sealed. */
export function standingOf(
  { db, logs, clock }: ProofDependencies & { clock: Clock },
  hospitalId: HospitalId,
): Promise<LogStanding[]> {
  return inHospital(db, hospitalId, async (tx) => {
    const standings: LogStanding[] = []
    for (const { log } of logs) {
      const of = { hospitalId, log: log.name }
      const head = await newestHead(tx, of)
      const from = head ? idAfter(head.newestItem) : FIRST_ID
      const ids = await log.idsFrom(tx, hospitalId, {
        from,
        upTo: LAST_ID,
        limit: MOST_WAITING + 1,
      })
      const [first] = ids
      const waitingSince = first === undefined ? null : new Date(madeAtMs(first))
      const countersignatures = head ? await countersignaturesOf(tx, of, head.size) : []
      standings.push({
        log: log.name,
        head: head && { head, countersignatures },
        waiting: ids.length,
        waitingSince,
        lagMs: waitingSince ? Math.max(0, clock.now().getTime() - waitingSince.getTime()) : 0,
      })
    }
    return standings
  })
}

/** Heads with who countersigned them, the newest first, up to a size. */
export function headsOf(
  { db }: Pick<ProofDependencies, 'db'>,
  of: LogOf,
  { upTo, limit }: { upTo: number; limit: number },
): Promise<HeadDetail[]> {
  return inHospital(db, of.hospitalId, async (tx) => {
    const details: HeadDetail[] = []
    for (const head of await headsUpTo(tx, of, upTo, limit)) {
      details.push({ head, countersignatures: await countersignaturesOf(tx, of, head.size) })
    }
    return details
  })
}
