import { assert } from '../../kernel/assert.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import { addFen, type Fen, ZERO } from '../../kernel/money.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import {
  type AccountKind,
  type DepositAccount,
  type DepositAccountId,
  freeOf,
  type PersonId,
  splitBack,
  type TopUp,
} from './account.ts'
import { type AccountKey, holdIn, payOut, putIn } from './book.ts'
import { drawOpenDays } from './days.ts'
import type { DepositsDependencies } from './dependencies.ts'
import { depositErrors } from './errors.ts'
import {
  channelOfTopUp,
  finishGiveBack,
  type GiveBackRow,
  giveBacksOf,
  insertGiveBack,
  lockGiveBack,
} from './give-back-store.ts'
import {
  addReturned,
  closeAccount,
  hasHeldDraws,
  insertAccount,
  insertTopUp,
  lockAccount,
  noteLow,
  topUpByCause,
  topUpsOf,
} from './store.ts'

export type NewAccount = {
  hospitalId: HospitalId
  id: DepositAccountId
  personId: PersonId
  stayNo: string
  custody: { bank: string; accountNo: string }
  lowFen: Fen
}

export type NewTopUp = {
  hospitalId: HospitalId
  accountId: DepositAccountId
  /** The payment it comes by: 'wechat:<trade no>'. Told again, it is taken in once. */
  cause: string
  channel: string
  channelNo: string
  amountFen: Fen
  /** Who entered it, where somebody did: it is then written down. */
  actor?: Actor
}

/** For one stay. Errors: account_exists. */
export async function openInpatient(
  deps: DepositsDependencies,
  wish: NewAccount,
  actor: Actor,
): Promise<DepositAccount> {
  return inHospital(deps.db, wish.hospitalId, (tx) =>
    open(deps, tx, { ...wish, kind: 'inpatient' }, actor),
  )
}

/**
 * Brings forward what was left of a prepayment of the time before the rule: it can be paid down or given back, and takes
 * nothing in. Errors: account_exists.
 */
export async function bringForward(
  deps: DepositsDependencies,
  { leftFen, channel, channelNo, ...wish }: Omit<NewAccount, 'stayNo' | 'lowFen'> & Left,
  actor: Actor,
): Promise<DepositAccount> {
  return inHospital(deps.db, wish.hospitalId, async (tx) => {
    const account = { ...wish, kind: 'outpatient' as const, stayNo: 'outpatient', lowFen: ZERO }
    const opened = await open(deps, tx, account, actor)
    const cause = `brought_forward:${opened.id}`
    const topUp = {
      hospitalId: wish.hospitalId,
      accountId: opened.id,
      cause,
      channel,
      channelNo,
      amountFen: leftFen,
    }
    await takeIn(deps, tx, topUp)
    return { ...opened, balanceFen: leftFen }
  })
}

type Left = { leftFen: Fen; channel: string; channelNo: string }

async function open(
  deps: DepositsDependencies,
  tx: Tx,
  wish: NewAccount & { kind: AccountKind },
  actor: Actor,
): Promise<DepositAccount> {
  const openedAt = deps.clock.now()
  const empty = {
    status: 'open' as const,
    balanceFen: ZERO,
    heldFen: ZERO,
    openedAt,
    closedAt: null,
  }
  const account: DepositAccount = { ...wish, ...empty }
  if (!(await insertAccount(tx, account)))
    throw depositErrors.account_exists({ stayNo: wish.stayNo })
  const subject = `deposit:${wish.id}`
  await deps.audit(tx, wish.hospitalId, actor, { action: 'deposits.open', subject })
  return account
}

/**
 * A payment for an account has succeeded; in the transaction that says so. Errors, after which the payment is to be
 * given back: account_not_found, account_closed, outpatient_ended; top_up_differs when the same payment was told otherwise.
 */
export async function topUp(deps: DepositsDependencies, tx: Tx, wish: NewTopUp): Promise<void> {
  const account = await mustLock(tx, wish)
  const known = await topUpByCause(tx, wish.hospitalId, wish.cause)
  if (known) {
    const isSame = known.accountId === wish.accountId && known.amountFen === wish.amountFen
    if (!isSame) throw depositErrors.top_up_differs({ cause: wish.cause })
    return
  }
  if (account.status === 'closed') throw depositErrors.account_closed({ id: account.id })
  if (account.kind === 'outpatient' && !deps.rules.takesOutpatientPrepayment) {
    throw depositErrors.outpatient_ended()
  }
  await takeIn(deps, tx, wish)
  if (wish.actor) {
    const { cause, amountFen } = wish
    await deps.audit(tx, wish.hospitalId, wish.actor, {
      action: 'deposits.top_up',
      subject: `deposit:${account.id}`,
      detail: { cause, amountFen },
    })
  }
  await drawOpenDays(deps, tx, wish)
  await noteLow(tx, wish)
}

