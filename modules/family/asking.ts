import type { Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addMs, type BusinessDate, DAY_MS } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { CareScope } from '../../platform/principal.ts'
import type { IdKind, PersonFacts } from '../identity/index.ts'
import type { FamilyDependencies } from './dependencies.ts'
import { familyErrors } from './errors.ts'
import {
  type Ground,
  isAdult,
  type Link,
  type PersonId,
  type Relation,
  standingOf,
} from './link.ts'
import {
  countAsk,
  insertLink,
  openLinksOfCarer,
  openLinksOfMember,
  saveEnding,
  textInForce,
} from './store.ts'

// Somebody asks to act for another. It gives no right yet.

/** As many as a family has; who has more of them trades in numbers. */
const MOST_MEMBERS = 6
const MOST_CARERS = 4
const MOST_ASKS_A_DAY = 10
/** A word is asked for anew each year; documents hold until the child is of age, which is looked at each time. */
const LONGEST_MS = { consent: 366 * DAY_MS, proof: 18 * 366 * DAY_MS } as const

export type AskWish = {
  carerId: PersonId
  member: { name: string; idKind: IdKind; idNumber: string }
  relation: Relation
  ground: Ground
  scopes: readonly CareScope[]
  mostFen: Fen | null
  expiresAt: Date
  textVersion: string
}

/**
 * Waits from now on for the member's word, or for a desk that sees documents. Errors: throws family.text_outdated,
 * expires_wrong, scopes_wrong, carer_too_young, too_many_asks, no_such_person (also where the name is another), self,
 * proof_needed, asked_already, too_many_members, too_many_carers.
 */
export async function askToActFor(deps: FamilyDependencies, wish: AskWish): Promise<Link> {
  const { db, clock, newId, identity } = deps
  const now = clock.now()
  await checkWish(deps, wish, now)
  await countOne(deps, wish.carerId, now)
  const member = await memberOf(deps, wish)
  const carers = await identity.recordsOf(wish.carerId)
  if (carers.includes(member.personId)) throw familyErrors.self()
  if (wish.ground === 'consent' && !isAdult(member.birthDate, now)) {
    throw familyErrors.proof_needed()
  }
  const { member: _named, ...asked } = wish
  const link: Link = {
    ...asked,
    id: newId<'FamilyLink'>(),
    memberId: member.personId,
    askedAt: now,
    decision: null,
    ending: null,
  }
  await db.transaction().execute(async (tx) => {
    await makeRoom(tx, deps, { link, carers, birthDate: member.birthDate }, now)
    await insertLink(tx, link)
  })
  return link
}

async function checkWish(
  { db, identity }: FamilyDependencies,
  { carerId, ground, scopes, expiresAt, textVersion }: AskWish,
  now: Date,
): Promise<void> {
  const text = await textInForce(db, now)
  if (text?.version !== textVersion) {
    throw familyErrors.text_outdated({ version: text?.version ?? '' })
  }
  const lastsMs = expiresAt.getTime() - now.getTime()
  if (!(lastsMs > 0 && lastsMs <= LONGEST_MS[ground])) throw familyErrors.expires_wrong()
  if (scopes.includes('pay') && !scopes.includes('bills')) throw familyErrors.scopes_wrong()
  const [carer] = await identity.factsOf([carerId])
  if (!carer || !isAdult(carer.birthDate, now)) throw familyErrors.carer_too_young()
}

/** Also what fails is counted, and kept though the rest is not. */
async function countOne(
  { db, newId }: FamilyDependencies,
  personId: PersonId,
  at: Date,
): Promise<void> {
  const id: Id<'FamilyAsk'> = newId<'FamilyAsk'>()
  const count = await db
    .transaction()
    .execute((tx) => countAsk(tx, { personId, id, at }, addMs(at, -DAY_MS)))
  if (count > MOST_ASKS_A_DAY) throw familyErrors.too_many_asks({ most: MOST_ASKS_A_DAY })
}

/** A wrong name and a number of nobody are one answer: a number alone tells nothing. */
async function memberOf(
  { identity }: FamilyDependencies,
  { member: { name, idKind, idNumber } }: AskWish,
): Promise<PersonFacts> {
  const personId = await identity.findPersonByMedium(idKind, idNumber)
  const [facts] = personId ? await identity.factsOf([personId]) : []
  if (facts?.name.normalize('NFC') !== name.trim().normalize('NFC')) {
    throw familyErrors.no_such_person()
  }
  return facts
}

type NewLink = { link: Link; carers: readonly PersonId[]; birthDate: BusinessDate }

/** Ends what stands no more by time, and refuses one too many. */
async function makeRoom(
  tx: Tx,
  { identity }: FamilyDependencies,
  { link, carers, birthDate }: NewLink,
  now: Date,
): Promise<void> {
  const members = await identity.recordsOf(link.memberId)
  const own = await openLinksOfCarer(tx, carers)
  const same = own.filter(({ memberId }) => members.includes(memberId))
  for (const other of same) {
    const standing = standingOf(other, birthDate, now)
    if (standing === 'waiting' || standing === 'in_force') {
      throw familyErrors.asked_already({ id: other.id })
    }
    await saveEnding(tx, other, { at: now, by: 'time' })
  }
  if (own.filter((other) => isOpen(other, now)).length >= MOST_MEMBERS) {
    throw familyErrors.too_many_members({ most: MOST_MEMBERS })
  }
  const others = await openLinksOfMember(tx, members)
  if (others.filter((other) => isOpen(other, now)).length >= MOST_CARERS) {
    throw familyErrors.too_many_carers({ most: MOST_CARERS })
  }
}

/** Whose age is not looked at here: a link of somebody grown counts until its day. */
const isOpen = (link: Link, now: Date): boolean =>
  ['waiting', 'in_force'].includes(standingOf(link, null, now))
