// The door of the module: other modules, adapters and apps import this file and no other.
export { type Accounting, createAccounting } from './accounting.ts'
export type { IncomePart } from './assemble.ts'
export type { AccountingDependencies } from './dependencies.ts'
export { accountingRoutes } from './routes.ts'
export { missingVouchers } from './missing.ts'
