import type { HospitalId } from '../../kernel/id.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { listAdmitted } from './application-store.ts'
import {
  attemptsOf,
  deliveriesOfEvent,
  findDelivery,
  insertDeliveries,
  listDeliveries,
  startRound,
} from './delivery-store.ts'
import type {
  Delivery,
  DeliveryId,
  DeliveryStatus,
  PartnerEvent,
  PartnerEventId,
} from './delivery.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { endpointsOf, listAlerts } from './endpoint-store.ts'
import type { EndpointId } from './endpoint.ts'
import { partnerErrors } from './errors.ts'
import { eventsAfter, findEvent, newestSequence } from './event-store.ts'
import { type EventType, mayHear, typesFor } from './event-type.ts'
import { newDelivery } from './events.ts'
import {
  findRequest,
  listRequests,
  type RequestFilter,
  type RequestRow,
  type RequestsOf,
} from './request-log-store.ts'
import type { ApplicationId, Scope } from './scope.ts'

/** The events after a number, of the types that these scopes may hear, and the newest number there is. */
export function eventFeed(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  scopes: readonly Scope[],
  { types, after, limit }: { types?: readonly EventType[] | undefined } & Cursor,
): Promise<{ events: PartnerEvent[]; newest: number }> {
  const { db } = deps
  const audible = typesFor(scopes).filter((type) => !types || types.includes(type))
  return inHospital(db, hospitalId, async (tx) => {
    // Asked first, so that nobody is told a number whose event is not among those read after it.
    const known = await newestSequence(tx, hospitalId)
    const events = await eventsAfter(tx, hospitalId, { types: audible, after, limit })
    // One may have come between the two looks: what is listed is never newer than the newest.
    return { newest: Math.max(known, events.at(-1)?.sequence ?? 0), events }
  })
}

/** With its deliveries to the application's own endpoints. Errors: throws partners.event_not_found. */
export function eventDetail(deps: PartnerDependencies, reader: Reader, id: PartnerEventId) {
  const { db } = deps
  return inHospital(db, reader.hospitalId, async (tx) => {
    const event = await audibleEvent(deps, tx, reader, id)
    return { event, deliveries: await ownDeliveries(deps, tx, reader, id) }
  })
}

/**
 * Has an event sent again to the application's endpoints, or to one of them, as if it were new: also to one that
 * has not asked for its type. Errors: throws partners.event_not_found, endpoint_not_found when none is switched on.
 */
export function resendEvent(
  deps: PartnerDependencies,
  reader: Reader,
  id: PartnerEventId,
  endpointId: EndpointId | null,
): Promise<Delivery[]> {
  const { db, clock, newId } = deps
  const { hospitalId, applicationId } = reader
  return inHospital(db, hospitalId, async (tx) => {
    const event = await audibleEvent(deps, tx, reader, id)
    const endpoints = (await endpointsOf(tx, hospitalId, applicationId)).filter(
      (endpoint) =>
        endpoint.status === 'active' &&
        (endpointId === null
          ? endpoint.eventTypes.includes(event.type)
          : endpoint.id === endpointId),
    )
    if (endpoints.length === 0) throw partnerErrors.endpoint_not_found()
    const known = await ownDeliveries(deps, tx, reader, id)
    const sent: Delivery[] = []
    for (const endpoint of endpoints) {
      const delivery = known.find((one) => one.endpointId === endpoint.id)
      if (delivery) {
        sent.push(await startRound(tx, delivery, clock.now()))
      } else {
        const fresh = newDelivery(newId, event, endpoint.id, true, clock.now())
        await insertDeliveries(tx, [fresh])
        sent.push(fresh)
      }
    }
    return sent
  })
}

export function deliveryLog(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  applicationId: ApplicationId,
  { endpointId, ...filter }: DeliveryQuery,
): Promise<Delivery[]> {
  const { db } = deps
  return inHospital(db, hospitalId, async (tx) => {
    const own = (await endpointsOf(tx, hospitalId, applicationId)).map(({ id }) => id)
    const endpointIds = endpointId === undefined ? own : own.filter((id) => id === endpointId)
    return listDeliveries(tx, hospitalId, { ...filter, endpointIds })
  })
}

