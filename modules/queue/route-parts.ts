import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { maskName } from '../../platform/masks.ts'
import type { NewMedium, PersonId } from '../identity/index.ts'
import type { QueueDesk } from './desk.ts'
import type { Accuracy } from './learnt-store.ts'
import type { Awaited, Mine, MyTicket } from './mine.ts'
import type { HospitalQueueRules } from './rules.ts'
import {
  AccuracyView,
  AwaitedView,
  BoardView,
  LineView,
  MineView,
  MyTicketView,
  PlaceView,
  RulesView,
  ScreenView,
  TicketView,
} from './schemas.ts'
import type { Screen } from './screens.ts'
import type { Sight } from './sight.ts'
import type { LineRow, TicketRow } from './store.ts'

// What the routes of the queue share.

export type App = Parameters<FastifyPluginAsyncTypebox>[0]

export type QueueRouteContext = {
  desk: QueueDesk
  platform: { db: Db; clock: Clock; newId: NewId }
  /** The names of people, in full. */
  namesOf: (personIds: readonly PersonId[]) => Promise<Map<PersonId, string>>
}

export const tags = ['queue']
export const WORKERS = ['staff:doctor', 'staff:cashier', 'staff:it'] as const

const named = <View extends Type.TSchema>(_view: View, id: string) =>
  Type.Unsafe<Type.Static<View>>(Type.Ref(id))

export const LineRef = named(LineView, 'QueueLine')
export const TicketRef = named(TicketView, 'QueueTicket')
export const BoardRef = named(BoardView, 'QueueBoard')
export const MineRef = named(MineView, 'MyQueue')
export const RulesRef = named(RulesView, 'QueueRules')
export const ScreenRef = named(ScreenView, 'QueueScreen')
export const AccuracyRef = named(AccuracyView, 'QueueAccuracy')

export const VIEWS = [
  LineView,
  TicketView,
  PlaceView,
  BoardView,
  MyTicketView,
  AwaitedView,
  MineView,
  RulesView,
  ScreenView,
  AccuracyView,
]

export const ItemsAndNext = <T extends Type.TSchema, C extends Type.TSchema>(schema: T, next: C) =>
  Type.Object({ items: Type.Array(schema), next: Type.Union([next, Type.Null()]) })

export const hospitalIn = ({ hospitalId }: { hospitalId: number }): HospitalId =>
  hospitalId as HospitalId

/** A card that one hospital gave out, or a wristband, is looked for at this one. */
export const mediumIn = (
  hospitalId: HospitalId,
  { kind, value }: Pick<NewMedium, 'kind' | 'value'>,
): NewMedium => {
  const isOfHospital = kind === 'hospital_card' || kind === 'emergency'
  return { kind, value, ...(isOfHospital ? { hospitalId } : {}) }
}

export const viewOfLine = (row: LineRow): Type.Static<typeof LineView> => ({
  id: row.id,
  businessDate: row.business_date,
  kind: row.kind,
  departmentCode: row.department_code,
  departmentName: row.department_name,
  doctorCode: row.doctor_code,
  doctorName: row.doctor_name,
  location: row.location,
  startsAt: row.starts_at.toISOString(),
  begunAt: row.begun_at?.toISOString() ?? null,
})

export const viewOfTicket = (row: TicketRow): Type.Static<typeof TicketView> => ({
  id: row.id,
  lineId: row.line_id,
  number: row.number,
  state: row.state,
  priority: row.priority,
  room: row.room,
  via: row.via,
  checkedInAt: row.checked_in_at.toISOString(),
  calledAt: row.called_at?.toISOString() ?? null,
  told: { lowMs: row.told_low_ms, medianMs: row.told_median_ms, highMs: row.told_high_ms },
})

/** `isPublic`: on a wall, where a name is masked and nobody sees why somebody is called first. */
export async function boardOfSight(
  { namesOf }: Pick<QueueRouteContext, 'namesOf'>,
  { line, places, at }: Sight,
  isPublic: boolean,
): Promise<Type.Static<typeof BoardView>> {
  const names = await namesOf(places.map(({ ticket }) => ticket.person_id))
  return {
    line: viewOfLine(line),
    at: at.toISOString(),
    places: places.map(({ ticket, ahead, waiting }) => {
      const name = names.get(ticket.person_id) ?? ''
      return {
        ticketId: ticket.id,
        number: ticket.number,
        name: isPublic ? maskName(name) : name,
        state: ticket.state,
        priority: isPublic ? null : ticket.priority,
        room: ticket.room,
        ahead,
        waiting,
      }
    }),
  }
}

export const viewOfMyTicket = ({
  ticket,
  line,
  ahead,
  waiting,
}: MyTicket): Type.Static<typeof MyTicketView> => ({
  id: ticket.id,
  lineId: line.id,
  number: ticket.number,
  state: ticket.state,
  kind: line.kind,
  departmentName: line.department_name,
  doctorName: line.doctor_name,
  location: line.location,
  room: ticket.room,
  ahead,
  waiting,
  checkedInAt: ticket.checked_in_at.toISOString(),
})

export const viewOfMine = (
  { tickets, awaited }: Mine,
  { radiusM, gate }: HospitalQueueRules,
): Type.Static<typeof MineView> => ({
  tickets: tickets.map(viewOfMyTicket),
  awaited: awaited.map(viewOfAwaited),
  radiusM,
  gate,
})

const viewOfAwaited = ({
  appointment,
  session,
  opensAt,
  closesAt,
  waiting,
  leaveInMs,
}: Awaited): Type.Static<typeof AwaitedView> => ({
  appointmentId: appointment.id,
  departmentName: session.department.name,
  doctorName: session.doctor.name,
  location: session.location,
  startsAt: appointment.startsAt.toISOString(),
  opensAt: opensAt.toISOString(),
  closesAt: closesAt.toISOString(),
  waiting,
  leaveInMs,
})

export const viewOfScreen = (screen: Screen): Type.Static<typeof ScreenView> => ({
  id: screen.id,
  name: screen.name,
  lineKind: screen.line_kind,
  departmentCode: screen.department_code,
  createdAt: screen.created_at.toISOString(),
  revokedAt: screen.revoked_at?.toISOString() ?? null,
})

export const viewOfAccuracy = ({
  errorMs,
  naiveErrorMs,
  within,
  ...doctor
}: Accuracy): Type.Static<typeof AccuracyView> => ({
  ...doctor,
  errorMs: Math.round(errorMs),
  naiveErrorMs: Math.round(naiveErrorMs),
  withinPercent: Math.round(within * 100),
})
