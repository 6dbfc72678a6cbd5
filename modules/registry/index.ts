// The door of the module: other modules, adapters and apps import this file and no other.
export {
  areaOf,
  type Institution,
  INSTITUTION_KINDS,
  type InstitutionKind,
  NO_DETAIL,
  SETTLED,
} from './institution.ts'
export type { RegionList } from './load.ts'
export { createRegistry, type Registry } from './registry.ts'
export { registryRoutes } from './routes.ts'
