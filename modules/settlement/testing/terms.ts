import type { ContractTerms } from '../contract.ts'

/** What is usual with a wallet: 0.6 % per transaction, given back with a return, paid the next working day. */
export const walletContract = (change: Partial<ContractTerms> = {}): ContractTerms => ({
  fee: {
    tiers: [{ fromFen: 0, ratePpm: 6_000 }],
    minFen: 0,
    maxFen: null,
    rounding: 'half_up',
    roundedPer: 'transaction',
    onReturn: 'given_back',
  },
  cycle: { kind: 'working_days', after: 1 },
  payout: 'net',
  account: 'main',
  payers: ['财付通'],
  daysBefore: 0,
  daysAfter: 10,
  graceWorkingDays: 1,
  shares: [{ party: 'hospital', ppm: 1_000_000 }],
  ...change,
})
