import type { Offer } from './use-agreements.ts'

// Round amounts, in fen. What the contract allows at the most is a choice, too.
const PER_PAYMENT = [5_000, 10_000, 20_000, 30_000, 50_000, 100_000]
const PER_DAY = [10_000, 20_000, 50_000, 100_000, 200_000]

export type Choices = { choices: number[]; usualFen: number }

/** What one payment may be: the second smallest unless something else is chosen. */
export function paymentChoices({ mostPerPaymentFen }: Offer, keptFen?: number): Choices {
  const choices = within(PER_PAYMENT, 1, mostPerPaymentFen, keptFen)
  return { choices, usualFen: choices[Math.min(1, choices.length - 1)] ?? mostPerPaymentFen }
}

/** What a day may be: never below one payment. */
export function dayChoices(offer: Offer, perPaymentFen: number, keptFen?: number): Choices {
  const { mostPerDayFen } = offer
  const choices = within(PER_DAY, perPaymentFen, mostPerDayFen, keptFen)
  return { choices, usualFen: choices[Math.min(1, choices.length - 1)] ?? mostPerDayFen }
}

function within(round: readonly number[], leastFen: number, mostFen: number, keptFen?: number) {
  const all = new Set([...round, mostFen, ...(keptFen === undefined ? [] : [keptFen])])
  return [...all].filter((fen) => fen >= leastFen && fen <= mostFen).toSorted((a, b) => a - b)
}
