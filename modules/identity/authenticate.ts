import type { FastifyRequest } from 'fastify'

import type { Authenticate } from '../../platform/http/access.ts'
import { identityErrors } from './errors.ts'
import type { Identity } from './identity.ts'
import type { App } from './tables.ts'

/** The header by which a web app says which of the two cookies is meant. */
const APP_HEADER = 'x-yiqiao-app'

export const COOKIE_OF_APP = { patient: 'yq_patient', console: 'yq_staff' } as const

/**
 * Proves who is asking, by an API key (Authorization: Bearer) or by the cookie of a session. A cookie counts
 * only together with the app header: another site can make a browser send the first and not the second.
 */
export const createAuthenticate =
  (identity: Identity): Authenticate =>
  async (request) => {
    const { authorization } = request.headers
    if (authorization !== undefined) {
      const key = /^Bearer (\S+)$/i.exec(authorization)?.[1]
      return key === undefined ? null : identity.authenticateApiKey(key)
    }
    const session = sessionOf(request)
    return session && identity.authenticateToken(session.token, session.app)
  }

/** For a route whose caller must have proved lately who they are. Who has no session has proved nothing. */
export type RequireStepUp = (request: FastifyRequest) => Promise<void>

export const createRequireStepUp =
  (identity: Pick<Identity, 'checkProof'>): RequireStepUp =>
  async (request) => {
    const session = sessionOf(request)
    if (!session) throw identityErrors.step_up_required()
    await identity.checkProof(session)
  }

/** The session token a request carries, with its app; null without one or without the header. */
export function sessionOf(request: FastifyRequest): { app: App; token: string } | null {
  const app = request.headers[APP_HEADER]
  if (app !== 'patient' && app !== 'console') return null
  const token = request.cookies[COOKIE_OF_APP[app]]
  return token === undefined ? null : { app, token }
}
