// The door of the module: other modules, adapters and apps import this file and no other.
export type { BookingActing } from './acting.ts'
export type {
  Appointment,
  AppointmentFilter,
  AppointmentId,
  AppointmentKey,
  AppointmentStatus,
  BookingDesk,
  FeeState,
  HoldWish,
  Page as BookingPage,
  Session as BookingSession,
  SessionFilter,
  SessionId,
  Slot as BookingSlot,
  SlotStatus,
} from './booking.ts'
export { readSlotId, slotIdOf } from './booking.ts'
export { type Booking, createBooking } from './bookings.ts'
export type { BookingDependencies } from './dependencies.ts'
export type { BookingRouteContext } from './route-parts.ts'
export { bookingRoutes } from './routes.ts'
