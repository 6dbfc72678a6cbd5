import { hisNonceOf, verifyHisRequest } from '../../adapters/hospitals/standard/index.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import { useNonce } from '../../modules/hospitals/index.ts'
import { createAuthenticate } from '../../modules/identity/index.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Authenticate } from '../../platform/http/access.ts'
import type { Hub } from '../hub/create-hub.ts'

type Request = Parameters<Authenticate>[0]

/**
 * A session or API key proves a person, staff or institution; a signature a hospital's system; either an application.
 * A person may name a member of the family whom they act for.
 */
export function createApiAuthenticate(
  hub: Hub,
  { db, clock }: { db: Db; clock: Clock },
): Authenticate {
  const byIdentity = createAuthenticate(hub.identity)
  const authenticate: Authenticate = async (request) =>
    (await hub.partners.authenticatePartner(request)) ??
    (request.headers['x-yiqiao-signature'] === undefined
      ? byIdentity(request)
      : byHospital(request))
  return async (request) => hub.family.actingFor(request, await authenticate(request))

  async function byHospital(request: Request) {
    const { hospitalId } = request.params as { hospitalId?: number }
    if (!hospitalId) return null
    const id = Number(hospitalId) as HospitalId
    const params = await hub.connections.hisParams.of(id)
    const nonce = hisNonceOf(request.headers)
    if (!params || nonce === null) return null
    const verdict = verifyHisRequest(params, {
      method: request.method,
      path: request.url,
      headers: request.headers,
      rawBody: request.rawBody ?? Buffer.alloc(0),
      now: clock.now(),
    })
    if (verdict !== 'ok') return null
    // Kept before the request is worked on: the same one again is a replay, whatever became of the first.
    const isNew = await inHospital(db, id, (tx) => useNonce(tx, id, nonce, clock.now()))
    return isNew ? ({ kind: 'his', hospitalId: id } as const) : null
  }
}
