import type { HospitalId } from '../../kernel/id.ts'
import { addMs, SECOND_MS } from '../../kernel/time.ts'
import { type DataClass, mayUnmask } from '../../platform/classification.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { PersonFacts, PersonId } from '../identity/index.ts'
import type { PersonIndexDependencies } from './dependencies.ts'
import { personIndexErrors } from './errors.ts'

/** What may be asked for in full, and of which class it is. */
const CLASS_OF = {
  idNumber: 'identityNumber',
  phone: 'phone',
  address: 'address',
} as const satisfies Partial<Record<keyof PersonFacts, DataClass>>

export type UnmaskedField = keyof typeof CLASS_OF
export const UNMASKED_FIELDS = Object.keys(CLASS_OF) as UnmaskedField[]

/** For so long a page may show what it was given. */
const SHOWN_MS = 60 * SECOND_MS

/** One value of somebody in full, for a reason. */
export function createUnmask({ db, clock, audit, identity }: PersonIndexDependencies) {
  return { unmask }

  /**
   * Of a person whom the hospital treats, under any record that is read as theirs. Who asked, for what and why is in the
   * hospital's audit before it is answered; the value is not. Whoever calls has checked that they proved lately who they are.
   * Errors: throws person_index.person_not_known_here, nothing_to_show, and identity.person_not_found.
   */
  async function unmask(
    hospitalId: HospitalId,
    { personId, field, reason }: { personId: PersonId; field: UnmaskedField; reason: string },
    actor: Actor,
  ): Promise<{ value: string; hideAt: Date }> {
    if (!(await isKnownHere(personId, hospitalId))) {
      throw personIndexErrors.person_not_known_here({ personId })
    }
    const [facts] = await identity.factsOf([personId])
    const value = mayUnmask(CLASS_OF[field]) ? facts?.[field] : null
    if (!value) throw personIndexErrors.nothing_to_show({ field })
    await inHospital(db, hospitalId, (tx) =>
      audit(tx, hospitalId, actor, {
        action: 'person_index.unmask',
        subject: `person:${personId}`,
        detail: { field, reason },
      }),
    )
    return { value, hideAt: addMs(clock.now(), SHOWN_MS) }
  }

  async function isKnownHere(personId: PersonId, hospitalId: HospitalId): Promise<boolean> {
    for (const record of await identity.recordsOf(personId)) {
      const charts = await identity.hospitalsOf(record)
      if (charts.some((chart) => chart.hospitalId === hospitalId)) return true
    }
    return false
  }
}
