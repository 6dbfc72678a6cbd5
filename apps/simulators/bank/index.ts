// The door of the simulator: whoever runs it imports this file and no other.
export type { BankFault, BankFaultPlan, BankFaultPoint } from './faults.ts'
export { type BankMove, type BankOptions, type BankSimulator, startBank } from './start.ts'
