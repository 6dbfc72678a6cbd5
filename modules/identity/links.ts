import type { Clock } from '../../kernel/time.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { identityErrors } from './errors.ts'
import type { PersonId } from './person.ts'
import {
  deleteLink,
  findLink,
  insertLink,
  type LinkRow,
  linksTo,
  lockPeople,
  setRoot,
} from './store-links.ts'

/** No real person has so many records; more are a sign of one that collects those of others. */
const MOST_RECORDS = 50

/**
 * Records of one person, read together. Nothing of a record is changed or moved: each row in the system keeps the
 * person it was written with, so that to end a link is to give back exactly what was there.
 */
export function createLinks({ db, clock }: { db: Db; clock: Clock }) {
  return { currentPersonOf, recordsOf, linkPeople, unlinkPeople }

  /** As whom a record is read: itself, unless it was linked. */
  async function currentPersonOf(personId: PersonId): Promise<PersonId> {
    return (await findLink(db, personId))?.root_id ?? personId
  }

  /** All records that are read together with this one, the current person first. */
  async function recordsOf(personId: PersonId): Promise<PersonId[]> {
    const root = await currentPersonOf(personId)
    const links = await linksTo(db, root, MOST_RECORDS)
    return [root, ...links.map((link) => link.person_id)]
  }

  /**
   * Reads a record, and all that are read as it, as another. Both must be current persons. In the caller's transaction,
   * which knows who decided it.
   * Errors: throws identity.person_not_found, link_to_itself, link_circular, already_linked, link_too_large.
   */
  async function linkPeople(tx: Tx, { personId, survivorId, actId }: NewLink): Promise<void> {
    if (personId === survivorId) throw identityErrors.link_to_itself({ personId })
    const found = await lockPeople(tx, [personId, survivorId])
    for (const id of [personId, survivorId]) {
      if (!found.includes(id)) throw identityErrors.person_not_found({ personId: id })
    }
    const survivorRoot = (await findLink(tx, survivorId))?.root_id
    if (survivorRoot === personId) throw identityErrors.link_circular({ personId, survivorId })
    if (survivorRoot) throw identityErrors.already_linked({ personId: survivorId })
    if (await findLink(tx, personId)) throw identityErrors.already_linked({ personId })
    const moving = await linksTo(tx, personId, MOST_RECORDS)
    const there = await linksTo(tx, survivorId, MOST_RECORDS)
    if (moving.length + there.length + 2 > MOST_RECORDS) throw identityErrors.link_too_large()
    await setRoot(
      tx,
      moving.map((link) => link.person_id),
      survivorId,
    )
    await insertLink(tx, {
      person_id: personId,
      parent_id: survivorId,
      root_id: survivorId,
      act_id: actId,
      linked_at: clock.now(),
    })
  }

  /**
   * Ends the link of a record to another: it and what was linked to it before are read by themselves again. Returns as
   * whom it was read and the link. Errors: throws identity.not_linked, link_changed.
   */
  async function unlinkPeople(tx: Tx, personId: PersonId): Promise<LinkRow> {
    const seen = await findLink(tx, personId)
    if (!seen) throw identityErrors.not_linked({ personId })
    await lockPeople(tx, [personId, seen.root_id])
    const link = await findLink(tx, personId)
    if (!link) throw identityErrors.not_linked({ personId })
    if (link.root_id !== seen.root_id) throw identityErrors.link_changed({ personId })
    const links = await linksTo(tx, link.root_id, MOST_RECORDS)
    await deleteLink(tx, personId)
    await setRoot(tx, below(personId, links), personId)
    return link
  }
}

/** The records whose parents lead to one, which is not among them. */
function below(personId: PersonId, links: readonly LinkRow[]): PersonId[] {
  const found = [personId]
  for (const id of found) {
    found.push(...links.filter((link) => link.parent_id === id).map((link) => link.person_id))
  }
  return found.slice(1)
}

export type NewLink = { personId: PersonId; survivorId: PersonId; actId: string }
