export { LAPSE, WRONG_AMOUNT } from './core/context.ts'
export type { CommercialInsurer, InsurerOptions } from './core/insurer.ts'
export {
  DIRECT_PRODUCTS,
  FHIR_PRODUCTS,
  grantPolicies,
  type PolicyGrant,
  type Product,
} from './core/products.ts'
export { type DirectClient, startDirectInsurer } from './direct/start.ts'
export { type FhirClient, startFhirInsurer } from './fhir/start.ts'
