import type { HospitalId } from '../../kernel/id.ts'
import type { Json } from './json.ts'

// The parts that resources of several types are made of.

/** Any resource: its type says the rest. */
export type Resource = { readonly resourceType: string; readonly id?: string } & {
  readonly [name: string]: Json | undefined
}

export type Coding = { system?: string; code: string; display?: string }
export type Concept = { coding?: Coding[]; text?: string }
export type Reference = {
  reference?: string
  type?: string
  identifier?: Identifier
  display?: string
}
export type Identifier = { system: string; value: string; type?: Concept }

/** Names of what the hub and the hospitals call things by. They name, and lead to no page. */
export const OWN = 'urn:yiqiao'

export const SYSTEMS = {
  medium: (kind: string) => `${OWN}:medium:${kind}`,
  ofHospital: (hospitalId: HospitalId, what: HospitalNumber) =>
    `${OWN}:hospital:${hospitalId}:${what}`,
  hospital: `${OWN}:hospital`,
  paymentNo: `${OWN}:payment-no`,
  error: `${OWN}:error`,
  tag: `${OWN}:tag`,
}

type HospitalNumber =
  | 'patient-no'
  | 'department'
  | 'doctor'
  | 'clinic'
  | 'bill-no'
  | 'charge-item'
  | 'charge-category'
  | 'stay-no'
  | 'report-no'
  | 'finding'

export const HL7 = 'http://terminology.hl7.org/CodeSystem'

export const extensionUrl = (name: string): string => `${OWN}:extension:${name}`

export const hospitalReference = (hospitalId: HospitalId): Reference => ({
  type: 'Organization',
  identifier: { system: SYSTEMS.hospital, value: String(hospitalId) },
})

export const patientReference = (personId: string): Reference & { reference: string } => ({
  reference: `Patient/${personId}`,
})

/** What the hospital's system did not answer for, and is shown as it was said last. */
export const STALE = [{ system: SYSTEMS.tag, code: 'stale', display: 'As the hospital said last' }]

/** A value that is there and not for this reader, with what may be shown of it. Source: HL7 rendered-value. */
export const maskedValue = (masked: string) => ({
  extension: [
    {
      url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
      valueCode: 'masked',
    },
    {
      url: 'http://hl7.org/fhir/StructureDefinition/rendered-value',
      valueString: masked,
    },
  ],
})
