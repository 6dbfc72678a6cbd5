import type { FastifyRequest } from 'fastify'

import { isId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { accessOf, findApplication, findKey } from './application-store.ts'
import type { Application, ApplicationKey, ApplicationKind, KeyId } from './application.ts'
import { looksLikeAccessToken } from './credential.ts'
import { partnerErrors } from './errors.ts'
import { useNonce } from './proof-store.ts'
import type { Proof } from './proof.ts'
import { isSignedRequest, judgeRequest, stampOf } from './request-signature.ts'
import type { ApplicationId, ApplicationPrincipal, HospitalAccess, Scope } from './scope.ts'
import { checkUsable } from './tokens.ts'

/** Who a request has proven to come from, and of its signed requests as which one, by which key. */
export type Proven = {
  principal: ApplicationPrincipal
  kind: ApplicationKind
  signedBy: { keyId: KeyId; nonce: string } | null
}

const NO_BODY = Buffer.alloc(0)

/**
 * Proves which application a request comes from, by an access token (Authorization: Bearer yqt_…) or by a signature
 * (x-partner-signature). A signed request is taken in once, whichever process it reaches.
 */
export function createAuthenticatePartner({ db, clock, ownerOfToken }: Dependencies) {
  // A second look at the same request must not take its own nonce for a replay.
  const proven = new WeakMap<FastifyRequest, Proven>()
  const asked = new WeakMap<FastifyRequest, ApplicationId>()
  return {
    authenticatePartner,
    provenOf: (request: FastifyRequest): Proven | null => proven.get(request) ?? null,
    /** Whose request it was, for the log: also one that proved itself in another way, as for a token. */
    askedBy: (request: FastifyRequest): ApplicationId | null =>
      proven.get(request)?.principal.applicationId ?? asked.get(request) ?? null,
    attribute: (request: FastifyRequest, id: ApplicationId) => void asked.set(request, id),
  }

  /**
   * Null for a request that does not mean to be an application's. Errors: throws partners.token_invalid,
   * signature_invalid, timestamp_outside, request_replayed, application_disabled, address_not_allowed.
   */
  async function authenticatePartner(
    request: FastifyRequest,
  ): Promise<ApplicationPrincipal | null> {
    const known = proven.get(request)
    if (known) return known.principal
    const proof = await prove(request)
    if (proof) proven.set(request, proof)
    return proof?.principal ?? null
  }

  async function prove(request: FastifyRequest): Promise<Proven | null> {
    if (isSignedRequest(request.headers)) return proveBySignature(request)
    const token = bearerOf(request)
    if (!looksLikeAccessToken(token)) return null
    const { application, scopes: granted } = await ownerOfToken(token)
    admit(request, application)
    const access = narrowedTo(granted, await accessOf(db, application.id))
    const principal = { kind: 'application' as const, applicationId: application.id, access }
    return { principal, kind: application.kind, signedBy: null }
  }

  /** One that is turned away has asked all the same: its makers look for the reason in the log. */
  function admit(request: FastifyRequest, application: Application): void {
    asked.set(request, application.id)
    checkUsable(application, request.ip)
  }

  async function proveBySignature(request: FastifyRequest): Promise<Proven> {
    const now = clock.now()
    const stamp = stampOf(request.headers)
    const key = stamp && (await keyInForce(db, stamp.keyId, now))
    if (!stamp || !key) throw partnerErrors.signature_invalid()
    const { method, url: path } = request
    const body = (request.rawBody as Buffer | null) ?? NO_BODY
    // A body that was read in another way than as JSON is one that nobody has signed.
    const isBodyCovered = body.length > 0 || (request.body ?? null) === null
    const verdict = judgeRequest(key, stamp, { method, path, body, now })
    if (verdict === 'signature' || !isBodyCovered) throw partnerErrors.signature_invalid()
    if (verdict === 'timestamp') throw partnerErrors.timestamp_outside({ now: now.toISOString() })
    const application = await findApplication(db, key.applicationId)
    if (!application) throw partnerErrors.signature_invalid()
    admit(request, application)
    // Kept before the request is worked on: the same one again is a replay, whatever became of the first.
    const isNew = await useNonce(db, application.id, stamp.nonce, now)
    if (!isNew) throw partnerErrors.request_replayed()
    const access = await accessOf(db, application.id)
    const principal = { kind: 'application' as const, applicationId: application.id, access }
    return { principal, kind: application.kind, signedBy: { keyId: key.id, nonce: stamp.nonce } }
  }
}

const narrowedTo = (granted: readonly Scope[], access: readonly HospitalAccess[]) =>
  access.map(({ hospitalId, scopes }) => ({
    hospitalId,
    scopes: scopes.filter((scope) => granted.includes(scope)),
  }))

async function keyInForce(db: Db, keyId: string, now: Date): Promise<ApplicationKey | null> {
  const key = isId(keyId) ? await findKey(db, keyId as KeyId) : null
  if (!key || key.revokedAt !== null) return null
  return key.validFrom <= now && now < key.validUntil ? key : null
}

/** How it proved itself, or meant to. */
export function proofOf(request: FastifyRequest): Proof {
  if (isSignedRequest(request.headers)) return 'signature'
  return looksLikeAccessToken(bearerOf(request)) ? 'token' : 'secret'
}

const bearerOf = ({ headers }: FastifyRequest): string =>
  /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''

type Dependencies = {
  db: Db
  clock: Clock
  ownerOfToken: (token: string) => Promise<{ application: Application; scopes: readonly Scope[] }>
}
