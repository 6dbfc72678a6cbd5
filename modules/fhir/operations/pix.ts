import type { Viewer } from '../access.ts'
import type { FhirDependencies } from '../dependencies.ts'
import { patientReference, SYSTEMS } from '../elements.ts'
import { fhirErrors } from '../errors.ts'
import { personByMedium } from '../readers/people.ts'
import { type Given, needed } from './parameters.ts'

/**
 * Patient/$ihe-pix (IHE ITI-83): the person a card or code is of, as read now, and the number this hospital knows them
 * by. Errors: throws fhir.parameter_missing, parameter_wrong, resource_not_found.
 */
export async function crossReference(deps: FhirDependencies, { hospitalId }: Viewer, given: Given) {
  const source = needed(given, 'sourceIdentifier')
  const targetSystem = new Map(given.pairs).get('targetSystem')
  const ownSystem = SYSTEMS.ofHospital(hospitalId, 'patient-no')
  if (targetSystem !== undefined && targetSystem !== ownSystem) {
    throw fhirErrors.parameter_wrong({ parameter: 'targetSystem', rule: 'system' })
  }
  const bar = source.indexOf('|')
  const [system, value] = [source.slice(0, Math.max(bar, 0)), source.slice(bar + 1)]
  const holder = await personByMedium(deps, hospitalId, system, value, 'sourceIdentifier')
  if (holder === null) throw fhirErrors.resource_not_found({ type: 'Patient' })
  const personId = await deps.identity.currentPersonOf(holder)
  const hospitals = await deps.identity.hospitalsOf(personId)
  const numbers = hospitals.filter((one) => one.hospitalId === hospitalId)
  return {
    resourceType: 'Parameters' as const,
    parameter: [
      ...numbers.map(({ patientNo }) => ({
        name: 'targetIdentifier',
        valueIdentifier: { system: ownSystem, value: patientNo },
      })),
      ...(targetSystem === undefined
        ? [{ name: 'targetId', valueReference: patientReference(personId) }]
        : []),
    ],
  }
}
