import Type from 'typebox'

import { anInstant, count, day, money, number, orNull, text, translatedForm } from './reading.ts'

// From the list of clinics to the number that is called.

export const ListSchedules = Type.Object({
  from: day,
  /** At most 31 days after `from`. */
  to: day,
  departmentCode: orNull(number(30)),
})

const Schedule = Type.Object({
  scheduleNo: number(40),
  departmentCode: number(30),
  doctorCode: number(30),
  doctorName: text(100),
  businessDate: day,
  session: Type.Enum(['morning', 'noon', 'afternoon', 'evening']),
  /** 普通, 专家, 特需: as the hospital says it. */
  clinic: text(60),
  location: text(200),
  registrationFeeFen: money,
  consultationFeeFen: money,
  total: count,
  left: count,
  status: Type.Enum(['open', 'not_open', 'stopped']),
})

export const SchedulesAnswer = Type.Object({
  schedules: Type.Array(Schedule, { maxItems: 5_000 }),
})

export const ListSlots = Type.Object({ scheduleNo: number(40) })

const Slot = Type.Object({
  slotNo: number(40),
  startsAt: anInstant,
  endsAt: anInstant,
  status: Type.Enum(['free', 'locked', 'taken', 'stopped']),
})

export const SlotsAnswer = Type.Object({ slots: Type.Array(Slot, { maxItems: 1_000 }) })

export const LockSlot = Type.Object({
  lockNo: number(32),
  scheduleNo: number(40),
  /** Null lets the hospital choose. */
  slotNo: orNull(number(40)),
  patientNo: number(30),
  /** How long it is wanted; the hospital may hold it for less. */
  holdSeconds: Type.Integer({ minimum: 30, maximum: 86_400 }),
})

export const LockedAnswer = Type.Object({
  slotNo: number(40),
  startsAt: anInstant,
  endsAt: anInstant,
  lockedUntil: anInstant,
})

export const UnlockSlot = Type.Object({ lockNo: number(32), reason: text(200) })
export const UnlockedAnswer = Type.Object({ unlockedAt: anInstant })

export const Register = Type.Object({
  appointmentNo: number(32),
  lockNo: orNull(number(32)),
  scheduleNo: number(40),
  slotNo: number(40),
  patientNo: number(30),
})

export const RegisteredAnswer = Type.Object({
  registrationNo: number(40),
  visitNo: number(30),
  /** The bill of the fee, null where there is none. It is paid as every bill is. */
  billNo: orNull(number(30)),
  startsAt: anInstant,
  location: text(200),
})

export const CancelRegistration = Type.Object({ appointmentNo: number(32), reason: text(200) })
export const CancelledAnswer = Type.Object({ cancelledAt: anInstant })

export const GetRegistration = Type.Object({ appointmentNo: number(32) })

export const RegistrationAnswer = Type.Object({
  status: Type.Enum(['absent', 'registered', 'number_taken', 'seen', 'cancelled', 'stopped']),
  registrationNo: orNull(number(40)),
  billNo: orNull(number(30)),
})

export const TakeNumber = Type.Object({ appointmentNo: number(32) })

export const GetQueue = Type.Object({ appointmentNo: number(32) })

export const QueueAnswer = Type.Object({
  queueNo: number(20),
  /** The number that is being called, null before the clinic begins. */
  calling: orNull(number(20)),
  ahead: count,
  status: Type.Enum(['waiting', 'called', 'passed', 'in_room', 'done']),
  location: text(200),
})

export type HisLockRequest = Type.Static<typeof LockSlot>
export type HisAppointment = Type.Static<typeof Register>
export type HisSchedule = Type.StaticDecode<typeof Schedule>
export type HisSlot = Type.StaticDecode<typeof Slot>
export type HisLock = Type.StaticDecode<typeof LockedAnswer>
export type HisRegistration = Type.StaticDecode<typeof RegisteredAnswer>
export type HisRegistrationStatus = Type.StaticDecode<typeof RegistrationAnswer>
export type HisQueue = Type.StaticDecode<typeof QueueAnswer>

export const readSchedules = translatedForm(SchedulesAnswer)
export const readSlots = translatedForm(SlotsAnswer)
export const readLocked = translatedForm(LockedAnswer)
export const readUnlocked = translatedForm(UnlockedAnswer)
export const readRegistered = translatedForm(RegisteredAnswer)
export const readCancelled = translatedForm(CancelledAnswer)
export const readRegistration = translatedForm(RegistrationAnswer)
export const readQueue = translatedForm(QueueAnswer)
