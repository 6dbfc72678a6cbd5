import type { MatchingRules } from './rules.ts'

/**
 * The rules of a hospital's day unless it has its own: hub, provider and the hospital's system by our number, then by
 * the provider's; the provider's batches of an account and date against the bank's receipts.
 */
export const DAY_RULES: MatchingRules = {
  id: 'day',
  sides: [
    { name: 'hub', role: 'hub' },
    { name: 'provider', role: 'provider' },
    { name: 'his', role: 'his' },
    { name: 'bank', role: 'bank' },
  ],
  relations: [
    {
      id: 'trades',
      form: 'rows',
      sides: ['hub', 'provider', 'his'],
      kinds: ['charge', 'return'],
      key: { id: 'our_no', columns: { hub: 'our_no', provider: 'our_no', his: 'our_no' } },
      same: [
        { column: 'business_date', sides: ['hub', 'provider', 'his'] },
        { column: 'provider_no', sides: ['hub', 'provider'] },
        { column: 'account', sides: ['hub', 'provider'] },
        { column: 'fee_fen', sides: ['hub', 'provider'] },
      ],
      toleranceFen: 0,
      dateWindowDays: 0,
      passes: [
        { id: 'provider_no', form: 'number', column: 'provider_no', sides: ['hub', 'provider'] },
        { id: 'parts', form: 'parts' },
        { id: 'sum', form: 'sum', column: 'memo', one: 'provider', many: 'hub' },
        { id: 'near', form: 'near', sides: ['hub', 'provider', 'his'], windowSeconds: 60 },
      ],
    },
    {
      id: 'payouts',
      form: 'payout',
      provider: 'provider',
      bank: 'bank',
      providerBatch: ['account', 'business_date'],
      bankBatch: ['account', 'business_date'],
      toleranceFen: 0,
    },
  ],
  carryOver: { days: 1, windowMinutes: 30 },
}

/** Two sides by our number, and nothing else: what a day's small comparison does too. */
export const TWO_SIDES_RULES: MatchingRules = {
  id: 'two_sides',
  sides: [
    { name: 'hub', role: 'hub' },
    { name: 'provider', role: 'provider' },
  ],
  relations: [
    {
      id: 'trades',
      form: 'rows',
      sides: ['hub', 'provider'],
      kinds: ['charge', 'return'],
      key: { id: 'our_no', columns: { hub: 'our_no', provider: 'our_no' } },
      same: [],
      toleranceFen: 0,
      dateWindowDays: 0,
      passes: [],
    },
  ],
  carryOver: { days: 0, windowMinutes: 0 },
}
