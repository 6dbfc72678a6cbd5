import type { Lender, LenderId } from '../../../modules/credit/index.ts'
import { createBills } from './bills.ts'
import { createClient, type GatewayDeps } from './client.ts'
import { createDraws } from './draws.ts'
import { createLines } from './lines.ts'
import type { GatewayParams } from './params.ts'
import { createStatement } from './statement.ts'

export type { GatewayDeps } from './client.ts'
export { type GatewayParams, readGatewayParams } from './params.ts'

/**
 * A bank behind a hospital gateway with loan services: a signed form to one address, answered in JSON, amounts in whole
 * fen. The queries of draws and repayments close a number under which nothing came, so that 'none' stays true.
 */
export function createGatewayLender(
  lenderId: LenderId,
  params: GatewayParams,
  deps: GatewayDeps,
): Lender {
  const ask = createClient(params, deps)
  return {
    lenderId,
    ...createLines(ask),
    ...createDraws(ask, params),
    ...createBills(ask, params),
    ...createStatement(ask, params),
  }
}
