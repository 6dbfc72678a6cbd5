import { createFhir, type Fhir } from '../../modules/fhir/index.ts'
import { createAudit } from '../../platform/audit.ts'
import type { Platform } from '../../platform/context.ts'
import { type Hub, patientNoOf } from './create-hub.ts'

/** The hub as FHIR has it: reports are asked of the hospital's own system, as they are kept nowhere else. */
export const createHubFhir = (hub: Hub, platform: Platform): Fhir => {
  const systemOf = hub.connections.his.of
  return createFhir({
    ...platform,
    ...hub,
    audit: createAudit(platform),
    deposits: hub.sources.deposits,
    acting: hub.partners.acting,
    grants: hub.partners.grants,
    systemOf,
    patientNoOf: patientNoOf(hub.identity, systemOf),
  })
}
