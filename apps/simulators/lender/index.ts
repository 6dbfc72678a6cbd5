export type { Bill } from './bills.ts'
export {
  type LenderFaultPlan,
  type LenderFaultPoint,
  type LoanProduct,
  LOWER_LIMIT,
  OVERDRAW,
  WRONG_AMOUNT,
} from './context.ts'
export { customersOf, type NewCustomer } from './customers.ts'
export type { Partner, SignType } from './signing.ts'
export { type LenderOptions, type LenderSimulator, startLender } from './start.ts'
