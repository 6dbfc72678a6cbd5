// The door of the module: other modules, adapters and apps import this file and no other.
export type { FhirDependencies } from './dependencies.ts'
export { createFhir, type Fhir } from './fhir.ts'
export { type FhirRouteOptions, fhirRoutes } from './routes.ts'
