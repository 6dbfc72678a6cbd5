// The door of the module: other modules, adapters and apps import this file and no other.
export { type Billing, createBilling } from './billing.ts'
export { billingRoutes } from './routes.ts'
export { type KeptBill, type KeptBillFilter, keptBillsPage } from './store.ts'
