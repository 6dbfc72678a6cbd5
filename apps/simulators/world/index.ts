export { createWorld } from './create-world.ts'
export type {
  CatalogueItem,
  World,
  WorldDepartment,
  WorldHospital,
  WorldInsurance,
  WorldPerson,
} from './world.ts'
