import type { Check } from './check.ts'
import { billChecks } from './checks/bills.ts'
import { bookingChecks } from './checks/booking.ts'
import { dayListChecks } from './checks/day-list.ts'
import { directoryChecks } from './checks/directory.ts'
import { lockChecks } from './checks/locks.ts'
import { patientChecks } from './checks/patients.ts'
import { queueChecks } from './checks/queue.ts'
import { refundChecks } from './checks/refunds.ts'
import { readyReportChecks, reportChecks } from './checks/reports.ts'
import { dischargeChecks, stayChecks } from './checks/stays.ts'
import { toldChecks } from './checks/told.ts'
import { wireChecks } from './checks/wire.ts'
import { voidChecks, writeBackChecks } from './checks/write-back.ts'

/** All of them, in the order of a visit; what needs the next day stands at the end. */
export const conformanceChecks: readonly Check[] = [
  ...wireChecks,
  ...directoryChecks,
  ...patientChecks,
  ...bookingChecks,
  ...lockChecks,
  ...queueChecks,
  ...billChecks,
  ...writeBackChecks,
  ...voidChecks,
  ...refundChecks,
  ...toldChecks,
  ...reportChecks,
  ...stayChecks,
  ...dayListChecks,
  ...readyReportChecks,
  ...dischargeChecks,
]
