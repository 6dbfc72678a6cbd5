// The door of the module: other modules, adapters and apps import this file and no other.
export { createFamily, type Family } from './family.ts'
export { familyRoutes } from './routes.ts'
