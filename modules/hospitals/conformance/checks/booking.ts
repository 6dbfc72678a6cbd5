import { addDays, businessDateOf } from '../../../../kernel/time.ts'
import { type Check, checksOf } from '../check.ts'
import { expectSame, expectThat, okOf, prepared, refusedOf } from '../outcome.ts'
import type { Session } from '../session.ts'
import { appointmentOf, billAt, freePlace, registered, slotNow } from '../steps.ts'

const check = checksOf('booking')
const LIST = 'schedules.list'
const REGISTER = 'appointments.register'
const GET = 'appointments.get'
const CANCEL = 'appointments.cancel'

export const bookingChecks: readonly Check[] = [
  check(LIST, 'answer', ['号源查询', 'clinics are listed'], async ({ his, call, clock }) => {
    const from = businessDateOf(clock.now())
    const to = addDays(from, 7)
    const asked = { from, to, departmentCode: null }
    const list = okOf(LIST, await his.schedules(call, asked), 'eight days')
    expectThat(list.length > 0, 'how many clinics', 'one or more', list.length)
    for (const clinic of list) {
      const isIn = from <= clinic.businessDate && clinic.businessDate <= to
      expectThat(isIn, 'the day of a clinic', `${from} to ${to}`, clinic.businessDate)
      expectThat(
        clinic.left <= clinic.total,
        'what is left',
        `at most ${clinic.total}`,
        clinic.left,
      )
    }
    const numbers = new Set(list.map(({ scheduleNo }) => scheduleNo))
    expectSame('how many clinics have a number of their own', numbers.size, list.length)
  }),
  check(LIST, 'department', ['按科室查号源', 'clinics of one department'], async (s) => {
    const [first] = await s.clinics()
    const departmentCode = first?.departmentCode ?? null
    const from = businessDateOf(s.clock.now())
    const asked = { from, to: addDays(from, 7), departmentCode }
    const list = okOf(LIST, await s.his.schedules(s.call, asked), 'the clinics of a department')
    const others = list.filter((clinic) => clinic.departmentCode !== departmentCode)
    expectSame('how many are of another department', others.length, 0)
  }),
  check('slots.list', 'answer', ['分时号源', 'slots of a clinic are listed'], async (s) => {
    const clinic = (await s.clinics()).find(({ status, left }) => status === 'open' && left > 0)
    const slots = okOf('slots.list', await s.his.slots(s.call, clinic?.scheduleNo ?? '-'), 'slots')
    const numbers = new Set(slots.map(({ slotNo }) => slotNo))
    expectSame('how many slots have a number of their own', numbers.size, slots.length)
    for (const { startsAt, endsAt } of slots) {
      expectThat(startsAt < endsAt, 'a slot', 'an end after its beginning', endsAt.toISOString())
      expectSame('the day of a slot', businessDateOf(startsAt), clinic?.businessDate)
    }
  }),
  check(
    'slots.list',
    'unknown',
    ['未知排班有明确答复', 'an unknown clinic is refused'],
    async (s) => {
      const answer = await s.his.slots(s.call, s.newNo('S'))
      refusedOf('slots.list', answer, ['schedule_not_found'], 'an unknown clinic')
    },
  ),
  check('slots.list', 'stopped', ['停诊后不可挂号', 'a stopped clinic is refused'], stopped, {
    needs: ['schedules.stop'],
  }),
  check(REGISTER, 'answer', ['挂号，费用账单可查', 'a registration, with its bill'], async (s) => {
    const { place, appointment, registration } = await registerNow(s, 'a registration')
    expectSame('when it begins', registration.startsAt, place.slot.startsAt)
    expectSame('the slot', await slotNow(s, place), 'taken')
    const standing = prepared(GET, await s.his.registration(s.call, appointment.appointmentNo))
    expectSame('how it stands', standing.status, 'registered')
    if (registration.billNo === null) return
    const bill = await billAt(s, registration.billNo)
    expectSame(
      'its bill',
      [bill.kind, bill.status, bill.visitNo],
      ['registration', 'open', registration.visitNo],
    )
  }),
  check(
    REGISTER,
    'repeated',
    ['重复挂号请求同一答复', 'the same request has the same answer'],
    async (s) => {
      const { appointment, registration } = await registered(s, await s.patient(0))
      const again = okOf(REGISTER, await s.his.register(s.call, appointment), 'the same again')
      expectSame('the second answer', again, registration)
    },
  ),
  check(
    REGISTER,
    'different',
    ['同一单号不同内容被拒绝', 'the same key with another body is refused'],
    async (s) => {
      const { appointment, place } = await registered(s, await s.patient(0))
      const other = place.slots.find(
        (slot) => slot.slotNo !== place.slot.slotNo && slot.status === 'free',
      )
      const changed = { ...appointment, slotNo: other?.slotNo ?? `${appointment.slotNo}-` }
      const answer = await s.his.register(s.call, changed)
      refusedOf(REGISTER, answer, ['duplicate_different'], 'the key with another slot')
    },
  ),
  check(
    REGISTER,
    'taken',
    ['一号不能挂两人', 'a slot that is registered is not given again'],
    async (s) => {
      const { place } = await registered(s, await s.patient(0))
      const second = appointmentOf(s, place, await s.patient(1))
      const answer = await s.his.register(s.call, second)
      if (answer.outcome === 'ok') s.appointments.add(second.appointmentNo)
      refusedOf(REGISTER, answer, ['slot_taken'], 'the slot for another patient')
    },
  ),
  check(GET, 'absent', ['未知单号答复 absent', 'an unknown registration is absent'], async (s) => {
    const answer = await s.his.registration(s.call, s.newNo('A'))
    expectSame('how it stands', okOf(GET, answer, 'an unknown number').status, 'absent')
  }),
  check(
    CANCEL,
    'frees',
    ['退号后号源释放、账单作废', 'cancelling frees the slot, its bill is void'],
    async (s) => {
      const { place, appointment, registration } = await registered(s, await s.patient(0))
      await cancel(s, appointment.appointmentNo)
      expectSame('the slot', await slotNow(s, place), 'free')
      const { status } = prepared(GET, await s.his.registration(s.call, appointment.appointmentNo))
      expectSame('how it stands', status, 'cancelled')
      if (registration.billNo === null) return
      expectSame('its bill', (await billAt(s, registration.billNo)).status, 'void')
    },
  ),
  check(
    CANCEL,
    'repeated',
    ['重复退号同一答复', 'the same request has the same answer'],
    async (s) => {
      const { appointment } = await registered(s, await s.patient(0))
      const first = await cancel(s, appointment.appointmentNo)
      const again = await cancel(s, appointment.appointmentNo)
      expectSame('the second answer', again, first)
    },
  ),
  check(
    CANCEL,
    'unknown',
    ['未知单号有明确答复', 'an unknown registration is refused'],
    async (s) => {
      const body = { appointmentNo: s.newNo('A'), reason: '测试' }
      const answer = await s.his.cancelRegistration(s.call, body)
      refusedOf(CANCEL, answer, ['registration_not_found'], 'an unknown number')
    },
  ),
]

async function registerNow(session: Session, what: string) {
  const patient = await session.patient(0)
  const place = await freePlace(session, 'later')
  const appointment = appointmentOf(session, place, patient)
  const answer = await session.his.register(session.call, appointment)
  if (answer.outcome === 'ok') session.appointments.add(appointment.appointmentNo)
  return { place, appointment, registration: okOf(REGISTER, answer, what) }
}

async function cancel({ his, call, appointments }: Session, appointmentNo: string) {
  const answer = await his.cancelRegistration(call, { appointmentNo, reason: '测试退号' })
  const cancelled = okOf(CANCEL, answer, 'cancelling a registration')
  appointments.delete(appointmentNo)
  return cancelled
}

async function stopped(session: Session): Promise<void> {
  const place = await freePlace(session, 'later')
  const { scheduleNo } = place.schedule
  await session.hand('schedules.stop', { scheduleNo })
  const second = appointmentOf(session, place, await session.patient(1))
  const answer = await session.his.register(session.call, second)
  refusedOf(REGISTER, answer, ['schedule_stopped', 'slot_taken'], 'a slot of a stopped clinic')
}
