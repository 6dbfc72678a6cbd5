import type { HospitalId } from '../../kernel/id.ts'
import { addMs } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { SealedColumn } from '../../platform/reseal.ts'
import type { Seal, SealPlace } from '../../platform/seal.ts'
import { holdPending, releaseHeld } from './delivery-store.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { judgeUrl } from './egress.ts'
import { endpointsOf, insertEndpoint, lockOwnEndpoint, updateEndpoint } from './endpoint-store.ts'
import {
  type Endpoint,
  type EndpointId,
  type ExtraSignature,
  MOST_ENDPOINTS,
  SECRET_OVERLAP_MS,
} from './endpoint.ts'
import { partnerErrors } from './errors.ts'
import { type EventType, mayHear } from './event-type.ts'
import type { ApplicationId, Scope } from './scope.ts'
import { newWebhookSecret } from './webhook-signature.ts'

/** With its secret, which is shown this once. Errors: throws partners.endpoint_url_refused, event_types_not_allowed, endpoints_too_many. */
export async function addEndpoint(
  deps: PartnerDependencies,
  owner: EndpointOwner,
  { url, eventTypes, extraSignature }: NewEndpoint,
  actor: Actor,
): Promise<{ endpoint: Endpoint; secret: string }> {
  const { db, clock, random, newId, seal } = deps
  const { hospitalId, applicationId } = owner
  checkUrl(deps, url)
  checkTypes(owner, eventTypes)
  const id = newId<'Endpoint'>()
  const secret = newWebhookSecret(random)
  const endpoint: Endpoint = {
    hospitalId,
    id,
    applicationId,
    url,
    eventTypes,
    extraSignature,
    secretSealed: seal.seal(secretPlace(hospitalId, id), secret),
    earlierSecretSealed: null,
    earlierSecretUntil: null,
    status: 'active',
    disabledReason: null,
    failingSince: null,
    createdAt: clock.now(),
  }
  await inHospital(db, hospitalId, async (tx) => {
    const known = await endpointsOf(tx, hospitalId, applicationId)
    if (known.length >= MOST_ENDPOINTS) {
      throw partnerErrors.endpoints_too_many({ most: MOST_ENDPOINTS })
    }
    await insertEndpoint(tx, endpoint)
    const detail = { applicationId, host: new URL(url).host, types: eventTypes.join(' ') }
    await note(deps, tx, endpoint, actor, 'add_endpoint', detail)
  })
  return { endpoint, secret }
}

/** Switched on again, what was held is sent. Errors: as addEndpoint, and throws partners.endpoint_not_found. */
export async function changeEndpoint(
  deps: PartnerDependencies,
  owner: EndpointOwner,
  id: EndpointId,
  { url, eventTypes, status }: EndpointChange,
  actor: Actor,
): Promise<Endpoint> {
  const { db, clock } = deps
  const { hospitalId, applicationId } = owner
  if (url !== undefined) checkUrl(deps, url)
  if (eventTypes) checkTypes(owner, eventTypes)
  return inHospital(db, hospitalId, async (tx) => {
    const before = await lockOwnEndpoint(tx, hospitalId, applicationId, id)
    const changes = {
      ...(url === undefined ? {} : { url }),
      ...(eventTypes ? { event_types: [...eventTypes] } : {}),
      ...(status ? switchOf(status, before) : {}),
    }
    const endpoint = await updateEndpoint(tx, before, changes, clock.now())
    if (status === 'disabled') await holdPending(tx, hospitalId, id)
    if (status === 'active') await releaseHeld(tx, hospitalId, { endpointId: id }, clock.now())
    const detail = { host: new URL(endpoint.url).host, status: endpoint.status }
    await note(deps, tx, endpoint, actor, 'change_endpoint', detail)
    return endpoint
  })
}

/** What was still to be sent there is not. Errors: throws partners.endpoint_not_found. */
export async function removeEndpoint(
  deps: PartnerDependencies,
  { hospitalId, applicationId }: EndpointOwner,
  id: EndpointId,
  actor: Actor,
): Promise<void> {
  const { db, clock } = deps
  await inHospital(db, hospitalId, async (tx) => {
    const endpoint = await lockOwnEndpoint(tx, hospitalId, applicationId, id)
    await holdPending(tx, hospitalId, id)
    const removed = { status: 'removed' as const, disabled_reason: null }
    await updateEndpoint(tx, endpoint, removed, clock.now())
    await note(deps, tx, endpoint, actor, 'remove_endpoint')
  })
}

