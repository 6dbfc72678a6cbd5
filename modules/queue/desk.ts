import { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addDays, type BusinessDate, businessDateOf, instantAt } from '../../kernel/time.ts'
import { afterCommit, inHospital } from '../../platform/db.ts'
import type { Events } from '../../platform/events.ts'
import type { Actor } from '../../platform/principal.ts'
import type { AppointmentId } from '../booking/index.ts'
import { act, callNext, transfer } from './calls.ts'
import { atTheGate, checkIn, type NewLine, openLineOf, personOf, walkIn } from './check-in.ts'
import type { QueueDependencies } from './dependencies.ts'
import { queueErrors } from './errors.ts'
import { accuracyOf } from './learnt-store.ts'
import type { LineId } from './lines.ts'
import { createLive } from './live.ts'
import { readMine } from './mine.ts'
import { readSight } from './reading.ts'
import type { HospitalQueueRules } from './rules.ts'
import { addScreen, listScreens, revokeScreen, screenBy } from './screens.ts'
import {
  findLine,
  insertRules,
  type LineFilter,
  type LineKey,
  listLines,
  newestRules,
} from './store.ts'

export type QueueDesk = ReturnType<typeof createQueueDesk>

/** The queue, from the check-in to the end of the visit: for people, for the staff, and for whoever looks at a screen. */
export function createQueueDesk(given: QueueDependencies) {
  const live = createLive(given)
  const deps: QueueDependencies = {
    ...given,
    publish: async (tx, name, event) => {
      await given.publish(tx, name, event)
      afterCommit(tx, () => live.look(event.hospitalId))
    },
  }
  const { db } = deps
  const bound =
    <Args extends unknown[], Result>(
      useCase: (context: QueueDependencies, ...args: Args) => Promise<Result>,
    ) =>
    (...args: Args): Promise<Result> =>
      useCase(deps, ...args)
  return {
    live,
    checkIn: bound(checkIn),
    walkIn: bound(walkIn),
    personOf: bound(personOf),
    callNext: bound(callNext),
    act: bound(act),
    transfer: bound(transfer),
    sight: bound(readSight),
    addScreen: bound(addScreen),
    revokeScreen: bound(revokeScreen),
    listScreens: bound(listScreens),
    screenBy: bound(screenBy),
    atTheGate,
    openLine: (hospitalId: HospitalId, line: NewLine) => openLineOf(deps, hospitalId, line),
    line: (key: LineKey) => inHospital(db, key.hospitalId, (tx) => findLine(tx, key)),
    lines: (
      hospitalId: HospitalId,
      filter: LineFilter,
      page: { after?: LineId | undefined; limit: number },
    ) => inHospital(db, hospitalId, (tx) => listLines(tx, hospitalId, filter, page)),
    mine: (wish: Parameters<typeof readMine>[2]) =>
      readMine(deps, (id) => readSight(deps, { hospitalId: wish.hospitalId, id }), wish),
    rulesOf: (hospitalId: HospitalId) =>
      inHospital(db, hospitalId, (tx) => newestRules(tx, hospitalId)),
    changeRules: bound(changeRules),
    /** Of the days from the first to the last of them. */
    accuracy: (hospitalId: HospitalId, { from, to }: { from: BusinessDate; to: BusinessDate }) =>
      inHospital(db, hospitalId, (tx) =>
        accuracyOf(tx, hospitalId, { from: instantAt(from), to: instantAt(addDays(to, 1)) }),
      ),
    today: () => businessDateOf(deps.clock.now()),
    onChanged: bound(onChanged),
  }
}

/** Puts rules in force after the version that was seen. Errors: rules_overtaken when another came in between. */
async function changeRules(
  { db, clock, audit }: QueueDependencies,
  {
    hospitalId,
    rules,
    after,
  }: { hospitalId: HospitalId; rules: HospitalQueueRules; after: number },
  actor: Actor,
): Promise<{ version: number; rules: HospitalQueueRules }> {
  return inHospital(db, hospitalId, async (tx) => {
    const last = await newestRules(tx, hospitalId)
    const version = after + 1
    const row = {
      hospital_id: hospitalId,
      version,
      content: rules,
      actor: actor.name,
      at: clock.now(),
    }
    if (last.version !== after || !(await insertRules(tx, row))) {
      throw queueErrors.rules_overtaken({ after })
    }
    const subject = `hospital:${hospitalId}`
    await audit(tx, hospitalId, actor, {
      action: 'queue.change_rules',
      subject,
      detail: { version },
    })
    return { version, rules }
  })
}

const MARKS = { check_in: 'checked_in', finish: 'finished' } as const

/** The appointment of who came is told that they are here, and were seen; of a hospital's own numbers its system knows. */
async function onChanged(
  { booking }: QueueDependencies,
  { hospitalId, appointmentId, kind }: Events['queue.changed'],
): Promise<void> {
  const mark = kind === 'check_in' || kind === 'finish' ? MARKS[kind] : null
  if (!mark || !appointmentId) return
  const key = { hospitalId, id: appointmentId as AppointmentId }
  try {
    await booking.markAppointment(key, mark, { name: 'system:queue', requestId: null })
  } catch (error) {
    // Told twice or late, the appointment is further on already: its own first word counts.
    if (!(error instanceof AppError) || !PASSED_OVER.has(error.code)) throw error
  }
}

const PASSED_OVER = new Set(['booking.not_the_hubs', 'booking.state_differs'])
