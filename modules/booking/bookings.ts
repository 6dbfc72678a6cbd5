import type { HospitalId, Id } from '../../kernel/id.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Events } from '../../platform/events.ts'
import type { Actor } from '../../platform/principal.ts'
import type { BillDesk } from '../payments/index.ts'
import { createAdmission, createRulesMemory } from './admission.ts'
import { book } from './book.ts'
import { type BookingDesk, type Page, type PersonId, readSlotId, type Slot } from './booking.ts'
import { cancel } from './cancel.ts'
import { moveTo, takeMoney } from './choosing.ts'
import { clinicsOf, previewStop, stopPeople, stopProgress } from './clinics.ts'
import type { BookingContext, BookingDependencies } from './dependencies.ts'
import { createBookingBillDesk } from './desk.ts'
import { bookingErrors } from './errors.ts'
import { createHisSessions } from './his-sessions.ts'
import { sessionByExternalNo } from './his-store.ts'
import { hold } from './holds.ts'
import { messagesOf } from './message-store.ts'
import { onPaymentEnded, onRefundEnded } from './money.ts'
import { forgetUsed } from './person-store.ts'
import { checkProof, proofTask } from './proof.ts'
import { changeRules } from './rule-change.ts'
import { addSession, addSlot, shrinkSession } from './schedule.ts'
import {
  countedSession,
  findSession,
  findSlot,
  listSessions,
  listSlots,
  toSession,
  toSlot,
} from './session-store.ts'
import { listStops } from './stop-store.ts'
import { decideOnStop, onNotice, proposeStop } from './stops.ts'
import {
  earliestDue,
  findAppointment,
  listAppointments,
  newestRules,
  toAppointment,
} from './store.ts'
import { sweep } from './sweep.ts'
import { markAppointment } from './visits.ts'
import { waitingOf } from './waiting-store.ts'
import { stopWaiting, wait } from './waiting.ts'

export type Booking = ReturnType<typeof createBooking>

const MOST_DAYS = 31

/** Booking, from the list of sessions to the visit: for people, for the staff, and for what happens by itself. */
export function createBooking(deps: BookingDependencies) {
  const rulesMemory = createRulesMemory(deps.clock, async (hospitalId) => {
    const { rules } = await inHospital(deps.db, hospitalId, (tx) => newestRules(tx, hospitalId))
    return rules
  })
  const context: BookingContext = {
    ...deps,
    admission: createAdmission(deps.clock),
    rulesOf: rulesMemory.of,
  }
  const given = givenTo(context)
  const desk: BookingDesk = {
    ...reads(context),
    hold: given(hold),
    book: given(book),
    cancel: given(cancel),
  }
  return {
    ...desk,
    ...lists(context),
    ...clinics(context),
    /** Answered from memory, before anything is asked: nothing is left there for whoever has nothing there. */
    isSoldOut: context.admission.isShut,
    proofTask: given(proofTask),
    checkProof: given(checkProof),
    takeMoney: given(takeMoney),
    moveTo: given(moveTo),
    wait: given(wait),
    stopWaiting: given(stopWaiting),
    addSession: given(addSession),
    addSlot: given(addSlot),
    shrinkSession: given(shrinkSession),
    markAppointment: given(markAppointment),
    proposeStop: given(proposeStop),
    decideOnStop: given(decideOnStop),
    rulesOf: (hospitalId: HospitalId) =>
      inHospital(deps.db, hospitalId, (tx) => newestRules(tx, hospitalId)),
    async changeRules(change: Parameters<typeof changeRules>[1], actor: Actor) {
      const changed = await changeRules(context, change, actor)
      rulesMemory.forget(change.hospitalId)
      return changed
    },
    /** The bill desk of the hospitals' systems, with the bills of the hub's own numbers before it. */
    billDesk: (others: BillDesk) => createBookingBillDesk(context, others),
    onPaymentEnded: given(onPaymentEnded),
    onRefundEnded: given(onRefundEnded),
    onNotice: (event: Events['hospitals.notice_heard']) =>
      onNotice(context, event, (scheduleNo) =>
        inHospital(deps.db, event.hospitalId, (tx) =>
          sessionByExternalNo(tx, event.hospitalId, scheduleNo),
        ),
      ),
    sweep: given(sweep),
    /** When something of the hospital's is due next; null for nothing. */
    nextDueAt: (hospitalId: HospitalId): Promise<Date | null> =>
      inHospital(deps.db, hospitalId, (tx) => earliestDue(tx, hospitalId)),
    /** Forgets proofs that have run out and counts of days gone by; returns how many. */
    purge: (hospitalId: HospitalId): Promise<number> => {
      const now = deps.clock.now()
      const before = addDays(businessDateOf(now), -1)
      return inHospital(deps.db, hospitalId, (tx) => forgetUsed(tx, hospitalId, { now, before }))
    },
  }
}