/** A new secret, shown this once; the one before signs too for a day. Errors: throws partners.endpoint_not_found. */
export async function rotateEndpointSecret(
  deps: PartnerDependencies,
  { hospitalId, applicationId }: EndpointOwner,
  id: EndpointId,
  actor: Actor,
): Promise<{ secret: string; earlierUntil: Date }> {
  const { db, clock, random, seal } = deps
  const secret = newWebhookSecret(random)
  const now = clock.now()
  const earlierUntil = addMs(now, SECRET_OVERLAP_MS)
  await inHospital(db, hospitalId, async (tx) => {
    const endpoint = await lockOwnEndpoint(tx, hospitalId, applicationId, id)
    const changes = {
      secret_sealed: seal.seal(secretPlace(hospitalId, id), secret),
      earlier_secret_sealed: endpoint.secretSealed,
      earlier_secret_until: earlierUntil,
    }
    await updateEndpoint(tx, endpoint, changes, now)
    await note(deps, tx, endpoint, actor, 'rotate_endpoint_secret')
  })
  return { secret, earlierUntil }
}

export function listEndpoints(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  applicationId: ApplicationId,
): Promise<Endpoint[]> {
  const { db } = deps
  return inHospital(db, hospitalId, (tx) => endpointsOf(tx, hospitalId, applicationId))
}

function checkUrl(deps: PartnerDependencies, url: string): void {
  const { environment } = deps
  const judged = judgeUrl(url, { allowLoopback: environment === 'sandbox' })
  if ('refusal' in judged) throw partnerErrors.endpoint_url_refused({ reason: judged.refusal })
}

async function note(
  deps: PartnerDependencies,
  tx: Tx,
  { hospitalId, id }: Endpoint,
  actor: Actor,
  action: string,
  detail: Record<string, string> = {},
): Promise<void> {
  const { audit } = deps
  const fact = { action: `partners.${action}`, subject: endpointSubject(id), detail }
  await audit(tx, hospitalId, actor, fact)
}

export const endpointSubject = (id: EndpointId): string => `endpoint:${id}`

// A key for each endpoint: the secret of one, put into the row of another, does not open there.
const secretPlace = (hospitalId: HospitalId, id: EndpointId): SealPlace => ({
  purpose: `partners.endpoint.${id}`,
  owner: hospitalId,
  row: id,
})

/** The secrets that sign for the endpoint now: its own, and the one before while that is in force. */
export function secretsInForce(seal: Seal, endpoint: Endpoint, now: Date): string[] {
  const { hospitalId, id, secretSealed, earlierSecretSealed, earlierSecretUntil } = endpoint
  const isEarlierInForce = earlierSecretUntil !== null && now < earlierSecretUntil
  const sealed = [
    secretSealed,
    ...(earlierSecretSealed !== null && isEarlierInForce ? [earlierSecretSealed] : []),
  ]
  return sealed.map((text) => seal.open(secretPlace(hospitalId, id), text))
}

function switchOf(status: 'active' | 'disabled', before: Endpoint) {
  if (status === 'active') {
    return { status, disabled_reason: null, failing_since: null }
  }
  return { status, disabled_reason: before.disabledReason ?? ('by_owner' as const) }
}

function checkTypes({ scopes }: EndpointOwner, types: readonly EventType[]): void {
  const foreign = types.find((type) => !mayHear(scopes, type))
  if (foreign) throw partnerErrors.event_types_not_allowed({ type: foreign })
}

/** An application at a hospital, with what it may do there. */
export type EndpointOwner = {
  hospitalId: HospitalId
  applicationId: ApplicationId
  scopes: readonly Scope[]
}

type NewEndpoint = {
  url: string
  eventTypes: readonly EventType[]
  extraSignature: ExtraSignature | null
}

type EndpointChange = {
  url?: string | undefined
  eventTypes?: readonly EventType[] | undefined
  status?: 'active' | 'disabled' | undefined
}

const endpointColumn = (column: string): SealedColumn => ({
  table: 'partners.endpoint',
  column,
  key: ['hospital_id', 'id'],
  rowsOf: 'hospitals',
  place: ({ hospital_id, id }) => secretPlace(Number(hospital_id) as HospitalId, id as EndpointId),
})

/** To be put under another key. */
export const sealedEndpoints: readonly SealedColumn[] = [
  endpointColumn('secret_sealed'),
  endpointColumn('earlier_secret_sealed'),
]
