import { Value } from 'typebox/value'

import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { type BookingRules, BookingRulesSchema } from './rules.ts'
import { insertRules, newestRules } from './store.ts'

/** Puts rules in force after the version that was seen. Errors: rules_overtaken when another came in between; rules_wrong. */
export async function changeRules(
  { db, clock, audit }: BookingContext,
  { hospitalId, rules, after }: { hospitalId: HospitalId; rules: BookingRules; after: number },
  actor: Actor,
): Promise<{ version: number; rules: BookingRules }> {
  const inOrder = rules.returnMinutes.least <= rules.returnMinutes.most
  if (!Value.Check(BookingRulesSchema, rules) || !inOrder) throw bookingErrors.rules_wrong()
  return inHospital(db, hospitalId, async (tx) => {
    const last = await newestRules(tx, hospitalId)
    const version = after + 1
    const row = { hospitalId, version, rules, actor: actor.name, at: clock.now() }
    if (last.version !== after || !(await insertRules(tx, row))) {
      throw bookingErrors.rules_overtaken({ after })
    }
    const subject = `hospital:${hospitalId}`
    const detail = { version, origin: rules.origin }
    await audit(tx, hospitalId, actor, { action: 'booking.change_rules', subject, detail })
    return { version, rules }
  })
}