async function takeIn(
  deps: DepositsDependencies,
  tx: Tx,
  { hospitalId, accountId, cause, channel, channelNo, amountFen }: NewTopUp,
): Promise<void> {
  const came = { accountId, cause, channel, channelNo, amountFen }
  const row: TopUp = { ...came, id: deps.newId<'TopUp'>(), returnedFen: ZERO, at: deps.clock.now() }
  assert(await insertTopUp(tx, hospitalId, row), 'the account was locked, and had no such payment')
  const entry = { amountFen, cause: `deposits:in:${row.id}`, memo: '预交金' }
  await putIn(deps, tx, { hospitalId, accountId }, entry)
}

/**
 * Closes an account, at discharge, and lists what is to go back of which payment: set aside until each has. Asked again,
 * it lists what came into the account since. Errors: draw_under_way, nothing_left when it is closed and empty.
 */
export async function giveRestBack(
  deps: DepositsDependencies,
  key: AccountKey,
  actor: Actor,
): Promise<GiveBackRow[]> {
  return inHospital(deps.db, key.hospitalId, async (tx) => {
    const account = await mustLock(tx, key)
    if (await hasHeldDraws(tx, key)) throw depositErrors.draw_under_way({ id: account.id })
    const restFen = freeOf(account)
    if (account.status === 'closed' && restFen === 0)
      throw depositErrors.nothing_left({ id: account.id })
    if (account.status === 'open') await closeAccount(tx, key, deps.clock.now())
    const parts = splitBack(await topUpsOf(tx, key), restFen)
    const sumFen = addFen(ZERO, ...parts.map(({ amountFen }) => amountFen))
    assert(sumFen === restFen, 'no more is left than what came in')
    for (const part of parts) await askBack(deps, tx, key, { ...part, actor })
    const subject = `deposit:${account.id}`
    await deps.audit(tx, key.hospitalId, actor, {
      action: 'deposits.give_back',
      subject,
      detail: { restFen },
    })
    return giveBacksOf(tx, key)
  })
}

async function askBack(
  deps: DepositsDependencies,
  tx: Tx,
  key: AccountKey,
  { topUpId, amountFen, actor }: { topUpId: Id<'TopUp'>; amountFen: Fen; actor: Actor },
): Promise<void> {
  const id = deps.newId<'GiveBack'>()
  const holdId = await holdIn(deps, tx, key, { amountFen, cause: `deposits:back:${id}` })
  assert(holdId !== null, 'what is free can be held')
  await addReturned(tx, key.hospitalId, topUpId, amountFen)
  await insertGiveBack(tx, {
    hospital_id: key.hospitalId,
    id,
    account_id: key.accountId,
    top_up_id: topUpId,
    amount_fen: amountFen,
    hold_id: holdId,
    status: 'asked',
    asked_by: actor.name,
    asked_at: deps.clock.now(),
    channel: null,
    channel_no: null,
    done_by: null,
    done_at: null,
  })
}

/**
 * Somebody else than who asked for it says that a channel has given one part back. Told again with the same number, nothing
 * happens. Errors: give_back_not_found, give_back_by_same_person, give_back_done when it went back under another number,
 * give_back_number_used when another part went back under this one.
 */
export async function recordGivenBack(
  deps: DepositsDependencies,
  tx: Tx,
  { hospitalId, id, channelNo }: { hospitalId: HospitalId; id: Id<'GiveBack'>; channelNo: string },
  actor: Actor,
): Promise<void> {
  const row = await lockGiveBack(tx, hospitalId, id)
  if (!row) throw depositErrors.give_back_not_found({ id })
  if (row.status === 'done') {
    if (row.channel_no !== channelNo) throw depositErrors.give_back_done({ id })
    return
  }
  if (row.asked_by === actor.name) throw depositErrors.give_back_by_same_person()
  const channel = await channelOfTopUp(tx, row)
  const done = { channel, channelNo, by: actor.name, at: deps.clock.now() }
  if (!(await finishGiveBack(tx, row, done))) {
    throw depositErrors.give_back_number_used({ channelNo })
  }
  const { account_id: accountId, amount_fen: amountFen } = row
  const held = { holdId: row.hold_id, amountFen, cause: `deposits:out:${id}`, memo: '退预交金' }
  await payOut(deps, tx, { hospitalId, accountId }, held)
  await deps.audit(tx, hospitalId, actor, {
    action: 'deposits.given_back',
    subject: `deposit:${accountId}`,
    detail: { giveBackId: id, amountFen, channel, channelNo },
  })
}

async function mustLock(tx: Tx, { hospitalId, accountId }: AccountKey): Promise<DepositAccount> {
  const account = await lockAccount(tx, { hospitalId, accountId })
  if (!account) throw depositErrors.account_not_found({ id: accountId })
  return account
}
