/** One line of the price list as the data files write it, before it has its numbers. */
export type CatalogueRow = {
  nationalStem: string
  name: string
  spec: string
  unit: string
  priceFen: number
  chargeCategory: string
  insuranceClass: 'A' | 'B' | 'C'
  firstSharePpm: number
  limitFen: number | null
}

/** One per cent, in parts per million. */
export const PERCENT = 10_000
