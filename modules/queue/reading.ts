import type { HospitalId } from '../../kernel/id.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { QueueDependencies } from './dependencies.ts'
import { queueErrors } from './errors.ts'
import { learntOf } from './learnt-store.ts'
import { orderRulesOf } from './rules.ts'
import { type LineState, type ReadState, type Sight, sightOf } from './sight.ts'
import { findLine, type LineKey, type LineRow, newestRules, openTickets } from './store.ts'

/** A line with who is in it, as the caller's transaction sees it. */
export const readState: ReadState = async (tx: Tx, line: LineRow) => {
  const { rules } = await newestRules(tx, line.hospital_id)
  const tickets = await openTickets(tx, { hospitalId: line.hospital_id, id: line.id })
  return { line, tickets, learnt: await learntOf(tx, line), rules: orderRulesOf(rules) }
}

/** Who has booked and is not here yet: of a doctor's half day there are no more than these. */
const MOST_EXPECTED = 200

export async function expectedIn(
  { booking }: QueueDependencies,
  hospitalId: HospitalId,
  sessionId: LineRow['session_id'],
): Promise<LineState['expected']> {
  if (!sessionId) return []
  const filter = { sessionId, status: 'booked' as const }
  const page = await booking.appointmentsOfHospital(hospitalId, filter, { limit: MOST_EXPECTED })
  return page.items
}

/** Errors: line_not_found. */
export async function readSight(deps: QueueDependencies, key: LineKey): Promise<Sight> {
  const { db, clock } = deps
  const { hospitalId, id } = key
  const state = await inHospital(db, hospitalId, async (tx) => {
    const line = await findLine(tx, key)
    if (!line) throw queueErrors.line_not_found({ id })
    return readState(tx, line)
  })
  const expected = await expectedIn(deps, hospitalId, state.line.session_id)
  // Who checked in meanwhile is a ticket, and no more expected.
  const here = new Set(state.tickets.map(({ appointment_id }) => appointment_id))
  const absent = expected.filter(({ id: appointmentId }) => !here.has(appointmentId))
  return sightOf({ ...state, expected: absent }, clock.now())
}
