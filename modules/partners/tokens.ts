import { addMs, HOUR_MS, SECOND_MS } from '../../kernel/time.ts'
import { isAddressAllowed } from './address-list.ts'
import { accessOf, findApplication, findByClientId, liveSecrets } from './application-store.ts'
import type { Application, SecretId } from './application.ts'
import {
  hashOfSecret,
  isAccessToken,
  isClientSecret,
  isSameHash,
  newAccessToken,
} from './credential.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { partnerErrors } from './errors.ts'
import { OauthError } from './oauth-error.ts'
import { countLiveTokens, findLiveToken, insertToken, revokeToken } from './proof-store.ts'
import { isScope, type Scope } from './scope.ts'
import { createThrottle } from './throttle.ts'

const TOKEN_LIFE_MS = HOUR_MS
/** A client that asks for a token with each request is stopped here, before it fills the table. */
const MOST_LIVE_TOKENS = 1_000

// OAuth 2 client credentials: RFC 6749 §4.4, revocation by RFC 7009, introspection by RFC 7662.

/** Errors: throws an OauthError. */
export async function issueToken(
  deps: PartnerDependencies,
  credentials: Credentials,
  scope: string | null,
): Promise<IssuedToken> {
  const { db, clock, random, environment } = deps
  const { application, secretId } = await proveClient(deps, credentials)
  const scopes = await scopesToGrant(deps, application, scope)
  const now = clock.now()
  if ((await countLiveTokens(db, application.id, now)) >= MOST_LIVE_TOKENS) {
    const description = `more than ${MOST_LIVE_TOKENS} live tokens: use one until it ends`
    throw new OauthError('temporarily_unavailable', description, TOKEN_LIFE_MS / SECOND_MS)
  }
  const accessToken = newAccessToken(random, environment)
  await insertToken(db, {
    token_hash: hashOfSecret(accessToken),
    application_id: application.id,
    secret_id: secretId,
    scopes,
    issued_at: now,
    expires_at: addMs(now, TOKEN_LIFE_MS),
    revoked_at: null,
  })
  return { accessToken, scopes, expiresInS: TOKEN_LIFE_MS / SECOND_MS, application }
}

/** Says nothing of whether there was such a token: RFC 7009 §2.2. Errors: throws an OauthError for the client. */
export async function revokeOwnToken(
  deps: PartnerDependencies,
  credentials: Credentials,
  token: string,
): Promise<Application> {
  const { db, clock } = deps
  const { application } = await proveClient(deps, credentials)
  await revokeToken(db, hashOfSecret(token), application.id, clock.now())
  return application
}

/** Null for a token that is not live or not the client's own. Errors: throws an OauthError for the client. */
export async function introspectOwnToken(
  deps: PartnerDependencies,
  credentials: Credentials,
  token: string,
) {
  const { db, clock } = deps
  const { application } = await proveClient(deps, credentials)
  const row = await findLiveToken(db, hashOfSecret(token), clock.now())
  const isOwn = row?.application_id === application.id
  return { application, token: isOwn ? row : null }
}

/** Whose token it is, and what it was given for. Errors: throws partners.token_invalid. */
export async function ownerOfToken(
  deps: PartnerDependencies,
  token: string,
): Promise<{ application: Application; scopes: readonly Scope[] }> {
  const { db, clock, environment } = deps
  const row = isAccessToken(token, environment)
    ? await findLiveToken(db, hashOfSecret(token), clock.now())
    : null
  const application = row && (await findApplication(db, row.application_id))
  if (!row || !application) throw partnerErrors.token_invalid()
  return { application, scopes: row.scopes }
}

/** Errors: throws an OauthError; the same for a client that is not there and for a secret that is not its own. */
async function proveClient(
  deps: PartnerDependencies,
  credentials: Credentials,
): Promise<ProvenClient> {
  const { clientId, clientSecret, address } = credentials
  const throttle = createThrottle(deps)
  const waitMs = await throttle.waitMs(clientId, address)
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / SECOND_MS)
    throw new OauthError('temporarily_unavailable', 'too many failed attempts', seconds)
  }
  const proven = await secretOf(deps, clientId, clientSecret)
  if (!proven) {
    await throttle.failed(clientId, address)
    throw new OauthError('invalid_client', 'unknown client, or not its secret')
  }
  const { application } = proven
  if (application.status !== 'active') {
    throw new OauthError('unauthorized_client', 'the application is switched off')
  }
  if (!isAddressAllowed(application.allowedAddresses, address)) {
    throw new OauthError('unauthorized_client', 'not from this address')
  }
  await throttle.succeeded(clientId, address)
  return proven
}

async function secretOf(
  deps: PartnerDependencies,
  clientId: string,
  clientSecret: string,
): Promise<ProvenClient | null> {
  const { db, clock, environment } = deps
  // One of another installation is no secret here, whatever a copied database says.
  const isOurs = isClientSecret(clientSecret, environment)
  const hash = hashOfSecret(clientSecret)
  const application = await findByClientId(db, clientId)
  const live = application ? await liveSecrets(db, application.id, clock.now()) : []
  // All are compared, so that the time tells nothing of which it was.
  const matching = live.filter((secret) => isSameHash(secret.hash, hash))
  const [secret] = matching
  return application && secret && isOurs ? { application, secretId: secret.id } : null
}

async function scopesToGrant(
  deps: PartnerDependencies,
  application: Application,
  asked: string | null,
): Promise<Scope[]> {
  const { db } = deps
  const access = await accessOf(db, application.id)
  const allowed = [...new Set(access.flatMap(({ scopes }) => scopes))].toSorted()
  if (asked === null || asked === '') return allowed
  const wanted = [...new Set(asked.split(' '))]
  const granted = wanted.filter(isScope).filter((scope) => allowed.includes(scope))
  // All or nothing: a client that gets less than it asks for finds out late.
  if (granted.length < wanted.length) {
    throw new OauthError('invalid_scope', `at most: ${allowed.join(' ')}`)
  }
  return granted.toSorted()
}

/** Errors: throws partners.application_disabled, address_not_allowed. */
export function checkUsable({ status, allowedAddresses }: Application, address: string): void {
  if (status !== 'active') throw partnerErrors.application_disabled()
  if (!isAddressAllowed(allowedAddresses, address)) throw partnerErrors.address_not_allowed()
}

export type Credentials = { clientId: string; clientSecret: string; address: string }
type ProvenClient = { application: Application; secretId: SecretId }
type IssuedToken = {
  accessToken: string
  scopes: readonly Scope[]
  expiresInS: number
  application: Application
}