function reads(context: BookingContext): Omit<BookingDesk, 'hold' | 'book' | 'cancel'> {
  const { db, clock, rulesOf } = context
  const his = createHisSessions(context)
  return {
    async sessions(hospitalId, filter, page) {
      if (filter.from > filter.to || filter.to > addDays(filter.from, MOST_DAYS)) {
        throw bookingErrors.range_too_long({ most: MOST_DAYS })
      }
      const rules = await rulesOf(hospitalId)
      const stale = rules.origin === 'his' && (await his.refresh(hospitalId, rules, filter))
      const rows = await inHospital(db, hospitalId, (tx) =>
        listSessions(tx, hospitalId, filter, oneMore(page), clock.now()),
      )
      const { items, last } = cut(rows, page.limit)
      return { items: items.map((row) => toSession(row, stale)), next: last?.id ?? null }
    },
    async session(hospitalId, id) {
      const row = await inHospital(db, hospitalId, (tx) =>
        countedSession(tx, { hospitalId, sessionId: id }, clock.now()),
      )
      if (!row) throw bookingErrors.session_not_found({ id })
      return toSession(row)
    },
    async slots(hospitalId, sessionId, page) {
      const key = { hospitalId, sessionId }
      const session = await inHospital(db, hospitalId, (tx) => findSession(tx, key))
      if (!session) throw bookingErrors.session_not_found({ id: sessionId })
      if (session.origin === 'his') await his.refreshSlots(session)
      const rows = await inHospital(db, hospitalId, (tx) => listSlots(tx, key, oneMore(page)))
      const { items, last } = cut(rows, page.limit)
      const now = clock.now()
      return { items: items.map((row) => toSlot(row, now)), next: last?.number ?? null }
    },
    slot: (hospitalId, slotId) => slotNamed(context, hospitalId, slotId),
    async appointment(key) {
      const row = await inHospital(db, key.hospitalId, (tx) => findAppointment(tx, key))
      if (!row) throw bookingErrors.appointment_not_found({ id: key.id })
      return toAppointment(row)
    },
    appointmentsOfPerson: (hospitalId, personId, page) =>
      appointments(context, hospitalId, { personId }, page),
    appointmentsOfHospital: (hospitalId, filter, page) =>
      appointments(context, hospitalId, filter, page),
  }
}

async function slotNamed(
  { db, clock }: BookingContext,
  hospitalId: HospitalId,
  slotId: string,
): Promise<Slot> {
  const named = readSlotId(slotId)
  const row =
    named && (await inHospital(db, hospitalId, (tx) => findSlot(tx, { hospitalId, ...named })))
  if (!row) throw bookingErrors.slot_not_found({ id: slotId })
  return toSlot(row, clock.now())
}

async function appointments(
  { db }: BookingContext,
  hospitalId: HospitalId,
  filter: Parameters<BookingDesk['appointmentsOfHospital']>[1],
  page: Parameters<BookingDesk['appointmentsOfHospital']>[2],
) {
  const rows = await inHospital(db, hospitalId, (tx) =>
    listAppointments(tx, hospitalId, filter, oneMore(page)),
  )
  const { items, last } = cut(rows, page.limit)
  return { items: items.map(toAppointment), next: last?.id ?? null }
}

const lists = ({ db }: BookingContext) => ({
  /** What a person was told, the newest first. */
  messagesOf: (hospitalId: HospitalId, personId: PersonId, page: Page<Id<'BookingMessage'>>) =>
    inHospital(db, hospitalId, (tx) => messagesOf(tx, hospitalId, personId, page)),
  waitingOf: (hospitalId: HospitalId, personId: PersonId, page: Page<Id<'Waiting'>>) =>
    inHospital(db, hospitalId, (tx) => waitingOf(tx, hospitalId, personId, page)),
  stops: (hospitalId: HospitalId, page: Page<Id<'Stop'>>) =>
    inHospital(db, hospitalId, (tx) => listStops(tx, hospitalId, page)),
})

/** What the staff looks at. */
function clinics(context: BookingContext) {
  const given = givenTo(context)
  return {
    clinicsOf: given(clinicsOf),
    previewStop: given(previewStop),
    stopProgress: given(stopProgress),
    stopPeople: given(stopPeople),
  }
}

/** A use case without its context, which is this. */
const givenTo =
  (context: BookingContext) =>
  <Args extends unknown[], Result>(
    useCase: (context: BookingContext, ...args: Args) => Promise<Result>,
  ) =>
  (...args: Args): Promise<Result> =>
    useCase(context, ...args)

const oneMore = <Cursor>(page: Page<Cursor>): Page<Cursor> => ({ ...page, limit: page.limit + 1 })

/** A page, and its last one where there are more. */
function cut<Row>(rows: readonly Row[], limit: number): { items: Row[]; last: Row | null } {
  const items = rows.slice(0, limit)
  return { items, last: rows.length > limit ? (items.at(-1) ?? null) : null }
}
