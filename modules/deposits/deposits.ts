import type { HospitalId, Id } from '../../kernel/id.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { DepositAccountId, PersonId } from './account.ts'
import {
  bringForward,
  giveRestBack,
  type NewAccount,
  type NewTopUp,
  openInpatient,
  recordGivenBack,
  topUp,
} from './accounts.ts'
import type { AccountKey } from './book.ts'
import { chargeDay, daysOf } from './days.ts'
import type { DepositsDependencies } from './dependencies.ts'
import { depositErrors } from './errors.ts'
import { giveBacksOf } from './give-back-store.ts'
import { movementsOf } from './movements.ts'
import { createSource } from './source.ts'
import { askedGiveBacks, giveBacksOfAccount, openDaysOfAll } from './staff-store.ts'
import {
  type AccountFilter,
  accountsOf,
  drawsOf,
  findAccount,
  listAccounts,
  topUpsOf,
} from './store.ts'

export type Deposits = ReturnType<typeof createDeposits>

/** Deposits for stays, what is left of outpatient prepayments, and the source of a payment's money they are. */
export const createDeposits = (deps: DepositsDependencies) => ({
  /** What payments asks. */
  source: createSource(deps),
  rules: deps.rules,
  openInpatient: (wish: NewAccount, actor: Actor) => openInpatient(deps, wish, actor),
  bringForward: (wish: Parameters<typeof bringForward>[1], actor: Actor) =>
    bringForward(deps, wish, actor),
  topUp: (tx: Tx, wish: NewTopUp) => topUp(deps, tx, wish),
  /** What a stay cost on one day. */
  chargeDay: (charge: Parameters<typeof chargeDay>[1], actor: Actor) =>
    chargeDay(deps, charge, actor),
  giveRestBack: (key: AccountKey, actor: Actor) => giveRestBack(deps, key, actor),
  recordGivenBack: (
    tx: Tx,
    done: { hospitalId: HospitalId; id: Id<'GiveBack'>; channelNo: string },
    actor: Actor,
  ) => recordGivenBack(deps, tx, done, actor),
  ...reads(deps),
})

const reads = ({ db }: DepositsDependencies) => ({
  /** Errors: account_not_found. */
  account: (key: AccountKey) =>
    inHospital(db, key.hospitalId, async (tx) => {
      const account = await findAccount(tx, key)
      if (!account) throw depositErrors.account_not_found({ id: key.accountId })
      return { account, topUps: await topUpsOf(tx, key), giveBacks: await giveBacksOf(tx, key) }
    }),
  /** The owner's own, with all that happened to it. Errors: account_not_found, also for somebody else's. */
  accountOfOwner: (key: AccountKey, personId: PersonId) =>
    inHospital(db, key.hospitalId, async (tx) => {
      const account = await findAccount(tx, key)
      if (account?.personId !== personId) {
        throw depositErrors.account_not_found({ id: key.accountId })
      }
      const topUps = await topUpsOf(tx, key)
      const giveBacks = await giveBacksOf(tx, key)
      return { account, movements: movementsOf(topUps, await drawsOf(tx, key), giveBacks) }
    }),
  /** For the staff: with all that happened to it, and what goes back of it. Errors: account_not_found. */
  accountForStaff: (key: AccountKey) =>
    inHospital(db, key.hospitalId, async (tx) => {
      const account = await findAccount(tx, key)
      if (!account) throw depositErrors.account_not_found({ id: key.accountId })
      const topUps = await topUpsOf(tx, key)
      const draws = await drawsOf(tx, key)
      return {
        account,
        movements: movementsOf(topUps, draws, await giveBacksOf(tx, key)),
        giveBacks: await giveBacksOfAccount(tx, key),
      }
    }),
  /** What is to go back and has not, the first asked first. */
  askedGiveBacks: (
    hospitalId: HospitalId,
    page: { after: Id<'GiveBack'> | undefined; limit: number },
  ) => inHospital(db, hospitalId, (tx) => askedGiveBacks(tx, hospitalId, page)),
  /** Days that no deposit has paid whole, by account and day. */
  openDays: (
    hospitalId: HospitalId,
    page: { after: { accountId: DepositAccountId; day: string } | undefined; limit: number },
  ) => inHospital(db, hospitalId, (tx) => openDaysOfAll(tx, hospitalId, page)),
  daysOf: (key: AccountKey) => inHospital(db, key.hospitalId, (tx) => daysOf(tx, key)),
  accountsOf: (hospitalId: HospitalId, personId: PersonId) =>
    inHospital(db, hospitalId, (tx) => accountsOf(tx, hospitalId, personId)),
  list: (hospitalId: HospitalId, filter: AccountFilter) =>
    inHospital(db, hospitalId, (tx) => listAccounts(tx, hospitalId, filter)),
})
