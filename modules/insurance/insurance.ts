import type { FundingSource } from '../payments/index.ts'
import { createCatalogueReading } from './catalogue/reading.ts'
import type { Dependencies } from './claim-work.ts'
import { createElsewhereClearing } from './clearing/clearing.ts'
import { createDirectoryReading } from './directory.ts'
import { createReads } from './explain.ts'
import { createMobileOrders } from './mobile/orders.ts'
import { createQuote } from './quote.ts'
import { createRefunding } from './refund.ts'
import { createReversal } from './reversal.ts'
import { createSettling } from './settle.ts'
import { createStatement } from './statement.ts'
import { createStaySettling } from './stay/settling.ts'
import { createStays } from './stay/stays.ts'
import { createYearStanding } from './year/standing.ts'

export type Insurance = ReturnType<typeof createInsurance>

/**
 * The national medical insurance as a source of a payment's money. Besides the verbs of a FundingSource
 * it explains its quotes and closes what a comparison finds.
 */
export function createInsurance(deps: Dependencies) {
  const source: FundingSource = {
    name: 'insurance',
    phase: 'settle',
    place: 'medical_insurance',
    quote: createQuote(deps),
    ...createSettling(deps),
    ...createRefunding(deps),
    statement: createStatement(deps),
  }
  const national = { ...deps, nationalOf: deps.nationalOf ?? (async () => null) }
  return {
    ...source,
    ...createReads(deps),
    reverseUnknown: createReversal(deps),
    readCatalogue: createCatalogueReading(national),
    readDirectory: createDirectoryReading(national),
    ...createYearStanding(national),
    ...createElsewhereClearing(national),
    ...createStays(national),
    ...createStaySettling(national),
    ...createMobileOrders({ ...deps, mobileOf: deps.mobileOf ?? (async () => null) }),
  }
}
