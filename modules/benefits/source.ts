import type { HoldingSource } from '../payments/index.ts'
import { createCharging } from './charging.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { createQuote } from './quote.ts'
import { createRefunding } from './refund.ts'
import { createStatement } from './statement.ts'

const BENEFITS = 'benefits'

/** Packages, vouchers and subsidies as one source of a payment's money. All its rows are here: it is never in doubt. */
export const createSource = (deps: BenefitsDependencies): HoldingSource => ({
  name: BENEFITS,
  phase: 'hold',
  place: 'benefit',
  quote: createQuote(deps),
  ...createCharging(deps),
  ...createRefunding(deps),
  statement: createStatement(deps),
})
