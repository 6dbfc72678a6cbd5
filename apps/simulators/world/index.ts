export { createWorld } from './create-world.ts'
export type { CatalogueItem, World, WorldDepartment, WorldHospital, WorldPerson } from './world.ts'
