import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { note } from './application-rights.ts'
import { findDelivery, startRound, startRounds } from './delivery-store.ts'
import {
  type Delivery,
  type DeliveryId,
  MOST_REPLAYED,
  type REPLAYED_STATUSES,
} from './delivery.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { endpointsOf } from './endpoint-store.ts'
import type { EndpointId } from './endpoint.ts'
import { partnerErrors } from './errors.ts'
import type { Reader } from './reads.ts'

// Sending again what was not taken: one delivery, or all of a time in which a receiver was down.

/**
 * Sends one delivery again, with all its tries before it. Errors: throws partners.delivery_not_found, for another
 * application's too, and endpoint_not_found when its endpoint is switched off.
 */
export function replayDelivery(
  deps: PartnerDependencies,
  { hospitalId, applicationId }: Owner,
  id: DeliveryId,
  actor: Actor,
): Promise<Delivery> {
  const { db, clock } = deps
  return inHospital(db, hospitalId, async (tx) => {
    const delivery = await findDelivery(tx, hospitalId, id)
    const own = await endpointsOf(tx, hospitalId, applicationId)
    const endpoint = own.find((one) => one.id === delivery?.endpointId)
    if (!delivery || !endpoint) throw partnerErrors.delivery_not_found()
    if (endpoint.status !== 'active') throw partnerErrors.endpoint_not_found()
    const replayed = await startRound(tx, delivery, clock.now())
    await note(deps, tx, hospitalId, actor, applicationId, 'replay_delivery', { delivery: id })
    return replayed
  })
}

/**
 * Sends again what was to be told between two moments and stands as asked for: the oldest first, a thousand at most.
 * `isWhole`: false when there may be more. Errors: throws partners.endpoint_not_found when none is switched on.
 */
export function replayRange(
  deps: PartnerDependencies,
  { hospitalId, applicationId }: Owner,
  { endpointId, statuses, since, until }: ReplayRange,
  actor: Actor,
): Promise<{ count: number; isWhole: boolean }> {
  const { db, clock } = deps
  return inHospital(db, hospitalId, async (tx) => {
    const endpointIds = (await endpointsOf(tx, hospitalId, applicationId))
      .filter(({ id, status }) => status === 'active' && (!endpointId || id === endpointId))
      .map(({ id }) => id)
    if (endpointIds.length === 0) throw partnerErrors.endpoint_not_found()
    const range = { endpointIds, statuses, since, until, most: MOST_REPLAYED }
    const count = await startRounds(tx, hospitalId, range, clock.now())
    await note(deps, tx, hospitalId, actor, applicationId, 'replay_range', {
      count,
      since: since.toISOString(),
      until: until.toISOString(),
      statuses: statuses.join(' '),
    })
    return { count, isWhole: count < MOST_REPLAYED }
  })
}

type Owner = Pick<Reader, 'hospitalId' | 'applicationId'>

type ReplayRange = {
  endpointId: EndpointId | undefined
  statuses: readonly (typeof REPLAYED_STATUSES)[number][]
  since: Date
  until: Date
}
