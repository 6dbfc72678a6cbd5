import type { HospitalId } from '../../kernel/id.ts'
import { businessDateOf, yearsBetween } from '../../kernel/time.ts'
import {
  type Benefits,
  type BenefitsDependencies,
  createBenefits,
  hasProgrammes,
  isNeedRegistered,
  USUAL_BENEFIT_RULES,
} from '../../modules/benefits/index.ts'
import { type Coverage, createCoverage, type Insurer } from '../../modules/coverage/index.ts'
import {
  createDeposits,
  type Deposits,
  hasDeposits,
  USUAL_DEPOSIT_RULES,
} from '../../modules/deposits/index.ts'
import type { Identity } from '../../modules/identity/index.ts'
import { createInsurance, type Insurance } from '../../modules/insurance/index.ts'
import type { Ledger } from '../../modules/ledger/index.ts'
import { createStanding, type PersonId, type Provider } from '../../modules/payments/index.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Publish } from '../../platform/events.ts'
import type { ConnectionOptions, connectionsOf } from './connections.ts'
import { createLending, type Lending } from './lending.ts'
import { createPapers } from './papers.ts'
import { remembered } from './remembered.ts'

/** Whoever pays a part of a bill beside the payer. */
export type Sources = Lending & {
  insurance: Insurance
  coverage: Coverage
  benefits: Benefits
  deposits: Deposits
  insurersOf: InsurersOf
  /** Those that a hospital has: one that is not connected is no part of any plan. */
  of: (hospitalId: HospitalId) => Promise<Provider[]>
}

type InsurersOf = (hospitalId: HospitalId) => Promise<ReadonlyMap<string, Insurer>>

export function createSources(options: SourceOptions, parts: SourceParts): Sources {
  const { connections, identity, audit, publish } = parts
  const { quoteDeadlineMs } = options
  const insurance = createInsurance({
    ...options,
    centreOf: connections.insurance.of,
    nationalOf: connections.insurance.of,
    mobileOf: connections.mobileInsurance.of,
    insuredPerson: identity.insuredPerson,
    options: { quoteDeadlineMs },
  })
  const insurersOf: InsurersOf = async (hospitalId) =>
    (await connections.commercial.of(hospitalId)) ?? new Map()
  const coverage = createCoverage({
    ...options,
    audit,
    publish,
    insurersOf,
    holderOf: identity.insuredPerson,
    papersOf: createPapers(createStanding(options.db)),
    options: { quoteDeadlineMs },
  })
  const isInsured = isInsuredBy(insurance, identity)
  const lenderConnectedOf = connections.lender.of
  const lending = createLending(options, { ...parts, lenderConnectedOf, isInsured })
  const benefits = createBenefits({
    ...options,
    ...parts,
    factsOf: factsOf(options, identity, isInsured),
    rules: USUAL_BENEFIT_RULES,
  })
  const deposits = createDeposits({
    ...options,
    ...parts,
    rules: USUAL_DEPOSIT_RULES,
    onLow: (tx, { hospitalId, accountId, stayNo, freeFen, lowFen }) => {
      const at = options.clock.now().toISOString()
      return publish(tx, 'deposits.low', { hospitalId, accountId, stayNo, freeFen, lowFen, at })
    },
  })
  const { db, clock } = options
  const lenders = remembered(clock, (_region: 'all') => lending.credit.lenders())
  const hasBenefits = remembered(clock, (id: HospitalId) => hasProgrammes(db, id))
  const hasAccounts = remembered(clock, (id: HospitalId) => hasDeposits(db, id))
  return { insurance, coverage, benefits, deposits, ...lending, insurersOf, of }

  async function of(hospitalId: HospitalId): Promise<Provider[]> {
    const isInsured = (await connections.insurance.of(hospitalId)) !== null
    const insurers = await insurersOf(hospitalId)
    return [
      ...(isInsured ? [insurance] : []),
      ...(insurers.size > 0 ? [coverage.source] : []),
      ...((await hasBenefits(hospitalId)) ? [benefits.source] : []),
      ...((await hasAccounts(hospitalId)) ? [deposits.source] : []),
      ...((await lenders('all')).length > 0 ? [lending.credit.source] : []),
    ]
  }
}

const MOST_ASKED_MS = 2_000

/** By what the insurer said last, or says now: at the hospitals that know the person, until one's insurer knows them too. */
const isInsuredBy =
  (insurance: Insurance, identity: Identity) =>
  async (personId: PersonId): Promise<boolean> => {
    for (const { hospitalId } of await identity.hospitalsOf(personId)) {
      const signal = AbortSignal.timeout(MOST_ASKED_MS)
      const caller = { hospitalId, trace: () => undefined, signal }
      const standing = await insurance.standingFor(caller, personId)
      if (standing) return true
    }
    return false
  }

/** Where a person lives nobody tells the hub yet. */
const factsOf =
  (
    { db, clock }: SourceOptions,
    identity: Identity,
    isInsured: (personId: PersonId) => Promise<boolean>,
  ): BenefitsDependencies['factsOf'] =>
  async (_hospitalId, personId) => {
    const { birthDate } = await identity.personView(personId, 'owner')
    const today = businessDateOf(clock.now())
    return {
      ageYears: birthDate ? yearsBetween(birthDate, today) : null,
      inNeed: await isNeedRegistered(db, personId, today),
      insured: await isInsured(personId),
      residence: null,
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
  publish: Publish
}
