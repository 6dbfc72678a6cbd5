// The namespaces of this insurer's identifiers and codes.

const BASE = 'http://fhir.anxin.example'

export const SID = {
  residentId: `${BASE}/sid/resident-id`,
  policy: `${BASE}/sid/policy`,
  provider: `${BASE}/sid/provider`,
  order: `${BASE}/sid/hospital-order`,
  refund: `${BASE}/sid/hospital-refund`,
  submission: `${BASE}/sid/hospital-submission`,
  document: `${BASE}/sid/hospital-document`,
  visit: `${BASE}/sid/hospital-visit`,
  consent: `${BASE}/sid/consent`,
  claim: `${BASE}/sid/claim`,
  returned: `${BASE}/sid/return`,
  file: `${BASE}/sid/claim-file`,
} as const

export const CS = {
  product: `${BASE}/cs/product`,
  benefit: `${BASE}/cs/benefit`,
  chargeCategory: `${BASE}/cs/charge-category`,
  catalogueClass: `${BASE}/cs/catalogue-class`,
  item: `${BASE}/cs/hospital-item`,
  visitKind: `${BASE}/cs/visit-kind`,
  task: `${BASE}/cs/task`,
  document: `${BASE}/cs/document`,
  problem: `${BASE}/cs/problem`,
  payment: `${BASE}/cs/payment`,
  icd10: 'http://hl7.org/fhir/sid/icd-10-cn',
  claimType: 'http://terminology.hl7.org/CodeSystem/claim-type',
  adjudication: 'http://terminology.hl7.org/CodeSystem/adjudication',
  priority: 'http://terminology.hl7.org/CodeSystem/processpriority',
} as const

export const EXT = {
  waitingUntil: `${BASE}/ext/waiting-until`,
  ratioPpm: `${BASE}/ext/ratio-ppm`,
  leftToPay: `${BASE}/ext/left-to-pay`,
} as const
