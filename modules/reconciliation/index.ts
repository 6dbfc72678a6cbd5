// The door of the module: other modules, adapters and apps import this file and no other.
export type {
  PaymentReads,
  PaymentRepairs,
  PaymentStanding,
  ReconciliationDependencies,
  RefundStanding,
} from './dependencies.ts'
export { reconciliationErrors } from './errors.ts'
export { createReconciliation, type Reconciliation } from './reconciliation.ts'
export { reconciliationRoutes } from './routes.ts'
