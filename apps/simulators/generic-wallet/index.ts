// The door of the simulator: whoever runs it imports this file and no other.
export type { WalletFaultPlan, WalletFaultPoint } from './context.ts'
export { type GenericWallet, type GenericWalletOptions, startGenericWallet } from './start.ts'
