import { cpus, loadavg } from 'node:os'

import { assert } from '../../../kernel/assert.ts'
import { createNewId, type HospitalId } from '../../../kernel/id.ts'
import { ZERO } from '../../../kernel/money.ts'
import { addDays, businessDateOf, instantAt } from '../../../kernel/time.ts'
import { type BookingDependencies, createBooking } from '../../../modules/booking/index.ts'
import { createAudit } from '../../../platform/audit.ts'
import { type Db, openDb } from '../../../platform/db.ts'
import { createPublish } from '../../../platform/events.ts'
import { systemActor } from '../../../platform/principal.ts'
import { createSeal } from '../../../platform/seal.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { wakeBySweep } from '../../../platform/wake.ts'
import { assertSound, type Bed, onBed } from '../bed.ts'
import { type BenchResult, rate, time } from '../result.ts'
import { median } from '../statistics.ts'
import { bareBurst, type Burst, burstAtDatabase, burstOverHttp, soldOutRate } from './burst.ts'

const HOSPITAL = 1 as HospitalId
const SLOTS = 100
const TRIES = 10_000
const LIMIT_HTTP_SECONDS = 30
const LIMIT_SOLD_OUT = 20_000
const CONNECTIONS = 16
const PROCESSES = 8
const ACTOR = systemActor('bench')
const MASTER_KEY_BYTES = 32

type Options = { rounds?: number; seconds?: number; rows?: number }

/**
 * So many tries at once for a hundred numbers: exactly a hundred are sold, at the database, where the same many bare
 * updates are beside it, and over HTTP; then how fast it is said from memory that nothing is left. Of each, the median
 * of the rounds. Errors: throws when one more or one less is sold, or anybody hears anything but the truth.
 */
export async function benchBooking({
  rounds = 3,
  seconds = 2,
  rows: tries = TRIES,
}: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  return onBed({ hospitals: [HOSPITAL], payerCount: 0 }, async (bed) => {
    const db = openDb({
      url: bed.database.appUrl,
      role: 'yiqiao_app',
      maxConnections: CONNECTIONS,
    })
    try {
      const taken = { ours: [] as number[], bare: [] as number[], http: [] as number[] }
      const rates: number[] = []
      for (let round = 0; round < rounds; round++) {
        const result = await roundOf(bed, db, { tries, seconds, round })
        taken.ours.push(result.ours)
        taken.bare.push(result.bare)
        taken.http.push(result.http)
        rates.push(result.soldOutRate)
      }
      await assertSound(bed.database)
      return resultOf(tries, taken, rates, { cores: cpus().length, 'load before': load, rounds })
    } finally {
      await db.destroy()
    }
  })
}

async function roundOf(
  { database }: Bed,
  db: Db,
  { tries, seconds, round }: { tries: number; seconds: number; round: number },
) {
  const dependencies = dependenciesOn(db)
  const { newId } = dependencies
  const booking = createBooking(dependencies)
  await inPool(booking)
  const atDatabase = await enterSession(booking, newId, `A${round}`)
  const overHttp = await enterSession(booking, newId, `B${round}`)
  const burst = (sessionId: Burst['sessionId']) => ({
    hospitalId: HOSPITAL,
    sessionId,
    tries,
    newId,
  })
  const bare = await bareBurst(database.ownerUrl, { slots: SLOTS, tries, connections: CONNECTIONS })
  const processes = Array.from({ length: PROCESSES }, () => createBooking(dependencies))
  const ours = await burstAtDatabase(processes, burst(atDatabase))
  const platform = { db, clock: systemClock, newId }
  const http = await burstOverHttp({ booking, platform }, burst(overHttp))
  for (const { sold, soldOut, other } of [bare, ours, http]) {
    const isTrue = sold === SLOTS && soldOut === tries - SLOTS
    assert(isTrue, `${sold} of ${SLOTS} numbers are sold, ${other} heard something else`)
  }
  for (const sessionId of [atDatabase, overHttp]) await assertSoldOnce(booking, sessionId)
  const soldOut = await soldOutRate(booking, burst(overHttp), seconds)
  return { ours: ours.seconds, bare: bare.seconds, http: http.seconds, soldOutRate: soldOut }
}

