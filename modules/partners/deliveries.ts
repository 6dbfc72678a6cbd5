import { eachAtOnce, type Patiently, untilDone } from '../../kernel/at-once.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addMs } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { admittedNow } from './application-store.ts'
import { claimDue, endTry, holdPending, insertAttempt, nextDeliveryAt } from './delivery-store.ts'
import { type Delivery, nextTryAt, type PartnerEvent } from './delivery.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { endpointsAt, insertAlert, lockEndpoint, updateEndpoint } from './endpoint-store.ts'
import { DISABLE_AFTER_MS, type Endpoint } from './endpoint.ts'
import { endpointSubject, secretsInForce } from './endpoints.ts'
import { eventsById } from './event-store.ts'
import { mayHear } from './event-type.ts'
import { viewOfEvent } from './events.ts'
import type { Reception } from './transport.ts'
import { webhookHeaders } from './webhook-signature.ts'

const SYSTEM = systemActor('partners')

// So little in one go that a lease outlives it even when every receiver is silent until the timeout.
const MOST_IN_ONE_GO = 16
const MOST_OF_ONE_ENDPOINT = 4
const GONE = 410

/**
 * Sends what is due at one hospital to whom it is due, so many at once, and sixteen in one go at most; returns how
 * many it tried. Each is waited for `patiently`: a receiver that is slower than that answers by itself, is sent nothing
 * more until it has, and nobody else waits for it. Whoever dies with a delivery in hand loses it after a minute. One
 * that fails by a fault of ours is told to `onError` and comes again by then; the others go on.
 */
export async function deliverDue(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  atOnce = 8,
  patiently: Patiently = untilDone,
): Promise<number> {
  const { db, onError } = deps
  const errands = await inHospital(db, hospitalId, (tx) => claim(deps, tx, hospitalId))
  await eachAtOnce(errands, atOnce, (errand) =>
    patiently(
      runInHand(deps, errand).catch((error: unknown) =>
        onError?.(error, { hospitalId, subject: `delivery:${errand.delivery.id}` }),
      ),
    ),
  )
  return errands.length
}

/** When a delivery of the hospital is due next; null for none. */
export const nextDueAt = (
  { db }: PartnerDependencies,
  hospitalId: HospitalId,
): Promise<Date | null> => inHospital(db, hospitalId, (tx) => nextDeliveryAt(tx, hospitalId))

async function claim(deps: PartnerDependencies, tx: Tx, hospitalId: HospitalId): Promise<Errand[]> {
  const { clock } = deps
  const share = { most: MOST_IN_ONE_GO, mostOfOne: MOST_OF_ONE_ENDPOINT }
  const notTo = [...deps.inHand.keys()]
  const claimed = await claimDue(tx, hospitalId, { now: clock.now(), notTo, ...share })
  if (claimed.length === 0) return []
  const ids = claimed.map(({ eventId }) => eventId)
  const events = await eventsById(tx, hospitalId, ids)
  const endpoints = new Map((await endpointsAt(tx, hospitalId)).map((one) => [one.id, one]))
  const admitted = await admittedNow(tx, hospitalId)
  return claimed.flatMap((delivery) => {
    const event = events.get(delivery.eventId)
    const endpoint = endpoints.get(delivery.endpointId)
    if (!event) return []
    const scopes = endpoint && admitted.get(endpoint.applicationId)
    const isWelcome = endpoint?.status === 'active' && scopes && mayHear(scopes, event.type)
    return [{ delivery, event, endpoint: isWelcome ? endpoint : null }]
  })
}

/** What is on its way to an endpoint is counted, so that a slow one does not gather ever more. */
async function runInHand(deps: PartnerDependencies, errand: Errand): Promise<void> {
  const { inHand } = deps
  const { endpointId } = errand.delivery
  inHand.set(endpointId, (inHand.get(endpointId) ?? 0) + 1)
  try {
    await run(deps, errand)
  } finally {
    const left = (inHand.get(endpointId) ?? 1) - 1
    if (left > 0) inHand.set(endpointId, left)
    else inHand.delete(endpointId)
  }
}

