// The door of the module: other modules, adapters and apps import this file and no other.
export { closingRoutes } from './closing/routes.ts'
export { listFacts } from './list-facts.ts'
export { createReconciliation } from './reconciliation.ts'
export { reconciliationRoutes } from './routes.ts'
