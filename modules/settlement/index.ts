// The door of the module: other modules, adapters and apps import this file and no other.
export type { CalendarTerms, ContractTerms } from './contract.ts'
export type { ProviderList, SettlementDependencies } from './dependencies.ts'
export type { FeeLine } from './fee.ts'
export { type OwnPart, partsByOwn } from './parts.ts'
export type { BankRow, RecordedRow } from './receipts.ts'
export { settlementRoutes } from './routes.ts'
export { createSettlement, type Settlement } from './settlement.ts'
