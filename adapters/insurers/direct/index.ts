import type { Insurer } from '../../../modules/coverage/index.ts'
import { createClient, type DirectDeps } from './client.ts'
import { createDesk } from './desk.ts'
import { createOrders } from './orders.ts'
import type { DirectParams } from './params.ts'

export type { DirectDeps } from './client.ts'
export { type DirectParams, readDirectParams } from './params.ts'

/**
 * An insurer of the direct-billing shape 商保直赔: JSON over HTTP at {baseUrl}/hospitalDirect, amounts in whole fen, every
 * question and answer signed with a shared secret (HMAC-SHA256 over method, path, time, nonce and body).
 */
export function createDirectInsurer(params: DirectParams, deps: DirectDeps): Insurer {
  const ask = createClient(params, deps)
  return {
    code: params.code,
    name: params.name,
    refundsParts: params.refundsParts,
    ...createDesk(ask),
    ...createOrders(ask),
  }
}
