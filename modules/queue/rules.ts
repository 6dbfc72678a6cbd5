import Type from 'typebox'

import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { strict } from '../../platform/http/schemas.ts'
import { type QueueRules, USUAL_QUEUE_RULES } from './order.ts'

const minutes = (maximum: number) => Type.Integer({ minimum: 0, maximum })

export const PlaceSchema = Type.Object(
  {
    latitude: Type.Number({ minimum: -90, maximum: 90 }),
    longitude: Type.Number({ minimum: -180, maximum: 180 }),
  },
  strict,
)

/** What holds at a hospital, as data. */
export const HospitalQueueRulesSchema = Type.Object(
  {
    order: Type.Object(
      {
        elderlyFromYears: Type.Integer({ minimum: 50, maximum: 120 }),
        recallPlacesBack: Type.Integer({ minimum: 0, maximum: 50 }),
        priorityEvery: Type.Integer({ minimum: 1, maximum: 50 }),
        slotKeptMinutes: minutes(240),
      },
      strict,
    ),
    checkIn: Type.Object({ earlyMinutes: minutes(720), lateMinutes: minutes(720) }, strict),
    /** WGS 84; null while nobody has measured it: then phones cannot check in by their place. */
    gate: Type.Union([PlaceSchema, Type.Null()]),
    radiusM: Type.Integer({ minimum: 20, maximum: 20_000 }),
    beacons: Type.Array(Type.String({ pattern: '^[A-Za-z0-9:_-]{1,64}$' }), { maxItems: 500 }),
    /** How fast people come, and how long before their turn they shall be here. */
    travel: Type.Object(
      { metresAMinute: Type.Integer({ minimum: 20, maximum: 2_000 }), marginMinutes: minutes(240) },
      strict,
    ),
  },
  strict,
)

export type HospitalQueueRules = Type.Static<typeof HospitalQueueRulesSchema>

export const USUAL_HOSPITAL_QUEUE_RULES: HospitalQueueRules = {
  order: {
    elderlyFromYears: USUAL_QUEUE_RULES.elderlyFromYears,
    recallPlacesBack: USUAL_QUEUE_RULES.recallPlacesBack,
    priorityEvery: USUAL_QUEUE_RULES.priorityEvery,
    slotKeptMinutes: USUAL_QUEUE_RULES.slotKeptMs / MINUTE_MS,
  },
  checkIn: { earlyMinutes: 60, lateMinutes: 90 },
  gate: null,
  radiusM: 500,
  beacons: [],
  travel: { metresAMinute: 250, marginMinutes: 10 },
}

export const orderRulesOf = ({ order }: HospitalQueueRules): QueueRules => {
  const { slotKeptMinutes, ...same } = order
  return { ...USUAL_QUEUE_RULES, ...same, slotKeptMs: slotKeptMinutes * MINUTE_MS }
}

/** When a booking can be checked in, both ends included. */
export const checkInWindow = (startsAt: Date, { checkIn }: HospitalQueueRules) => ({
  opensAt: addMs(startsAt, -checkIn.earlyMinutes * MINUTE_MS),
  closesAt: addMs(startsAt, checkIn.lateMinutes * MINUTE_MS),
})

/** From now, in ms, until somebody so far away has to set out; 0: now. */
export function leaveInMs(
  { distanceM, calledInMs }: { distanceM: number; calledInMs: number },
  { travel }: HospitalQueueRules,
): number {
  const onTheWayMs = (distanceM / travel.metresAMinute + travel.marginMinutes) * MINUTE_MS
  return Math.max(0, Math.round(calledInMs - onTheWayMs))
}
