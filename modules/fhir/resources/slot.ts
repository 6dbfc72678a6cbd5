import type { HospitalId } from '../../../kernel/id.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import { type BookingSlot, type SessionId, slotIdOf, type SlotStatus } from '../../booking/index.ts'
import { written } from '../search/dates.ts'
import { date, type Parameter, reference, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'

/** One number 号 of a session. */
export const toSlot = ({ id, sessionId, number, status, startsAt, endsAt }: BookingSlot) => ({
  resourceType: 'Slot' as const,
  id,
  schedule: { reference: `Schedule/${sessionId}` },
  status: STATUS[status],
  start: toShanghaiIso(startsAt),
  end: toShanghaiIso(endsAt),
  comment: `第${number}号`,
})

/** One that is given back is nobody's yet, and will be free soon. */
const STATUS: Record<SlotStatus, string> = {
  free: 'free',
  held: 'busy-tentative',
  resting: 'busy-tentative',
  taken: 'busy',
  stopped: 'busy-unavailable',
}

type Slot = ReturnType<typeof toSlot>

const parameters: Parameter<Slot>[] = [
  {
    ...reference<Slot>('schedule', 'Schedule/<id>: one', (slot) => [slot.schedule]),
    isNeeded: true,
  },
  token('status', 'free, busy-tentative, busy, busy-unavailable', (slot) => [slot.status]),
  date('start', 'When it begins', (slot) => written(slot.start)),
]

export const slotType: FhirType<BookingSlot, Slot> = {
  type: 'Slot',
  documentation: 'One number of a session',
  toResource: toSlot,
  parameters,
  example: {
    hospitalId: 1 as HospitalId,
    sessionId: '0190b3a0-0000-7000-8000-00000000000a' as SessionId,
    number: 7,
    id: slotIdOf('0190b3a0-0000-7000-8000-00000000000a' as SessionId, 7),
    startsAt: new Date('2026-11-24T01:10:00Z'),
    endsAt: new Date('2026-11-24T01:20:00Z'),
    status: 'held',
  },
}
