import { SECOND_MS } from '../../../../kernel/time.ts'
import { type Check, checksOf } from '../check.ts'
import { expectSame, expectThat, okOf, prepared, refusedOf } from '../outcome.ts'
import type { Session } from '../session.ts'
import { appointmentOf, freePlace, HOLD_SECONDS, lockOf, type Place, slotNow } from '../steps.ts'

const check = checksOf('booking')
const LOCK = 'slots.lock'
const UNLOCK = 'slots.unlock'
const REGISTER = 'appointments.register'

export const lockChecks: readonly Check[] = [
  check(
    LOCK,
    'answer',
    ['锁号，期限不超过所求', 'a slot is held, for no longer than asked'],
    async (s) => {
      const place = await freePlace(s, 'later')
      const lock = lockOf(s, place, await s.patient(0))
      const held = okOf(LOCK, await s.his.lockSlot(s.call, lock), 'a free slot')
      expectSame('the slot', held.slotNo, place.slot.slotNo)
      const seconds = (held.lockedUntil.getTime() - s.clock.now().getTime()) / SECOND_MS
      const isFit = seconds > 0 && seconds <= HOLD_SECONDS + 5
      expectThat(isFit, 'how long it is held', `1 to ${HOLD_SECONDS} s`, seconds)
      const listed = await slotNow(s, place)
      expectThat(listed === 'locked' || listed === 'taken', 'the slot', 'not free', listed)
      await unlock(s, lock.lockNo)
    },
  ),
  check(LOCK, 'any', ['由院方选号', 'without a slot the hospital chooses one'], async (s) => {
    const place = await freePlace(s, 'later')
    const lock = { ...lockOf(s, place, await s.patient(0)), slotNo: null }
    const held = okOf(LOCK, await s.his.lockSlot(s.call, lock), 'any free slot')
    expectSame('the slot that was chosen', held.slotNo, place.slot.slotNo)
    await unlock(s, lock.lockNo)
  }),
  check(
    LOCK,
    'repeated',
    ['重复锁号同一答复', 'the same request has the same answer'],
    async (s) => {
      const { lock, held } = await locked(s)
      const again = okOf(LOCK, await s.his.lockSlot(s.call, lock), 'the same again')
      expectSame('the second answer', again, held)
      await unlock(s, lock.lockNo)
    },
  ),
  check(
    LOCK,
    'different',
    ['同一锁号单不同内容被拒绝', 'the same key with another body is refused'],
    async (s) => {
      const { lock } = await locked(s)
      const answer = await s.his.lockSlot(s.call, { ...lock, holdSeconds: 60 })
      refusedOf(LOCK, answer, ['duplicate_different'], 'the key with another body')
      await unlock(s, lock.lockNo)
    },
  ),
  check(
    LOCK,
    'one-winner',
    ['两人抢一号只有一人得', 'of two patients for one slot one gets it'],
    race,
  ),
  check(LOCK, 'registered', ['凭锁挂号', 'a lock becomes a registration'], async (s) => {
    const { place, lock } = await locked(s)
    const appointment = appointmentOf(s, place, await s.patient(0), lock.lockNo)
    const answer = await s.his.register(s.call, appointment)
    if (answer.outcome === 'ok') s.appointments.add(appointment.appointmentNo)
    okOf(REGISTER, answer, 'a registration with its lock')
    expectSame('the slot', await slotNow(s, place), 'taken')
  }),
  check(UNLOCK, 'frees', ['解锁后他人可锁', 'an unlocked slot can be had'], async (s) => {
    const { place, lock } = await locked(s)
    okOf(
      UNLOCK,
      await s.his.unlockSlot(s.call, { lockNo: lock.lockNo, reason: '测试' }),
      'unlocking',
    )
    expectSame('the slot', await slotNow(s, place), 'free')
    const second = lockOf(s, place, await s.patient(1))
    okOf(LOCK, await s.his.lockSlot(s.call, second), 'the slot for another patient')
    await unlock(s, second.lockNo)
  }),
  check(
    UNLOCK,
    'unheard',
    ['未闻之锁先解后锁被拒', 'a late lock after its unlock is refused'],
    async (s) => {
      const place = await freePlace(s, 'later')
      const lock = lockOf(s, place, await s.patient(0))
      const body = { lockNo: lock.lockNo, reason: '测试' }
      okOf(UNLOCK, await s.his.unlockSlot(s.call, body), 'unlocking what was never heard of')
      const late = await s.his.lockSlot(s.call, lock)
      refusedOf(LOCK, late, ['lock_expired'], 'the lock that comes late')
      expectSame('the slot', await slotNow(s, place), 'free')
    },
  ),
  check(LOCK, 'runs-out', ['锁号到期释放', 'a lock runs out'], runOut, { needs: ['time.move'] }),
]

async function locked(session: Session) {
  const place = await freePlace(session, 'later')
  const lock = lockOf(session, place, await session.patient(0))
  const held = prepared(LOCK, await session.his.lockSlot(session.call, lock))
  return { place, lock, held }
}

async function unlock({ his, call }: Session, lockNo: string): Promise<void> {
  await his.unlockSlot(call, { lockNo, reason: '测试结束' })
}

async function race(session: Session): Promise<void> {
  const place = await freePlace(session, 'later')
  const [first, second] = [await session.patient(0), await session.patient(1)]
  const locks = [lockOf(session, place, first), lockOf(session, place, second)]
  const answers = await Promise.all(locks.map((lock) => session.his.lockSlot(session.call, lock)))
  const won = answers.filter(({ outcome }) => outcome === 'ok')
  for (const answer of answers) {
    if (answer.outcome !== 'ok') refusedOf(LOCK, answer, ['slot_taken'], 'the slot for the other')
  }
  expectSame('how many of two got it', won.length, 1)
  await Promise.all(locks.map(({ lockNo }) => unlock(session, lockNo)))
}

async function runOut(session: Session): Promise<void> {
  const { place, lock, held } = await locked(session)
  const leftMs = held.lockedUntil.getTime() - session.clock.now().getTime()
  await session.moveTime(Math.max(1, Math.ceil(leftMs / SECOND_MS)) + 2)
  const again = okOf(LOCK, await session.his.lockSlot(session.call, lock), 'the same lock again')
  expectSame('the answer after it has run out', again, held)
  const late = await registerWith(session, place, lock.lockNo)
  refusedOf(REGISTER, late, ['lock_expired'], 'a registration with the lock that ran out')
  const second = lockOf(session, place, await session.patient(1))
  okOf(LOCK, await session.his.lockSlot(session.call, second), 'the slot for another patient')
  await unlock(session, second.lockNo)
}

async function registerWith(session: Session, place: Place, lockNo: string) {
  const appointment = appointmentOf(session, place, await session.patient(0), lockNo)
  const answer = await session.his.register(session.call, appointment)
  if (answer.outcome === 'ok') session.appointments.add(appointment.appointmentNo)
  return answer
}
