import { MINUTE_MS, SECOND_MS } from '../../../../kernel/time.ts'
import type { HisAnswer } from '../../interface/data.ts'
import { type Check, checksOf } from '../check.ts'
import { expectSame, NotTried, okOf, prepared, refusedOf } from '../outcome.ts'
import type { Session } from '../session.ts'
import { feePaid, type Registered, registered } from '../steps.ts'

const check = checksOf('queue')
const TAKE = 'appointments.takeNumber'
const QUEUE = 'queue.get'

export const queueChecks: readonly Check[] = [
  check(TAKE, 'answer', ['当天取号，候诊可查', 'a number is taken on the day'], async (s) => {
    const place = await registered(s, await s.patient(0), 'today')
    await feePaid(s, place)
    await comeNear(s, place)
    const { appointmentNo } = place.appointment
    const answer = await s.his.takeNumber(s.call, appointmentNo)
    notAtThisHour(s, answer)
    const taken = okOf(TAKE, answer, 'on the day')
    const again = okOf(TAKE, await s.his.takeNumber(s.call, appointmentNo), 'the same again')
    expectSame('the number that is taken again', again.queueNo, taken.queueNo)
    const { status } = prepared('appointments.get', await s.his.registration(s.call, appointmentNo))
    expectSame('how the registration stands', status, 'number_taken')
  }),
  check(QUEUE, 'answer', ['候诊排队', 'the place in the queue'], async (s) => {
    const place = await registered(s, await s.patient(1), 'today')
    await feePaid(s, place)
    await comeNear(s, place)
    const { appointmentNo } = place.appointment
    const answer = await s.his.takeNumber(s.call, appointmentNo)
    notAtThisHour(s, answer)
    const taken = prepared(TAKE, answer)
    const queue = okOf(QUEUE, await s.his.queue(s.call, appointmentNo), 'the queue')
    expectSame('the number', queue.queueNo, taken.queueNo)
  }),
  check(TAKE, 'too-late', ['非就诊日不能取号', 'on another day it is TOO_LATE'], async (s) => {
    const place = await registered(s, await s.patient(0))
    await feePaid(s, place)
    const answer = await s.his.takeNumber(s.call, place.appointment.appointmentNo)
    refusedOf(TAKE, answer, ['too_late'], 'taking a number days before')
  }),
  check(
    TAKE,
    'unknown',
    ['未知单号有明确答复', 'an unknown registration is refused'],
    async (s) => {
      const answer = await s.his.takeNumber(s.call, s.newNo('A'))
      refusedOf(TAKE, answer, ['registration_not_found'], 'an unknown number')
    },
  ),
  check(
    QUEUE,
    'unknown',
    ['未知单号有明确答复', 'an unknown registration is refused'],
    async (s) => {
      const answer = await s.his.queue(s.call, s.newNo('A'))
      refusedOf(QUEUE, answer, ['registration_not_found'], 'an unknown number')
    },
  ),
]

const BEFORE_MS = 30 * MINUTE_MS

/** To half an hour before the slot: no hospital gives numbers in the middle of the night. */
async function comeNear(session: Session, { place }: Registered): Promise<void> {
  const missingMs = place.slot.startsAt.getTime() - BEFORE_MS - session.clock.now().getTime()
  if (missingMs <= 0 || !session.offers('time.move')) return
  await session.moveTime(Math.ceil(missingMs / SECOND_MS))
}

/** Where the sandbox's time cannot be moved, a refusal may be because of the hour. */
function notAtThisHour<T>(session: Session, answer: HisAnswer<T>): void {
  if (session.offers('time.move') || answer.outcome !== 'refused') return
  if (answer.code !== 'too_late') return
  throw new NotTried({
    zh: '此刻不在取号时段，沙箱时间不可移动',
    en: 'not an hour at which numbers are taken, and the time of the sandbox cannot be moved',
  })
}