/** What the rows say, whatever was answered. */
async function assertSoldOnce(
  booking: ReturnType<typeof createBooking>,
  sessionId: Burst['sessionId'],
): Promise<void> {
  const page = { limit: 2 * SLOTS }
  const { items } = await booking.appointmentsOfHospital(HOSPITAL, { sessionId }, page)
  const numbers = new Set(items.map(({ slotNumber }) => slotNumber))
  const people = new Set(items.map(({ personId }) => personId))
  assert(
    items.length === SLOTS && numbers.size === SLOTS && people.size === SLOTS,
    'each number is sold once, to one person',
  )
}

/** The hub keeps the numbers; nobody is stopped by a cap, as everybody is a newcomer. */
async function inPool(booking: ReturnType<typeof createBooking>): Promise<void> {
  const { version, rules } = await booking.rulesOf(HOSPITAL)
  const change = { hospitalId: HOSPITAL, rules: { ...rules, origin: 'pool' as const } }
  await booking.changeRules({ ...change, after: version }, ACTOR)
}

async function enterSession(
  booking: ReturnType<typeof createBooking>,
  newId: BookingDependencies['newId'],
  doctor: string,
): Promise<Burst['sessionId']> {
  const date = addDays(businessDateOf(systemClock.now()), 3)
  const session = await booking.addSession(
    {
      id: newId<'BookingSession'>(),
      hospitalId: HOSPITAL,
      department: { code: `K-${doctor}`, name: '专家门诊' },
      doctor: { code: doctor, name: '张医生' },
      clinic: '专家',
      location: '3 楼',
      businessDate: date,
      period: 'morning',
      startsAt: instantAt(date, '08:00:00'),
      endsAt: instantAt(date, '12:00:00'),
      feeFen: ZERO,
      total: SLOTS,
      quotas: [],
    },
    ACTOR,
  )
  return session.id
}

function dependenciesOn(db: Db): BookingDependencies {
  const platform = { clock: systemClock, random: systemRandom }
  const newId = createNewId(systemClock, systemRandom)
  return {
    db,
    ...platform,
    newId,
    audit: createAudit({ ...platform, newId }),
    publish: createPublish({ ...platform, newId, wake: wakeBySweep }),
    seal: createSeal(systemRandom.bytes(MASTER_KEY_BYTES), systemRandom),
    systemOf: async () => null,
    departmentsOf: async () => [],
    patientNoOf: async () => null,
    requestRefund: () => Promise.reject(new Error('nothing is paid here')),
    billsOfPayment: async () => [],
  }
}

function resultOf(
  tries: number,
  { ours, bare, http }: { ours: number[]; bare: number[]; http: number[] },
  rates: number[],
  conditions: BenchResult['conditions'],
): BenchResult {
  return {
    bench: 'booking',
    figures: [
      rate('tries', tries, 'at once', { name: 'asked for', value: TRIES }),
      rate('slots_sold', SLOTS, 'numbers', { name: 'there were', value: SLOTS }),
      time('seconds_database', median(ours), 's', {
        name: 'bare conditional updates',
        value: median(bare),
      }),
      time('seconds_http', median(http), 's', { name: 'the limit', value: LIMIT_HTTP_SECONDS }),
      rate('sold_out_per_second', median(rates), '/s', {
        name: 'the limit',
        value: LIMIT_SOLD_OUT,
      }),
    ],
    conditions: {
      ...conditions,
      connections: CONNECTIONS,
      'at the database': `what ${PROCESSES} processes do, in one; each remembers what is sold out; the limit is 10 s`,
      'over HTTP': 'server and callers in one process, everybody is who they say',
      'sold out': 'asked in the process',
      'seconds at the database': ours.map((s) => s.toFixed(2)).join(', '),
      'seconds over HTTP': http.map((s) => s.toFixed(2)).join(', '),
    },
  }
}