/** With every try of it. Errors: throws partners.delivery_not_found, for another application's too. */
export function deliveryDetail(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  applicationId: ApplicationId,
  id: DeliveryId,
) {
  const { db } = deps
  return inHospital(db, hospitalId, async (tx) => {
    const delivery = await findDelivery(tx, hospitalId, id)
    const own = await endpointsOf(tx, hospitalId, applicationId)
    if (!delivery || !own.some((endpoint) => endpoint.id === delivery.endpointId)) {
      throw partnerErrors.delivery_not_found()
    }
    return { delivery, attempts: await attemptsOf(tx, hospitalId, id) }
  })
}

export function alertLog(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  applicationId: ApplicationId,
  page: Page,
) {
  const { db } = deps
  return inHospital(db, hospitalId, (tx) => listAlerts(tx, hospitalId, applicationId, page))
}

/** What one application asked: at one hospital, or anywhere. */
export function requestLog(
  deps: PartnerDependencies,
  applicationId: ApplicationId,
  { hospitalId, ...filter }: RequestFilter & { hospitalId: HospitalId | null },
): Promise<RequestRow[]> {
  const { db } = deps
  return listRequests(db, { applicationIds: [applicationId], hospitalId }, filter)
}

/** What a hospital's applications asked of it, and its own besides that of no hospital, as a token is. */
export async function requestsAt(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  { applicationId, ...filter }: RequestFilter & { applicationId?: ApplicationId | undefined },
): Promise<RequestRow[]> {
  const { db } = deps
  const visible = await requestsSeenBy(deps, hospitalId)
  const { applicationIds } = visible
  const chosen = applicationIds.filter((id) => !applicationId || id === applicationId)
  return listRequests(db, { ...visible, applicationIds: chosen }, filter)
}

/** Errors: throws partners.request_not_found, for another hospital's too. */
export async function requestAt(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  id: string,
): Promise<RequestRow> {
  const { db } = deps
  const found = await findRequest(db, await requestsSeenBy(deps, hospitalId), id)
  if (!found) throw partnerErrors.request_not_found()
  return found
}

// More than any hospital has; the log shows those of the newest.
const MOST_APPLICATIONS = 1_000

async function requestsSeenBy(
  { db }: PartnerDependencies,
  hospitalId: HospitalId,
): Promise<RequestsOf> {
  const page = { before: undefined, limit: MOST_APPLICATIONS }
  const all = (await listAdmitted(db, hospitalId, page)).map(({ application }) => application)
  return {
    hospitalId,
    applicationIds: all.map(({ id }) => id),
    homeOf: all.filter(({ homeHospital }) => homeHospital === hospitalId).map(({ id }) => id),
  }
}

async function ownDeliveries(
  _deps: PartnerDependencies,
  tx: Tx,
  { hospitalId, applicationId }: Reader,
  id: PartnerEventId,
): Promise<Delivery[]> {
  const own = (await endpointsOf(tx, hospitalId, applicationId)).map((endpoint) => endpoint.id)
  return deliveriesOfEvent(tx, hospitalId, id, own)
}

async function audibleEvent(
  _deps: PartnerDependencies,
  tx: Tx,
  { hospitalId, scopes }: Reader,
  id: PartnerEventId,
): Promise<PartnerEvent> {
  const event = await findEvent(tx, hospitalId, id)
  if (!event || !mayHear(scopes, event.type)) throw partnerErrors.event_not_found()
  return event
}

/** An application at a hospital, with what it may do there. */
export type Reader = {
  hospitalId: HospitalId
  applicationId: ApplicationId
  scopes: readonly Scope[]
}

type Cursor = { after: number; limit: number }
type Page = { before: string | undefined; limit: number }
type DeliveryQuery = {
  endpointId?: EndpointId | undefined
  status?: DeliveryStatus | undefined
  before?: DeliveryId | undefined
  limit: number
}
