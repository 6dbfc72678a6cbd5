import { fen } from '../../../kernel/money.ts'
import type { CatalogueRow } from './catalogue-row.ts'
import { DRUGS } from './drugs.ts'
import { SERVICES } from './services.ts'
import type { CatalogueItem } from './world.ts'

/**
 * The price list of the region, the same in all its hospitals and under every seed.
 *
 * A national code says DEMO where a real one has digits, so that no one takes it for one.
 */
export const createCatalogue = (): CatalogueItem[] => [
  ...DRUGS.map((row, i) => toItem(row, `Y${number(i)}`)),
  ...SERVICES.map((row, i) => toItem(row, `F${number(i)}`)),
]

const number = (index: number) => String(index + 1).padStart(4, '0')

const toItem = (row: CatalogueRow, code: string): CatalogueItem => ({
  code,
  nationalCode: `${row.nationalStem}DEMO${code}`,
  name: row.name,
  spec: row.spec,
  unit: row.unit,
  priceFen: fen(row.priceFen),
  chargeCategory: row.chargeCategory,
  insuranceClass: row.insuranceClass,
  firstSharePpm: row.firstSharePpm,
  priceLimitFen: row.limitFen === null ? null : fen(row.limitFen),
})
