import { addFen } from '../../kernel/money.ts'
import {
  addDays,
  type BusinessDate,
  businessDateOf,
  DAY_MS,
  instantAt,
  yearsBetween,
} from '../../kernel/time.ts'
import { isNeedRegistered } from '../../modules/benefits/index.ts'
import {
  type ApplicantFacts,
  type Collections,
  createBuiltInLender,
  createCollections,
  createCredit,
  createLoans,
  type Credit,
  type Lender,
  type LenderBill,
  type LenderId,
  type Loans,
  type LoanWithInstalments,
  USUAL_RULES,
} from '../../modules/credit/index.ts'
import type { Identity } from '../../modules/identity/index.ts'
import type { Ledger } from '../../modules/ledger/index.ts'
import { countPaid, type PersonId } from '../../modules/payments/index.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Platform } from '../../platform/context.ts'
import { inHospital } from '../../platform/db.ts'

export type Lending = { credit: Credit; loans: Loans; collections: Collections }

/** Lines of credit and the loans that they become, for the lenders of the region. */
export function createLending(platform: Platform, parts: LendingParts): Lending {
  const collections: Collections = createCollections({
    ...platform,
    ...parts,
    lenderOf,
    loans: () => loans,
    credit: () => credit,
  })
  const loans: Loans = createLoans({
    ...platform,
    ...parts,
    productOf: (tx, lenderId, productId) => credit.productIn(tx, lenderId, productId),
    rulesOf: async () => USUAL_RULES,
    collector: collections.collector,
    onRepaid: (tx, repaid) => credit.onRepaid(tx, repaid),
    onStages: (tx, moves) => credit.onStages(tx, moves),
  })
  const credit: Credit = createCredit({
    ...platform,
    ...parts,
    loans,
    lenderOf,
    async applicantOf(personId) {
      const known = await parts.identity.insuredPerson(personId)
      return known && { personId, name: known.name, idCardNo: known.idCardNo, phone: null }
    },
    factsOf: (lenderId, personId) => factsOf(platform, { ...parts, loans }, lenderId, personId),
  })
  return { credit, loans, collections }

  async function lenderOf(lenderId: LenderId): Promise<Lender | null> {
    const lender = (await credit.lenders()).find((known) => known.lenderId === lenderId)
    if (lender?.form === 'bank_api') return parts.lenderConnectedOf(lenderId)
    return lender ? builtIn(platform, { loans, collections }, lenderId) : null
  }
}

type LendingParts = {
  identity: Identity
  ledger: Ledger
  audit: Audit
  /** A bank by its own interface; null for one that is not connected. */
  lenderConnectedOf: (lenderId: LenderId) => Promise<Lender | null>
  /** Whether the medical insurance knows the person, as far as it was asked. */
  isInsured: (personId: PersonId) => Promise<boolean>
}

const builtIn = (
  platform: Platform,
  { loans, collections }: Pick<Lending, 'loans' | 'collections'>,
  lenderId: LenderId,
): Lender =>
  createBuiltInLender(
    {
      ...platform,
      billsOf: (lender, personId) => billsOf(platform, loans, lender, personId),
      collect: collections.forVisits,
    },
    lenderId,
  )

async function billsOf(
  { clock }: Platform,
  loans: Loans,
  lenderId: LenderId,
  personId: PersonId,
): Promise<LenderBill[]> {
  const today = businessDateOf(clock.now())
  const found = await loans.loansOf(lenderId, personId)
  return found.map(({ loan, instalments }) => {
    const open = instalments.filter(({ open: { principalFen } }) => principalFen > 0)
    const dueOn = open[0]?.dueOn ?? null
    return {
      billNo: loan.id,
      visitId: null,
      careHospitalId: loan.care_hospital_id,
      principalFen: loan.principal_fen,
      outstandingFen: addFen(
        ...open.map(({ open: { principalFen, interestFen, feeFen, penaltyFen } }) =>
          addFen(principalFen, interestFen, feeFen, penaltyFen),
        ),
      ),
      dueOn,
      overdueDays: daysAfter(dueOn, today),
    }
  })
}

/** What a decision about a line goes by: nothing of anybody's illness. */
async function factsOf(
  { db, clock }: Platform,
  { identity, loans, isInsured }: Pick<LendingParts, 'identity' | 'isInsured'> & { loans: Loans },
  lenderId: LenderId,
  personId: PersonId,
): Promise<ApplicantFacts> {
  const today = businessDateOf(clock.now())
  const since = instantAt(addDays(today, -365))
  const { birthDate } = await identity.personView(personId, 'owner')
  const hospitals = await identity.hospitalsOf(personId)
  const paid = await Promise.all(
    hospitals.map(({ hospitalId: id }) =>
      inHospital(db, id, (tx) => countPaid(tx, id, personId, since)),
    ),
  )
  const known = await loans.loansOf(lenderId, personId)
  return {
    ageYears: birthDate ? yearsBetween(birthDate, today) : null,
    insured: await isInsured(personId),
    needRegistered: await isNeedRegistered(db, personId, today),
    billsPaidLastYear: paid.reduce((sum, n) => sum + n, 0),
    repayment: repaymentOf(known, today),
  }
}

/** How the person has repaid so far; of lateness, what of it is not made good yet. */
function repaymentOf(
  known: readonly LoanWithInstalments[],
  today: BusinessDate,
): ApplicantFacts['repayment'] {
  const late = known.filter(({ loan }) => loan.overdue_since !== null)
  const days = late.map(({ loan }) => daysAfter(loan.overdue_since, today))
  return {
    loansRepaid: known.filter(({ loan }) => loan.status === 'settled').length,
    timesLate: late.length,
    longestOverdueDays: Math.max(0, ...days),
    overdueNow: late.length > 0,
    writtenOff: known.some(({ loan }) => loan.status === 'written_off'),
  }
}

/** How many days a day lies behind; 0 for one that does not. */
const daysAfter = (date: BusinessDate | null, today: BusinessDate): number =>
  date && date < today
    ? Math.round((instantAt(today).getTime() - instantAt(date).getTime()) / DAY_MS)
    : 0
