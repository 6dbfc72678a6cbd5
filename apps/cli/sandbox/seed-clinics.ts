import {
  addDays,
  type BusinessDate,
  businessDateOf,
  DAY_MS,
  instantAt,
} from '../../../kernel/time.ts'
import { systemActor } from '../../../platform/principal.ts'
import type { OpenHub } from '../../hub/open-hub.ts'
import type { World, WorldDepartment } from '../../simulators/world/index.ts'

// Sessions to book in the demo. Of most hospitals the simulated system lists its own; the last has the hub keep its numbers,
// with a waiting list, proof of work and the stopping of clinics.

const SETUP = systemActor('sandbox')
const DAYS_AHEAD = 8
const DEPARTMENTS = 8
/** Some tenths of a second on a phone. */
const PROOF_BITS = 12
const FROM_THE_WINDOW = 2

/** Done at every start: days go by, and the coming ones have sessions, too. What is there stays. */
export async function seedClinics({ hub, platform }: OpenHub, world: World): Promise<void> {
  const hospital = world.hospitals.at(-1)
  if (!hospital) return
  const { id: hospitalId } = hospital
  const { version, rules } = await hub.booking.rulesOf(hospitalId)
  if (version === 0) {
    const own = { ...rules, origin: 'pool' as const, proofBits: PROOF_BITS }
    await hub.booking.changeRules({ hospitalId, rules: own, after: version }, SETUP)
  } else if (rules.origin === 'his') return // somebody has changed it, and that is theirs to say
  const from = businessDateOf(platform.clock.now())
  const to = addDays(from, DAYS_AHEAD)
  for (const department of hospital.departments.slice(0, DEPARTMENTS)) {
    const known = await hub.booking.sessions(
      hospitalId,
      { from, to, departmentCode: department.code },
      { limit: MOST },
    )
    const has = new Set(known.items.map(({ doctor, businessDate }) => doctor.code + businessDate))
    for (const session of sessionsOf(department, from)) {
      if (has.has(session.doctor.code + session.businessDate)) continue
      await hub.booking.addSession({ ...session, id: platform.newId(), hospitalId }, SETUP)
    }
  }
}

const MOST = 200

/** Each doctor every other day, and nobody on a Sunday: in the morning the first, later the next. */
function sessionsOf({ code, name, location, doctors }: WorldDepartment, from: BusinessDate) {
  const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, i) => addDays(from, i))
  return days.filter(isOpen).flatMap((day) =>
    doctors.flatMap((doctor, place) => {
      if ((dayNumber(day) + place) % 2 === 1) return []
      const half = HALVES[place % 2 === 0 ? 0 : 1]
      return {
        department: { code, name },
        doctor: { code: doctor.code, name: doctor.name },
        clinic: doctor.title,
        location,
        businessDate: day,
        period: half.period,
        startsAt: instantAt(day, half.from),
        endsAt: instantAt(day, half.to),
        feeFen: doctor.registrationFeeFen,
        total: half.total,
        quotas: [
          {
            source: 'window' as const,
            count: FROM_THE_WINDOW,
            flowsBackAt: instantAt(day, half.from),
          },
        ],
      }
    }),
  )
}

const HALVES = [
  { period: 'morning', from: '08:00:00', to: '12:00:00', total: 12 },
  { period: 'afternoon', from: '14:00:00', to: '17:00:00', total: 9 },
] as const

const weekdayOf = (day: BusinessDate) => new Date(`${day}T00:00:00Z`).getUTCDay()
const isOpen = (day: BusinessDate) => weekdayOf(day) !== 0
const dayNumber = (day: BusinessDate) => Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS)
