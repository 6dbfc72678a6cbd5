import type { Insurer } from '../../../modules/coverage/index.ts'
import { createClient, type FhirDeps } from './client.ts'
import { createDesk } from './desk.ts'
import { createOrders } from './orders.ts'
import type { FhirParams } from './params.ts'
import { createResources } from './resources.ts'
import { systemsOf } from './systems.ts'

export type { FhirDeps } from './client.ts'
export { type FhirParams, readFhirParams } from './params.ts'

/**
 * An insurer that speaks HL7 FHIR R4: Coverage and CoverageEligibilityRequest for policies, Claim as preauthorization and
 * as claim, Task to cancel, to give back and to hand in papers (DocumentReference), PaymentReconciliation for the day.
 * Under OAuth 2.0 client credentials.
 */
export function createFhirInsurer(params: FhirParams, deps: FhirDeps): Insurer {
  const systems = systemsOf(params.namespace)
  const resources = createResources(params, () => deps.clock.now())
  const parts = { ask: createClient(params, deps), systems, resources }
  return {
    code: params.code,
    name: params.name,
    refundsParts: params.refundsParts,
    ...createDesk(parts),
    ...createOrders(parts),
  }
}
