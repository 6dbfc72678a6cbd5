import type Type from 'typebox'

import type { Id } from '../../kernel/id.ts'
import { problems } from '../../platform/http/problem.ts'
import { Uuid } from '../../platform/http/schemas.ts'
import { maskName } from '../../platform/masks.ts'
import type { AppointmentId, SessionFilter, SessionId } from './booking.ts'
import {
  type ClinicView,
  StopPeopleQuery,
  type StoppedPersonView,
  type StopPreviewView,
  type StopProgressView,
} from './clinic-schemas.ts'
import type { Clinic, StopProgress } from './clinics.ts'
import {
  type App,
  type BookingRouteContext,
  ClinicRef,
  hospitalIn,
  ItemsAndNext,
  StoppedPersonRef,
  StopPreviewRef,
  StopProgressRef,
  tags,
  viewOf,
  viewOfSession,
  viewOfStop,
} from './route-parts.ts'
import { OfHospital, OfHospitalAndId, SessionsQuery } from './schemas.ts'
import { outcomeOf } from './stop.ts'

const READERS = ['staff:it', 'staff:cashier', 'staff:finance', 'staff:auditor'] as const
const STOP = '/hospitals/:hospitalId/booking/stops/:id'

/** What a hospital's staff sees of its sessions, and of those that do not take place. */
export function clinicRoutes(app: App, context: BookingRouteContext): void {
  clinicsRoute(app, context)
  previewRoute(app, context)
  progressRoute(app, context)
  peopleRoute(app, context)
}

function clinicsRoute(app: App, { booking }: BookingRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/booking/clinics',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listClinics',
        summary: 'Sessions by day and department, with what is sold of each by source',
        tags,
        params: OfHospital,
        querystring: SessionsQuery,
        response: { 200: ItemsAndNext(ClinicRef, Uuid), ...problems },
      },
    },
    async ({ params, query: { after, limit, ...filter } }) => {
      const hospitalId = hospitalIn(params)
      const page = { after: after as SessionId | undefined, limit }
      const found = await booking.sessions(hospitalId, filter as SessionFilter, page)
      const clinics = await booking.clinicsOf(hospitalId, found.items)
      return { items: clinics.map(viewOfClinic), next: found.next }
    },
  )
}

function previewRoute(app: App, { booking }: BookingRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/booking/sessions/:id/stop-preview',
    {
      config: { access: READERS },
      schema: {
        operationId: 'previewSessionStop',
        summary: 'Whom it would reach to stop a session, and what they would be offered',
        tags,
        params: OfHospitalAndId,
        response: { 200: StopPreviewRef, ...problems },
      },
    },
    async ({ params }): Promise<Type.Static<typeof StopPreviewView>> => {
      const key = { hospitalId: hospitalIn(params), sessionId: params.id as SessionId }
      const { impact, offers } = await booking.previewStop(key)
      return { impact, offers: offers.map(viewOfSession) }
    },
  )
}

function progressRoute(app: App, { booking }: BookingRouteContext): void {
  app.get(
    STOP,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getSessionStop',
        summary: 'A clinic that is stopped, and how far it is with its people',
        tags,
        params: OfHospitalAndId,
        response: { 200: StopProgressRef, ...problems },
      },
    },
    async ({ params }) => {
      const key = { hospitalId: hospitalIn(params), id: params.id as Id<'Stop'> }
      return viewOfProgress(await booking.stopProgress(key))
    },
  )
}

function peopleRoute(
  app: App,
  { booking, namesOf = async () => new Map() }: BookingRouteContext,
): void {
  app.get(
    `${STOP}/people`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listStoppedPeople',
        summary: 'The people of a stopped clinic, the newest first; names masked',
        tags,
        params: OfHospitalAndId,
        querystring: StopPeopleQuery,
        response: { 200: ItemsAndNext(StoppedPersonRef, Uuid), ...problems },
      },
    },
    async ({ params, query: { outcome = null, after, limit } }) => {
      const key = { hospitalId: hospitalIn(params), id: params.id as Id<'Stop'> }
      const page = { after: after as AppointmentId | undefined, limit }
      const { items, next } = await booking.stopPeople(key, outcome, page)
      const names = await namesOf(items.map(({ personId }) => personId))
      const people = items.map((one): Type.Static<typeof StoppedPersonView> => ({
        appointment: viewOf(one),
        name: maskName(names.get(one.personId) ?? ''),
        outcome: outcomeOf(one),
      }))
      return { items: people, next }
    },
  )
}

const viewOfClinic = ({
  session,
  sources,
  proposedStopId,
}: Clinic): Type.Static<typeof ClinicView> => ({
  session: viewOfSession(session),
  sources: sources.map(({ flowsBackAt, ...count }) => ({
    ...count,
    flowsBackAt: flowsBackAt?.toISOString() ?? null,
  })),
  proposedStopId,
})

const viewOfProgress = ({
  stop,
  session,
  people,
}: StopProgress): Type.Static<typeof StopProgressView> => ({
  stop: viewOfStop(stop),
  session: viewOfSession(session),
  people,
})