async function run(
  deps: PartnerDependencies,
  { delivery, event, endpoint }: Errand,
): Promise<void> {
  const { db, clock, seal, platformKey, transport } = deps
  const { hospitalId } = delivery
  if (!endpoint) {
    const held = { status: 'held' as const, due_at: null, attempts: 0 }
    await inHospital(db, hospitalId, (tx) => endTry(tx, delivery, held))
    return
  }
  const startedAt = clock.now()
  const body = JSON.stringify(viewOfEvent(event))
  const secrets = secretsInForce(seal, endpoint, startedAt)
  const { extraSignature: algorithm } = endpoint
  const extra = algorithm && { algorithm, key: platformKey[algorithm] }
  const message = { id: event.id, sentAt: startedAt, body }
  const headers = webhookHeaders(message, secrets, extra)
  const reception = await transport.post(endpoint.url, headers, body)
  await inHospital(db, hospitalId, (tx) =>
    writeDown(deps, tx, { delivery, endpoint, reception, startedAt }),
  )
}

async function writeDown(deps: PartnerDependencies, tx: Tx, attempt: Attempt): Promise<void> {
  const { clock, newId } = deps
  const { delivery, endpoint, reception, startedAt } = attempt
  const now = clock.now()
  const { outcome, status } = reception
  const isDone = outcome === 'delivered'
  const again = isDone ? null : nextTryAt(delivery.attempts, now)
  await insertAttempt(tx, {
    hospital_id: delivery.hospitalId,
    id: newId<'DeliveryAttempt'>(),
    delivery_id: delivery.id,
    round: delivery.round,
    attempt_no: delivery.attempts,
    at: startedAt,
    duration_ms: Math.max(0, now.getTime() - startedAt.getTime()),
    outcome,
    response_status: status,
    response_body: reception.body,
    error: reception.error,
  })
  await endTry(tx, delivery, {
    status: isDone ? 'delivered' : again ? 'pending' : 'given_up',
    due_at: again,
    last_outcome: outcome,
    last_status: status,
    last_error: reception.error,
    ended_at: again ? null : now,
  })
  await judgeEndpoint(deps, tx, endpoint, reception, now)
}

/** Remembers since when an endpoint has done nothing but fail, and switches one off that is gone or lost. */
async function judgeEndpoint(
  deps: PartnerDependencies,
  tx: Tx,
  seen: Endpoint,
  { outcome, status, error }: Reception,
  now: Date,
): Promise<void> {
  if (outcome === 'delivered' && seen.failingSince === null) return
  // Removed or switched off meanwhile: there is nothing to judge.
  const endpoint = await lockEndpoint(tx, seen.hospitalId, seen.id)
  if (endpoint?.status !== 'active') return
  if (outcome === 'delivered') {
    await updateEndpoint(tx, endpoint, { failing_since: null }, now)
    return
  }
  const failingSince = endpoint.failingSince ?? now
  const isLost = addMs(failingSince, DISABLE_AFTER_MS) <= now
  if (status === GONE || isLost) {
    const reason = status === GONE ? 'gone' : 'failing'
    await switchOff(deps, tx, endpoint, reason, error ?? `${outcome} ${status}`, now)
  } else if (endpoint.failingSince === null) {
    await updateEndpoint(tx, endpoint, { failing_since: now }, now)
  }
}

async function switchOff(
  deps: PartnerDependencies,
  tx: Tx,
  endpoint: Endpoint,
  reason: 'gone' | 'failing',
  detail: string,
  now: Date,
): Promise<void> {
  const { newId, audit } = deps
  const { hospitalId, id, applicationId } = endpoint
  await updateEndpoint(tx, endpoint, { status: 'disabled', disabled_reason: reason }, now)
  await holdPending(tx, hospitalId, id)
  await insertAlert(tx, {
    hospital_id: hospitalId,
    id: newId<'PartnerAlert'>(),
    application_id: applicationId,
    endpoint_id: id,
    kind: reason === 'gone' ? 'endpoint_gone' : 'endpoint_failing',
    at: now,
    detail,
  })
  const fact = { action: 'partners.disable_endpoint', subject: endpointSubject(id) }
  await audit(tx, hospitalId, SYSTEM, { ...fact, outcome: reason })
}

/** `endpoint` is null for one that must not be called now. */
type Errand = { delivery: Delivery; event: PartnerEvent; endpoint: Endpoint | null }

type Attempt = {
  delivery: Delivery
  endpoint: Endpoint
  reception: Reception
  startedAt: Date
}
