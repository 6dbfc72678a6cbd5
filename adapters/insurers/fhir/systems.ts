/** The names of an insurer's identifier and code systems, in its own namespace. */
export type Systems = ReturnType<typeof systemsOf>

export const systemsOf = (namespace: string) => ({
  id: (name: IdName) => `${namespace}/sid/${name}`,
  code: (name: CodeName) => `${namespace}/cs/${name}`,
  extension: (name: 'waiting-until' | 'ratio-ppm' | 'left-to-pay') => `${namespace}/ext/${name}`,
})

export type IdName =
  | 'resident-id'
  | 'policy'
  | 'provider'
  | 'hospital-order'
  | 'hospital-refund'
  | 'hospital-submission'
  | 'hospital-document'
  | 'hospital-visit'
  | 'consent'
  | 'claim'
  | 'return'
  | 'claim-file'

export type CodeName =
  | 'product'
  | 'benefit'
  | 'charge-category'
  | 'catalogue-class'
  | 'hospital-item'
  | 'visit-kind'
  | 'task'
  | 'document'
  | 'problem'
  | 'payment'

export const ICD_10 = 'http://hl7.org/fhir/sid/icd-10-cn'
export const CLAIM_TYPE = 'http://terminology.hl7.org/CodeSystem/claim-type'
export const PROCESS_PRIORITY = 'http://terminology.hl7.org/CodeSystem/processpriority'
