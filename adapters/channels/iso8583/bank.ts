import type { Account, BankPosDeps } from './account.ts'
import type { Desk } from './desk.ts'
import type { LookUp } from './look-up.ts'

/** What every verb works with: the contract, the line, the bank's memory and ours. */
export type Bank = {
  readonly account: Account
  readonly desk: Desk
  readonly lookUp: LookUp
  readonly deps: BankPosDeps
}
