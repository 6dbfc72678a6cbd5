import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Calendars } from './calendar.ts'
import { readCalendar } from './contract.ts'
import { settlementTerms } from './terms-store.ts'

/** Every calendar that was agreed to: years do not overlap, and a later version of one takes its place. */
export async function calendarsOf(tx: Tx, hospitalId: HospitalId): Promise<Calendars> {
  const rows = await settlementTerms.inForce(tx, hospitalId, { kind: 'calendar', on: FOREVER })
  return new Map(rows.map(({ name, content }) => [name, readCalendar(name, content)]))
}

const FOREVER = '9999-12-31' as BusinessDate
