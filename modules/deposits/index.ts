// The door of the module: other modules, adapters and apps import this file and no other.
export {
  type DepositAccount,
  type DepositAccountId,
  type DepositRules,
  USUAL_DEPOSIT_RULES,
} from './account.ts'
export type { NewAccount, NewTopUp } from './accounts.ts'
export type { DayCharge } from './days.ts'
export type { DepositLow, DepositsDependencies } from './dependencies.ts'
export { createDeposits, type Deposits } from './deposits.ts'

export { hasDeposits } from './in-use.ts'
export type { DepositRouteContext } from './route-parts.ts'
export { depositRoutes } from './routes.ts'
