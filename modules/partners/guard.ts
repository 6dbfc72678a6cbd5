import type { FastifyInstance, FastifyRequest } from 'fastify'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { httpErrors } from '../../platform/http/errors.ts'
import type { Actor } from '../../platform/principal.ts'
import { partnerErrors } from './errors.ts'
import type { Partners } from './partners.ts'
import { mayDo, type Scope } from './scope.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What an application must be let do at the hospital in the path. Without it, a route is for no application. */
    scope?: Scope
  }
}

/** Access of the routes that are for applications alone. */
export const FOR_APPLICATIONS = ['application'] as const

/** Lets nobody but applications with the route's scope use the routes of this plugin. */
export function guardApplications(app: FastifyInstance, partners: Partners): void {
  app.addHook('onRoute', ({ config, url }) => {
    assert(config?.scope, `${url} says what an application must be let do`)
  })
  app.addHook('preValidation', async (request) => {
    if (!(await partners.authenticatePartner(request))) throw httpErrors.unauthenticated()
    checkScope(request, partners)
  })
}

/** Of a request that an application has proven to be its own. Errors: throws partners.scope_missing. */
export function checkScope(request: FastifyRequest, partners: Partners): void {
  const proven = partners.provenOf(request)
  if (!proven) return
  const { scope } = request.routeOptions.config
  if (!scope || !mayDo(proven.principal, scope, hospitalInPath(request))) {
    throw partnerErrors.scope_missing({ scope: scope ?? '' })
  }
}

/** Which application asks at which hospital, and what it may do there. */
export function callerOf(request: FastifyRequest, partners: Partners, hospitalId: number) {
  const proven = partners.provenOf(request)
  assert(proven, 'the route is for applications')
  const { applicationId, access } = proven.principal
  const scopes = access.find((at) => at.hospitalId === hospitalId)?.scopes ?? []
  return { hospitalId: hospitalId as HospitalId, applicationId, scopes }
}

export const applicationActor = (request: FastifyRequest, partners: Partners): Actor => ({
  name: `application:${partners.askedBy(request) ?? ''}`,
  requestId: request.id,
})

/** Null without one; no hospital of anybody's when it is written in any way but digits. */
export function hospitalInPath(request: FastifyRequest): HospitalId | null {
  const { hospitalId } = (request.params ?? {}) as { hospitalId?: string | number }
  if (hospitalId === undefined) return null
  return (/^\d{1,9}$/.test(String(hospitalId)) ? Number(hospitalId) : Number.NaN) as HospitalId
}
