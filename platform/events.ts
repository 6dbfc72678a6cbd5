import { sql } from 'kysely'

import type { HospitalId, Id, NewId } from '../kernel/id.ts'
import type { Fen } from '../kernel/money.ts'
import type { BusinessDate, Clock } from '../kernel/time.ts'
import type { Db, Tx } from './db.ts'
import { workOff } from './due-rows.ts'
import type { Wake } from './wake.ts'

/** Facts a module tells the others, by name. Each carries ids; the reader asks for the rest. */
export interface Events {
  /** It has succeeded, failed or was closed. */
  'payments.ended': { hospitalId: HospitalId; paymentId: string; status: string }
  'payments.attention': { hospitalId: HospitalId; paymentId: string; reason: string }
  /** It has succeeded or was refused. */
  'refunds.ended': { hospitalId: HospitalId; refundId: string; paymentId: string; status: string }
  'refunds.attention': { hospitalId: HospitalId; refundId: string; reason: string }
  'agreements.changed': { hospitalId: HospitalId; agreementId: string; status: string }
  /** A claim that an insurer refuses or does not get on with needs a person; with attention null, no more. */
  'coverage.claim_attention': {
    hospitalId: HospitalId
    claimId: string
    attention: string | null
    payFen: Fen
  }
  /** The deposit of a stay came below its mark. */
  'deposits.low': {
    hospitalId: HospitalId
    accountId: string
    stayNo: string
    freeFen: Fen
    lowFen: Fen
    at: string
  }
  /** A list that came as a file was taken; perhaps another version of it. */
  'statements.taken': {
    hospitalId: HospitalId
    fileId: string
    source: string
    date: BusinessDate | null
  }
  /** A hospital's system tells that something has happened: a reason to look, see contract/hospital.json. */
  'hospitals.notice_heard': {
    hospitalId: HospitalId
    noticeNo: string
    kind: string
    about: object
  }
  /** An appointment came into another state, or its person was offered something: ask for the rest. */
  'booking.changed': { hospitalId: HospitalId; appointmentId: string; kind: string }
  /** Somebody came into a line, or their ticket into another state. */
  'queue.changed': {
    hospitalId: HospitalId
    lineId: string
    ticketId: string
    appointmentId: string | null
    kind: string
  }
  /** A proven notice that nobody could read, after the last attempt. */
  'notices.given_up': { hospitalId: HospitalId; noticeId: string; source: string; error: string }
  /** Each time: a day whose lists change after it was closed is compared anew and closed again. */
  'reconciliation.day_closed': { hospitalId: HospitalId; date: BusinessDate; closedAt: string }
  /** A party's list of a day came out new, or otherwise than before. */
  'reconciliation.list_compared': { hospitalId: HospitalId; date: BusinessDate; source: string }
  /** A case that nobody has ended by its deadline; again until somebody does, some times. */
  'reconciliation.case_overdue': {
    hospitalId: HospitalId
    caseId: string
    class: string
    amountFen: Fen
    owner: string | null
    reminderNo: number
  }
  'reconciliation.difference_opened': {
    hospitalId: HospitalId
    differenceId: string
    date: BusinessDate
    source: string
    class: string
    oursFen: Fen
    theirsFen: Fen
  }
}

export type Publish = <Name extends keyof Events>(
  tx: Tx,
  name: Name,
  event: Events[Name],
) => Promise<void>

/**
 * Tells the other modules, if and only if the transaction commits. Delivery is at least once, so
 * every handler must bear to hear the same thing twice.
 */
export const createPublish =
  ({ clock, newId, wake }: { clock: Clock; newId: NewId; wake: Wake }): Publish =>
  async (tx, name, event) => {
    const now = clock.now()
    wake(tx, event.hospitalId)
    await sql`insert into platform.outbox
      (hospital_id, id, name, payload, created_at, attempts, due_at)
      values (${event.hospitalId}, ${newId()}, ${name}, ${JSON.stringify(event)}, ${now}, 0, ${now})`.execute(
      tx,
    )
  }

export type Handlers = { [Name in keyof Events]?: ((event: Events[Name]) => Promise<void>)[] }

/** Hands the hospital's undelivered events to their handlers; returns how many it tried. */
export const deliverEvents = (
  platform: { db: Db; clock: Clock; atOnce?: number },
  hospitalId: HospitalId,
  handlers: Handlers,
): Promise<number> =>
  workOff<OutboxRow>(platform, hospitalId, 'platform.outbox', {
    async work({ name, payload }) {
      for (const handle of handlers[name] ?? []) await handle(payload)
    },
  })

type OutboxRow = { id: Id<'Event'>; name: keyof Events; payload: never }
