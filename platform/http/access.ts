import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'

import { assert } from '../../kernel/assert.ts'
import { type Actor, actorOf, type CareScope, type Principal, type Role } from '../principal.ts'
import { httpErrors } from './errors.ts'

/** Who may call a route. Declared on every route; one that says nothing does not start. */
export type Access =
  | 'public'
  | 'person'
  | 'institution'
  | 'his'
  | 'application'
  | 'staff'
  | `staff:${Role}`

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: readonly Access[]
    /** What a carer needs to ask this for a member of the family; without it, everybody asks for themself alone. */
    forMember?: CareScope
  }
  interface FastifyRequest {
    principal: Principal | null
    rawBody: Buffer
  }
}

/** Proves who is asking; null for nobody. Errors: throws http.unauthenticated for a bad proof. */
export type Authenticate = (request: FastifyRequest) => Promise<Principal | null>

export function guardRoutes(app: FastifyInstance, authenticate: Authenticate): void {
  app.decorateRequest('principal', null)
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  // Not before all are there: a scope may declare it for the routes of a plugin that knows no access.
  app.addHook('onReady', async () => {
    for (const { method, url, config } of routes) {
      assert(config?.access || method === 'HEAD', `${String(method)} ${url} says who may call it`)
    }
  })
  // After parsing, as a signed request is checked over its body.
  app.addHook('preValidation', async (request) => {
    if (request.is404) return
    const access = request.routeOptions.config.access ?? []
    if (access.includes('public')) return
    request.principal = await authenticate(request)
    if (!request.principal) throw httpErrors.unauthenticated()
    if (!isAllowed(request.principal, access, hospitalInPath(request))) throw httpErrors.forbidden()
  })
}

/** The principal of a route that is not public, narrowed to the kind it was declared for. */
export function principalOf<Kind extends Principal['kind']>(
  request: FastifyRequest,
  ...kinds: Kind[]
): Extract<Principal, { kind: Kind }> {
  const { principal } = request
  assert(principal && kinds.includes(principal.kind as Kind), 'the route declared who may call it')
  return principal as Extract<Principal, { kind: Kind }>
}

export function requestActor(request: FastifyRequest): Actor {
  assert(request.principal, 'the route is not public')
  return actorOf(request.principal, request.id)
}

function isAllowed(principal: Principal, access: readonly Access[], hospital: number | null) {
  switch (principal.kind) {
    case 'person':
      return access.includes('person')
    case 'staff':
      return (
        (hospital === null || principal.hospitalId === hospital) &&
        (access.includes('staff') ||
          principal.roles.some((role) => access.includes(`staff:${role}`)))
      )
    case 'institution':
      return (
        access.includes('institution') &&
        (hospital === null || principal.hospitalIds.some((id) => id === hospital))
      )
    case 'his':
      return access.includes('his') && principal.hospitalId === hospital
    case 'application':
      return (
        access.includes('application') &&
        (hospital === null || principal.access.some((at) => at.hospitalId === hospital))
      )
  }
}

function hospitalInPath(request: FastifyRequest): number | null {
  const { hospitalId } = (request.params ?? {}) as { hospitalId?: string }
  if (hospitalId === undefined) return null
  // Written in any other way it is no hospital of anybody's: Number would read 0x1, too.
  return /^\d{1,9}$/.test(hospitalId) ? Number(hospitalId) : Number.NaN
}
