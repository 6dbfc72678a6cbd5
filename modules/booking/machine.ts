import type { AppointmentStatus } from './booking.ts'

// What may become of an appointment. What is not listed here cannot happen.

const MAY_BECOME: Record<AppointmentStatus, readonly AppointmentStatus[]> = {
  held: ['booked', 'cancelled', 'expired', 'stopped'],
  booked: ['checked_in', 'finished', 'no_show', 'cancelled', 'stopped'],
  checked_in: ['finished', 'stopped'],
  finished: [],
  no_show: [],
  cancelled: [],
  expired: [],
  stopped: [],
}

export const mayBecome = (from: AppointmentStatus, to: AppointmentStatus): boolean =>
  MAY_BECOME[from].includes(to)

/** Whether the slot is the person's: as the unique indexes of the database count it. */
export const LIVE = ['held', 'booked', 'checked_in', 'finished', 'no_show'] as const

export const isLive = (status: AppointmentStatus): boolean =>
  (LIVE as readonly AppointmentStatus[]).includes(status)

export const STATUSES = Object.keys(MAY_BECOME) as AppointmentStatus[]
