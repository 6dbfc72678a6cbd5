import type { HospitalId } from '../../kernel/id.ts'
import { type Coverage, createCoverage, type Insurer } from '../../modules/coverage/index.ts'
import type { Identity } from '../../modules/identity/index.ts'
import { createInsurance, type Insurance } from '../../modules/insurance/index.ts'
import type { Ledger } from '../../modules/ledger/index.ts'
import { createStanding, type Provider } from '../../modules/payments/index.ts'
import type { Audit } from '../../platform/audit.ts'
import type { ConnectionOptions, connectionsOf } from './connections.ts'
import { createLending, type Lending } from './lending.ts'
import { createPapers } from './papers.ts'

/** Whoever pays a part of a bill beside the payer. */
export type Sources = Lending & {
  insurance: Insurance
  coverage: Coverage
  insurersOf: InsurersOf
  /** Those that a hospital has: one that is not connected is no part of any plan. */
  of: (hospitalId: HospitalId) => Promise<Provider[]>
}

type InsurersOf = (hospitalId: HospitalId) => Promise<ReadonlyMap<string, Insurer>>

export function createSources(options: SourceOptions, parts: SourceParts): Sources {
  const { connections, identity, audit } = parts
  const { quoteDeadlineMs } = options
  const insurance = createInsurance({
    ...options,
    centreOf: connections.insurance.of,
    insuredPerson: identity.insuredPerson,
    options: { quoteDeadlineMs },
  })
  const insurersOf: InsurersOf = async (hospitalId) =>
    (await connections.commercial.of(hospitalId)) ?? new Map()
  const coverage = createCoverage({
    ...options,
    audit,
    insurersOf,
    holderOf: identity.insuredPerson,
    papersOf: createPapers(createStanding(options.db)),
    options: { quoteDeadlineMs },
  })
  const lending = createLending(options, parts)
  return { insurance, coverage, ...lending, insurersOf, of }

  async function of(hospitalId: HospitalId): Promise<Provider[]> {
    const isInsured = (await connections.insurance.of(hospitalId)) !== null
    const insurers = await insurersOf(hospitalId)
    const lenders = await lending.credit.lenders()
    return [
      ...(isInsured ? [insurance] : []),
      ...(insurers.size > 0 ? [coverage.source] : []),
      ...(lenders.length > 0 ? [lending.credit.source] : []),
    ]
  }
}

type SourceOptions = ConnectionOptions & {
  /** How long the insurers' calls of one quote may take together, in real time. */
  quoteDeadlineMs: number
}

type SourceParts = {
  connections: ReturnType<typeof connectionsOf>
  identity: Identity
  ledger: Ledger
  audit: Audit
}
